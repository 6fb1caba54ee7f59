//! Saving, deleting and undoing, and what their answers mean for every feature.

use caltrack_domain::{Activity, LogCommand};

use super::{derive, session};
use crate::app::{
    effect::Effect,
    failure::{Failure, FailureKind},
    input::{action::Action, context::Context},
    log::rows::Mark,
    model::Request,
    saves::{Deferred, Report},
    shell::Tone,
    state::State,
    tab::Tab,
    text,
    undo::Change,
};

/// Starts a save under a number of its own.
pub(super) fn save(state: &mut State, command: LogCommand) -> Vec<Effect> {
    let request = state.shell.request();
    start(state, request, command)
}

/// Starts a save, and selects its entry.
pub(super) fn start(state: &mut State, request: Request, command: LogCommand) -> Vec<Effect> {
    let id = command.id().to_owned();
    let effect = state.saves.start(request, command);
    derive::rows(state);
    state.screens.today.select(&id, &state.log.day.rows);
    vec![effect]
}

/// The selected entry, if it can be changed.
pub(super) fn selected(state: &mut State) -> Option<Activity> {
    let Some(row) = state.screens.today.selection(&state.log.day.rows) else {
        let add = state.shell.keymap.hint(Context::Tab(Tab::Today), Action::Add);
        let text = format!("nothing is selected; press {add} to add an entry");
        state.shell.notify(Tone::Info, text);
        return None;
    };
    if state.saves.is_saving(&row.activity.id) {
        let text = "this entry is still being saved; try again in a moment";
        state.shell.notify(Tone::Info, text);
        return None;
    }
    Some((*row.activity).clone())
}

/// Deletes the selected entry; if it is being saved, afterwards.
pub(super) fn delete(state: &mut State) -> Vec<Effect> {
    if let Some(row) = state.screens.today.selection(&state.log.day.rows)
        && row.mark == Mark::Saving
    {
        state.saves.defer_delete(&row.activity.id);
        state
            .shell
            .notify(Tone::Info, "still saving; the deletion follows");
        return Vec::new();
    }
    match selected(state) {
        Some(activity) => save(state, LogCommand::Delete(activity)),
        None => Vec::new(),
    }
}

/// Undoes the last change; if something is being saved, afterwards.
pub(super) fn undo(state: &mut State) -> Vec<Effect> {
    if !state.saves.are_done() {
        state.saves.defer_undo();
        state.shell.notify(Tone::Info, "still saving; the undo follows");
        return Vec::new();
    }
    let request = state.shell.request();
    let Some(command) = state.history.undo(request, || state.shell.new_id()) else {
        state.shell.notify(Tone::Info, "nothing to undo");
        return Vec::new();
    };
    start(state, request, command)
}

/// Takes the answer to a save.
pub(super) fn answered(
    state: &mut State,
    request: Request,
    result: Result<Activity, Failure>,
) -> Vec<Effect> {
    match state.saves.answered(request, result) {
        None => Vec::new(),
        Some(Report::Saved { command, activity }) => {
            saved(state, request, command, activity);
            proceed(state)
        }
        Some(Report::Outdated { activity, correction }) => {
            state.history.remember(Change::Created(activity));
            let next = state.shell.request();
            state.dialogs.resubmit(request, next);
            start(state, next, correction)
        }
        Some(Report::Failed { command, failure }) => {
            let mut effects = failed(state, request, &command, failure);
            effects.extend(proceed(state));
            effects
        }
    }
}

/// The newest version of an entry: as its day shows it, or as it was saved for another day.
fn newest(state: &State, id: &str, saved: Option<Activity>) -> Option<Activity> {
    let elsewhere = saved.filter(|saved| saved.entry.date != state.log.day.date);
    elsewhere.or_else(|| state.log.newest(id).cloned())
}

/// Does what waited for the saves, as far as nothing new is being saved.
fn proceed(state: &mut State) -> Vec<Effect> {
    let mut effects = Vec::new();
    while let Some(deferred) = state.saves.next_deferred() {
        effects.extend(match deferred {
            Deferred::Undo => undo(state),
            Deferred::Delete { id, saved } => match newest(state, &id, saved) {
                Some(activity) => save(state, LogCommand::Delete(activity)),
                None => Vec::new(),
            },
        });
    }
    effects
}

fn saved(state: &mut State, request: Request, command: LogCommand, activity: Activity) {
    let word = match &command {
        LogCommand::Create(_) => "logged",
        LogCommand::Update { .. } => "saved",
        LogCommand::Delete(_) => "deleted",
    };
    derive::rows(state);
    state.dialogs.acknowledged(request);
    let shown = state.log.day.date;
    let summary = text::summary_beside(&activity.entry, shown);
    let notice = if let Some(change) = state.history.undone(request, &activity) {
        match &change {
            Change::Created(before) => {
                let before = text::summary_beside(&before.entry, shown);
                format!("undone: {before} is deleted again")
            }
            Change::Deleted(_) => format!("undone: {summary} is back"),
            Change::Edited { .. } => format!("undone: back to {summary}"),
        }
    } else {
        state.history.remember(Change::of(command, activity));
        let undo = state.shell.keymap.hint(Context::Tab(Tab::Today), Action::Undo);
        format!("{word} {summary} · {undo} takes it back")
    };
    state.shell.notify(Tone::Good, notice);
}

fn failed(state: &mut State, request: Request, command: &LogCommand, failure: Failure) -> Vec<Effect> {
    let kind = failure.kind;
    let is_new = matches!(command, LogCommand::Create(_));
    // The entry that an earlier attempt made was deleted since, or it is another user's.
    let is_used_up = kind == FailureKind::NotFound || (kind == FailureKind::Conflict && is_new);
    let is_busy = !state.dialogs.is_empty();
    if state
        .dialogs
        .failed(request, &failure, is_used_up, &state.shell.keymap)
    {
        if is_busy {
            let text = "a save failed; its text reopens after this";
            state.shell.notify(Tone::Problem, text);
        }
    } else {
        let kept = if state.history.failed(request) {
            "nothing was undone".to_owned()
        } else {
            unchanged(state, command)
        };
        state.shell.notify(Tone::Problem, text::failed(&failure, &kept));
    }
    match kind {
        FailureKind::SignedOut => session::end(state, Some(failure)),
        FailureKind::NotFound | FailureKind::Conflict => vec![state.log.watch(true)],
        FailureKind::Usage
        | FailureKind::Value
        | FailureKind::Ask
        | FailureKind::Unauthorized
        | FailureKind::Unreachable
        | FailureKind::Rejected
        | FailureKind::Busy
        | FailureKind::Storage
        | FailureKind::Internal => Vec::new(),
    }
}

/// What a failed change left as it was.
fn unchanged(state: &State, command: &LogCommand) -> String {
    let shown = state.log.day.date;
    match command {
        LogCommand::Create(new) => format!("{} is not logged", new.entry.kind),
        LogCommand::Update { before, .. } => {
            format!("{} stays as it was", text::summary_beside(&before.entry, shown))
        }
        LogCommand::Delete(activity) => {
            format!("{} is still there", text::summary_beside(&activity.entry, shown))
        }
    }
}
