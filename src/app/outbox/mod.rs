//! The user's changes on their way to the backend: those that are being written to the outbox, and the queue in it.

mod index;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use caltrack_domain::{
    LogCommand,
    outbox::{
        Command, Queue, QueuedKcal, Reason, Rejection, Row, RowState, SavedChange, WeightChange, by_entry,
    },
};
use jiff::civil::Date;

pub use self::text::{collision, command_title};
pub(super) use self::text::{saved, undone};
use self::{index::QueueIndex, text::step_name};
use super::{
    effect::Effect,
    model::{QueueChange, QueueCopy, Request},
};

/// A step that is being written to the outbox.
#[derive(Debug, Clone, PartialEq)]
struct Save {
    request: Request,
    /// The `sub` of the user.
    owner: String,
    commands: Vec<LogCommand>,
}

/// What is on its way to the backend.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outbox {
    saving: Vec<Save>,
    queue: Queue,
    index: QueueIndex,
    /// How many rows can't be read, and stay in the file.
    pub unreadable: usize,
    /// Why nothing is sent at present.
    pub trouble: Option<Reason>,
    /// Whether the queue was taken from the file.
    is_known: bool,
    /// Counts the changes of what is pending.
    revision: u64,
}

/// What is new about the queue, for notices.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct News {
    /// Rows that the backend has just rejected.
    pub(super) refusals: Vec<Refusal>,
    /// Why nothing is sent any more.
    pub(super) trouble: Option<Reason>,
}

/// A row that the backend has just rejected.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    pub(super) command: Command,
    pub(super) rejection: Rejection,
}

impl Outbox {
    /// Saves the commands of one step. `replaces` is the number of a rejected row whose change they repeat.
    pub(super) fn start(
        &mut self,
        request: Request,
        owner: &str,
        commands: Vec<LogCommand>,
        replaces: Option<u64>,
    ) -> Effect {
        self.revision += 1;
        self.saving.push(Save {
            request,
            owner: owner.to_owned(),
            commands: commands.clone(),
        });
        Effect::Save {
            request,
            name: step_name(&commands),
            commands,
            replaces,
        }
    }

    /// A step is in the outbox, or can't be written; returns its commands, none if no step of that number is being written.
    pub(super) fn written(&mut self, request: Request) -> Option<Vec<LogCommand>> {
        let at = self.saving.iter().position(|save| save.request == request)?;
        self.revision += 1;
        Some(self.saving.remove(at).commands)
    }

    /// Takes the queue as it is in the file; returns what is new since the one before.
    pub(super) fn take(&mut self, copy: QueueCopy) -> News {
        let QueueCopy {
            queue,
            unreadable,
            trouble,
        } = copy;
        let refusals = self.refusals(queue.rows());
        if self.queue != queue {
            self.revision += 1;
            self.index = QueueIndex::of(&queue);
            self.queue = queue;
        }
        self.stand(refusals, unreadable, trouble)
    }

    /// Takes a change of the queue in the file; returns what is new.
    pub(super) fn change(&mut self, change: QueueChange) -> News {
        let QueueChange {
            rows,
            gone,
            unreadable,
            trouble,
        } = change;
        let refusals = self.refusals(&rows);
        if !rows.is_empty() || !gone.is_empty() {
            self.revision += 1;
            self.index.update(&mut self.queue, rows, &gone);
        }
        self.stand(refusals, unreadable, trouble)
    }

    /// The rejected ones of these rows that were not rejected before.
    fn refusals(&self, rows: &[Row]) -> Vec<Refusal> {
        rows.iter()
            .filter(|row| !self.index.rejected.contains(&row.number))
            .filter_map(|row| match &row.state {
                RowState::Rejected(rejection) => Some(Refusal {
                    command: row.command.clone(),
                    rejection: rejection.clone(),
                }),
                RowState::Waiting | RowState::Sent { .. } => None,
            })
            .collect()
    }

    fn stand(&mut self, refusals: Vec<Refusal>, unreadable: usize, trouble: Option<Reason>) -> News {
        let is_new = self.is_known && self.trouble != trouble;
        self.unreadable = unreadable;
        self.trouble = trouble;
        self.is_known = true;
        let held_up = is_new && self.queued() > 0;
        News {
            refusals,
            trouble: self.trouble.clone().filter(|_| held_up),
        }
    }

    /// The queue as it is in the file.
    pub const fn queue(&self) -> &Queue {
        &self.queue
    }

    /// How many changes wait for the backend.
    pub const fn queued(&self) -> usize {
        self.index.pending
    }

    /// The rows that the backend has rejected.
    pub fn rejected(&self) -> impl Iterator<Item = &Row> {
        let numbers = self.index.rejected.iter();
        numbers.filter_map(|number| self.queue.row(*number))
    }

    /// The row of a new entry that the backend has rejected.
    pub(super) fn rejected_row(&self, id: &str) -> Option<&Row> {
        self.rejected().find(|row| match &row.command {
            Command::Log(LogCommand::Create(new)) => new.id == id,
            Command::Log(LogCommand::Update { .. } | LogCommand::Delete(_))
            | Command::Weight(_)
            | Command::Profile(_)
            | Command::Library(_) => false,
        })
    }

    /// The entry that a row changes.
    pub(super) fn entry_of(&self, saved: SavedChange) -> Option<String> {
        let SavedChange::Queued(number) = saved else {
            return None;
        };
        match &self.queue.row(number)?.command {
            Command::Log(command) => Some(command.id().to_owned()),
            Command::Weight(_) | Command::Profile(_) | Command::Library(_) => None,
        }
    }

    /// Whether no step is being written.
    pub fn is_written(&self) -> bool {
        self.saving.is_empty()
    }

    /// Changes with what is pending.
    pub(super) const fn revision(&self) -> u64 {
        self.revision
    }

    /// The changes of entries that are queued, the oldest first.
    pub(super) fn queued_entries(&self) -> impl Iterator<Item = &LogCommand> {
        self.queue.pending_entries()
    }

    /// The weights that are queued, the oldest first.
    pub(super) fn queued_weights(&self) -> impl Iterator<Item = &WeightChange> {
        self.queued_others().filter_map(|command| match command {
            Command::Weight(change) => Some(change),
            Command::Log(_) | Command::Profile(_) | Command::Library(_) => None,
        })
    }

    /// The changes that are queued and aren't of entries, the oldest first.
    pub(super) fn queued_others(&self) -> impl Iterator<Item = &Command> {
        let numbers = self.index.others.iter();
        let rows = numbers.filter_map(|number| self.queue.row(*number));
        rows.map(|row| &row.command)
    }

    /// The queued changes of the entries that they put on a day or take from it, and of those that are listed.
    pub(super) fn queued_on<'i>(
        &self,
        date: Date,
        listed: impl Iterator<Item = &'i str>,
    ) -> Vec<&LogCommand> {
        let mut ids: BTreeSet<&str> = listed.collect();
        ids.extend(self.index.named_on(date));
        let commands = ids.into_iter().flat_map(|id| self.queued_of(id));
        commands.collect()
    }

    fn queued_of(&self, id: &str) -> impl Iterator<Item = &LogCommand> {
        let rows = self.index.rows_of(id).filter_map(|number| self.queue.row(number));
        rows.filter_map(|row| match &row.command {
            Command::Log(command) => Some(command),
            Command::Weight(_) | Command::Profile(_) | Command::Library(_) => None,
        })
    }

    /// Whether a change of an entry is not acknowledged.
    pub(super) fn has_changes_of(&self, id: &str) -> bool {
        let saving = self.saving.iter().flat_map(|save| &save.commands);
        let is_its = |command: &LogCommand| command.id() == id;
        self.index.has_changes_of(id) || saving.into_iter().any(is_its) || self.rejected_entries().any(is_its)
    }

    /// What is added to each day by the changes of a user's entries that are queued or being written.
    pub(super) fn queued_kcal(&self, owner: &str) -> BTreeMap<Date, QueuedKcal> {
        let mut added = self.index.added.clone();
        for (id, saving) in by_entry(self.entries_being_written(owner)) {
            for (day, kcal) in self.index.added_by(id) {
                index::add(&mut added, day, kcal.negated());
            }
            for (day, kcal) in QueuedKcal::by_day(self.queued_of(id).chain(saving)) {
                index::add(&mut added, day, kcal);
            }
        }
        added
    }

    /// The changes of a user's entries that are being written to the outbox, the oldest first.
    pub(super) fn entries_being_written(&self, owner: &str) -> impl Iterator<Item = &LogCommand> {
        let of_owner = self.saving.iter().filter(move |save| save.owner == owner);
        of_owner.flat_map(|save| &save.commands)
    }

    /// The new entries that the backend has rejected.
    pub(super) fn rejected_entries(&self) -> impl Iterator<Item = &LogCommand> {
        self.rejected().filter_map(|row| match &row.command {
            Command::Log(command @ LogCommand::Create(_)) => Some(command),
            Command::Log(LogCommand::Update { .. } | LogCommand::Delete(_))
            | Command::Weight(_)
            | Command::Profile(_)
            | Command::Library(_) => None,
        })
    }

    /// Forgets the queue: the session has ended. What is being written is answered nevertheless.
    pub(super) fn forget(&mut self) {
        self.queue = Queue::default();
        self.index = QueueIndex::default();
        self.unreadable = 0;
        self.trouble = None;
        self.is_known = false;
        self.revision += 1;
    }
}
