//! The budget of a day.

use crate::DailyTotals;

/// kcal per day until a profile sets a target.
pub const DEFAULT_TARGET: u32 = 2_000;

/// kcal left of a day's target: target − net if exercise counts, else target − consumed. Negative if the target is exceeded.
pub fn remaining(target: u32, totals: &DailyTotals, count_exercise: bool) -> i64 {
    let spent = if count_exercise {
        totals.net()
    } else {
        totals.calories_consumed
    };
    i64::from(target).saturating_sub(spent)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn exercise_widens_the_budget_only_where_it_counts() {
        let totals = DailyTotals {
            calories_consumed: 1_800,
            calories_burned: 300,
            ..DailyTotals::empty(date(2026, 11, 23))
        };
        assert_eq!(totals.net(), 1_500);
        assert_eq!(remaining(DEFAULT_TARGET, &totals, true), 500);
        assert_eq!(remaining(DEFAULT_TARGET, &totals, false), 200);
        assert_eq!(remaining(1_000, &totals, false), -800);
    }

    #[test]
    fn figures_beyond_every_day_stay_at_the_limits() {
        let totals = DailyTotals {
            calories_consumed: i64::MIN,
            calories_burned: i64::MAX,
            ..DailyTotals::empty(date(2026, 11, 23))
        };
        assert_eq!(totals.net(), i64::MIN);
        assert_eq!(remaining(DEFAULT_TARGET, &totals, true), i64::MAX);
    }
}
