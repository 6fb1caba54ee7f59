//! What becomes of a command that was sent.

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use super::members::Members;
use crate::Activity;

/// The backend's answer to one attempt to send a command.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// It is done.
    Acknowledged(Stored),
    /// The entry has another revision than the command expects. Contains the entry as it is now; `None` if it is gone.
    Conflict(Option<Activity>),
    /// It isn't done, or that is unknown; the command stays.
    Waiting {
        /// Why.
        reason: Reason,
        /// Whether the request may have been executed nevertheless.
        may_be_done: bool,
    },
    /// The backend will never accept it.
    Rejected(Rejection),
}

/// What the backend has after a command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "nearly all are entries")]
pub enum Stored {
    /// The entry; that of a deletion as it was last.
    Entry(Activity),
    /// A weight was set.
    Weight,
    /// The profile's members.
    Profile {
        /// As they are now.
        members: Members,
        /// Those of the command that collided with other edits, and so were not set.
        lost: Members,
    },
    /// The library was merged.
    Library,
}

/// Why a command waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Its kind.
    pub kind: ReasonKind,
    /// For people, one sentence without its full stop.
    pub text: String,
}

/// Kinds of reasons to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReasonKind {
    /// No response.
    Unreachable,
    /// The backend has too much to do, or is failing (429, 5xx, throttling).
    Busy,
    /// No session, or one that the user pool no longer accepts.
    SignedOut,
    /// The backend failed to execute this command (`DynamoDB:*`).
    Failed,
    /// The backend doesn't know a part of the command: an older stack.
    Schema,
}

impl ReasonKind {
    /// Whether every other command would meet the same.
    pub const fn is_general(self) -> bool {
        match self {
            Self::Unreachable | Self::Busy | Self::SignedOut => true,
            Self::Failed | Self::Schema => false,
        }
    }

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Why a command was rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// Its kind.
    pub kind: RejectionKind,
    /// For people, one sentence without its full stop.
    pub text: String,
}

/// Kinds of rejection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RejectionKind {
    /// Values that the backend doesn't take.
    BadRequest,
    /// The user may not do this.
    Unauthorized,
    /// There is no such entry.
    NotFound,
    /// The entry was deleted.
    Deleted,
    /// The id of a new entry is that of another one.
    IdTaken,
    /// A create that was sent and not answered for 25 days. The backend remembers deletions for 30, so that sending it
    /// later could bring back an entry that was deleted elsewhere.
    Stale,
}

impl RejectionKind {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// What became of a command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is done, and the backend has this.
    Acknowledged(Stored),
    /// Nothing of it was done: the entry was changed elsewhere, and stays as it is there.
    Collided(Activity),
    /// It stays in the queue.
    Waiting(Reason),
    /// It stays in the list of rejected ones.
    Rejected(Rejection),
    /// A later command took it back before it was sent, or its owner dropped it.
    Withdrawn,
}
