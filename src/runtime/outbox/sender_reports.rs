//! What the sender reports.

use caltrack_client::{outbox::OutboxEvent, replica::Change};
use caltrack_domain::{
    ChangeKind, LogCommand,
    outbox::{Command, LibraryChange, Outcome, Stored},
};
use tokio::sync::mpsc::Receiver;

use super::{
    part::Part,
    task::{MAX_REPORTS, Task},
};
use crate::{app::Message, runtime::library};

impl Task {
    pub(super) async fn take(&mut self, first: OutboxEvent, inbox: &mut Receiver<OutboxEvent>) {
        let mut reports = vec![first];
        while reports.len() < MAX_REPORTS
            && let Ok(report) = inbox.try_recv()
        {
            reports.push(report);
        }
        self.take_all(reports).await;
    }

    /// Takes reports of the sender: what is acknowledged is in the replica before the screens know.
    pub(super) async fn take_all(&mut self, reports: Vec<OutboxEvent>) {
        let (mut changes, mut collisions, mut failure) = (Vec::new(), Vec::new(), None);
        let mut saved = Vec::new();
        for report in reports {
            match report {
                OutboxEvent::Outcome { row, outcome } => {
                    if let Some(part) = &mut self.part {
                        part.take(row, &outcome);
                    }
                    if let Outcome::Acknowledged(Stored::Profile { members, .. }) = &outcome {
                        let (sub, members) = (self.owner.sub.clone(), members.clone());
                        self.tell(Message::ProfileSaved { sub, members }).await;
                    }
                    saved.extend(self.library_change(row, &outcome));
                    changes.extend(self.change(row, outcome));
                }
                OutboxEvent::Collision(collision) => collisions.push(collision),
                OutboxEvent::Trouble(trouble) => {
                    if let (Some(part), Some(reason)) = (&mut self.part, &trouble) {
                        part.give_up(reason);
                    }
                    self.trouble = trouble;
                }
                OutboxEvent::Changed => {}
                OutboxEvent::Failed(error) => failure = Some(error),
            }
        }
        for change in saved {
            if let Some(message) = library::acknowledged(&self.context, &self.owner.sub, change).await {
                self.tell(message).await;
            }
        }
        if !changes.is_empty() {
            let days = self.context.replica.apply(&self.owner.sub, changes).await;
            if let Some(sync) = &self.sync {
                // An error means that the session has ended.
                let _ = sync.send(days).await;
            }
        }
        self.part = self.part.take().and_then(Part::reported);
        self.report_queue().await;
        for collision in collisions {
            self.tell(Message::Collision(collision)).await;
        }
        if let Some(error) = failure {
            self.fail_part(&error);
            // It may have ended; the next order starts another one.
            self.sender = None;
            self.report_failure(&error).await;
        }
    }

    /// The change of the replica that an outcome means. That of a row which was never listed arrives as an event.
    fn change(&self, row: u64, outcome: Outcome) -> Option<Change> {
        let queue = self.reported.as_ref()?.queue();
        match (outcome, &queue.row(row)?.command) {
            (Outcome::Acknowledged(Stored::Entry(activity)), Command::Log(command)) => {
                let kind = match command {
                    LogCommand::Create(_) => ChangeKind::Created,
                    LogCommand::Update { .. } => ChangeKind::Updated,
                    LogCommand::Delete(_) => ChangeKind::Deleted,
                };
                Some(Change::Entry(kind, activity))
            }
            (Outcome::Collided(activity), Command::Log(_)) => {
                Some(Change::Entry(ChangeKind::Updated, activity))
            }
            _ => None,
        }
    }

    /// The edit of the library that is acknowledged.
    fn library_change(&self, row: u64, outcome: &Outcome) -> Option<LibraryChange> {
        let queue = self.reported.as_ref()?.queue();
        match (outcome, &queue.row(row)?.command) {
            (Outcome::Acknowledged(Stored::Library), Command::Library(change)) => Some(change.clone()),
            _ => None,
        }
    }
}
