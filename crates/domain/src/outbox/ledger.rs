//! Queue and history of one user together: each method is one transaction of the store.

use jiff::Timestamp;

use super::{
    answer::{Answer, Outcome, Stored},
    change::Change,
    command::Command,
    history::{History, Step, TrackedChange},
    members::Members,
    obstacle::summary,
    queue::{Placed, Queue},
    settle::{Lost, Settled},
};
use crate::{Activity, ActivityPatch, EnergyUnit, LogCommand};

/// The queue and the history of one user.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ledger {
    /// The `sub` of the user.
    pub owner: String,
    /// What is not acknowledged.
    pub queue: Queue,
    /// What can be undone and redone.
    pub history: History,
    /// The next number of a row or a step.
    pub next: u64,
}

/// Where a saved change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SavedChange {
    /// In the row of this number, alone or together with earlier changes.
    Queued(u64),
    /// Nowhere: it changes nothing, or took back an earlier change that was not sent.
    Settled,
}

/// A part of a change that was not made, since the backend has other values by now. The history has a step that makes it
/// after all when it is undone.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "a handful of collisions exist at a time"
)]
pub enum Collision {
    /// Members of an edit.
    Edit {
        /// The values that were not set.
        mine: ActivityPatch,
        /// The entry as it is.
        stored: Activity,
    },
    /// A deletion; the entry stays as it is.
    Deletion(Activity),
    /// Members of the profile.
    Profile {
        /// The values that were not set.
        mine: Members,
        /// The profile's members as they are.
        stored: Members,
    },
}

/// What an answer came to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settlement {
    /// What became of rows. Empty where a merged command is to be sent again at once.
    pub outcomes: Vec<(u64, Outcome)>,
    /// What collided, for notices.
    pub collisions: Vec<Collision>,
}

impl Ledger {
    pub(super) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Saves the changes of one step, in order.
    pub fn save(&mut self, name: &str, commands: Vec<Command>, now: Timestamp) -> Vec<SavedChange> {
        let mut changes = Vec::new();
        let mut saved = Vec::new();
        for command in commands {
            let change = Change::of(&command, &self.owner);
            let (placed, row) = self.place(command, false, now);
            if !matches!(placed, Placed::Nothing(None)) {
                changes.push(TrackedChange { change, row });
            }
            saved.push(row.map_or(SavedChange::Settled, SavedChange::Queued));
        }
        if !changes.is_empty() {
            let number = self.number();
            self.history.record(Step {
                number,
                name: name.to_owned(),
                changes,
                undone: false,
            });
        }
        saved
    }

    pub(super) fn place(&mut self, command: Command, is_undo: bool, now: Timestamp) -> (Placed, Option<u64>) {
        let number = self.number();
        let placed = self.queue.place(number, command, is_undo, now);
        match placed {
            Placed::Row(row) => (placed, Some(row)),
            Placed::Nothing(gone) => {
                // The changes cancel each other, so both have happened.
                if let Some(gone) = gone {
                    self.history.acknowledged(gone);
                }
                (placed, None)
            }
        }
    }

    /// Takes the answer to a row that was sent.
    pub fn answer(&mut self, number: u64, answer: Answer) -> Settlement {
        let names: Vec<(u64, bool, Option<String>, Command)> = self
            .queue
            .rows()
            .iter()
            .map(|row| (row.number, row.is_undo, row.unlisted.clone(), row.command.clone()))
            .collect();
        let Settled {
            outcomes,
            lost,
            renamed,
        } = self.queue.settle(number, answer);
        if let Some((old, new)) = renamed {
            self.history.rename(&old, &new);
        }
        let find = |number: u64| names.iter().find(|(row, ..)| *row == number);
        for (row, outcome) in &outcomes {
            match outcome {
                Outcome::Acknowledged(stored) => {
                    self.history.acknowledged(*row);
                    if let Some((_, false, Some(name), command)) = find(*row) {
                        self.relist(name.clone(), command);
                    }
                    if let Stored::Entry(activity) = stored {
                        self.history.note(activity);
                    }
                }
                Outcome::Rejected(_) => {
                    let unlisted = self.history.withdraw(*row);
                    if let Some(row) = self.queue.row_mut(*row)
                        && unlisted.is_some()
                    {
                        row.unlisted = unlisted;
                    }
                }
                Outcome::Collided(stored) => {
                    self.history.withdraw(*row);
                    self.history.note(stored);
                }
                Outcome::Withdrawn => self.history.acknowledged(*row),
                Outcome::Waiting(_) => {}
            }
        }
        let mut collisions = Vec::new();
        for (row, lost) in lost {
            let (change, collision) = keep_mine(lost);
            if find(row).is_some_and(|(_, is_undo, ..)| !is_undo)
                && let Some((name, change)) = change
            {
                let number = self.number();
                self.history.insert(Step {
                    number,
                    name,
                    changes: vec![TrackedChange { change, row: None }],
                    undone: false,
                });
            }
            collisions.push(collision);
        }
        Settlement { outcomes, collisions }
    }

    /// A command that was rejected at first has succeeded: it is a step again.
    fn relist(&mut self, name: String, command: &Command) {
        let change = Change::of(command, &self.owner);
        let number = self.number();
        self.history.insert(Step {
            number,
            name,
            changes: vec![TrackedChange { change, row: None }],
            undone: false,
        });
    }

    /// Has a rejected row sent again; returns whether there is one of this number.
    pub fn retry(&mut self, number: u64, now: Timestamp) -> bool {
        self.queue.retry(number, now)
    }

    /// Drops a row that was rejected or not sent; returns whether there is one of this number. One that was sent and not
    /// answered may be done already, and stays.
    pub fn drop_row(&mut self, number: u64) -> bool {
        let dropped = self.queue.withdraw(number).is_some();
        if dropped {
            self.history.withdraw(number);
        }
        dropped
    }

    /// Rejects creates that were sent and not answered for 25 days; returns what became of their rows.
    pub fn expire(&mut self, now: Timestamp) -> Vec<(u64, Outcome)> {
        let expired = self.queue.expire(now);
        let mut outcomes = Vec::new();
        for number in expired {
            let unlisted = self.history.withdraw(number);
            if let Some(row) = self.queue.row_mut(number) {
                row.unlisted = unlisted.or(row.unlisted.take());
                if let super::queue::RowState::Rejected(rejection) = &row.state {
                    outcomes.push((number, Outcome::Rejected(rejection.clone())));
                }
            }
        }
        outcomes
    }
}

/// The step by whose undo the user's values are set after all, and the notice.
fn keep_mine(lost: Lost) -> (Option<(String, Change)>, Collision) {
    match lost {
        Lost::Edit { mine, stored } => {
            let before = Activity {
                entry: stored.entry.edited(&mine),
                ..stored.clone()
            };
            let step = (
                format!("{}, edited elsewhere", summary(&stored.entry, EnergyUnit::Kcal)),
                Change::Edited {
                    before,
                    after: stored.clone(),
                },
            );
            (Some(step), Collision::Edit { mine, stored })
        }
        Lost::Deletion { stored } => {
            let step = (
                format!(
                    "{}, edited elsewhere and kept",
                    summary(&stored.entry, EnergyUnit::Kcal)
                ),
                Change::Created(stored.clone()),
            );
            (Some(step), Collision::Deletion(stored))
        }
        Lost::Profile { mine, stored } => {
            let after: Members = mine
                .keys()
                .map(|name| {
                    let value = stored.get(name).cloned();
                    (name.clone(), value.unwrap_or(serde_json::Value::Null))
                })
                .collect();
            let step = (
                "the profile, edited elsewhere".to_owned(),
                Change::Profile {
                    before: mine.clone(),
                    after,
                },
            );
            (Some(step), Collision::Profile { mine, stored })
        }
    }
}

/// The name of a step of one command.
impl Command {
    /// A name for lists of steps and of the queue: `Lunch 650 kcal`.
    pub fn title(&self) -> String {
        match self {
            Self::Log(LogCommand::Create(new)) => summary(&new.entry, EnergyUnit::Kcal),
            Self::Log(LogCommand::Update { before, patch }) => {
                summary(&before.entry.edited(patch), EnergyUnit::Kcal)
            }
            Self::Log(LogCommand::Delete(before)) => summary(&before.entry, EnergyUnit::Kcal),
            Self::Weight(change) => match change.weight {
                Some(weight) => format!("weight {weight} kg on {}", change.date),
                None => format!("no weight on {}", change.date),
            },
            Self::Profile(change) => {
                let names: Vec<&str> = change.patch.keys().map(String::as_str).collect();
                format!("profile: {}", names.join(", "))
            }
            Self::Library(change) => format!("library: {} items", change.edits.len()),
        }
    }
}
