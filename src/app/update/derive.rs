//! State that is computed from several features' states, after every message.

use caltrack_domain::queued_by_type;

use crate::app::{
    effect::Effect,
    input::context::Context,
    log::{day::DayLog, rows::Pending},
    names::Surrounding,
    screens::usual::{UsualSource, WIDE},
    state::State,
    tab::Tab,
};

/// Derives the rows from the log and the changes on their way to the backend; the selection stays on its entry.
pub(super) fn rows(state: &mut State) {
    let owner = state.session.account().map_or("", |account| &account.sub);
    let outbox = &state.outbox;
    let pending = |day: &DayLog| {
        let saving: Vec<_> = outbox.entries_being_written(owner).collect();
        let listed = day.stored_ids().chain(saving.iter().map(|command| command.id()));
        Pending {
            queued: outbox.queued_on(day.date, listed),
            rejected: outbox.rejected_entries().collect(),
            saving,
        }
    };
    state.log.derive_rows(pending, outbox.revision(), owner);
    let day = &state.log.day;
    state
        .screens
        .today
        .follow(&day.rows, day.rows_change, state.shell.preferences.order);
}

/// The changes of a user's entries that the backend has not acknowledged.
pub(super) fn pending<'a>(state: &'a State, owner: &str) -> Pending<'a> {
    let outbox = &state.outbox;
    Pending {
        queued: outbox.queued_entries().collect(),
        saving: outbox.entries_being_written(owner).collect(),
        rejected: outbox.rejected_entries().collect(),
    }
}

/// Derives what is queued for each day, and trend and expenditure from the totals of all days.
pub(super) fn overview(state: &mut State) {
    let owner = state.session.account().map_or("", |account| &account.sub);
    let outbox = &state.outbox;
    let queued = || outbox.queued_kcal(owner);
    state
        .overview
        .take_queued(outbox.revision(), queued, outbox.queued_weights());
    if matches!(state.screens.tab, Tab::Trends | Tab::Suggestions | Tab::Profile) {
        state.overview.derive(state.shell.today());
    }
}

/// Sums the types of the shown range, and returns the effect that reads what is out of date.
pub(super) fn shares(state: &mut State) -> Option<Effect> {
    if state.screens.tab != Tab::Trends || !state.overview.is_known {
        return None;
    }
    let owner = state.session.account().map(|account| account.sub.as_str())?;
    let today = state.shell.today();
    let range = state.screens.trends.range.of(today)?;
    let (outbox, overview) = (&state.outbox, &state.overview);
    let next = state.shares.next(&overview.days, overview.revision, &range);
    let pending = || outbox.queued_entries().chain(outbox.entries_being_written(owner));
    state
        .shares
        .follow(range, outbox.revision(), || queued_by_type(pending()));
    next.map(|(from, to)| Effect::ReadShares { from, to })
}

/// Opens the oldest draft, if no dialog and no form about the account is open.
pub(super) fn drafts(state: &mut State) {
    if state.session.account().is_some() && state.session.form().is_none() {
        state.dialogs.reopen();
    }
}

/// Reads the open quick line, if it or what it is read with has changed.
pub(super) fn line(state: &mut State) {
    let shown = &state.log.day;
    let weight = shown
        .totals
        .as_ref()
        .and_then(|totals| Some((shown.date, totals.weight?)));
    let (now, today) = (&state.shell.now, state.shell.today());
    if let Some(quick) = state.dialogs.quick_line() {
        let around = Surrounding {
            now,
            today,
            date: quick.date,
            categories: &state.catalog.categories,
            weight,
        };
        quick.read(&state.names, &around);
    }
}

/// Reads what is usual at this hour, if there is room for it.
pub(super) fn usual(state: &mut State) {
    let is_shown = state.screens.tab == Tab::Today && state.shell.size.0 >= WIDE;
    if !is_shown || state.session.account().is_none() {
        return;
    }
    let (now, today) = (&state.shell.now, state.shell.today());
    let source = UsualSource {
        names: state.names.revision(),
        hour: now.hour(),
        categories: state.catalog.categories.len(),
    };
    let around = Surrounding {
        now,
        today,
        date: today,
        categories: &state.catalog.categories,
        weight: None,
    };
    let names = &state.names;
    state.screens.usual.follow(source, || names.usual(&around));
}

/// Open forms follow the newest versions of their entries.
pub(super) fn forms(state: &mut State) {
    state.dialogs.rebase(
        |id| state.log.newest(id),
        &state.catalog.categories,
        state.shell.now.time_zone(),
        &state.shell.keymap.confirm(Context::Text),
    );
}
