//! The day that the screen shows: this computer's copy of it, and the rows that follow.

use std::{collections::HashSet, sync::Arc};

use caltrack_domain::{Activity, DailyTotals, Macros, outbox::QueuedKcal};
use jiff::civil::Date;

use super::{
    list::List,
    rows::{self, Mark, Pending, Row},
};
use crate::app::{
    failure::Failure,
    model::{CopyState, DayChange, DayCopy},
};

/// Whether a day is as the backend has it.
#[derive(Debug, Clone, PartialEq)]
pub enum Load {
    /// No answer yet. This computer's copy may be shown meanwhile.
    Loading,
    /// As the backend has it.
    Ready,
    /// The last query failed; what is shown, if anything, is older.
    Failed(Failure),
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
    /// Whether this computer has a copy of the day.
    pub is_known: bool,
    /// How far the copy can be trusted.
    pub copy: CopyState,
    /// The backend's totals; never added up here.
    pub totals: Option<DailyTotals>,
    /// What queued changes add to the totals.
    pub queued: QueuedKcal,
    /// Grams that queued changes add to the totals.
    queued_macros: Macros,
    /// The rows of its list, derived after every message.
    pub rows: Vec<Row>,
    /// The newest change of the rows.
    pub(in crate::app) rows_change: RowsChange,
    /// The ids of the rows.
    ids: HashSet<String>,
    /// The revisions of log and outbox that the rows follow from.
    pub(super) derived: Option<(u64, u64)>,
    pub(super) list: List,
}

/// A change of a day's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::app) struct RowsChange {
    /// Grows by 1 with each change, whatever the day.
    pub(in crate::app) number: u64,
    /// The index of the one row that was inserted; none after any other change.
    pub(in crate::app) inserted: Option<usize>,
}

impl RowsChange {
    /// The change after this one.
    const fn next(self, inserted: Option<usize>) -> Self {
        Self {
            number: self.number + 1,
            inserted,
        }
    }
}

impl DayLog {
    pub(super) fn new(date: Date) -> Self {
        Self {
            date,
            is_following: true,
            load: Load::Loading,
            is_known: false,
            copy: CopyState::Absent,
            totals: None,
            queued: QueuedKcal::default(),
            queued_macros: Macros::default(),
            rows: Vec::new(),
            rows_change: RowsChange::default(),
            ids: HashSet::new(),
            derived: None,
            list: List::default(),
        }
    }

    /// Another day, of which nothing is known yet.
    pub(super) fn followed_by(&self, date: Date) -> Self {
        Self {
            rows_change: self.rows_change.next(None),
            ..Self::new(date)
        }
    }

    /// The ids of its entries, as the backend has them.
    pub(in crate::app) fn stored_ids(&self) -> impl Iterator<Item = &str> {
        self.list.entries().iter().map(|activity| activity.id.as_str())
    }

    /// Protein, fat and carbohydrate with what is queued; none where the backend's totals don't have them.
    pub fn macros(&self) -> Option<Macros> {
        let stored = Macros::of_totals(self.totals.as_ref()?)?;
        Some(stored + self.queued_macros)
    }

    /// Takes the day as a whole; returns whether nothing was known of it before.
    pub(super) fn take(&mut self, day: DayCopy) -> bool {
        self.list = List::new(day.entries);
        self.stand(day.totals, day.state)
    }

    /// Takes totals, and how far the entries can be trusted; returns whether nothing was known of the day before.
    fn stand(&mut self, totals: Option<DailyTotals>, copy: CopyState) -> bool {
        let is_first = !self.is_known && copy != CopyState::Absent;
        self.totals = totals;
        self.copy = copy;
        self.is_known |= copy != CopyState::Absent;
        if copy == CopyState::Complete {
            self.load = Load::Ready;
        }
        is_first
    }

    /// Takes a change of the day. Returns whether nothing was known of it before, and whether the rows follow the change
    /// already; otherwise they are to be derived, such as those of entries with pending changes.
    pub(super) fn change(&mut self, change: DayChange, is_pending: impl FnOnce(&str) -> bool) -> Changed {
        match change {
            DayChange::Standing { totals, state } => Changed {
                is_first: self.stand(totals, state),
                rows_follow: true,
            },
            DayChange::Put(activity) => {
                let activity = Arc::new(activity);
                let before = self.list.put(Arc::clone(&activity));
                let is_free = !is_pending(&activity.id) && self.take_row(&activity.id, before.as_deref());
                if is_free {
                    self.insert(activity);
                }
                Changed {
                    is_first: false,
                    rows_follow: is_free,
                }
            }
            DayChange::Removed(id) => {
                let before = self.list.remove(&id);
                Changed {
                    is_first: false,
                    rows_follow: !is_pending(&id) && self.take_row(&id, before.as_deref()),
                }
            }
        }
    }

    /// Takes the row of a listed entry without pending changes out; returns whether no row has its id now.
    fn take_row(&mut self, id: &str, before: Option<&Activity>) -> bool {
        let Some(before) = before else {
            return !self.ids.contains(id);
        };
        let found = self.rows.binary_search_by(|row| row.activity.log_order(before));
        match found {
            Ok(at) if self.rows.get(at).is_some_and(|row| row.mark == Mark::Saved) => {
                self.rows.remove(at);
                self.rows_change = self.rows_change.next(None);
                self.ids.remove(id);
                true
            }
            Ok(_) | Err(_) => false,
        }
    }

    fn insert(&mut self, activity: Arc<Activity>) {
        let at = self
            .rows
            .partition_point(|row| row.activity.log_order(&activity).is_lt());
        self.ids.insert(activity.id.clone());
        self.rows.insert(at, Row::saved(activity));
        self.rows_change = self.rows_change.next(Some(at));
    }

    /// Derives the rows and the queued kcal from the list and what the backend has not acknowledged. `owner` is the `sub` of
    /// the user.
    pub(super) fn derive(&mut self, pending: &Pending<'_>, owner: &str) {
        self.rows = rows::rows(self.date, self.list.entries(), pending, owner);
        self.rows_change = self.rows_change.next(None);
        self.ids = self.rows.iter().map(|row| row.activity.id.clone()).collect();
        let stored = |id: &str| self.list.get(id).map(AsRef::as_ref);
        self.queued = QueuedKcal::of(self.date, pending.to_send(), stored);
        self.queued_macros = Macros::queued(self.date, pending.to_send(), stored);
    }
}

/// What a change of the day means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Changed {
    /// Whether nothing was known of the day before.
    pub(super) is_first: bool,
    /// Whether the rows follow the change already.
    pub(super) rows_follow: bool,
}

#[cfg(test)]
mod tests {
    use caltrack_domain::{ActivityPatch, Entry, LogCommand, NewActivity};
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const DAY: Date = date(2026, 11, 23);

    fn activity(id: u8, hour: i8, rev: u32) -> Activity {
        let moment = DAY.at(hour, 0, 0, 0).in_tz("UTC").unwrap().timestamp();
        Activity {
            id: format!("{id:03}"),
            owner: "u".to_owned(),
            entry: Entry::new(DAY, moment, "Food", "Lunch", 650),
            rev,
        }
    }

    fn queued(commands: &[LogCommand]) -> Pending<'_> {
        Pending {
            queued: commands.iter().collect(),
            ..Pending::default()
        }
    }

    fn change() -> impl Strategy<Value = DayChange> {
        prop_oneof![
            3 => (0_u8..20, 0_i8..24, 1_u32..4)
                .prop_map(|(id, hour, rev)| DayChange::Put(activity(id, hour, rev))),
            1 => (0_u8..20).prop_map(|id| DayChange::Removed(format!("{id:03}"))),
        ]
    }

    fn pending() -> impl Strategy<Value = LogCommand> {
        let moved = |hour| ActivityPatch {
            moment: Some(activity(0, hour, 1).entry.moment),
            ..ActivityPatch::default()
        };
        prop_oneof![
            (0_u8..20, 0_i8..24).prop_map(|(id, hour)| LogCommand::Create(NewActivity::new(
                format!("{id:03}"),
                activity(id, hour, 0).entry
            ))),
            (0_u8..20, 0_i8..24, 0_i8..24).prop_map(move |(id, hour, to)| LogCommand::Update {
                before: activity(id, hour, 1),
                patch: moved(to),
            }),
            (0_u8..20).prop_map(|id| LogCommand::Delete(activity(id, 0, 1))),
        ]
    }

    proptest! {
        #[test]
        fn rows_that_follow_a_change_are_those_that_would_be_derived(
            changes in prop::collection::vec(change(), 0..40),
            pending in prop::collection::vec(pending(), 0..3),
        ) {
            let mut day = DayLog::new(DAY);
            day.derive(&queued(&pending), "u");
            for change in changes {
                let Changed { rows_follow, .. } = day.change(change, |id| pending.iter().any(|command| command.id() == id));
                let followed = (day.rows.clone(), day.queued);
                day.derive(&queued(&pending), "u");
                if rows_follow {
                    prop_assert_eq!(followed, (day.rows.clone(), day.queued));
                }
            }
        }
    }

    #[test]
    fn an_entry_that_arrives_while_it_is_being_deleted_is_marked() {
        let pending = [LogCommand::Delete(activity(5, 0, 1))];
        let mut day = DayLog::new(DAY);
        day.derive(&queued(&pending), "u");
        assert!(
            !day.change(DayChange::Put(activity(5, 0, 1)), |id| id == "005")
                .rows_follow
        );
    }

    #[test]
    fn the_standing_of_a_day_replaces_the_one_before_whatever_its_version() {
        let standing = |version, state| DayChange::Standing {
            totals: Some(DailyTotals {
                version,
                ..DailyTotals::empty(DAY)
            }),
            state,
        };
        let mut day = DayLog::new(DAY);
        assert!(!day.change(standing(2, CopyState::Absent), |_| false).is_first);
        assert!(!day.is_known);
        assert!(day.change(standing(3, CopyState::Differs), |_| false).is_first);
        assert_eq!(day.load, Load::Loading);
        assert!(!day.change(standing(1, CopyState::Complete), |_| false).is_first);
        assert_eq!((day.load.clone(), day.copy), (Load::Ready, CopyState::Complete));
        assert_eq!(day.totals.map(|totals| totals.version), Some(1));
    }
}
