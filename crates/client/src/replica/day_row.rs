//! What the replica knows of a day beside its entries, and whether its copy of them is complete.

use caltrack_domain::DailyTotals;
use jiff::Timestamp;

use super::proof::Proof;

/// Fetches of a day whose list doesn't match its totals, before it is read by another index.
pub const MAX_TRIES: u8 = 7;

/// The version of totals that the backend doesn't have.
const ABSENT: u64 = 0;

/// How far the copy of a day can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyState {
    /// It was never fetched.
    Absent,
    /// Count and digest match the totals.
    Complete,
    /// It doesn't match the totals (yet).
    Differs,
    /// It was fetched at the present version of totals that have no digest, or that its user has deleted.
    Unproven,
    /// All tries at the present version of the totals ended with a difference.
    Unverified,
}

impl CopyState {
    /// Whether nothing is to be fetched until something changes.
    pub const fn is_settled(self) -> bool {
        match self {
            Self::Complete | Self::Unproven | Self::Unverified => true,
            Self::Absent | Self::Differs => false,
        }
    }
}

/// A day of the replica without its entries.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DayRow {
    /// The totals as last received.
    pub totals: Option<DailyTotals>,
    /// When an event last brought totals.
    pub heard: Option<Timestamp>,
    /// Count and digest of the entries in the replica.
    pub proof: Proof,
    /// Whether a whole list of the day was ever stored.
    pub listed: bool,
    /// The fetches at the present version of the totals that didn't match.
    pub tries: u8,
    /// The version of the totals at which the day was given up: unverified, or without a digest.
    pub unverified: Option<u64>,
}

impl DayRow {
    /// How far the copy can be trusted.
    pub fn state(&self) -> CopyState {
        let Some(totals) = &self.totals else {
            return if self.listed {
                CopyState::Differs
            } else {
                CopyState::Absent
            };
        };
        match Proof::expected_by(totals) {
            Some(expected) if expected == self.proof => CopyState::Complete,
            // Totals that are absent contradict nothing.
            Some(_) if self.unverified == Some(ABSENT) && totals.version == ABSENT => CopyState::Unproven,
            Some(_) if self.unverified == Some(totals.version) => CopyState::Unverified,
            None if self.unverified == Some(totals.version) => CopyState::Unproven,
            Some(_) | None if self.listed => CopyState::Differs,
            Some(_) | None => CopyState::Absent,
        }
    }

    /// Whether nothing is to be fetched until something changes.
    pub fn is_settled(&self) -> bool {
        self.state().is_settled()
    }

    /// The expected number of entries.
    pub fn size(&self) -> u32 {
        let expected = self.totals.as_ref().and_then(|totals| totals.entries);
        expected.unwrap_or(self.proof.entries)
    }

    /// Takes totals of an event at `now`, if they are newer; returns whether they are.
    pub(super) fn hear(&mut self, totals: DailyTotals, now: Timestamp) -> bool {
        let is_known = (self.totals.as_ref()).is_some_and(|known| known.version >= totals.version);
        if is_known {
            return false;
        }
        self.heard = Some(now);
        self.replace(totals);
        true
    }

    /// Takes totals of a query that was sent at `sent`, whatever their version; unless an event brought newer ones since.
    ///
    /// Totals that were there and are absent now were deleted by their user. That changed no entry, but hides what changed
    /// before: the day is fetched once, and its next change makes its totals appear again.
    pub(super) fn answer(&mut self, mut totals: DailyTotals, sent: Timestamp) {
        let is_newer_known = (self.totals.as_ref()).is_some_and(|known| known.version > totals.version);
        if is_newer_known && self.heard.is_some_and(|heard| heard >= sent) {
            return;
        }
        let was_deleted = (self.totals.as_ref())
            .is_some_and(|known| known.version > ABSENT || Proof::expected_by(known).is_none());
        if totals.version == ABSENT && was_deleted {
            (totals.entries, totals.digest) = (None, None);
        }
        self.replace(totals);
    }

    fn replace(&mut self, totals: DailyTotals) {
        let version = Some(totals.version);
        if self.totals.as_ref().map(|known| known.version) != version {
            self.tries = 0;
            self.unverified = None;
        }
        self.totals = Some(totals);
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::*;

    const DAY: Date = date(2026, 11, 23);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    fn totals(version: u64, proof: Option<Proof>) -> DailyTotals {
        DailyTotals {
            version,
            entries: proof.map(|proof| proof.entries),
            digest: proof.map(|proof| proof.digest),
            ..DailyTotals::empty(DAY)
        }
    }

    fn proof(ids: &[&str]) -> Proof {
        let mut proof = Proof::default();
        for id in ids {
            proof.add(id, 1);
        }
        proof
    }

    #[test]
    fn a_copy_is_complete_if_count_and_digest_match() {
        let mut row = DayRow {
            proof: proof(&["a", "b"]),
            ..DayRow::default()
        };
        assert_eq!(row.state(), CopyState::Absent);
        row.answer(totals(3, Some(proof(&["b", "a"]))), at(0));
        assert_eq!(row.state(), CopyState::Complete);
        // A delete and its undo have the same count, and the kcal of before.
        row.answer(totals(5, Some(proof(&["a", "c"]))), at(0));
        assert_eq!(row.state(), CopyState::Absent);
        row.listed = true;
        assert_eq!(row.state(), CopyState::Differs);
    }

    #[test]
    fn a_day_is_given_up_at_one_version_only() {
        let mut row = DayRow {
            listed: true,
            tries: 3,
            unverified: Some(4),
            ..DayRow::default()
        };
        row.answer(totals(4, None), at(0));
        assert_eq!((row.state(), row.tries), (CopyState::Differs, 0));
        row.unverified = Some(4);
        assert!(row.is_settled());
        row.answer(totals(4, None), at(0));
        assert_eq!(row.state(), CopyState::Unproven);
        row.answer(totals(5, None), at(0));
        assert_eq!(row.state(), CopyState::Differs);
    }

    #[test]
    fn a_querys_answer_replaces_whatever_its_version_and_an_older_event_is_dropped() {
        let mut row = DayRow::default();
        assert!(row.hear(totals(7, None), at(0)));
        assert!(!row.hear(totals(6, None), at(1)));
        // The tables were restored from a backup since.
        row.answer(totals(3, None), at(1));
        assert_eq!(row.totals.as_ref().unwrap().version, 3);
        // An answer that was overtaken by an event.
        assert!(row.hear(totals(4, None), at(5)));
        row.answer(totals(3, None), at(4));
        assert_eq!(row.totals.as_ref().unwrap().version, 4);
    }

    #[test]
    fn a_day_whose_totals_were_deleted_is_fetched_once_and_proven_by_its_next_change() {
        let mut row = DayRow {
            listed: true,
            proof: proof(&["a"]),
            ..DayRow::default()
        };
        row.answer(totals(3, Some(proof(&["a"]))), at(0));
        assert_eq!(row.state(), CopyState::Complete);
        row.answer(DailyTotals::empty(DAY), at(1));
        assert_eq!(
            row.state(),
            CopyState::Differs,
            "another device may have changed it before"
        );
        row.unverified = Some(0);
        for second in 2..4 {
            row.answer(DailyTotals::empty(DAY), at(second));
            assert_eq!(row.state(), CopyState::Unproven);
        }
        assert!(row.hear(totals(5, Some(proof(&["a"]))), at(5)));
        assert_eq!(row.state(), CopyState::Complete);
    }

    #[test]
    fn an_empty_day_without_a_row_is_complete() {
        let mut row = DayRow::default();
        row.answer(DailyTotals::empty(DAY), at(0));
        assert_eq!(row.state(), CopyState::Complete);
    }
}
