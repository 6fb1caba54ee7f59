//! `import`: files of this program and of other trackers, through the outbox, in parts that are undone as one step.

mod files;
mod report;
mod send;

use std::time::Duration;

use caltrack_domain::{Account, outbox::Known};
use caltrack_import::{Import, Minting};

use super::{
    context::CommandContext, error::CommandError, local_log::LocalLog, notice::notice, now::Now,
    output::Output,
};
use crate::importer::{Choices, Counts, KnownLog, Plan, ReadFiles, ids, next_generation};

pub(super) use files::read;

/// How long the copy of the log may take to be compared with the backend.
const PATIENCE: Duration = Duration::from_mins(2);

impl CommandContext<'_> {
    /// Imports what was read, or with `is_dry` answers what would be imported.
    pub(super) async fn import(
        &self,
        account: &Account,
        files: ReadFiles,
        (choices, is_dry): (&Choices, bool),
        now: &Now,
    ) -> Result<Output, CommandError> {
        let local = self.local(account);
        // What was imported before is known by the ids of the copy.
        match self.catch_up(&local, PATIENCE).await {
            Ok(_) => {}
            Err(error) if error.is_away() => notice(&format!(
                "offline: {}; what is logged already is known by this computer's copy",
                error.message()
            )),
            Err(error) => return Err(error),
        }
        if files.import.user.is_some() {
            self.settings(account, now.moment).await?;
        }
        let mut minting = Minting {
            sub: &account.sub,
            generation: 0,
            clock: &now.clock,
        };
        let mut known = known_log(&local, account);
        let has = |known: &KnownLog, id: &str| known.ids.contains(id) || local.stored(id) != Known::Unknown;
        if choices.again {
            minting.generation = next_generation(&files.import, &minting, |id| has(&known, id));
        }
        take_ids(&mut known, &files.import, &minting, &local);
        let plan = Plan::of(files, choices, account, &minting, &known, now.moment).map_err(|question| {
            CommandError::ask(question)
                .advising("decide by --weights kg or --weights lb; nothing was imported")
        })?;
        for warning in &plan.warnings {
            notice(&format!("note: {warning}"));
        }
        if is_dry {
            let counts = Counts {
                imported: plan.rows(),
                already: plan.already,
            };
            return Ok(report::output(&plan, counts, true));
        }
        let (counts, plan) = self.send_plan(&local, plan).await?;
        Ok(report::output(&plan, counts, false))
    }
}

/// What this computer knows of the log, apart from the entries.
fn known_log(local: &LocalLog<'_>, account: &Account) -> KnownLog {
    let weights = local.replica(|replica, owner| replica.weights(owner));
    let profile = local.replica(|replica, owner| replica.known_profile(owner));
    let library = local.replica(|replica, owner| replica.library(owner));
    let mut known = KnownLog {
        weights: weights.into_iter().flatten().collect(),
        profile: profile.flatten(),
        library: library.unwrap_or_default(),
        ..KnownLog::default()
    };
    known.take_queue(&account.username, &local.listing().rows);
    known
}

/// Notes which of the import's ids are those of entries, or were.
fn take_ids(known: &mut KnownLog, import: &Import, minting: &Minting<'_>, local: &LocalLog<'_>) {
    let ids = ids(import, minting);
    let stored = local.replica(|replica, owner| replica.known_ids(owner, ids));
    known.ids.extend(stored.unwrap_or_default());
}
