//! The queue as the screens have it.

use std::collections::BTreeSet;

use caltrack_client::outbox::{self, Listing};
use caltrack_domain::outbox::{Queue, Reason};

use crate::app::{QueueChange, QueueCopy};

/// The queue as it was last reported.
#[derive(Debug)]
pub(super) struct Reported {
    position: u64,
    copy: QueueCopy,
    /// Numbers of rows that can't be decoded.
    unreadable: BTreeSet<u64>,
}

impl Reported {
    /// The whole queue. `trouble` is a reason that is not noted in the file.
    pub(super) fn of(position: u64, listing: &Listing, trouble: Option<&Reason>) -> Self {
        Self {
            position,
            copy: QueueCopy {
                queue: listing.queue(),
                unreadable: listing.unreadable.len(),
                trouble: listing.trouble.reason.as_ref().or(trouble).cloned(),
            },
            unreadable: listing.unreadable.iter().copied().collect(),
        }
    }

    pub(super) const fn position(&self) -> u64 {
        self.position
    }

    pub(super) const fn copy(&self) -> &QueueCopy {
        &self.copy
    }

    pub(super) const fn queue(&self) -> &Queue {
        &self.copy.queue
    }

    /// Takes what has changed in the file; returns the change for the screens, if it is one for them.
    pub(super) fn change(
        &mut self,
        position: u64,
        change: outbox::QueueChange,
        trouble: Option<&Reason>,
    ) -> Option<QueueChange> {
        let outbox::QueueChange {
            mut rows,
            mut gone,
            unreadable,
            trouble: noted,
        } = change;
        self.position = position;
        let queue = &mut self.copy.queue;
        rows.retain(|row| queue.row(row.number) != Some(row));
        for number in gone.iter().chain(rows.iter().map(|row| &row.number)) {
            self.unreadable.remove(number);
        }
        self.unreadable.extend(unreadable);
        gone.retain(|number| queue.row(*number).is_some());
        queue.update(rows.clone(), &gone);
        let (count, trouble) = (self.unreadable.len(), noted.reason.or_else(|| trouble.cloned()));
        let is_same = rows.is_empty()
            && gone.is_empty()
            && (self.copy.unreadable, &self.copy.trouble) == (count, &trouble);
        self.copy.unreadable = count;
        self.copy.trouble.clone_from(&trouble);
        (!is_same).then_some(QueueChange {
            rows,
            gone,
            unreadable: count,
            trouble,
        })
    }

    /// Whether something is queued, and nothing is known to hold it up.
    pub(super) fn is_moving(&self) -> bool {
        let mut pending = self.queue().rows().iter().filter(|row| row.is_pending());
        self.copy.trouble.is_none() && pending.any(|row| row.reason.is_none())
    }
}
