//! What is done to the marked entries, or to the selected one where none is marked.

use caltrack_domain::{Activity, Entry, LogCommand};

use super::saves;
use crate::app::{
    dialogs::{Dialog, change::ChangeDialog},
    effect::Effect,
    input::{action::Action, context::Context},
    log::rows::Mark,
    shell::Tone,
    state::State,
    tab::Tab,
};

/// Marks the selected entry or the entries of the selected heading, or takes their marks off, and goes on to the next.
pub(super) fn mark(state: &mut State) {
    let rows = &state.log.day.rows;
    if state.screens.today.selected_group(rows).is_some() || saves::selected(state).is_some() {
        state.screens.today.mark(&state.log.day.rows);
    }
}

/// The marked entries that can be changed, in the order of their moments; without marks, the selected one or those of the selected
/// heading.
pub(super) fn targets(state: &mut State) -> Vec<Activity> {
    let today = &state.screens.today;
    if today.marked_count() == 0 {
        let Some((_, rows)) = today.selected_group(&state.log.day.rows) else {
            return saves::selected(state).into_iter().collect();
        };
        let rows = rows.into_iter().filter(|row| row.mark != Mark::Deleting);
        return rows.map(|row| (*row.activity).clone()).collect();
    }
    let rows = state.log.day.rows.iter();
    rows.filter(|row| row.mark != Mark::Deleting && today.is_marked(&row.activity.id))
        .map(|row| (*row.activity).clone())
        .collect()
}

/// Every entry of the shown day that isn't being deleted.
fn whole_day(state: &State) -> Vec<Activity> {
    let rows = state.log.day.rows.iter();
    rows.filter(|row| row.mark != Mark::Deleting)
        .map(|row| (*row.activity).clone())
        .collect()
}

/// Logs entries again: today, now, without their notes.
pub(super) fn log_again(state: &mut State) -> Vec<Effect> {
    let entries: Vec<Entry> = targets(state)
        .into_iter()
        .map(|activity| activity.entry)
        .collect();
    log_entries_again(state, entries)
}

/// Logs these entries again: today, now, without their notes.
pub(super) fn log_entries_again(state: &mut State, entries: Vec<Entry>) -> Vec<Effect> {
    let today = state.shell.today();
    let again = entries.into_iter().map(|entry| Entry {
        date: today,
        moment: caltrack_domain::in_milliseconds(state.shell.now.timestamp()),
        note: None,
        ..entry
    });
    let again = again.collect();
    log_all(state, again)
}

/// Deletes entries.
pub(super) fn delete(state: &mut State) -> Vec<Effect> {
    let deletions: Vec<LogCommand> = targets(state).into_iter().map(LogCommand::Delete).collect();
    save(state, deletions)
}

/// Copies entries, here and to the terminal's clipboard.
pub(super) fn copy(state: &mut State) -> Vec<Effect> {
    let entries = targets(state);
    copied(state, entries)
}

/// Copies the shown day.
pub(super) fn copy_day(state: &mut State) -> Vec<Effect> {
    let entries = whole_day(state);
    copy_all(state, entries)
}

/// Copies the entries of a day.
pub(super) fn copy_all(state: &mut State, entries: Vec<Activity>) -> Vec<Effect> {
    if entries.is_empty() {
        state.shell.notify(Tone::Info, "this day has no entries to copy");
    }
    copied(state, entries)
}

fn copied(state: &mut State, activities: Vec<Activity>) -> Vec<Effect> {
    if activities.is_empty() {
        return Vec::new();
    }
    let entries = activities.into_iter().map(|activity| activity.entry).collect();
    let text = state.clipboard.take(entries);
    state.screens.today.unmark_all();
    let paste = state.shell.keymap.hint(Context::Tab(Tab::Today), Action::Paste);
    let summary = state.clipboard.summary(state.shell.display.energy);
    let notice = format!("copied {summary}; {paste} pastes on the shown day");
    state.shell.notify(Tone::Info, notice);
    vec![Effect::CopyText(text)]
}

/// Logs the copied entries on the shown day, at their times of day.
pub(super) fn paste(state: &mut State) -> Vec<Effect> {
    let day = state.log.day.date;
    let clock = &state.shell.clock;
    let copies = state.clipboard.entries().iter().map(|entry| {
        let moment = clock.moved_to(entry.moment, day)?;
        Ok(Entry {
            date: day,
            moment,
            ..entry.clone()
        })
    });
    match copies.collect::<Result<Vec<Entry>, caltrack_domain::MomentError>>() {
        Ok(copies) if copies.is_empty() => {
            let copy = state.shell.keymap.hint(Context::Tab(Tab::Today), Action::Copy);
            let notice = format!("nothing is copied; {copy} copies the marked or the selected entries");
            state.shell.notify(Tone::Info, notice);
            Vec::new()
        }
        Ok(copies) => log_all(state, copies),
        Err(problem) => {
            state.shell.notify(Tone::Problem, problem.to_string());
            Vec::new()
        }
    }
}

/// Asks for the day that entries move to.
pub(super) fn move_to(state: &mut State) {
    let entries = targets(state);
    if !entries.is_empty() {
        state.dialogs.open(Dialog::Change(ChangeDialog::day(entries)));
    }
}

/// Asks for the type that entries get.
pub(super) fn change_type(state: &mut State) {
    let entries = targets(state);
    if entries.is_empty() {
        return;
    }
    match ChangeDialog::kind(entries, &state.catalog.categories) {
        Some(dialog) => state.dialogs.open(Dialog::Change(dialog)),
        None => state.shell.notify(
            Tone::Info,
            "these entries have no type in common; change them one by one",
        ),
    }
}

/// Logs entries under new ids as one step.
fn log_all(state: &mut State, entries: Vec<Entry>) -> Vec<Effect> {
    let creates = state.shell.creating(entries);
    save(state, creates)
}

fn save(state: &mut State, commands: Vec<LogCommand>) -> Vec<Effect> {
    if commands.is_empty() {
        return Vec::new();
    }
    saves::save(state, commands)
}
