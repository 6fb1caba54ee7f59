//! Changes of the log, before the backend has acknowledged them.

use serde::{Deserialize, Serialize};

use crate::{Activity, ActivityPatch, NewActivity};

/// A change of one entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "a handful of commands exist at a time")]
pub enum LogCommand {
    /// Log an entry under its new id.
    Create(NewActivity),
    /// Edit an entry; merged where the backend has another revision than `before`.
    Update {
        /// The entry that was edited.
        before: Activity,
        /// The members that change.
        patch: ActivityPatch,
    },
    /// Delete an entry, as it was last seen.
    Delete(Activity),
}

impl LogCommand {
    /// The id of the entry that changes.
    pub fn id(&self) -> &str {
        match self {
            Self::Create(new) => &new.id,
            Self::Update { before: activity, .. } | Self::Delete(activity) => &activity.id,
        }
    }
}
