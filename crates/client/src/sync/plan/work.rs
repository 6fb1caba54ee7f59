//! A day to fetch.

use jiff::Timestamp;

use crate::replica::Verdict;

/// A day to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Work {
    pub(super) size: u32,
    pub(super) due: Timestamp,
    /// Events delay it to this time at most.
    pub(super) limit: Timestamp,
    pub(super) tries: u8,
    /// The last change that it follows.
    pub(super) since: Timestamp,
    pub(super) reason: Reason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// Its copy differs from its totals.
    Differs,
    /// Totals arrived that don't match the copy; events may be in flight.
    Settling,
    /// The totals of a change have not arrived yet.
    AwaitsTotals,
    /// The user looks at it. `unless_equal`: a comparison that finds no difference is enough.
    Shown { unless_equal: bool },
}

impl Work {
    pub(super) const fn is_shown(&self) -> bool {
        matches!(self.reason, Reason::Shown { .. })
    }
}

/// The fetches of a day that didn't match.
pub(super) const fn tries(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Differs(tries) => *tries,
        Verdict::Complete | Verdict::Unverified | Verdict::Ahead => 0,
    }
}
