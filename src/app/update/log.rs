//! What happens to the log, and what it means for the other features.

use caltrack_domain::{Activity, DailyTotals};
use jiff::{Zoned, civil::Date};

use super::{derive, session};
use crate::app::{
    effect::Effect,
    failure::Failure,
    log::{Connected, Listed},
    message::Answer,
    model::{ChangeKind, Connection, Day, Request},
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
            Vec::new()
        }
        Ok(Answer::Target(target)) => {
            if state.session.account().is_some() {
                state.log.target_loaded(request, target);
            }
            Vec::new()
        }
        Ok(Answer::Day(day)) => day_loaded(state, request, Ok(day)),
        Err(failure) => {
            state.catalog.failed(request, &failure);
            day_loaded(state, request, Err(failure))
        }
    }
}

fn day_loaded(state: &mut State, request: Request, result: Result<Day, Failure>) -> Vec<Effect> {
    match state.log.loaded(request, result, &mut state.shell) {
        Listed::Ignored => Vec::new(),
        Listed::SessionEnded(failure) => session::end(state, Some(failure)),
        Listed::Failed(effects) => effects,
        Listed::New { is_first, check } => {
            listed(state, is_first);
            derive::forms(state);
            state.log.settle(check, &mut state.shell)
        }
    }
}

/// The day has a list. The last entry is selected if nothing was known of the day before.
pub(super) fn listed(state: &mut State, is_first: bool) {
    derive::rows(state);
    if is_first {
        state.screens.today.select_last(&state.log.day.rows);
    }
}

/// Handles the cached answer to a query.
pub(super) fn cached(state: &mut State, request: Request, answer: Answer) {
    match answer {
        Answer::Day(day) => {
            if state.log.cached(request, day) {
                listed(state, true);
            }
        }
        Answer::Categories(_) | Answer::Target(_) => {}
    }
}

pub(super) fn show(state: &mut State, date: Date) -> Vec<Effect> {
    if date != state.log.day.date {
        state.screens.today = Today::default();
    }
    state.log.show(date, &mut state.shell)
}

/// Takes the time. The screen follows to the next day at midnight.
pub(super) fn clock(state: &mut State, now: Zoned) -> Vec<Effect> {
    state.shell.now = now;
    if state.session.account().is_none() {
        return Vec::new();
    }
    match state.log.next_at_midnight(&state.shell) {
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

/// Takes the connection's state. Events before it was active were missed.
pub(super) fn connected(state: &mut State, connection: Connection) -> Vec<Effect> {
    if state.session.account().is_none() {
        return Vec::new();
    }
    match state.log.connected(connection, &mut state.shell) {
        Connected::First(effects) => effects,
        Connected::Again => refresh(state),
        Connected::Same => Vec::new(),
    }
}

/// Queries the day again, for no subscription is active.
pub(super) fn poll(state: &mut State) -> Vec<Effect> {
    if state.session.account().is_some() {
        state.log.load_after(&mut state.shell)
    } else {
        Vec::new()
    }
}

/// A wait for events in flight has ended.
pub(super) fn elapsed(state: &mut State, request: Request) -> Vec<Effect> {
    if state.session.account().is_some() {
        state.log.elapsed(request, &mut state.shell)
    } else {
        Vec::new()
    }
}

/// Takes totals of a subscription.
pub(super) fn live_totals(state: &mut State, sub: &str, totals: DailyTotals) -> Vec<Effect> {
    if state.session.is_of(sub) {
        state.log.live_totals(totals, &mut state.shell)
    } else {
        Vec::new()
    }
}

/// Takes an event of an entry.
pub(super) fn live_activity(state: &mut State, kind: ChangeKind, activity: Activity) {
    if state.session.is_of(&activity.owner) {
        state.log.live_activity(kind, activity, &state.shell);
        derive::forms(state);
    }
}
