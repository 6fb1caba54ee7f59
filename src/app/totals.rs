//! What a day's totals mean for the budget.

use caltrack_domain::{DailyTotals, remaining};

use super::{Effect, Failure, Request, State, Target};

/// A day's budget, in kcal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Eaten.
    pub consumed: i64,
    /// Burned.
    pub burned: i64,
    /// Eaten less burned.
    pub net: i64,
    /// The target.
    pub target: i64,
    /// What is left of it; negative where it is passed.
    pub remaining: i64,
}

impl Budget {
    /// Of totals that the backend counted.
    pub fn of(totals: &DailyTotals, target: Target) -> Self {
        Self {
            consumed: totals.calories_consumed,
            burned: totals.calories_burned,
            net: totals.net(),
            target: i64::from(target.kcal),
            remaining: remaining(target.kcal, totals, target.count_exercise),
        }
    }

    /// How much of the target is used, in thousandths; over 1000 where it is passed.
    pub fn used_per_mille(self) -> u64 {
        let used = u64::try_from(self.target.saturating_sub(self.remaining)).unwrap_or(0);
        match u64::try_from(self.target) {
            Ok(target) if target > 0 => used.saturating_mul(1000) / target,
            _ if used > 0 => 1001,
            _ => 0,
        }
    }
}

pub(super) fn target_loaded(
    state: &mut State,
    request: Request,
    result: &Result<Target, Failure>,
) -> Vec<Effect> {
    // A failed load leaves the target of before; the day's own load tells what is wrong.
    if request == state.target_request
        && state.account.is_some()
        && let Ok(target) = result
    {
        state.target = *target;
    }
    Vec::new()
}
