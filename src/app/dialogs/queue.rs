//! The queue: what waits for the backend, since when and why, and what it has rejected.

use caltrack_domain::{
    Activity, LogCommand,
    outbox::{Command, RejectionKind, Row, RowState},
};

use super::{form::Form, surroundings::Surroundings};
use crate::app::{
    effect::Effect,
    input::{
        action::{Action, Control},
        bindings::Meaning,
        context::Context,
        key::Key,
    },
    reaction::Reaction,
    shell::Tone,
};

const PAGE: usize = 5;

/// The list of the queue's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueDialog {
    selected: usize,
}

impl QueueDialog {
    /// The index of the selected row of `count`.
    pub fn selected(self, count: usize) -> usize {
        self.selected.min(count.saturating_sub(1))
    }

    pub(super) fn press(&mut self, around: &mut Surroundings<'_>, key: Key) -> Reaction<Form> {
        let rows = around.queue.rows();
        self.selected = self.selected(rows.len());
        let meaning = around.shell.keymap.meaning(Context::Queue, key);
        let selected = rows.get(self.selected);
        match (meaning, selected) {
            (Some(Meaning::Control(Control::Back)), _) => return Reaction::Close,
            (Some(Meaning::Control(Control::Move(motion))), _) => {
                self.selected = motion.from(self.selected, PAGE, rows.len().saturating_sub(1));
            }
            (Some(Meaning::Control(Control::Confirm)), Some(row)) => match form(row, around) {
                Some(form) => return Reaction::Open(form),
                None => around
                    .shell
                    .notify(Tone::Info, "only a new entry or an edit can be changed"),
            },
            (Some(Meaning::Action(Action::Retry)), Some(row)) if row.is_pending() => {
                around.shell.notify(
                    Tone::Info,
                    "it is sent by itself; only rejected ones are sent again",
                );
            }
            (Some(Meaning::Action(Action::Retry)), Some(row)) => {
                return Reaction::Perform(Effect::Retry(row.number));
            }
            (Some(Meaning::Action(Action::Drop)), Some(row)) => {
                return Reaction::Perform(Effect::Drop(row.number));
            }
            (Some(Meaning::Action(action @ (Action::Quit | Action::Suspend))), _) => {
                return Reaction::Run(action);
            }
            (
                Some(
                    Meaning::Action(_)
                    | Meaning::Control(Control::Confirm | Control::NextField | Control::PreviousField),
                )
                | None,
                _,
            ) => {}
        }
        Reaction::Stay
    }
}

/// Whether the id of a rejected new entry is that of another one, or was deleted.
fn is_used_up(state: &RowState) -> bool {
    match state {
        RowState::Rejected(rejection) => {
            matches!(rejection.kind, RejectionKind::IdTaken | RejectionKind::Deleted)
        }
        RowState::Waiting | RowState::Sent { .. } => false,
    }
}

/// The form that changes what a row sends; none where that has no form.
pub(in crate::app) fn form(row: &Row, around: &mut Surroundings<'_>) -> Option<Form> {
    match &row.command {
        // An edit of a new entry that was rejected, or not sent, becomes part of it, if its id can be used.
        Command::Log(LogCommand::Create(new)) => {
            let is_used_up = is_used_up(&row.state);
            let id = if is_used_up {
                around.shell.new_id()
            } else {
                new.id.clone()
            };
            let form = Form::of(
                &Activity {
                    id,
                    owner: around.owner.to_owned(),
                    entry: new.entry.clone(),
                    rev: 0,
                },
                around.categories,
                around.shell.now.time_zone(),
                around.shell.display.energy,
            );
            Some(if is_used_up {
                form.creating(row.number)
            } else {
                form
            })
        }
        Command::Log(LogCommand::Update { before, patch }) => {
            let after = Activity {
                entry: before.entry.edited(patch),
                ..before.clone()
            };
            let form = Form::of(
                &after,
                around.categories,
                around.shell.now.time_zone(),
                around.shell.display.energy,
            );
            Some(if row.is_pending() {
                form
            } else {
                form.repeating(before, row.number)
            })
        }
        Command::Log(LogCommand::Delete(_))
        | Command::Weight(_)
        | Command::Profile(_)
        | Command::Library(_) => None,
    }
}
