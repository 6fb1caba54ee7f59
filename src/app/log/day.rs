//! A day as the log shows it: what was listed, the totals, and the query in flight.

use std::{collections::HashSet, sync::Arc};

use caltrack_domain::{Activity, DailyTotals};
use jiff::{Timestamp, civil::Date};

use super::{
    rows::Row,
    settle::{Settle, settled},
};
use crate::app::{
    failure::Failure,
    model::{Day, Request},
};

/// Whether a day is as the backend has it.
#[derive(Debug, Clone, PartialEq)]
pub enum Load {
    /// No answer yet. What this computer remembers may be shown meanwhile.
    Loading,
    /// As the backend has it.
    Ready,
    /// The last query failed; what is shown, if anything, is older.
    Failed(Failure),
}

/// The query in flight.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DayQuery {
    pub(super) request: Request,
    pub(super) sent: Timestamp,
    /// The totals' version when it was sent.
    pub(super) version: Option<u64>,
    /// Something has happened since that the answer may not contain.
    pub(super) repeat: bool,
}

/// A day of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct DayLog {
    /// Which day it is.
    pub date: Date,
    /// Whether the next day follows at midnight.
    pub is_following: bool,
    /// Whether it is as the backend has it.
    pub load: Load,
    /// Whether anything is known of the day, possibly from the cache.
    pub is_known: bool,
    /// The backend's totals; never added up here.
    pub totals: Option<DailyTotals>,
    /// The rows of its list, derived after every message.
    pub rows: Vec<Row>,
    /// The ids of the rows.
    ids: HashSet<String>,
    /// The revisions of log and saves that the rows follow from.
    pub(super) derived: Option<(u64, u64)>,
    /// The entries as last listed.
    pub(super) list: Vec<Arc<Activity>>,
    pub(super) query: Option<DayQuery>,
    pub(super) settle: Settle,
}

impl DayLog {
    pub(super) fn new(date: Date) -> Self {
        Self {
            date,
            is_following: true,
            load: Load::Loading,
            is_known: false,
            totals: None,
            rows: Vec::new(),
            ids: HashSet::new(),
            derived: None,
            list: Vec::new(),
            query: None,
            settle: Settle::default(),
        }
    }

    /// The version of the totals.
    pub(super) fn version(&self) -> Option<u64> {
        self.totals.as_ref().map(|totals| totals.version)
    }

    /// Takes totals of this day that are newer; returns whether they were.
    pub(super) fn take_totals(&mut self, totals: DailyTotals) -> bool {
        let is_newer =
            totals.date == self.date && self.version().is_none_or(|version| totals.version > version);
        if is_newer {
            self.totals = Some(totals);
        }
        is_newer
    }

    pub(super) fn take_list(&mut self, activities: Vec<Activity>) {
        self.is_known = true;
        self.list = activities.into_iter().map(Arc::new).collect();
    }

    /// Takes rows that were derived.
    pub(super) fn take_rows(&mut self, rows: Vec<Row>) {
        self.ids = rows.iter().map(|row| row.activity.id.clone()).collect();
        self.rows = rows;
    }

    /// Puts a new entry in its place, as deriving all rows would; returns whether it did. Entries of another program arrive
    /// by the thousand.
    pub(super) fn insert(&mut self, activity: &Activity) -> bool {
        if self.ids.contains(&activity.id) {
            return false;
        }
        if activity.entry.date == self.date {
            let at = self
                .rows
                .partition_point(|row| row.activity.log_order(activity).is_lt());
            self.rows.insert(at, Row::saved(Arc::new(activity.clone())));
            self.ids.insert(activity.id.clone());
        }
        true
    }

    /// The day, if its rows add up to its totals.
    pub(super) fn settled(&self) -> Option<Day> {
        let totals = self.totals.as_ref().filter(|_| self.is_known)?;
        settled(&self.rows, totals)
    }
}

#[cfg(test)]
mod tests {
    use caltrack_domain::Entry;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::app::log::rows::rows;

    const DAY: Date = date(2026, 11, 23);

    fn activity(id: u8, hour: i8, day: Date) -> Activity {
        let moment = DAY.at(hour, 0, 0, 0).in_tz("UTC").unwrap().timestamp();
        Activity {
            id: format!("{id:03}"),
            owner: "u".to_owned(),
            entry: Entry::new(day, moment, "Food", "Lunch", 650),
            rev: 1,
        }
    }

    proptest! {
        #[test]
        fn entries_put_in_their_place_are_the_rows_that_would_be_derived(
            entries in prop::collection::vec((any::<u8>(), 0_i8..24), 0..40),
        ) {
            let mut day = DayLog::new(DAY);
            let mut listed: Vec<Activity> = Vec::new();
            for (id, hour) in entries {
                let entry = activity(id, hour, DAY);
                let is_new = listed.iter().all(|other| other.id != entry.id);
                prop_assert_eq!(day.insert(&entry), is_new);
                if is_new {
                    listed.push(entry);
                }
            }
            let newest = listed.into_iter().map(Arc::new).collect();
            prop_assert_eq!(day.rows, rows(DAY, newest, std::iter::empty(), "u"));
        }
    }

    #[test]
    fn an_entry_of_another_day_adds_no_row() {
        let mut day = DayLog::new(DAY);
        assert!(day.insert(&activity(1, 8, DAY.tomorrow().unwrap())));
        assert_eq!(day.rows, []);
    }

    #[test]
    fn only_newer_totals_of_the_day_are_taken() {
        let totals = |version| DailyTotals {
            version,
            ..DailyTotals::empty(DAY)
        };
        let mut day = DayLog::new(DAY);
        assert!(day.take_totals(totals(2)));
        assert!(!day.take_totals(totals(2)));
        assert!(!day.take_totals(totals(1)));
        assert!(day.take_totals(totals(3)));
        let elsewhere = DailyTotals {
            version: 9,
            ..DailyTotals::empty(DAY.tomorrow().unwrap())
        };
        assert!(!day.take_totals(elsewhere));
        assert_eq!(day.version(), Some(3));
    }

    #[test]
    fn a_day_of_which_nothing_is_known_is_not_settled() {
        let mut day = DayLog::new(DAY);
        day.take_totals(DailyTotals::empty(DAY));
        assert_eq!(day.settled(), None);
        day.take_list(Vec::new());
        assert!(day.settled().is_some());
    }
}
