//! Undo and redo.

use jiff::Timestamp;

pub use super::change::Known;
use super::{
    change::Change,
    command::Command,
    history::{Step, TrackedChange},
    ledger::{Ledger, SavedChange},
    obstacle::Obstacle,
};
use crate::{Activity, LogCommand};

/// What an undo or a redo did.
#[derive(Debug, Clone, PartialEq)]
pub enum Undo {
    /// There is no step to undo or redo.
    Nothing,
    /// The step is undone or redone.
    Done {
        /// The step as it is now.
        step: Step,
        /// Where its commands are.
        saved: Vec<SavedChange>,
        /// Why changes of it could not be undone.
        skipped: Vec<Obstacle>,
    },
    /// The step can't be undone or redone any more, and is forgotten: the next undo takes the step before it.
    Refused {
        /// The name of the step.
        name: String,
        /// Why, for each of its changes.
        obstacles: Vec<Obstacle>,
    },
}

/// Which way a step is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Back,
    Forth,
}

impl Ledger {
    /// Undoes the last step. `known` returns entries as the replica has them, and `new_id` an id for an entry that comes
    /// back.
    pub fn undo(
        &mut self,
        known: impl Fn(&str) -> Known,
        new_id: impl FnMut() -> String,
        now: Timestamp,
    ) -> Undo {
        let step = self.history.last_done().cloned();
        self.take(Direction::Back, step, known, new_id, now)
    }

    /// Redoes the last undone step; see [`Ledger::undo`].
    pub fn redo(
        &mut self,
        known: impl Fn(&str) -> Known,
        new_id: impl FnMut() -> String,
        now: Timestamp,
    ) -> Undo {
        let step = self.history.first_undone().cloned();
        self.take(Direction::Forth, step, known, new_id, now)
    }

    fn take(
        &mut self,
        direction: Direction,
        step: Option<Step>,
        known: impl Fn(&str) -> Known,
        mut new_id: impl FnMut() -> String,
        now: Timestamp,
    ) -> Undo {
        let Some(mut step) = step else {
            return Undo::Nothing;
        };
        let (mut saved, mut skipped, mut taken) = (Vec::new(), Vec::new(), Vec::new());
        let mut changes = std::mem::take(&mut step.changes);
        if direction == Direction::Back {
            changes.reverse();
        }
        for change in changes {
            match self.change(direction, change.change, &known, &mut new_id, now) {
                Ok((change, row)) => {
                    saved.push(row.map_or(SavedChange::Settled, SavedChange::Queued));
                    // The row of an undo is none of the step's: if it is rejected, the step stays undone.
                    taken.push(TrackedChange { change, row: None });
                }
                Err(obstacle) => skipped.push(obstacle),
            }
        }
        if taken.is_empty() {
            self.history.forget(step.number);
            return Undo::Refused {
                name: step.name,
                obstacles: skipped,
            };
        }
        if direction == Direction::Back {
            taken.reverse();
        }
        step.changes = taken;
        step.undone = direction == Direction::Back;
        self.history.forget(step.number);
        self.history.insert(step.clone());
        Undo::Done { step, saved, skipped }
    }

    /// Makes or reverts a change; returns the change as it would be made now, and the row.
    fn change(
        &mut self,
        direction: Direction,
        change: Change,
        known: impl Fn(&str) -> Known,
        new_id: impl FnMut() -> String,
        at: Timestamp,
    ) -> Result<(Change, Option<u64>), Obstacle> {
        let wanted = match direction {
            Direction::Back => change.clone().inverted(),
            Direction::Forth => change.clone(),
        };
        let old = wanted.id().map(ToOwned::to_owned);
        let id = old.as_deref().map(|id| self.history.resolve(id).to_owned());
        let now = match &id {
            Some(id) => self.present(id, known(id)),
            None => Known::Unknown,
        };
        if let (Change::Created(activity), Some(id)) = (&wanted, &id)
            && let Some(taken) = self.take_back_deletion(id, activity, &known)
        {
            let row = match taken {
                SavedChange::Queued(row) => Some(row),
                SavedChange::Settled => None,
            };
            return Ok((change, row));
        }
        let command = wanted.command(id.as_deref().unwrap_or_default(), now, new_id, at)?;
        let redirect = match (&wanted, &command) {
            (Change::Created(_), Command::Log(create)) => id.map(|id| (id, create.id().to_owned())),
            _ => None,
        };
        let (_, row) = self.place(command, true, at);
        if let Some((old, new)) = redirect
            && old != new
        {
            self.history.redirect(old, new);
        }
        Ok((change, row))
    }

    /// The entry comes back by taking back its deletion, if that was not sent: it keeps its id. Returns where the edits are that
    /// were folded into the deletion; `None` if there is no such deletion.
    fn take_back_deletion(
        &mut self,
        id: &str,
        wanted: &Activity,
        known: impl Fn(&str) -> Known,
    ) -> Option<SavedChange> {
        let (number, stored) = self.queue.unsent_deletion(id)?;
        if matches!(known(id), Known::Deleted) {
            return None;
        }
        if let Some(patch) = wanted.entry.patch_from(&stored.entry) {
            let update = LogCommand::Update {
                before: stored,
                patch,
            };
            self.queue.row_mut(number)?.command = Command::Log(update);
            return Some(SavedChange::Queued(number));
        }
        self.queue.withdraw(number)?;
        // The deletion and its undo have both happened.
        self.history.acknowledged(number);
        Some(SavedChange::Settled)
    }

    /// An entry with what is queued.
    fn present(&self, id: &str, known: Known) -> Known {
        let stored = match &known {
            Known::Stored(activity) => Some(activity),
            Known::Deleted | Known::Unknown => None,
        };
        let touched = self.queue.rows().iter().any(|row| {
            row.is_pending() && matches!(&row.command, Command::Log(command) if command.id() == id)
        });
        match self.queue.projected(id, &self.owner, stored) {
            Some(activity) => Known::Stored(activity),
            None if touched => Known::Deleted,
            None => known,
        }
    }
}
