//! Saving, deleting and undoing, and what becomes of changes on their way to the backend.

use caltrack_domain::{
    Activity, LogCommand, clean,
    outbox::{Collision, Undo},
};

use super::{derive, profile, saved};
use crate::app::{
    effect::Effect,
    failure::Failure,
    input::{
        action::{Action, Control, Motion},
        context::Context,
    },
    log::rows::Mark,
    model::{Connection, Direction, Request},
    outbox::{self, News, Outbox},
    shell::Tone,
    state::State,
    tab::Tab,
    text,
};

/// Saves changes as one step under a number of its own.
pub(super) fn save(state: &mut State, commands: Vec<LogCommand>) -> Vec<Effect> {
    let request = state.shell.request();
    start(state, request, commands, None)
}

/// Saves changes as one step, and selects the last entry of them. `replaces` is the row of a rejected change that they repeat.
pub(super) fn start(
    state: &mut State,
    request: Request,
    commands: Vec<LogCommand>,
    replaces: Option<u64>,
) -> Vec<Effect> {
    let id = commands.last().map(|command| command.id().to_owned());
    state.screens.today.unmark(commands.iter().map(LogCommand::id));
    let owner = state.session.account().map_or("", |account| &account.sub);
    let effect = state.outbox.start(request, owner, commands, replaces);
    derive::rows(state);
    if let Some(id) = id {
        state.screens.today.select(&id, &state.log.day.rows);
    }
    vec![effect]
}

/// The selected entry, if there is one that can be changed.
pub(super) fn selected(state: &mut State) -> Option<Activity> {
    if let Some((group, rows)) = state.screens.today.selected_group(&state.log.day.rows) {
        let down = state
            .shell
            .keymap
            .hint(Context::Tab(Tab::Today), Control::Move(Motion::Down));
        let entries = match rows.len() {
            1 => "1 entry".to_owned(),
            count => format!("{count} entries"),
        };
        let text = format!(
            "{} is selected, {entries}; {down} leads to the first",
            clean(&group.key.title)
        );
        state.shell.notify(Tone::Info, text);
        return None;
    }
    let Some(row) = state.screens.today.selection(&state.log.day.rows) else {
        let add = state.shell.keymap.hint(Context::Tab(Tab::Today), Action::Add);
        let text = format!("nothing is selected; press {add} to add an entry");
        state.shell.notify(Tone::Info, text);
        return None;
    };
    if row.mark == Mark::Deleting {
        let undo = state.shell.keymap.hint(Context::Tab(Tab::Today), Action::Undo);
        let text = format!("this entry is being deleted; {undo} takes that back");
        state.shell.notify(Tone::Info, text);
        return None;
    }
    Some((*row.activity).clone())
}

/// A step is on the disk, or can't be written: then its dialog opens again.
pub(super) fn written(state: &mut State, request: Request, result: Result<(), Failure>) {
    let Some(commands) = state.outbox.written(request) else {
        return;
    };
    derive::rows(state);
    match result {
        Ok(()) => {
            state.dialogs.written(request);
            let created = commands.iter().filter_map(|command| match command {
                LogCommand::Create(new) => Some(&new.entry),
                LogCommand::Update { .. } | LogCommand::Delete(_) => None,
            });
            state.names.learn(created, &state.shell.now);
            let saved = outbox::saved(&commands, state.log.day.date, state.shell.display.energy);
            let undo = state.shell.keymap.hint(Context::Tab(Tab::Today), Action::Undo);
            let waits = if matches!(state.log.connection, Connection::Offline { .. }) {
                ", sent once the backend responds"
            } else {
                ""
            };
            state
                .shell
                .notify(Tone::Good, format!("{saved}{waits} · {undo} takes it back"));
        }
        Err(failure) => failed(state, request, &commands, &failure),
    }
}

/// A step of changes that aren't of entries is on the disk, or can't be written: then its dialog opens again.
pub(super) fn changes_written(state: &mut State, request: Option<Request>, result: Result<String, Failure>) {
    match result {
        Ok(name) => {
            if let Some(request) = request {
                state.dialogs.written(request);
            }
            let undo = state.shell.keymap.hint(Context::Tab(Tab::Today), Action::Undo);
            state
                .shell
                .notify(Tone::Info, format!("{name} · {undo} takes it back"));
        }
        Err(failure) => {
            if !request.is_some_and(|request| reopens(state, request, &failure)) {
                report(state, &failure);
            }
        }
    }
}

/// Reports a failure that no dialog shows.
pub(super) fn report(state: &mut State, failure: &Failure) {
    let text = format!("{}; {}", failure.message, failure.advice());
    state.shell.notify(Tone::Problem, text);
}

/// The dialog of a failed save opens again, after those that are open; whether there is one.
fn reopens(state: &mut State, request: Request, failure: &Failure) -> bool {
    let is_busy = !state.dialogs.is_empty();
    let reopens = state.dialogs.failed(request, failure, &state.shell.keymap);
    if reopens && is_busy {
        let text = "a save failed; its text reopens after this";
        state.shell.notify(Tone::Problem, text);
    }
    reopens
}

fn failed(state: &mut State, request: Request, commands: &[LogCommand], failure: &Failure) {
    if !reopens(state, request, failure) {
        let kept = unchanged(state, commands);
        state.shell.notify(Tone::Problem, text::failed(failure, &kept));
    }
}

/// What a failed step left as it was.
fn unchanged(state: &State, commands: &[LogCommand]) -> String {
    let entry = |entry| text::summary_beside(entry, state.log.day.date, state.shell.display.energy);
    match commands {
        [LogCommand::Create(new)] => format!("{} is not logged", new.entry.kind),
        [LogCommand::Update { before, .. }] => {
            format!("{} stays as it was", entry(&before.entry))
        }
        [LogCommand::Delete(activity)] => {
            format!("{} is still there", entry(&activity.entry))
        }
        _ => "nothing was changed".to_owned(),
    }
}

/// Takes a step back, or again; it follows what is being saved.
pub(super) fn undo(direction: Direction) -> Vec<Effect> {
    vec![Effect::Undo(direction)]
}

/// A step was undone or redone, or not.
pub(super) fn undone(state: &mut State, direction: Direction, result: Result<Undo, Failure>) {
    let word = match direction {
        Direction::Undo => "undone",
        Direction::Redo => "redone",
    };
    match result {
        Ok(Undo::Nothing) => {
            let verb = match direction {
                Direction::Undo => "undo",
                Direction::Redo => "redo",
            };
            state.shell.notify(Tone::Info, format!("nothing to {verb}"));
        }
        Ok(Undo::Done { step, saved, skipped }) => {
            let text = outbox::undone(&step, &skipped, state.log.day.date, state.shell.display.energy);
            state.shell.notify(Tone::Good, text);
            derive::rows(state);
            if let Some(id) = saved.last().and_then(|saved| state.outbox.entry_of(*saved)) {
                state.screens.today.select(&id, &state.log.day.rows);
            }
        }
        Ok(Undo::Refused { obstacles, .. }) => {
            let energy = state.shell.display.energy;
            let reasons = obstacles.iter().map(|obstacle| obstacle.text(energy));
            let text = format!("not {word}: {}", reasons.collect::<Vec<_>>().join("; "));
            state.shell.notify(Tone::Problem, text);
        }
        Err(failure) => {
            let text = text::failed(&failure, &format!("nothing was {word}"));
            state.shell.notify(Tone::Problem, text);
        }
    }
}

/// Takes the queue of a user or a change of it, and reports what was rejected and why nothing is sent.
pub(super) fn take_queue(
    state: &mut State,
    sub: &str,
    take: impl FnOnce(&mut Outbox) -> News,
) -> Vec<Effect> {
    if !state.session.is_of(sub) {
        return Vec::new();
    }
    let News { refusals, trouble } = take(&mut state.outbox);
    saved::follow_queue(state);
    let effects = profile::follow_queue(state);
    if let Some(trouble) = trouble {
        let text = format!("{} queued: {}", state.outbox.queued(), trouble.text);
        state.shell.notify(Tone::Info, text);
    }
    if let Some(refusal) = refusals.first() {
        let others = match refusals.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let text = format!(
            "{}{others} was rejected: {}; it is kept in the queue (`{}`)",
            outbox::command_title(&refusal.command, state.shell.display.energy),
            refusal.rejection.text,
            Action::Queue.title()
        );
        state.shell.notify(Tone::Problem, text);
    }
    effects
}

/// A part of a change was not made.
pub(super) fn collided(state: &mut State, collision: &Collision) {
    let undo = state.shell.keymap.hint(Context::Tab(Tab::Today), Action::Undo);
    let text = outbox::collision(collision, &undo, state.shell.display.energy);
    state.shell.notify(Tone::Problem, text);
}
