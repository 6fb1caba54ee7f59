//! What is typed and not saved, kept in the replica's file: a second after a key, and when the program ends or is stopped.

use std::time::Duration;

use caltrack_client::process::{self, ProcessState};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::context::Context;
use crate::app::{State, dialogs::draft::Draft};

/// How long after a key the drafts are stored, should the program be killed.
const DELAY: Duration = Duration::from_secs(1);

/// The drafts of a user.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct UserDrafts {
    sub: String,
    drafts: Vec<Draft>,
}

/// The drafts in the file. As long as the program that typed them runs, they are on its screens, and no other program takes
/// them.
#[derive(Debug, Serialize, Deserialize)]
struct StoredDrafts {
    /// The id of the process.
    program: u32,
    drafts: Vec<serde_json::Value>,
}

impl StoredDrafts {
    fn of(drafts: &[Draft]) -> serde_json::Result<Self> {
        Ok(Self {
            program: std::process::id(),
            drafts: drafts
                .iter()
                .map(serde_json::to_value)
                .collect::<Result<_, _>>()?,
        })
    }

    /// The drafts that this version can read.
    fn read(self) -> Vec<Draft> {
        let drafts = self.drafts.into_iter().map(serde_json::from_value);
        drafts
            .filter_map(|draft| {
                draft
                    .inspect_err(|error| tracing::warn!(%error, "a draft can't be read"))
                    .ok()
            })
            .collect()
    }

    fn is_free(&self) -> bool {
        self.program == std::process::id() || process::state(self.program) == ProcessState::Unknown
    }
}

/// The drafts as they are stored, and when they are compared next.
#[derive(Debug, Default)]
pub(super) struct DraftKeeper {
    stored: UserDrafts,
    due: Option<Instant>,
}

impl DraftKeeper {
    /// Something was typed.
    pub(super) fn touch(&mut self) {
        self.due.get_or_insert_with(|| Instant::now() + DELAY);
    }

    /// Something was saved: it must not come back as a draft if the program is killed now.
    pub(super) fn expire(&mut self) {
        self.due = Some(Instant::now());
    }

    /// When the drafts are to be stored.
    pub(super) const fn due(&self) -> Option<Instant> {
        self.due
    }

    /// These drafts are in the file.
    pub(super) fn recalled(&mut self, sub: &str, drafts: &[Draft]) {
        self.stored = UserDrafts {
            sub: sub.to_owned(),
            drafts: drafts.to_vec(),
        };
    }

    /// The drafts, if they differ from those in the file; they count as stored then.
    pub(super) fn take(&mut self, state: &State) -> Option<UserDrafts> {
        self.due = None;
        let (sub, drafts) = state.drafts()?;
        let is_empty = self.stored.sub != sub && drafts.is_empty();
        if is_empty || (self.stored.sub == sub && self.stored.drafts == drafts) {
            return None;
        }
        self.recalled(sub, &drafts);
        Some(self.stored.clone())
    }
}

/// Stores drafts.
pub(super) async fn store(context: &Context, UserDrafts { sub, drafts }: UserDrafts) {
    let Ok(drafts) = StoredDrafts::of(&drafts).and_then(serde_json::to_value) else {
        return;
    };
    // A failure is logged.
    let _ = context
        .replica
        .run(&sub, move |replica, owner| replica.save_drafts(owner, &drafts))
        .await;
}

/// The drafts in the file; none that this version can't read, or that another running program has on its screens.
pub(super) async fn recall(context: &Context, sub: &str) -> Vec<Draft> {
    let stored = context
        .replica
        .run(sub, |replica, owner| replica.drafts(owner))
        .await
        .flatten();
    let read = stored.map(serde_json::from_value::<StoredDrafts>).transpose();
    read.inspect_err(|error| tracing::warn!(%error, "the drafts can't be read"))
        .ok()
        .flatten()
        .filter(StoredDrafts::is_free)
        .map(StoredDrafts::read)
        .unwrap_or_default()
}
