//! A backend in virtual time: an index that lags behind the table, and totals that lag behind both.

use std::collections::BTreeMap;

use caltrack_client::replica::Proof;
use caltrack_domain::{Activity, ChangeKind, DailyTotals, Entry};
use jiff::{Timestamp, civil::Date};
use rand::{Rng as _, rngs::StdRng};

/// A write that the backend acknowledged.
#[derive(Debug, Clone)]
pub(crate) struct Write {
    pub(crate) kind: ChangeKind,
    pub(crate) activity: Activity,
    /// When the index of days has it, in milliseconds.
    listed: i64,
}

#[derive(Debug, Default)]
pub(crate) struct Cloud {
    writes: Vec<Write>,
    table: BTreeMap<String, Activity>,
    /// Totals with the moments of their commits.
    booked: Vec<(i64, DailyTotals)>,
    proofs: BTreeMap<Date, (u64, Proof, i64)>,
    last_commit: i64,
    /// Totals that the aggregation got wrong: they never match.
    pub(crate) wrong: Option<Date>,
}

pub(crate) fn ms(at: Timestamp) -> i64 {
    at.as_millisecond()
}

impl Cloud {
    /// Writes at a moment; returns the write and the totals that follow, each with the moment of its commit.
    pub(crate) fn write(
        &mut self,
        (kind, activity): (ChangeKind, Activity),
        at: i64,
        dice: &mut StdRng,
    ) -> (Write, Vec<(i64, DailyTotals)>) {
        let before = self.table.get(&activity.id).cloned();
        let after = match kind {
            ChangeKind::Deleted => self.table.remove(&activity.id).map(|_| None),
            ChangeKind::Created | ChangeKind::Updated => {
                self.table.insert(activity.id.clone(), activity.clone());
                Some(Some(activity.clone()))
            }
        };
        let after = after.flatten();
        let lag = match dice.random_range(0..20) {
            0 => dice.random_range(0..25_000),
            _ => dice.random_range(0..1_500),
        };
        let write = Write {
            kind,
            activity,
            listed: at + lag,
        };
        self.writes.push(write.clone());
        let lag = match dice.random_range(0..20) {
            0 => dice.random_range(0..40_000),
            _ => dice.random_range(0..1_500),
        };
        self.last_commit = self.last_commit.max(at + lag);
        let dates: std::collections::BTreeSet<Date> = before
            .iter()
            .chain(&after)
            .map(|entry| entry.entry.date)
            .collect();
        let mut committed = Vec::new();
        for date in dates {
            let (version, proof, consumed) = self.proofs.entry(date).or_default();
            *version += 1;
            for entry in before.iter().filter(|entry| entry.entry.date == date) {
                proof.remove(&entry.id, entry.rev);
                *consumed -= i64::from(entry.entry.kcal);
            }
            for entry in after.iter().filter(|entry| entry.entry.date == date) {
                proof.add(&entry.id, entry.rev);
                *consumed += i64::from(entry.entry.kcal);
            }
            let digest = proof.digest + u64::from(self.wrong == Some(date));
            let totals = DailyTotals {
                version: *version,
                calories_consumed: *consumed,
                entries: Some(proof.entries),
                digest: Some(digest),
                ..DailyTotals::empty(date)
            };
            committed.push((self.last_commit, totals));
        }
        self.booked.extend(committed.clone());
        (write, committed)
    }

    /// Removes the row of a day without entries, once the writes before are booked: its next row begins at version 1.
    pub(crate) fn erase_day(&mut self, date: Date, at: i64) {
        if let Some((version, proof, _)) = self.proofs.get_mut(&date)
            && proof.entries == 0
        {
            *version = 0;
            self.last_commit = self.last_commit.max(at);
            self.booked.push((self.last_commit, DailyTotals::empty(date)));
        }
    }

    /// The entries of the table, as of the last write.
    pub(crate) fn table(&self) -> &BTreeMap<String, Activity> {
        &self.table
    }

    /// What the index has of some days.
    pub(crate) fn list(&self, from: Date, to: Date, at: i64) -> Vec<Activity> {
        let mut seen: BTreeMap<&str, &Write> = BTreeMap::new();
        for write in self.writes.iter().filter(|write| write.listed <= at) {
            seen.insert(&write.activity.id, write);
        }
        let live = seen
            .into_values()
            .filter(|write| write.kind != ChangeKind::Deleted);
        live.map(|write| write.activity.clone())
            .filter(|activity| (from..=to).contains(&activity.entry.date))
            .collect()
    }

    pub(crate) fn totals(&self, date: Date, at: i64) -> Option<DailyTotals> {
        let booked = self.booked.iter().rev();
        let mut of_day = booked.filter(|(commit, totals)| *commit <= at && totals.date == date);
        let (_, totals) = of_day.next()?;
        (totals.version > 0).then(|| totals.clone())
    }

    /// The totals of the days from one to another in ascending order, and whether there are more than `limit`.
    pub(crate) fn page(
        &self,
        (from, to): (Option<Date>, Option<Date>),
        limit: usize,
        at: i64,
    ) -> (Vec<DailyTotals>, bool) {
        let is_between =
            |date: &&Date| from.is_none_or(|from| **date >= from) && to.is_none_or(|to| **date <= to);
        let days = self.proofs.keys().filter(is_between);
        let mut page: Vec<DailyTotals> = days.filter_map(|date| self.totals(*date, at)).collect();
        let is_more = page.len() > limit;
        page.truncate(limit);
        (page, is_more)
    }
}

pub(crate) fn entry(id: &str, rev: u32, date: Date, kcal: u32) -> Activity {
    let moment = date.at(12, 0, 0, 0).in_tz("UTC").unwrap().timestamp();
    Activity {
        id: id.to_owned(),
        owner: "sub-ada".to_owned(),
        entry: Entry {
            name: (!kcal.is_multiple_of(3)).then(|| format!("dish {}", kcal % 7)),
            ..Entry::new(date, moment, "Food", "Lunch", kcal)
        },
        rev,
    }
}
