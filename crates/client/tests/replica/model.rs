//! A copy of the log in memory, by the same rules as the replica's tables; and what simulations need of either.

use std::{
    collections::{BTreeMap, HashMap},
    convert::Infallible,
};

use caltrack_client::replica::{
    Change, Changes, CopyState, DayRow, DayStatus, Found, Held, Listing, NameUse, Owner, Replica, Rows,
    Verdict,
};
use caltrack_domain::{Activity, DailyTotals};
use jiff::{Timestamp, civil::Date};

/// The days that a page of totals covers.
pub(crate) type Covered = (Option<Date>, Option<Date>);

/// A copy of the log of one user.
pub(crate) trait Copy {
    fn apply(&mut self, changes: Vec<Change>, now: Timestamp) -> Vec<DayStatus>;
    fn store_totals(&mut self, page: Vec<DailyTotals>, covered: Covered, sent: Timestamp);
    fn store_lists(&mut self, lists: Vec<Listing>, now: Timestamp) -> Vec<DayStatus>;
    fn unsettled(&self) -> Vec<DayStatus>;
    fn entries(&self, date: Date) -> Vec<Activity>;
    fn state(&self, date: Date) -> CopyState;
}

#[derive(Debug, Default)]
pub(crate) struct Model {
    days: BTreeMap<Date, DayRow>,
    /// By day and id.
    entries: BTreeMap<Date, BTreeMap<String, Box<Held>>>,
    /// The days of the ids.
    dates: HashMap<String, Date>,
    removals: HashMap<String, Timestamp>,
}

impl Model {
    fn of_day(&self, date: Date) -> impl Iterator<Item = &Box<Held>> {
        self.entries.get(&date).into_iter().flat_map(BTreeMap::values)
    }

    fn take_out(&mut self, id: &str) {
        if let Some(date) = self.dates.remove(id) {
            self.entries.get_mut(&date).unwrap().remove(id);
        }
    }
}

impl Rows for Model {
    type Error = Infallible;

    fn day(&mut self, date: Date) -> Result<DayRow, Infallible> {
        Ok(self.days.get(&date).cloned().unwrap_or_default())
    }

    fn set_day(&mut self, date: Date, row: &DayRow) -> Result<(), Infallible> {
        self.days.insert(date, row.clone());
        Ok(())
    }

    fn days_between(&mut self, from: Option<Date>, to: Option<Date>) -> Result<Vec<Date>, Infallible> {
        let is_between =
            |date: &Date| from.is_none_or(|from| *date >= from) && to.is_none_or(|to| *date <= to);
        Ok(self.days.keys().copied().filter(is_between).collect())
    }

    fn entries(&mut self, date: Date) -> Result<Vec<Held>, Infallible> {
        Ok(self.of_day(date).map(|held| Held::clone(held)).collect())
    }

    fn find(&mut self, id: &str) -> Result<Option<Found>, Infallible> {
        let stored = self.dates.get(id).and_then(|date| self.entries[date].get(id));
        let stored = stored.map(|held| Found::Stored(Held::clone(held)));
        Ok(stored.or_else(|| self.removals.get(id).copied().map(Found::Removed)))
    }

    fn put(&mut self, activity: &Activity, heard: Option<Timestamp>) -> Result<(), Infallible> {
        self.removals.remove(&activity.id);
        self.take_out(&activity.id);
        let (id, date) = (activity.id.clone(), activity.entry.date);
        self.dates.insert(id.clone(), date);
        let activity = activity.clone();
        let day = self.entries.entry(date).or_default();
        day.insert(id, Box::new(Held { activity, heard }));
        Ok(())
    }

    fn confirm(&mut self, date: Date) -> Result<(), Infallible> {
        let day = self.entries.entry(date).or_default();
        for held in day.values_mut() {
            held.heard = None;
        }
        Ok(())
    }

    fn remove(&mut self, id: &str, heard: Option<Timestamp>) -> Result<(), Infallible> {
        self.take_out(id);
        if let Some(heard) = heard {
            self.removals.insert(id.to_owned(), heard);
        }
        Ok(())
    }
}

impl Copy for Model {
    fn apply(&mut self, list: Vec<Change>, now: Timestamp) -> Vec<DayStatus> {
        let mut changes = Changes::begin(self, now);
        for change in list {
            changes.apply(change).unwrap();
        }
        changes.finish().unwrap()
    }

    fn store_totals(&mut self, page: Vec<DailyTotals>, covered: Covered, sent: Timestamp) {
        let mut changes = Changes::begin(self, sent);
        changes.totals(page, covered, sent).unwrap();
        changes.finish().unwrap();
    }

    fn store_lists(&mut self, lists: Vec<Listing>, now: Timestamp) -> Vec<DayStatus> {
        let mut changes = Changes::begin(self, now);
        for list in lists {
            changes.list(list).unwrap();
        }
        changes.finish().unwrap()
    }

    fn unsettled(&self) -> Vec<DayStatus> {
        let days = self.days.iter().filter(|(_, row)| !row.is_settled());
        days.map(|(date, row)| DayStatus {
            date: *date,
            verdict: Verdict::Differs(row.tries),
            size: row.size(),
        })
        .collect()
    }

    fn entries(&self, date: Date) -> Vec<Activity> {
        let held = self.of_day(date).map(|held| held.activity.clone());
        let mut entries: Vec<Activity> = held.collect();
        entries.sort_by(Activity::log_order);
        entries
    }

    fn state(&self, date: Date) -> CopyState {
        self.days.get(&date).cloned().unwrap_or_default().state()
    }
}

pub(crate) const OWNER: Owner<'_> = Owner {
    profile: "local",
    sub: "sub-ada",
};

/// Every name in a log.
pub(crate) fn names(replica: &Replica, owner: Owner<'_>) -> Vec<NameUse> {
    let (named, next) = replica.named_entries(owner, "", u32::MAX, |_| true).unwrap();
    assert_eq!(next, None);
    named.into_iter().map(|named| named.name).collect()
}

impl Copy for Replica {
    fn apply(&mut self, changes: Vec<Change>, now: Timestamp) -> Vec<DayStatus> {
        Self::apply(self, OWNER, changes, now).unwrap().1
    }

    fn store_totals(&mut self, page: Vec<DailyTotals>, covered: Covered, sent: Timestamp) {
        Self::store_totals(self, OWNER, page, covered, sent).unwrap();
    }

    fn store_lists(&mut self, lists: Vec<Listing>, now: Timestamp) -> Vec<DayStatus> {
        Self::store_lists(self, OWNER, lists, now).unwrap()
    }

    fn unsettled(&self) -> Vec<DayStatus> {
        Self::unsettled(self, OWNER).unwrap()
    }

    fn entries(&self, date: Date) -> Vec<Activity> {
        let day = self.day(OWNER, date).unwrap();
        day.map_or_else(Vec::new, |day| day.entries)
    }

    fn state(&self, date: Date) -> CopyState {
        let day = self.summary(OWNER, date).unwrap();
        day.map_or(CopyState::Absent, |day| day.state)
    }
}
