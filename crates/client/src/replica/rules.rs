//! The rules by which events, acknowledgements and answers change the rows of a user. They are the same for the replica's
//! tables and for the model of a simulation.

use std::collections::{BTreeMap, HashMap, HashSet};

use caltrack_domain::{Activity, ChangeKind, DailyTotals};
use jiff::{SignedDuration, Timestamp, civil::Date};

use super::{
    day_row::{CopyState, DayRow, MAX_TRIES},
    proof::Proof,
    rows::{Found, Held, Rows},
};

/// No index lags longer than this: a list that differs from an older change was changed by another client.
const LONGEST_LAG: SignedDuration = SignedDuration::from_secs(60);
/// A list that matches its totals overrides changes that are older than this: index and totals would have to lag both.
const LONGEST_COMMON_LAG: SignedDuration = SignedDuration::from_secs(30);

/// A change that an event or an acknowledgement brings.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// An entry was logged, edited or deleted.
    Entry(ChangeKind, Activity),
    /// A day has new totals.
    Totals(DailyTotals),
}

/// The entries of a day, as a query returned them.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// The day.
    pub date: Date,
    /// Its entries, in any order.
    pub entries: Vec<Activity>,
    /// Its totals, if the query returned them too.
    pub totals: Option<DailyTotals>,
    /// When the query was sent.
    pub sent: Timestamp,
    /// Whether it was read by the index of moments, after all tries.
    pub is_last: bool,
}

/// What came of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The copy is complete.
    Complete,
    /// The copy can't be verified at this version, and nothing is fetched until it changes.
    Unverified,
    /// Changes are newer than the totals.
    Ahead,
    /// The copy differs from the totals after this number of fetches.
    Differs(u8),
}

/// A day after changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayStatus {
    /// The day.
    pub date: Date,
    /// What came of it.
    pub verdict: Verdict,
    /// The number of entries that a complete copy has.
    pub size: u32,
}

/// Changes of one transaction. [`Changes::finish`] stores the days' rows.
#[derive(Debug)]
pub struct Changes<'a, R> {
    rows: &'a mut R,
    days: BTreeMap<Date, DayRow>,
    ahead: Vec<Date>,
    now: Timestamp,
}

impl<'a, R: Rows> Changes<'a, R> {
    /// Begins a transaction at a moment.
    pub fn begin(rows: &'a mut R, now: Timestamp) -> Self {
        Self {
            rows,
            days: BTreeMap::new(),
            ahead: Vec::new(),
            now,
        }
    }

    /// Stores the rows of the days that changed, and reports each.
    ///
    /// # Errors
    ///
    /// The rows can't be written.
    pub fn finish(self) -> Result<Vec<DayStatus>, R::Error> {
        let mut statuses = Vec::with_capacity(self.days.len());
        for (date, row) in &self.days {
            self.rows.set_day(*date, row)?;
            let verdict = match row.state() {
                CopyState::Complete => Verdict::Complete,
                CopyState::Unproven | CopyState::Unverified => Verdict::Unverified,
                CopyState::Absent | CopyState::Differs if self.ahead.contains(date) => Verdict::Ahead,
                CopyState::Absent | CopyState::Differs => Verdict::Differs(row.tries),
            };
            statuses.push(DayStatus {
                date: *date,
                verdict,
                size: row.size(),
            });
        }
        Ok(statuses)
    }

    fn day(&mut self, date: Date) -> Result<&mut DayRow, R::Error> {
        let row = match self.days.remove(&date) {
            Some(row) => row,
            None => self.rows.day(date)?,
        };
        Ok(self.days.entry(date).or_insert(row))
    }

    /// Applies a change; returns whether it is news: an older version of an entry or of totals is ignored, and a deleted id
    /// stays deleted.
    ///
    /// # Errors
    ///
    /// The rows can't be read or written.
    pub fn apply(&mut self, change: Change) -> Result<bool, R::Error> {
        let now = self.now;
        match change {
            Change::Totals(totals) => Ok(self.day(totals.date)?.hear(totals, now)),
            Change::Entry(ChangeKind::Created | ChangeKind::Updated, activity) => self.put(&activity),
            Change::Entry(ChangeKind::Deleted, activity) => self.delete(&activity),
        }
    }

    fn put(&mut self, activity: &Activity) -> Result<bool, R::Error> {
        match self.rows.find(&activity.id)? {
            Some(Found::Removed(_)) => return Ok(false),
            Some(Found::Stored(held)) if held.activity.rev > activity.rev => return Ok(false),
            Some(Found::Stored(held)) => self.uncount(&held.activity)?,
            None => {}
        }
        self.count(activity)?;
        self.rows.put(activity, Some(self.now))?;
        Ok(true)
    }

    fn delete(&mut self, activity: &Activity) -> Result<bool, R::Error> {
        let found = self.rows.find(&activity.id)?;
        match &found {
            Some(Found::Stored(held)) => self.uncount(&held.activity)?,
            // Its totals are awaited even if this copy never had the entry.
            Some(Found::Removed(_)) | None => drop(self.day(activity.entry.date)?),
        }
        self.rows.remove(&activity.id, Some(self.now))?;
        Ok(!matches!(found, Some(Found::Removed(_))))
    }

    fn count(&mut self, activity: &Activity) -> Result<(), R::Error> {
        let row = self.day(activity.entry.date)?;
        row.proof.add(&activity.id, activity.rev);
        Ok(())
    }

    fn uncount(&mut self, activity: &Activity) -> Result<(), R::Error> {
        let row = self.day(activity.entry.date)?;
        row.proof.remove(&activity.id, activity.rev);
        Ok(())
    }

    /// Stores a page of totals, from a query that was sent at `sent`. The page is complete from `from` to `to`: other days
    /// between them have no totals.
    ///
    /// # Errors
    ///
    /// The rows can't be read or written.
    pub fn totals(
        &mut self,
        page: Vec<DailyTotals>,
        (from, to): (Option<Date>, Option<Date>),
        sent: Timestamp,
    ) -> Result<(), R::Error> {
        let mut absent = self.rows.days_between(from, to)?;
        let returned: HashSet<Date> = page.iter().map(|totals| totals.date).collect();
        absent.retain(|date| !returned.contains(date));
        for totals in page {
            self.day(totals.date)?.answer(totals, sent);
        }
        for date in absent {
            self.day(date)?.answer(DailyTotals::empty(date), sent);
        }
        Ok(())
    }

    /// Stores the list of a day, unless the copy is complete already. What was learned shortly before the query or since
    /// overrides the list, because an index may lag.
    ///
    /// # Errors
    ///
    /// The rows can't be read or written.
    pub fn list(&mut self, listing: Listing) -> Result<(), R::Error> {
        let Listing {
            date,
            mut entries,
            totals,
            sent,
            is_last,
        } = listing;
        entries.retain(|entry| entry.entry.date == date);
        let row = self.day(date)?;
        if let Some(totals) = totals {
            row.answer(totals, sent);
        }
        let is_complete = row.state() == CopyState::Complete;
        let expected = row.totals.as_ref().and_then(Proof::expected_by);
        let is_whole = expected.is_some_and(|expected| Proof::of(&entries) == expected);
        if is_complete {
            row.listed = true;
            if is_whole {
                // From now on, lists decide about these entries.
                self.rows.confirm(date)?;
            }
            return Ok(());
        }
        let held = self.rows.entries(date)?;
        let elsewhere = self.elsewhere(&held, &entries)?;
        let known = Known { held, elsewhere };
        let lag = if is_whole { LONGEST_COMMON_LAG } else { LONGEST_LAG };
        let merged = known.merge(&entries, sent - lag);
        for held in merged.drop {
            self.uncount(&held.activity)?;
            self.rows.remove(&held.activity.id, None)?;
        }
        for (entry, before) in merged.take {
            if let Some(before) = before {
                self.uncount(before)?;
            }
            self.count(entry)?;
            self.rows.put(entry, None)?;
        }
        let row = self.day(date)?;
        row.listed = true;
        if row.state() == CopyState::Complete {
            return Ok(());
        }
        match (&row.totals, expected) {
            // It can't be verified: once for each version.
            (Some(totals), None) => row.unverified = Some(totals.version),
            (Some(_), Some(_)) if is_whole => self.ahead.push(date),
            (Some(totals), Some(_)) if is_last => row.unverified = Some(totals.version),
            (_, _) => row.tries = row.tries.saturating_add(1).min(MAX_TRIES),
        }
        Ok(())
    }

    /// What is known of listed ids that are not among the day's entries.
    fn elsewhere(&mut self, held: &[Held], list: &[Activity]) -> Result<HashMap<String, Found>, R::Error> {
        let here: HashSet<&str> = held.iter().map(|held| held.activity.id.as_str()).collect();
        let mut elsewhere = HashMap::new();
        for entry in list.iter().filter(|entry| !here.contains(entry.id.as_str())) {
            if let Some(found) = self.rows.find(&entry.id)? {
                elsewhere.insert(entry.id.clone(), found);
            }
        }
        Ok(elsewhere)
    }
}

/// What the rows have of the ids of a list.
struct Known {
    /// The entries of the day.
    held: Vec<Held>,
    /// Entries of other days, and removed ones.
    elsewhere: HashMap<String, Found>,
}

/// What becomes of a list.
struct Merged<'a> {
    /// Entries that are stored, each with the one that it replaces.
    take: Vec<(&'a Activity, Option<&'a Activity>)>,
    /// Entries that are no longer of the day.
    drop: Vec<&'a Held>,
}

impl Known {
    /// Merges a list into the day. Changes that were learned after `since` override it.
    fn merge<'a>(&'a self, list: &'a [Activity], since: Timestamp) -> Merged<'a> {
        let is_recent = |held: &Held| held.heard.is_some_and(|heard| heard > since);
        let mut before: HashMap<&str, &Held> = self
            .held
            .iter()
            .map(|held| (held.activity.id.as_str(), held))
            .collect();
        let mut merged = Merged {
            take: Vec::new(),
            drop: Vec::new(),
        };
        for entry in list {
            let held = before.remove(entry.id.as_str());
            let elsewhere = self.elsewhere.get(&entry.id);
            let stays = match (held, elsewhere) {
                (Some(held), _) => {
                    // Once a list has a version, later lists decide.
                    held.heard.is_none() && held.activity == *entry
                        || is_recent(held) && held.activity.rev > entry.rev
                }
                (None, Some(Found::Stored(held))) => is_recent(held) && held.activity.rev >= entry.rev,
                (None, Some(Found::Removed(heard))) => *heard > since,
                (None, None) => false,
            };
            match (held, stays) {
                // In this version; or it is deleted, or of another day by now.
                (_, true) => {}
                (held, false) => {
                    let moved = match elsewhere {
                        Some(Found::Stored(held)) => Some(&held.activity),
                        Some(Found::Removed(_)) | None => None,
                    };
                    merged
                        .take
                        .push((entry, held.map(|held| &held.activity).or(moved)));
                }
            }
        }
        merged.drop = before.into_values().filter(|held| !is_recent(held)).collect();
        merged
    }
}
