//! The history of a user's target.

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::{DEFAULT_TARGET, wire::label};

/// The largest target in kcal per day.
pub const MAX_TARGET: u32 = 99_999;

/// kcal per day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TargetKcal {
    /// The same on every day.
    Daily(u32),
    /// By weekday, Monday first.
    Weekly([u32; 7]),
}

impl TargetKcal {
    /// The target of a weekday.
    fn on(self, weekday: Weekday) -> u32 {
        match self {
            Self::Daily(kcal) => kcal,
            Self::Weekly(kcal) => {
                let [mon, tue, wed, thu, fri, sat, sun] = kcal;
                match weekday {
                    Weekday::Monday => mon,
                    Weekday::Tuesday => tue,
                    Weekday::Wednesday => wed,
                    Weekday::Thursday => thu,
                    Weekday::Friday => fri,
                    Weekday::Saturday => sat,
                    Weekday::Sunday => sun,
                }
            }
        }
    }

    /// `caloriesTargetPerDay` of this target, for programs that know no weekdays: the mean, rounded down.
    pub fn mean(self) -> u32 {
        match self {
            Self::Daily(kcal) => kcal,
            Self::Weekly(kcal) => {
                let sum: u64 = kcal.into_iter().map(u64::from).sum();
                u32::try_from(sum / 7).unwrap_or(u32::MAX)
            }
        }
    }
}

/// A target and its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetChange {
    /// The first day; the target lasts until the next change.
    #[serde(with = "label")]
    pub from: Date,
    /// The target from then on.
    pub kcal: TargetKcal,
}

/// The target of every day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets {
    /// Of the days before the first change.
    before: u32,
    /// In ascending order, at most one a day.
    changes: Vec<TargetChange>,
}

/// Without a profile: [`DEFAULT_TARGET`] on every day.
impl Default for Targets {
    fn default() -> Self {
        Self {
            before: DEFAULT_TARGET,
            changes: Vec::new(),
        }
    }
}

impl Targets {
    /// The targets of a profile with these changes (of two on one day the later one counts) and `caloriesTargetPerDay`, as of
    /// `today`.
    ///
    /// Where `caloriesTargetPerDay` is not the target of the present change, a program that doesn't know the history has set it: it
    /// replaces that target. Before the first change the target was [`DEFAULT_TARGET`].
    pub fn of_profile(mut changes: Vec<TargetChange>, calories_target_per_day: u32, today: Date) -> Self {
        changes.sort_by_key(|change| change.from);
        changes.reverse();
        changes.dedup_by_key(|change| change.from);
        changes.reverse();
        let present = changes.iter_mut().rfind(|change| change.from <= today);
        let before = match present {
            None => calories_target_per_day,
            Some(change) => {
                if change.kcal.mean() != calories_target_per_day {
                    change.kcal = TargetKcal::Daily(calories_target_per_day);
                }
                DEFAULT_TARGET
            }
        };
        Self { before, changes }
    }

    /// kcal of a day.
    pub fn on(&self, day: Date) -> u32 {
        self.present(day).on(day.weekday())
    }

    /// The changes in ascending order, as the profile stores them.
    pub fn changes(&self) -> &[TargetChange] {
        &self.changes
    }

    /// The target that lasts on a day.
    pub fn present(&self, day: Date) -> TargetKcal {
        let present = self.changes.iter().rfind(|change| change.from <= day);
        present.map_or(TargetKcal::Daily(self.before), |change| change.kcal)
    }

    /// The targets after a change on a day; earlier days keep theirs, and so do changes on later days.
    #[must_use]
    pub fn changed(&self, from: Date, kcal: TargetKcal) -> Self {
        let mut changes = self.changes.clone();
        changes.retain(|change| change.from != from);
        let at = changes.partition_point(|change| change.from < from);
        let previous = at.checked_sub(1).and_then(|previous| changes.get(previous));
        // The first change says what was before it, unless that is known without.
        let start = (previous.is_none() && self.before != DEFAULT_TARGET).then_some(TargetChange {
            from: START,
            kcal: TargetKcal::Daily(self.before),
        });
        let before = previous.map_or(TargetKcal::Daily(self.before), |change| change.kcal);
        let change = (before != kcal || (at == 0 && start.is_none())).then_some(TargetChange { from, kcal });
        changes.splice(at..at, start.into_iter().chain(change));
        Self {
            before: DEFAULT_TARGET,
            changes,
        }
    }
}

/// The day of a change that covers every earlier day.
const START: Date = jiff::civil::date(0, 1, 1);

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// 2026-11-30 is a Monday.
    const TODAY: Date = date(2026, 11, 30);

    fn change(from: Date, kcal: u32) -> TargetChange {
        TargetChange {
            from,
            kcal: TargetKcal::Daily(kcal),
        }
    }

    #[test]
    fn without_a_profile_every_day_has_the_default() {
        assert_eq!(Targets::default().on(TODAY), 2_000);
    }

    #[test]
    fn a_new_target_leaves_the_days_before_alone() {
        let yesterday = TODAY.yesterday().unwrap();
        for (targets, past) in [
            (Targets::default(), 2_000),
            (Targets::of_profile(Vec::new(), 1_800, TODAY), 1_800),
            (
                Targets::of_profile(vec![change(date(2026, 1, 1), 1_900)], 1_900, TODAY),
                1_900,
            ),
        ] {
            let changed = targets.changed(TODAY, TargetKcal::Daily(1_700));
            assert_eq!((changed.on(yesterday), changed.on(TODAY)), (past, 1_700));
            let read = Targets::of_profile(changed.changes().to_vec(), 1_700, TODAY);
            assert_eq!((read.on(yesterday), read.on(TODAY)), (past, 1_700));
            assert_eq!(read.on(TODAY.tomorrow().unwrap()), 1_700);
        }
    }

    #[test]
    fn a_second_target_on_one_day_replaces_the_first_and_the_old_one_again_leaves_no_change() {
        let old = Targets::of_profile(vec![change(date(2026, 1, 1), 1_900)], 1_900, TODAY);
        let first = old.changed(TODAY, TargetKcal::Daily(1_700));
        let second = first.changed(TODAY, TargetKcal::Daily(1_600));
        assert_eq!(
            second.changes(),
            [change(date(2026, 1, 1), 1_900), change(TODAY, 1_600)]
        );
        assert_eq!(second.changed(TODAY, TargetKcal::Daily(1_900)), old);
    }

    #[test]
    fn a_later_change_stays() {
        let planned = Targets::of_profile(
            vec![change(date(2026, 1, 1), 1_900), change(date(2027, 1, 1), 2_100)],
            1_900,
            TODAY,
        );
        let changed = planned.changed(TODAY, TargetKcal::Daily(1_700));
        assert_eq!(
            (changed.on(date(2026, 12, 31)), changed.on(date(2027, 1, 1))),
            (1_700, 2_100)
        );
    }

    #[test]
    fn a_target_of_a_program_without_history_replaces_the_present_one() {
        let changes = vec![
            change(date(2026, 1, 1), 1_900),
            change(date(2026, 11, 1), 1_700),
            change(date(2027, 1, 1), 5),
        ];
        let targets = Targets::of_profile(changes, 1_500, TODAY);
        assert_eq!(
            [
                date(2025, 12, 31),
                date(2026, 10, 31),
                date(2026, 11, 1),
                TODAY,
                date(2027, 1, 1)
            ]
            .map(|day| targets.on(day)),
            [2_000, 1_900, 1_500, 1_500, 5]
        );
    }

    #[test]
    fn weekdays_may_differ() {
        let kcal = TargetKcal::Weekly([1, 2, 3, 4, 5, 6, 8]);
        let targets = Targets::default().changed(TODAY, kcal);
        let week = TODAY
            .series(jiff::Span::new().days(1))
            .take(8)
            .map(|day| targets.on(day));
        assert_eq!(week.collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 8, 1]);
        assert_eq!(kcal.mean(), 4);
        let read = Targets::of_profile(targets.changes().to_vec(), kcal.mean(), TODAY);
        assert_eq!(read, targets);
    }

    #[test]
    fn of_two_changes_on_one_day_the_later_counts() {
        let targets = Targets::of_profile(vec![change(TODAY, 1), change(TODAY, 2)], 2, TODAY);
        assert_eq!(targets.changes(), [change(TODAY, 2)]);
    }

    #[test]
    fn changes_are_written_as_the_schema_says() {
        let written = json!([{"from": "2026-11-30", "kcal": 1800}, {"from": "2026-12-01", "kcal": [1, 2, 3, 4, 5, 6, 7]}]);
        let read: Vec<TargetChange> = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), written);
        for wrong in [
            json!({"from": "someday", "kcal": 1}),
            json!({"from": "2026-11-30", "kcal": [1, 2]}),
        ] {
            assert!(serde_json::from_value::<TargetChange>(wrong).is_err());
        }
    }

    proptest! {
        #[test]
        fn a_change_affects_its_day_and_no_earlier_one(
            old in proptest::collection::vec((0..60_i32, 1..5_u32), 0..6),
            current in 1..5_u32,
            kcal in 1..5_u32,
            day in 0..60_i32,
        ) {
            let at = |days: i32| date(2026, 11, 1).saturating_add(jiff::Span::new().days(days));
            let today = at(day);
            let old = old.into_iter().map(|(days, kcal)| change(at(days), kcal)).collect();
            let old = Targets::of_profile(old, current, today);
            let new = old.changed(today, TargetKcal::Daily(kcal));
            prop_assert_eq!(new.on(today), kcal);
            for earlier in (-5..day).map(at) {
                prop_assert_eq!(new.on(earlier), old.on(earlier));
            }
            let read = Targets::of_profile(new.changes().to_vec(), kcal, today);
            prop_assert_eq!(read, new);
        }
    }
}
