//! A day's budget.

use caltrack_domain::{DailyTotals, outbox::QueuedKcal, remaining};

/// What the budget of a day is computed from, besides its totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The day's target in kcal.
    pub kcal: u32,
    /// Whether burned kcal are added to what remains.
    pub count_exercise: bool,
}

/// A day's budget, in kcal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// kcal eaten on the day, as the backend has them.
    pub consumed: i64,
    /// kcal burned on the day, as the backend has them.
    pub burned: i64,
    /// kcal that queued changes add to both.
    pub queued: QueuedKcal,
    /// kcal eaten less kcal burned, with what is queued.
    pub net: i64,
    /// The day's target in kcal.
    pub target: i64,
    /// kcal left of the target with what is queued; negative if it is exceeded.
    pub remaining: i64,
}

impl Budget {
    /// The budget that follows from the backend's totals and what is queued.
    pub fn of(totals: &DailyTotals, queued: QueuedKcal, target: Target) -> Self {
        let sent = queued.added_to(totals);
        Self {
            consumed: totals.calories_consumed,
            burned: totals.calories_burned,
            queued,
            net: sent.net(),
            target: i64::from(target.kcal),
            remaining: remaining(target.kcal, &sent, target.count_exercise),
        }
    }

    /// kcal eaten on the day, with what is queued.
    pub const fn eaten(self) -> i64 {
        self.consumed.saturating_add(self.queued.consumed)
    }

    /// kcal burned on the day, with what is queued.
    pub const fn exerted(self) -> i64 {
        self.burned.saturating_add(self.queued.burned)
    }

    /// How much of the target is used, in thousandths, rounded down; over 1000 if it is exceeded.
    pub fn used_per_mille(self) -> u64 {
        let used = self.used();
        match u64::try_from(self.target) {
            Ok(target) if target > 0 => used.saturating_mul(1000) / target,
            _ if used > 0 => 1001,
            _ => 0,
        }
    }

    /// How much of the target is used, in hundredths, rounded to the nearest; 100 only where all of it is used.
    pub fn used_percent(self) -> u64 {
        let used = self.used();
        match u64::try_from(self.target) {
            Ok(target) if target > 0 => {
                let rounded = used.saturating_mul(200).saturating_add(target) / target.saturating_mul(2);
                if used < target { rounded.min(99) } else { rounded }
            }
            _ if used > 0 => 100,
            _ => 0,
        }
    }

    /// kcal of the target that are used.
    fn used(self) -> u64 {
        u64::try_from(self.target.saturating_sub(self.remaining)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing(0, 2000, 0)]
    #[case::next_to_nothing(9, 2000, 0)]
    #[case::half_a_percent(10, 2000, 1)]
    #[case::nearer_to_the_next(518, 2000, 26)]
    #[case::half_goes_up(650, 2000, 33)]
    #[case::all_but_one(1999, 2000, 99)]
    #[case::all(2000, 2000, 100)]
    #[case::a_little_more(2009, 2000, 100)]
    #[case::half_as_much_again(3000, 2000, 150)]
    #[case::no_target(5, 0, 100)]
    #[case::neither(0, 0, 0)]
    fn the_percentage_is_the_nearest_and_full_only_when_it_is(
        #[case] consumed: i64,
        #[case] kcal: u32,
        #[case] percent: u64,
    ) {
        let totals = DailyTotals {
            calories_consumed: consumed,
            ..DailyTotals::empty(date(2026, 11, 29))
        };
        let target = Target {
            kcal,
            count_exercise: true,
        };
        assert_eq!(
            Budget::of(&totals, QueuedKcal::default(), target).used_percent(),
            percent
        );
    }
}
