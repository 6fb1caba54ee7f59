//! The budget of any day, from the totals of all days.

use caltrack_domain::outbox::QueuedKcal;
use jiff::civil::Date;

use crate::app::{State, log::budget::Budget};

/// The budget of a day; none if nothing was logged on it.
pub(super) fn of(state: &State, day: Date) -> Option<Budget> {
    let totals = state.overview.days.get(&day)?;
    let has_entries = totals.entries.is_none_or(|entries| entries > 0);
    let is_logged = has_entries || totals.calories_consumed + totals.calories_burned > 0;
    is_logged.then(|| Budget::of(totals, QueuedKcal::default(), state.log.target_on(day)))
}
