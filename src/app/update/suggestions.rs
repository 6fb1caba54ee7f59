//! What fits into the rest of the day: found in the log, the library and the backend's foods, and logged.

use std::collections::HashSet;

use caltrack_domain::{Booking, Entry, LogCommand, NewActivity, in_milliseconds};

use super::saves;
use crate::app::{
    effect::{Effect, Query, SuggestionQuery},
    log::budget::Budget,
    names::Surrounding,
    screens::suggestions::{Source, Suggestion, SuggestionSource},
    shell::Tone,
    state::State,
    tab::Tab,
};

/// The grams of sugar by which the cap changes, and its limits.
const SUGAR_STEP: u16 = 5;
const MAX_SUGAR: u16 = 100;
/// Suggestions of each source.
const MOST: usize = 12;

/// kcal that today's budget has left; none until its totals are known.
pub fn remaining_today(state: &State) -> Option<i64> {
    let today = state.shell.today();
    let shown = &state.log.day;
    let target = state.log.target_on(today);
    if shown.date == today {
        let totals = shown.totals.as_ref()?;
        return Some(Budget::of(totals, shown.queued, target).remaining);
    }
    let queued = state.overview.queued.get(&today).copied().unwrap_or_default();
    let empty = caltrack_domain::DailyTotals::empty(today);
    let totals = state.overview.days.get(&today).unwrap_or(&empty);
    Some(Budget::of(totals, queued, target).remaining)
}

/// Shows the screen, and queries the backend's foods.
pub(super) fn show(state: &mut State) -> Vec<Effect> {
    state.screens.tab = Tab::Suggestions;
    query(state)
}

fn query(state: &mut State) -> Vec<Effect> {
    let calories = remaining_today(state).unwrap_or(0).max(0);
    let bmi = state.profile.shown().and_then(|profile| profile.bmi);
    vec![Effect::Load {
        request: state.shell.request(),
        query: Query::Suggestions(SuggestionQuery {
            // The bound itself fits too.
            calories: calories.saturating_add(1),
            sugar: state.shell.preferences.sugar,
            bmi,
        }),
    }]
}

/// Lowers or raises the cap of sugar.
pub(super) fn change_sugar(state: &mut State, more: bool) -> Vec<Effect> {
    let sugar = state.shell.preferences.sugar;
    state.shell.preferences.sugar = if more {
        sugar.saturating_add(SUGAR_STEP).min(MAX_SUGAR)
    } else {
        sugar.saturating_sub(SUGAR_STEP).max(SUGAR_STEP)
    };
    let mut effects = vec![Effect::KeepPreferences(state.shell.preferences)];
    effects.extend(query(state));
    effects
}

/// Finds what fits, if the screen is shown and something has changed.
pub(super) fn derive(state: &mut State) {
    if state.screens.tab != Tab::Suggestions || state.session.account().is_none() {
        return;
    }
    let Some(remaining) = remaining_today(state) else {
        return;
    };
    let (now, today) = (&state.shell.now, state.shell.today());
    let source = SuggestionSource {
        names: state.names.revision(),
        hour: now.hour(),
        categories: state.catalog.categories.len(),
        remaining,
        answers: state.screens.suggestions.answers(),
    };
    let around = Surrounding {
        now,
        today,
        date: today,
        categories: &state.catalog.categories,
        weight: None,
    };
    let (names, saved) = (&state.names, &state.saved);
    state.screens.suggestions.follow(source, |foods| {
        let moment = now.timestamp();
        let items = saved.items().iter();
        let library = items.filter_map(|item| names.item_of(&item.own.name, &around));
        let library = library.map(|item| item.entry(today, moment, None));
        let logged = names.likely(&around, MOST * 4).into_iter();
        let logged = logged.map(|item| item.entry(today, moment, None));
        let mut known = HashSet::new();
        let mut list = Vec::new();
        for (source, entries) in [
            (Source::Library, library.collect::<Vec<Entry>>()),
            (Source::Log, logged.collect()),
            (Source::Foods, foods.to_vec()),
        ] {
            let fits = |entry: &Entry| {
                let is_eaten = Booking::of(&entry.category) == Booking::Consumed;
                is_eaten && entry.kcal > 0 && i64::from(entry.kcal) <= remaining
            };
            let fitting = entries.into_iter().filter(fits);
            let new = fitting.filter(|entry| known.insert(entry.name.clone()));
            list.extend(new.take(MOST).map(|entry| Suggestion { source, entry }));
        }
        list
    });
}

/// Logs the selected suggestion, today and now.
pub(super) fn log(state: &mut State) -> Vec<Effect> {
    let Some(chosen) = state.screens.suggestions.selection().cloned() else {
        state.shell.notify(Tone::Info, "nothing is selected");
        return Vec::new();
    };
    let entry = Entry {
        date: state.shell.today(),
        moment: in_milliseconds(state.shell.now.timestamp()),
        ..chosen.entry
    };
    let id = state.shell.new_id();
    saves::save(state, vec![LogCommand::Create(NewActivity::new(id, entry))])
}
