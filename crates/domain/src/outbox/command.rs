//! Changes that a user makes, as data.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    library::LibraryChange,
    members::{self, Members, MembersMerge},
};
use crate::{LogCommand, Profile, in_milliseconds};

/// A change that a user made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "nearly all are changes of entries")]
pub enum Command {
    /// A change of an entry.
    Log(LogCommand),
    /// The weight of a day; the last arrival wins.
    Weight(WeightChange),
    /// Members of the profile.
    Profile(ProfileChange),
    /// Items of the library.
    Library(LibraryChange),
}

/// A new weight of a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeightChange {
    /// The day that it was measured on.
    pub date: Date,
    /// kg; `None` removes it.
    pub weight: Option<f64>,
    /// kg, as it was last seen, for undo.
    pub before: Option<f64>,
}

/// An edit of the profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileChange {
    /// The changed members as they were last seen.
    pub before: Members,
    /// Their new values.
    pub patch: Members,
}

impl ProfileChange {
    /// The edit of a profile as it was last seen; [`Profile::new`] where there was none.
    pub fn of(before: &Profile, patch: Members) -> Self {
        let mut before = members::members_of(before);
        before.retain(|name, _| patch.contains_key(name));
        Self { before, patch }
    }

    /// The profile with the edit. Members of other types than a profile's leave it as it is.
    pub fn applied(&self, profile: Profile) -> Profile {
        let mut edited = serde_json::to_value(&profile).unwrap_or_default();
        if let Some(members) = edited.as_object_mut() {
            let patch = self.patch.iter();
            members.extend(patch.map(|(name, value)| (name.clone(), value.clone())));
        }
        serde_json::from_value(edited).unwrap_or(profile)
    }

    /// Merges the edit into the stored members.
    pub fn merged(&self, stored: &Members) -> MembersMerge {
        members::merge(&self.patch, &self.before, stored)
    }
}

/// What a command changes. Commands of one subject are sent one after another, in their order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The entry of this id.
    Entry(String),
    /// The weight of a day.
    Weight(Date),
    /// The user's row: profile and library.
    User,
}

impl Subject {
    /// A text that is different for different subjects.
    pub fn key(&self) -> String {
        match self {
            Self::Entry(id) => format!("entry:{id}"),
            Self::Weight(date) => format!("weight:{date}"),
            Self::User => "user".to_owned(),
        }
    }
}

impl Command {
    /// What it changes.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Log(command) => Subject::Entry(command.id().to_owned()),
            Self::Weight(change) => Subject::Weight(change.date),
            Self::Profile(_) | Self::Library(_) => Subject::User,
        }
    }

    /// Whether this is its subject.
    pub(super) fn is_about(&self, subject: &Subject) -> bool {
        match (self, subject) {
            (Self::Log(command), Subject::Entry(id)) => command.id() == id,
            (Self::Weight(change), Subject::Weight(date)) => change.date == *date,
            (Self::Profile(_) | Self::Library(_), Subject::User) => true,
            _ => false,
        }
    }

    /// The word for it in lists of the queue: `create`, `update`, `delete`, `weight`, `profile`, `library`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Log(LogCommand::Create(_)) => "create",
            Self::Log(LogCommand::Update { .. }) => "update",
            Self::Log(LogCommand::Delete(_)) => "delete",
            Self::Weight(_) => "weight",
            Self::Profile(_) => "profile",
            Self::Library(_) => "library",
        }
    }

    /// Its moments in whole milliseconds, as the API stores them: others would never equal what comes back.
    #[must_use]
    pub(super) fn in_milliseconds(mut self) -> Self {
        match &mut self {
            Self::Log(LogCommand::Create(new)) => new.entry.moment = in_milliseconds(new.entry.moment),
            Self::Log(LogCommand::Update { before, patch }) => {
                before.entry.moment = in_milliseconds(before.entry.moment);
                patch.moment = patch.moment.map(in_milliseconds);
            }
            Self::Log(LogCommand::Delete(before)) => {
                before.entry.moment = in_milliseconds(before.entry.moment);
            }
            Self::Library(change) => {
                for edit in change.edits.values_mut() {
                    edit.at = in_milliseconds(edit.at);
                }
            }
            Self::Weight(_) | Self::Profile(_) => {}
        }
        self
    }
}
