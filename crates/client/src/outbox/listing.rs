//! What the file says of rows.

use std::collections::BTreeMap;

use caltrack_domain::outbox::{Outcome, Queue, Reason, Row, SavedChange};

/// A step that is on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Where its commands are, in their order.
    pub changes: Vec<SavedChange>,
    /// The number of attempts that had failed for all rows before.
    pub(super) attempts: u64,
    /// Why rows had waited before: no answer to these commands.
    pub(super) reasons: BTreeMap<u64, Reason>,
}

impl Saved {
    /// The rows that contain its commands.
    pub fn rows(&self) -> impl Iterator<Item = u64> {
        queued(&self.changes)
    }
}

/// The rows of changes.
pub(super) fn queued(changes: &[SavedChange]) -> impl Iterator<Item = u64> {
    changes.iter().filter_map(|saved| match saved {
        SavedChange::Queued(row) => Some(*row),
        SavedChange::Settled => None,
    })
}

/// What became of a row so far.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "exists for a moment")]
pub enum Status {
    /// It is in the queue.
    Pending {
        /// Why its own last attempt didn't succeed.
        reason: Option<Reason>,
    },
    /// It is acknowledged, rejected or withdrawn.
    Settled(Outcome),
    /// It was settled so long ago that it is forgotten.
    Forgotten,
}

/// Why nothing is sent at present.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trouble {
    /// The number of attempts that have failed for a reason that every row would meet.
    pub attempts: u64,
    /// The reason of the last one; `None` since the backend has answered again.
    pub reason: Option<Reason>,
}

/// The queue of an owner.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Listing {
    /// Rows, the oldest first.
    pub rows: Vec<Row>,
    /// Numbers of rows that can't be decoded. They stay in the file.
    pub unreadable: Vec<u64>,
    /// Why nothing is sent at present.
    pub trouble: Trouble,
}

/// What has become of a queue since a position.
#[derive(Debug, Clone, PartialEq)]
pub enum Listed {
    /// The whole queue, since the position is unknown or too much has changed after it.
    Whole(Listing),
    /// What has changed.
    Changed(QueueChange),
}

/// What has changed in the queue of an owner.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct QueueChange {
    /// Rows that are new, or differ.
    pub rows: Vec<Row>,
    /// Numbers of rows that are in the queue no more, if they were.
    pub gone: Vec<u64>,
    /// Numbers of rows that can't be decoded now.
    pub unreadable: Vec<u64>,
    /// Why nothing is sent at present.
    pub trouble: Trouble,
}

impl Listing {
    /// The rows as a queue, for projections.
    pub fn queue(&self) -> Queue {
        Queue::new(self.rows.clone())
    }
}
