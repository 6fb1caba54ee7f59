//! A part of an import: what became of each of its commands is reported once all of them have an outcome.

use std::collections::HashMap;

use caltrack_domain::outbox::{Outcome, Reason, SavedChange};
use tokio::sync::oneshot;

use crate::{app::Failure, importer::PartOutcome};

/// Where the outcomes of a part go.
pub(super) type PartReply = oneshot::Sender<Result<Vec<PartOutcome>, Failure>>;

/// A part whose commands are being sent.
#[derive(Debug)]
pub(super) struct Part {
    outcomes: Vec<PartOutcome>,
    /// The rows without an outcome, and their places in `outcomes`.
    open: HashMap<u64, usize>,
    done: PartReply,
}

impl Part {
    pub(super) fn of(saved: &[SavedChange], done: PartReply) -> Self {
        let rows = saved.iter().enumerate().filter_map(|(at, change)| match change {
            SavedChange::Queued(row) => Some((*row, at)),
            SavedChange::Settled => None,
        });
        Self {
            outcomes: vec![PartOutcome::Already; saved.len()],
            open: rows.collect(),
            done,
        }
    }

    /// Takes what became of a row, if it is one of the part.
    pub(super) fn take(&mut self, row: u64, outcome: &Outcome) {
        let Some(at) = self.open.remove(&row) else {
            return;
        };
        if let Some(place) = self.outcomes.get_mut(at) {
            *place = match outcome {
                Outcome::Acknowledged(_) => PartOutcome::Done,
                Outcome::Collided(_) | Outcome::Withdrawn => PartOutcome::Already,
                Outcome::Waiting(reason) => PartOutcome::Waiting(reason.clone()),
                Outcome::Rejected(rejection) => PartOutcome::Rejected(rejection.clone(), row),
            };
        }
    }

    /// Nothing is sent at present: what has no outcome waits.
    pub(super) fn give_up(&mut self, reason: &Reason) {
        for (_, at) in self.open.drain() {
            if let Some(place) = self.outcomes.get_mut(at) {
                *place = PartOutcome::Waiting(reason.clone());
            }
        }
    }

    /// Reports, if every row has an outcome; else returns the part.
    pub(super) fn reported(self) -> Option<Self> {
        if !self.open.is_empty() {
            return Some(self);
        }
        // The import may have ended.
        let _ = self.done.send(Ok(self.outcomes));
        None
    }
}
