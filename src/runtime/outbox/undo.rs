//! Undo and redo: a step, or all parts of an import.

use std::collections::HashMap;

use caltrack_client::{
    outbox::{OutboxError, OutboxEvent},
    replica::Found,
};
use caltrack_domain::outbox::{Known, Step, Undo};
use jiff::Timestamp;
use tokio::sync::mpsc::{Receiver, Sender};

use super::task::Task;
use crate::app::Direction;

impl Task {
    /// Takes a step, with all parts of an import. Each part is sent before the next one is taken, so that the queue stays short.
    pub(super) async fn undo_all(
        &mut self,
        direction: Direction,
        reports: &Sender<OutboxEvent>,
        inbox: &mut Receiver<OutboxEvent>,
    ) -> Result<Undo, OutboxError> {
        let mut whole = self.undo(direction).await?;
        while let Undo::Done { step, saved, skipped } = &mut whole {
            let owner = self.owner.clone();
            let part = Step {
                changes: Vec::new(),
                name: step.name.clone(),
                ..*step
            };
            let is_undo = matches!(direction, Direction::Undo);
            let continues = self
                .disk
                .read(move |outbox| outbox.continues(&owner, &part, is_undo).unwrap_or(false));
            if !continues.await? {
                break;
            }
            self.flush(reports, inbox).await;
            let Undo::Done {
                step: next,
                saved: more,
                skipped: others,
            } = self.undo(direction).await?
            else {
                break;
            };
            step.changes.extend(next.changes);
            saved.extend(more);
            skipped.extend(others);
        }
        Ok(whole)
    }

    /// Waits until what is queued is answered, unless the backend is away.
    async fn flush(&mut self, reports: &Sender<OutboxEvent>, inbox: &mut Receiver<OutboxEvent>) {
        self.report_queue().await;
        self.send(reports).await;
        while self.sender.is_some() && self.is_moving() {
            match inbox.recv().await {
                Some(report) => self.take(report, inbox).await,
                None => return,
            }
        }
    }

    /// Takes a step back, or again. The replica knows the entries of it as the backend has them.
    async fn undo(&mut self, direction: Direction) -> Result<Undo, OutboxError> {
        let owner = self.owner.clone();
        let ids = self
            .disk
            .read(move |outbox| {
                let history = outbox.next_step(&owner, matches!(direction, Direction::Undo));
                let changes = history.steps().flat_map(|step| &step.changes);
                let ids = changes.filter_map(|tracked| tracked.change.id());
                ids.map(|id| history.resolve(id).to_owned()).collect::<Vec<_>>()
            })
            .await?;
        let known = self.known(ids).await;
        let owner = self.owner.clone();
        self.disk
            .write(move |outbox| {
                let known = |id: &str| known.get(id).cloned().unwrap_or(Known::Unknown);
                let new_id = || uuid::Uuid::now_v7().to_string();
                match direction {
                    Direction::Undo => outbox.undo(&owner, known, new_id, Timestamp::now()),
                    Direction::Redo => outbox.redo(&owner, known, new_id, Timestamp::now()),
                }
            })
            .await
    }

    async fn known(&mut self, ids: Vec<String>) -> HashMap<String, Known> {
        let found = self
            .context
            .replica
            .run(&self.owner.sub, move |replica, owner| {
                let mut known = HashMap::new();
                for id in ids {
                    let found = match replica.find(owner, &id)? {
                        Some(Found::Stored(held)) => Known::Stored(held.activity),
                        Some(Found::Removed(_)) => Known::Deleted,
                        None => Known::Unknown,
                    };
                    known.insert(id, found);
                }
                Ok(known)
            })
            .await;
        found.unwrap_or_default()
    }
}
