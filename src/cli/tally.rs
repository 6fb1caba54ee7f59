//! What became of the entries of a step.

use caltrack_domain::{
    Activity,
    outbox::{Rejection, Stored},
};

use super::{
    error::CommandError,
    sending::{Sent, SentChange},
};
use crate::app::text::summary;

/// The entries of a step, sorted by what became of them.
#[derive(Debug, Default)]
pub(super) struct Tally {
    done: Vec<Activity>,
    kept: Vec<Activity>,
    failures: usize,
    /// The first failure.
    failure: Option<CommandError>,
}

impl Tally {
    /// The change of an entry is done.
    pub(super) fn done(&mut self, entry: Activity) {
        self.done.push(entry);
    }

    /// The change of an entry failed.
    pub(super) fn failed(&mut self, error: CommandError) {
        self.failures += 1;
        self.failure.get_or_insert(error);
    }

    /// Takes the outcome of a change after which the entry is `after`.
    pub(super) fn take(&mut self, outcome: Option<&SentChange>, after: Activity) {
        match outcome {
            Some(SentChange::Acknowledged(Stored::Entry(stored))) => self.done(stored.clone()),
            Some(SentChange::Acknowledged(_) | SentChange::Settled) => self.done(after),
            Some(SentChange::Waiting(_)) | None => self.kept.push(after),
            Some(SentChange::Rejected(rejection, row)) => {
                self.failed(rejected(rejection, *row, &summary(&after.entry)));
            }
            Some(SentChange::Collided(stored)) => self.failed(CommandError::changed_elsewhere(stored)),
        }
    }

    /// The entries whose changes are done, if all are; `word` says what was done to them.
    pub(super) fn finish(self, sent: &Sent, word: &str) -> Result<Vec<Activity>, CommandError> {
        let (done, all) = (self.done.len(), self.done.len() + self.kept.len() + self.failures);
        let partly = |error: CommandError| {
            if done == 0 {
                return error;
            }
            let message = format!("{done} of {all} entries are {word}; {}", error.message());
            error.reporting(message)
        };
        match (self.failure, sent.waiting()) {
            (Some(failure), _) => Err(partly(failure).keeping(self.kept)),
            (None, Some(reason)) => Err(partly(sent.queued(reason, self.kept))),
            (None, None) => Ok(self.done),
        }
    }
}

/// A change whose row stays in the outbox, rejected.
pub(super) fn rejected(rejection: &Rejection, row: u64, what: &str) -> CommandError {
    let error = CommandError::rejected(rejection);
    let message = format!("{what}: {}", error.message());
    error.reporting(message).advising(format!(
        "it is kept in the outbox: `outbox retry {row}` sends it again, `outbox drop {row}` removes it"
    ))
}
