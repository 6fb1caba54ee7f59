//! Entries of other days: what can be logged again, and days to be copied.

use caltrack_domain::{
    Activity,
    line::meal_of,
    repeat::{Occasion, meals},
};
use jiff::{ToSpan as _, civil::Date};

use super::{derive, marked};
use crate::app::{
    dialogs::{Dialog, repeat::Repeat},
    effect::{DaysFor, Effect},
    log::rows::{Mark, rows},
    state::State,
};

/// The days before the shown one whose meals are offered.
const DAYS: i64 = 14;
/// The meals and days that are offered.
const MOST: usize = 50;

/// Opens the list of meals and days that can be logged again.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    let date = state.log.day.date;
    state.dialogs.open(Dialog::Repeat(Repeat::new(date)));
    let from = date.saturating_sub(DAYS.days());
    vec![Effect::ReadDays {
        from,
        to: date,
        purpose: DaysFor::Repeating,
    }]
}

/// Reads a day to be copied.
pub(super) fn copy(date: Date) -> Vec<Effect> {
    vec![Effect::ReadDays {
        from: date,
        to: date,
        purpose: DaysFor::Copying,
    }]
}

/// Takes the entries of some days, as this computer's copy has them.
pub(super) fn read(state: &mut State, purpose: DaysFor, days: Vec<(Date, Vec<Activity>)>) -> Vec<Effect> {
    let to = days.iter().map(|(date, _)| *date).max();
    let activities = with_pending(state, days);
    match purpose {
        DaysFor::Copying => marked::copy_all(state, activities),
        DaysFor::Repeating => {
            let meal = meal_of(state.shell.now.hour());
            if let Some(repeat) = state.dialogs.repeat()
                && Some(repeat.date) == to
            {
                let date = repeat.date;
                repeat.meals = Some(meals(&activities, Occasion { date, meal }, MOST));
            }
            Vec::new()
        }
    }
}

/// Entries with the changes that the backend has not acknowledged, without those that are rejected or being deleted.
fn with_pending(state: &State, days: Vec<(Date, Vec<Activity>)>) -> Vec<Activity> {
    let owner = state.session.account().map_or("", |account| &account.sub);
    let pending = derive::pending(state, owner);
    let days = days.into_iter().flat_map(|(date, entries)| {
        let entries: Vec<_> = entries.into_iter().map(std::sync::Arc::new).collect();
        rows(date, &entries, &pending, owner)
    });
    days.filter(|row| !matches!(row.mark, Mark::Deleting | Mark::Rejected))
        .map(|row| (*row.activity).clone())
        .collect()
}
