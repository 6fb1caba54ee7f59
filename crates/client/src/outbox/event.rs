//! What the sender reports.

use caltrack_domain::outbox::{Collision, Outcome, Reason};

use super::error::OutboxError;

/// A report of the sender, for screens, the replica and commands.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "a handful of reports exist at a time")]
pub enum OutboxEvent {
    /// What became of a row. Acknowledged entries go to the replica.
    Outcome {
        /// The row's number.
        row: u64,
        /// What became of it.
        outcome: Outcome,
    },
    /// A part of a change was not made, since it was changed elsewhere. Reported to the program that sends.
    Collision(Collision),
    /// Nothing can be sent at present, for this reason; `None` once the backend answers again.
    Trouble(Option<Reason>),
    /// Another program has changed the queue: list it again.
    Changed,
    /// The outbox can't be written: nothing is sent until the next request.
    Failed(OutboxError),
}
