//! What happens to the log, and what it means for the other features.

use caltrack_domain::DailyTotals;
use jiff::{Zoned, civil::Date};

use super::{derive, session};
use crate::app::{
    effect::Effect,
    failure::{Failure, FailureKind},
    message::Answer,
    model::{Connection, DayChange, DayCopy, Request, Settings},
    screens::today::Today,
    state::State,
};

/// Handles the answer to a query.
pub(super) fn loaded(state: &mut State, request: Request, result: Result<Answer, Failure>) -> Vec<Effect> {
    match result {
        Ok(Answer::Categories(categories)) => {
            if state.catalog.loaded(categories, &state.shell) {
                state.dialogs.learn_categories(&state.catalog.categories);
            }
        }
        Ok(Answer::User { settings, library }) => {
            if let Some(account) = state.session.account()
                && state.log.awaits_settings(request)
            {
                let sub = account.sub.clone();
                if let Some(library) = library {
                    super::saved::take(state, &sub, &library);
                }
                return take_settings(state, settings);
            }
        }
        Ok(Answer::Suggestions(foods)) => state.screens.suggestions.take(foods),
        Err(failure) => state.catalog.failed(request, &failure),
    }
    Vec::new()
}

/// Takes what the profile decides. The screen follows if that begins another day.
fn take_settings(state: &mut State, settings: Settings) -> Vec<Effect> {
    state.log.take_settings(settings.targets, settings.count_exercise);
    state.shell.set_clock(settings.clock);
    super::profile::take(state, settings.profile);
    follow(state)
}

/// Takes the shown day as a whole.
pub(super) fn take_day(state: &mut State, sub: &str, day: DayCopy) {
    if state.session.is_of(sub) {
        let entries = day.entries.iter().map(|activity| &activity.entry);
        state.names.notice(entries, &state.shell.now);
        let is_first = state.log.take_day(day);
        listed(state, is_first);
        derive::forms(state);
    }
}

/// Takes a change of the shown day.
pub(super) fn change_day(state: &mut State, sub: &str, date: Date, change: DayChange) {
    if state.session.is_of(sub) {
        if let DayChange::Put(activity) = &change {
            state
                .names
                .notice(std::iter::once(&activity.entry), &state.shell.now);
        }
        let is_first = state
            .log
            .change_day(date, change, |id| state.outbox.has_changes_of(id));
        if is_first {
            listed(state, is_first);
        }
        derive::forms(state);
    }
}

/// Takes the totals of all days.
pub(super) fn take_all_totals(state: &mut State, sub: &str, days: Vec<DailyTotals>) {
    if state.session.is_of(sub) {
        state.overview.take_all(days);
    }
}

/// Takes the totals of a day.
pub(super) fn take_totals(state: &mut State, sub: &str, totals: DailyTotals) {
    if state.session.is_of(sub) {
        if totals.date != state.log.day.date {
            state.names.expire();
        }
        state.overview.take(totals);
    }
}

/// The day has a list. The last entry is selected if nothing was known of the day before.
pub(super) fn listed(state: &mut State, is_first: bool) {
    derive::rows(state);
    if is_first {
        state.screens.today.select_last(&state.log.day.rows);
    }
}

/// The backend has answered a query of the shown day, or not.
pub(super) fn answered(state: &mut State, sub: &str, date: Date, result: Result<(), Failure>) -> Vec<Effect> {
    if !state.session.is_of(sub) {
        return Vec::new();
    }
    match result {
        Err(failure) if failure.kind == FailureKind::SignedOut => session::end(state, Some(failure)),
        result => {
            state.log.answered(date, result);
            Vec::new()
        }
    }
}

pub(super) fn show(state: &mut State, date: Date) -> Vec<Effect> {
    if date != state.log.day.date {
        state.screens.today = Today::default();
    }
    vec![state.log.show(date, &state.shell)]
}

/// Takes the time. The screen follows to the next day when it begins.
pub(super) fn clock(state: &mut State, now: &Zoned) -> Vec<Effect> {
    state.shell.set_time(now);
    if state.session.account().is_none() {
        return Vec::new();
    }
    follow(state)
}

/// Shows the user's day, unless another one is shown on purpose.
fn follow(state: &mut State) -> Vec<Effect> {
    match state.log.next_day(&state.shell) {
        Some(date) => show(state, date),
        None => Vec::new(),
    }
}

/// Queries everything that the screen shows.
pub(super) fn refresh(state: &mut State) -> Vec<Effect> {
    let mut effects: Vec<Effect> = state.catalog.load(&mut state.shell).into_iter().collect();
    effects.extend(state.log.refresh(&mut state.shell));
    effects
}

/// Takes the connection's state. Sync catches up by itself; the categories and the settings are queried again.
pub(super) fn connected(state: &mut State, connection: Connection) -> Vec<Effect> {
    if state.session.account().is_none() {
        return Vec::new();
    }
    match state.log.connected(connection, &mut state.shell) {
        Some(settings) => {
            let mut effects: Vec<Effect> = state.catalog.load(&mut state.shell).into_iter().collect();
            effects.push(settings);
            effects
        }
        None => Vec::new(),
    }
}
