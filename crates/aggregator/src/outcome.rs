//! The outcome of a batch.

use serde_json::Value;

use crate::record::SequenceNumber;

/// A record that retries can't book, or one with such an image.
#[derive(Debug, Clone, PartialEq)]
pub struct Poison {
    /// The whole record, for the failure queue.
    pub record: Value,
    /// All reasons, separated by `; `.
    pub reason: String,
}

/// The outcome of a batch.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BatchOutcome {
    /// Records to redeliver, ascending. The response to Lambda has the lowest: it redelivers that record and all later ones.
    pub failures: Vec<SequenceNumber>,
    /// Records that can't be booked. They count as handled: the caller sends them to the failure queue.
    pub poison: Vec<Poison>,
    /// Records in the batch.
    pub records: usize,
    /// Days of users that the batch changes.
    pub days: usize,
    /// Changes that this batch has committed.
    pub applied: usize,
    /// Changes that had been committed before.
    pub duplicates: usize,
    /// Days whose totals were published.
    pub published: usize,
    /// Totals that were committed and won't be published. Clients get them by their next query.
    pub publish_abandoned: usize,
    /// Why nothing of the batch was booked, with no record as the cause: no permission, no table, a table with other
    /// keys, a stream of another view. Only an operator can help, so the whole batch must fail with an error; all its
    /// records must be retried.
    pub denied: Option<String>,
    /// Why something failed, for the log.
    pub errors: Vec<String>,
}

impl BatchOutcome {
    /// The sequence number that a Lambda reports in `batchItemFailures`.
    pub fn lowest_failure(&self) -> Option<&SequenceNumber> {
        self.failures.first()
    }
}
