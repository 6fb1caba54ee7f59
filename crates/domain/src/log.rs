//! A day of the log, and the changes of its entries.

use crate::{Activity, DailyTotals};

/// A day of the log, as the backend returned it.
#[derive(Debug, Clone, PartialEq)]
pub struct Day {
    /// Ordered by moment, then id.
    pub activities: Vec<Activity>,
    /// As the backend counts them.
    pub totals: DailyTotals,
    /// A notice for the user, such as the number of invalid rows.
    pub notice: Option<String>,
}

/// The kind of change of an entry, by any program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// The entry was logged.
    Created,
    /// The entry was edited.
    Updated,
    /// The entry was deleted; the event has its last values.
    Deleted,
}
