//! Imports: their parts are saved and sent one after the other.

use caltrack_client::outbox::{OutboxError, OutboxEvent};
use caltrack_domain::outbox::{Command, Reason, ReasonKind};
use jiff::Timestamp;
use tokio::sync::mpsc::Sender;

use super::{
    part::{Part, PartReply},
    task::Task,
};

impl Task {
    /// Saves a part of an import, and has it sent. While the backend is known to be away, the queue grows unreported.
    pub(super) async fn save_part(
        &mut self,
        (name, commands, is_first): (String, Vec<Command>, bool),
        done: PartReply,
        reports: &Sender<OutboxEvent>,
    ) {
        let owner = self.owner.clone();
        let saved = self.disk.write(move |outbox| {
            let now = Timestamp::now();
            if is_first {
                outbox.save(&owner, &name, commands, now)
            } else {
                outbox.save_more(&owner, &name, commands, now)
            }
        });
        let saved = match saved.await {
            Ok(saved) => saved,
            Err(error) => {
                // The import may have ended.
                let _ = done.send(Err(error.into()));
                return;
            }
        };
        let mut part = Part::of(&saved.changes, done);
        let away = self.away();
        if let Some(reason) = &away {
            part.give_up(reason);
        }
        self.part = part.reported();
        if away.is_none() {
            self.report_queue().await;
        }
        self.send(reports).await;
    }

    /// Why nothing is sent at present, as far as that is known.
    fn away(&self) -> Option<Reason> {
        let reported = self
            .reported
            .as_ref()
            .and_then(|reported| reported.copy().trouble.clone());
        let unready = (!self.is_ready).then(|| Reason {
            kind: ReasonKind::Unreachable,
            text: "the backend doesn't respond yet".to_owned(),
        });
        self.trouble.clone().or(reported).or(unready)
    }

    /// The sender has failed: the part waits.
    pub(super) fn fail_part(&mut self, error: &OutboxError) {
        if let Some(mut part) = self.part.take() {
            part.give_up(&Reason {
                kind: ReasonKind::Failed,
                text: error.to_string(),
            });
            self.part = part.reported();
        }
    }
}
