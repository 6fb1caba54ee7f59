//! The budget of any day, from the totals of all days and what is queued.

use caltrack_domain::{DailyTotals, outbox::QueuedKcal};
use jiff::civil::Date;

use crate::app::{State, log::budget::Budget};

/// The budget of a day; none if nothing was logged on it.
pub(super) fn of(state: &State, day: Date) -> Option<Budget> {
    let stored = state.overview.days.get(&day);
    let queued = queued(state, day);
    let is_logged = stored.is_some_and(|totals| {
        let has_entries = totals.entries.is_none_or(|entries| entries > 0);
        has_entries || totals.calories_consumed + totals.calories_burned > 0
    });
    if !is_logged && queued.is_nothing() {
        return None;
    }
    let empty = DailyTotals::empty(day);
    let totals = stored.unwrap_or(&empty);
    Some(Budget::of(totals, queued, state.log.target_on(day)))
}

/// kcal that wait to be added to a day.
fn queued(state: &State, day: Date) -> QueuedKcal {
    let shown = &state.log.day;
    if day == shown.date {
        return shown.queued;
    }
    state.overview.queued.get(&day).copied().unwrap_or_default()
}
