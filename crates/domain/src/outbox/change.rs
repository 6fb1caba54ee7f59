//! What a step of the history changed, and the command that makes or reverts it.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    command::{Command, ProfileChange, WeightChange},
    library::{LibraryChange, LibraryEdit},
    members::Members,
    obstacle::Obstacle,
};
use crate::{Activity, LogCommand, NewActivity};

/// A change with all that is needed to make it again or to revert it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "nearly all are changes of entries")]
pub enum Change {
    /// An entry was logged.
    Created(Activity),
    /// An entry was edited.
    Edited {
        /// The entry before the edit.
        before: Activity,
        /// The entry after it.
        after: Activity,
    },
    /// An entry was deleted.
    Deleted(Activity),
    /// The weight of a day was set or removed.
    Weight {
        /// The day.
        date: Date,
        /// kg before.
        before: Option<f64>,
        /// kg after.
        after: Option<f64>,
    },
    /// Members of the profile were set.
    Profile {
        /// Their values before.
        before: Members,
        /// Their values after.
        after: Members,
    },
    /// Items of the library were set or removed.
    Library {
        /// The items before, by key.
        before: BTreeMap<String, Option<Value>>,
        /// The items after, by key.
        after: BTreeMap<String, Option<Value>>,
    },
}

/// An entry, as far as this computer knows it.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "exists for a moment")]
pub enum Known {
    /// It is this.
    Stored(Activity),
    /// It was deleted.
    Deleted,
    /// This computer has no copy of it.
    Unknown,
}

impl Change {
    /// The change that a command makes.
    pub(super) fn of(command: &Command, owner: &str) -> Self {
        match command {
            Command::Log(LogCommand::Create(new)) => Self::Created(Activity {
                id: new.id.clone(),
                owner: owner.to_owned(),
                entry: new.entry.clone(),
                rev: 0,
            }),
            Command::Log(LogCommand::Update { before, patch }) => Self::Edited {
                before: before.clone(),
                after: Activity {
                    entry: before.entry.edited(patch),
                    ..before.clone()
                },
            },
            Command::Log(LogCommand::Delete(before)) => Self::Deleted(before.clone()),
            Command::Weight(change) => Self::Weight {
                date: change.date,
                before: change.before,
                after: change.weight,
            },
            Command::Profile(change) => Self::Profile {
                before: change.before.clone(),
                after: change.patch.clone(),
            },
            Command::Library(change) => {
                let side = |of: fn(&LibraryEdit) -> &Option<Value>| {
                    let items = change.edits.iter();
                    items.map(|(key, edit)| (key.clone(), of(edit).clone())).collect()
                };
                Self::Library {
                    before: side(|edit| &edit.before),
                    after: side(|edit| &edit.after),
                }
            }
        }
    }

    /// The id of its entry, as it was then.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Created(activity) | Self::Deleted(activity) | Self::Edited { after: activity, .. } => {
                Some(&activity.id)
            }
            Self::Weight { .. } | Self::Profile { .. } | Self::Library { .. } => None,
        }
    }

    /// Sets the id of its entry, if it is `old`.
    pub(super) fn rename(&mut self, old: &str, new: &str) {
        let set = |activity: &mut Activity| {
            if activity.id == old {
                new.clone_into(&mut activity.id);
            }
        };
        match self {
            Self::Created(activity) | Self::Deleted(activity) => set(activity),
            Self::Edited { before, after } => {
                set(before);
                set(after);
            }
            Self::Weight { .. } | Self::Profile { .. } | Self::Library { .. } => {}
        }
    }

    /// Sets the revision of its entry.
    pub(super) fn set_rev(&mut self, rev: u32) {
        match self {
            Self::Created(activity) | Self::Deleted(activity) => activity.rev = rev,
            Self::Edited { before, after } => {
                before.rev = rev;
                after.rev = rev;
            }
            Self::Weight { .. } | Self::Profile { .. } | Self::Library { .. } => {}
        }
    }

    /// The change that reverts it.
    pub(super) fn inverted(self) -> Self {
        match self {
            Self::Created(activity) => Self::Deleted(activity),
            Self::Deleted(activity) => Self::Created(activity),
            Self::Edited { before, after } => Self::Edited {
                before: after,
                after: before,
            },
            Self::Weight { date, before, after } => Self::Weight {
                date,
                before: after,
                after: before,
            },
            Self::Profile { before, after } => Self::Profile {
                before: after,
                after: before,
            },
            Self::Library { before, after } => Self::Library {
                before: after,
                after: before,
            },
        }
    }

    /// The command that makes the change to an entry whose id is `id` now; an entry that comes back gets that of
    /// `new_id`, since a deleted id can't be used again.
    ///
    /// # Errors
    ///
    /// Why it can't be made: the entry was changed since, or is gone.
    pub(super) fn command(
        &self,
        id: &str,
        now: Known,
        new_id: impl FnOnce() -> String,
        at: Timestamp,
    ) -> Result<Command, Obstacle> {
        let present = |expected: &Activity| match now {
            Known::Stored(activity) => Ok(activity),
            Known::Deleted => Err(Obstacle::Deleted(Box::new(expected.entry.clone()))),
            // The backend compares the revision.
            Known::Unknown => Ok(Activity {
                id: id.to_owned(),
                ..expected.clone()
            }),
        };
        Ok(match self {
            Self::Created(activity) => Command::Log(LogCommand::Create(NewActivity::new(
                new_id(),
                activity.entry.clone(),
            ))),
            Self::Deleted(activity) => {
                let now = present(activity)?;
                if now.entry != activity.entry {
                    return Err(changed(activity, now));
                }
                Command::Log(LogCommand::Delete(now))
            }
            Self::Edited { before, after } => {
                let now = present(before)?;
                let Some(patch) = after.entry.patch_from(&before.entry) else {
                    return Err(Obstacle::Unchanged(Box::new(before.entry.clone())));
                };
                let expected = patch.previous(&before.entry);
                if expected.agreeing(&now.entry) != expected {
                    return Err(changed(before, now));
                }
                Command::Log(LogCommand::Update { before: now, patch })
            }
            Self::Weight { date, before, after } => Command::Weight(WeightChange {
                date: *date,
                weight: *after,
                before: *before,
            }),
            Self::Profile { before, after } => Command::Profile(ProfileChange {
                before: before.clone(),
                patch: after
                    .keys()
                    .chain(before.keys())
                    .map(|name| (name.clone(), after.get(name).cloned().unwrap_or(Value::Null)))
                    .collect(),
            }),
            Self::Library { before, after } => Command::Library(LibraryChange {
                edits: after
                    .iter()
                    .map(|(key, value)| {
                        let edit = LibraryEdit {
                            at,
                            before: before.get(key).cloned().flatten(),
                            after: value.clone(),
                        };
                        (key.clone(), edit)
                    })
                    .collect(),
            }),
        })
    }
}

fn changed(expected: &Activity, now: Activity) -> Obstacle {
    Obstacle::Changed {
        expected: Box::new(expected.entry.clone()),
        now: Box::new(now.entry),
    }
}
