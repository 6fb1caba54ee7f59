//! The kcal of each type, for the share by type of the trends: read from this computer's copy of the log, day by day.

use std::{collections::BTreeMap, ops::RangeInclusive};

use caltrack_domain::{DailyTotals, TypeKcal, eaten_by_type};
use jiff::{ToSpan as _, civil::Date};

/// The days that one effect reads, so that changes of the log wait for a few milliseconds at most.
const MAX_DAYS: i64 = 31;

/// A day as it was read.
#[derive(Debug, Clone, PartialEq)]
struct DayShare {
    /// The version of the day's totals when it was read: another one means other entries.
    version: u64,
    kcal: Vec<TypeKcal>,
}

/// What the list follows from.
#[derive(Debug, Clone, PartialEq)]
struct ShareSource {
    reads: u64,
    outbox: u64,
    range: RangeInclusive<Date>,
}

/// The kcal of each type.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shares {
    /// The types of the shown days, the largest first, with what is queued.
    pub list: Vec<TypeKcal>,
    days: BTreeMap<Date, DayShare>,
    /// The days that are being read, with the versions of their totals.
    reading: Option<Vec<(Date, u64)>>,
    /// Counts what was read.
    reads: u64,
    /// The revision of the totals and the range at which nothing was out of date.
    settled: Option<(u64, RangeInclusive<Date>)>,
    source: Option<ShareSource>,
}

impl Shares {
    /// The next days to read of a range: those whose totals have another version than when they were read, the newest first. None
    /// while others are being read. `revision` counts the changes of the totals.
    pub(super) fn next(
        &mut self,
        totals: &BTreeMap<Date, DailyTotals>,
        revision: u64,
        range: &RangeInclusive<Date>,
    ) -> Option<(Date, Date)> {
        if self.reading.is_some() || self.settled.as_ref() == Some(&(revision, range.clone())) {
            return None;
        }
        let is_stale = |day: &DailyTotals| {
            let read = self.days.get(&day.date).map(|read| read.version);
            read != Some(day.version)
        };
        let mut stale = totals.range(range.clone()).rev().filter(|(_, day)| is_stale(day));
        let Some((newest, _)) = stale.next() else {
            self.settled = Some((revision, range.clone()));
            return None;
        };
        let newest = *newest;
        let most = newest.checked_sub((MAX_DAYS - 1).days()).unwrap_or(newest);
        let others = stale.map(|(date, _)| *date).take_while(|date| *date >= most);
        let oldest = others.last().unwrap_or(newest);
        let reading = totals.range(oldest..=newest);
        self.reading = Some(reading.map(|(date, day)| (*date, day.version)).collect());
        Some((oldest, newest))
    }

    /// Takes the days that were read.
    pub(super) fn take(&mut self, parts: Vec<(Date, TypeKcal)>) {
        let Some(reading) = self.reading.take() else {
            return;
        };
        for (date, version) in reading {
            let kcal = Vec::new();
            self.days.insert(date, DayShare { version, kcal });
        }
        for (date, part) in parts {
            if let Some(day) = self.days.get_mut(&date) {
                day.kcal.push(part);
            }
        }
        self.reads += 1;
    }

    /// Sums the types of a range, if anything has changed. `outbox` is the revision of the outbox.
    pub(super) fn follow(
        &mut self,
        range: RangeInclusive<Date>,
        outbox: u64,
        queued: impl FnOnce() -> Vec<(Date, TypeKcal)>,
    ) {
        let reads = self.reads;
        let source = ShareSource { reads, outbox, range };
        if self.source.as_ref() == Some(&source) {
            return;
        }
        let queued = queued();
        let queued = queued.iter().filter(|(date, _)| source.range.contains(date));
        let stored = self.days.range(source.range.clone());
        let stored = stored.flat_map(|(_, day)| &day.kcal);
        self.list = eaten_by_type(stored.chain(queued.map(|(_, part)| part)));
        self.source = Some(source);
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 30);

    fn totals(days_ago: i64, version: u64) -> (Date, DailyTotals) {
        let day = TODAY - days_ago.days();
        let totals = DailyTotals {
            version,
            ..DailyTotals::empty(day)
        };
        (day, totals)
    }

    fn lunch(kcal: i64) -> TypeKcal {
        TypeKcal {
            category: "Food".to_owned(),
            kind: "Lunch".to_owned(),
            kcal,
        }
    }

    #[test]
    fn days_are_read_a_month_at_a_time_and_again_only_if_they_changed() {
        let range = TODAY - 89.days()..=TODAY;
        let mut days: BTreeMap<Date, DailyTotals> = (0..90).map(|ago| totals(ago, 1)).collect();
        let mut shares = Shares::default();
        let mut reads = Vec::new();
        while let Some((from, to)) = shares.next(&days, 1, &range) {
            assert_eq!(shares.next(&days, 1, &range), None, "one read at a time");
            shares.take(vec![(to, lunch(100))]);
            reads.push((from, to));
        }
        assert_eq!(reads.first(), Some(&(TODAY - 30.days(), TODAY)));
        assert_eq!(reads.len(), 3);
        shares.follow(range.clone(), 0, Vec::new);
        assert_eq!(shares.list, [lunch(300)]);

        let (changed, version_2) = totals(5, 2);
        days.insert(changed, version_2);
        assert_eq!(shares.next(&days, 2, &range), Some((changed, changed)));
        shares.take(vec![(changed, lunch(50))]);
        shares.follow(range, 1, || vec![(TODAY, lunch(7))]);
        assert_eq!(shares.list, [lunch(357)]);
    }
}
