//! The totals of all days, and what follows from them: the weight's trend, the expenditure.

use std::collections::BTreeMap;

use caltrack_domain::{
    DailyTotals,
    outbox::{QueuedKcal, WeightChange},
    weight::{Expenditure, LoggedDay, Pace, TrendDay, WeighIn, expenditures, pace, weight_trend},
};
use jiff::{ToSpan as _, civil::Date};

/// Days that the trend and the expenditure are computed from: a year and the weeks that a filter needs to settle.
const DEPTH: i64 = 425;

/// The totals of all days.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Overview {
    /// The totals of the days that have some.
    pub days: BTreeMap<Date, DailyTotals>,
    /// Whether they were read at all.
    pub is_known: bool,
    /// Counts the changes of `days`.
    pub revision: u64,
    /// The weight's trend of each day from the first weigh-in to the last.
    pub trend: Vec<TrendDay>,
    /// The pace of the last four weeks.
    pub pace: Option<Pace>,
    /// The expenditure after each day up to yesterday: today is still being logged.
    pub expenditures: Vec<Expenditure>,
    /// kcal that queued changes add to the totals of days.
    pub queued: BTreeMap<Date, QueuedKcal>,
    /// Weights in kg that queued changes note on days; none where they remove it.
    queued_weights: BTreeMap<Date, Option<f64>>,
    /// The revision of the outbox that `queued` follows from.
    queued_from: Option<u64>,
    /// The day of the derived figures; none if they are out of date.
    derived: Option<Date>,
}

impl Overview {
    /// Takes the totals of all days.
    pub(super) fn take_all(&mut self, days: Vec<DailyTotals>) {
        self.days = days.into_iter().map(|day| (day.date, day)).collect();
        self.is_known = true;
        self.revision += 1;
        self.derived = None;
    }

    /// Whether anything was ever logged, as far as the totals say.
    pub fn has_entries(&self) -> bool {
        let is_logged = |day: &DailyTotals| day.calories_consumed != 0 || day.calories_burned != 0;
        self.days.values().any(is_logged) || self.queued.values().any(|queued| !queued.is_nothing())
    }

    /// Takes the totals of a day.
    pub(super) fn take(&mut self, totals: DailyTotals) {
        let is_same = self.days.get(&totals.date).is_some_and(|before| {
            before.calories_consumed == totals.calories_consumed && before.weight == totals.weight
        });
        if !is_same {
            self.derived = None;
        }
        self.revision += 1;
        self.days.insert(totals.date, totals);
    }

    /// Takes what is queued, if the outbox has another revision.
    pub(super) fn take_queued<'a>(
        &mut self,
        revision: u64,
        queued: impl FnOnce() -> BTreeMap<Date, QueuedKcal>,
        weights: impl Iterator<Item = &'a WeightChange>,
    ) {
        if self.queued_from != Some(revision) {
            self.queued = queued();
            self.queued_weights = weights.map(|change| (change.date, change.weight)).collect();
            self.queued_from = Some(revision);
        }
    }

    /// Computes the derived figures, if anything that they depend on has changed.
    pub(super) fn derive(&mut self, today: Date) {
        if self.derived == Some(today) {
            return;
        }
        self.derived = Some(today);
        let Ok(first) = today.checked_sub(DEPTH.days()) else {
            return;
        };
        let recent = || self.days.range(first..=today).map(|(_, day)| day);
        let weigh_ins: Vec<WeighIn> = recent()
            .filter_map(|day| {
                Some(WeighIn {
                    date: day.date,
                    kg: day.weight?,
                })
            })
            .collect();
        let logged: Vec<LoggedDay> = recent()
            .map(|day| LoggedDay {
                date: day.date,
                consumed: if day.date == today {
                    0
                } else {
                    day.calories_consumed
                },
                weight: day.weight,
            })
            .collect();
        self.trend = weight_trend(&weigh_ins);
        self.pace = pace(&weigh_ins, today);
        self.expenditures = expenditures(&logged, None);
    }

    /// The latest expenditure.
    pub fn expenditure(&self) -> Option<&Expenditure> {
        self.expenditures.last()
    }

    /// The weight of a day in kg, with what is queued.
    pub fn weight_on(&self, day: Date) -> Option<f64> {
        match self.queued_weights.get(&day) {
            Some(queued) => *queued,
            None => self.days.get(&day).and_then(|totals| totals.weight),
        }
    }

    /// The first day with entries or a weight, queued ones among them.
    pub fn first(&self) -> Option<Date> {
        let mut days = self.days.values();
        let stored = days.find(|day| day.entries != Some(0) || day.weight.is_some());
        let queued = [self.queued.keys().next(), self.queued_weights.keys().next()];
        let stored = stored.map(|day| day.date);
        stored
            .into_iter()
            .chain(queued.into_iter().flatten().copied())
            .min()
    }

    /// The last day with totals or queued entries.
    pub fn last(&self) -> Option<Date> {
        let stored = self.days.keys().next_back();
        let queued = [
            self.queued.keys().next_back(),
            self.queued_weights.keys().next_back(),
        ];
        stored
            .into_iter()
            .chain(queued.into_iter().flatten())
            .max()
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 30);

    fn day(days_ago: i64, consumed: i64, weight: Option<f64>) -> DailyTotals {
        DailyTotals {
            calories_consumed: consumed,
            weight,
            version: 1,
            entries: Some(u32::from(consumed > 0)),
            ..DailyTotals::empty(TODAY - days_ago.days())
        }
    }

    #[test]
    fn figures_follow_the_days_and_not_the_unfinished_one() {
        let mut overview = Overview::default();
        overview.take_all((0..30).map(|ago| day(ago, 2_000, Some(80.0))).collect());
        overview.derive(TODAY);
        let before = *overview.expenditure().unwrap();
        assert_eq!(overview.trend.len(), 30);
        assert_eq!(before.logged, 27);
        assert!(overview.pace.unwrap().kg_per_week.abs() < 1e-9);

        overview.take(day(0, 9_000, Some(80.0)));
        overview.derive(TODAY);
        assert_eq!(overview.expenditure(), Some(&before));
        overview.take(day(1, 3_000, Some(80.0)));
        overview.derive(TODAY);
        assert!(overview.expenditure().unwrap().kcal > before.kcal);
    }

    #[test]
    fn the_first_day_is_the_first_with_something_on_it() {
        let mut overview = Overview::default();
        assert_eq!(overview.first(), None);
        overview.take_all(vec![day(9, 0, None), day(8, 0, Some(80.0)), day(7, 100, None)]);
        assert_eq!(overview.first(), Some(TODAY - 8.days()));
    }
}
