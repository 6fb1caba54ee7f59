//! Changes of the log, before the backend has acknowledged them.

use crate::{Activity, ActivityPatch, NewActivity};

/// A change of one entry.
#[derive(Debug, Clone, PartialEq)]
pub enum LogCommand {
    /// Log an entry under its new id.
    Create(NewActivity),
    /// Edit an entry; refused where the backend has another revision than `before`.
    Update {
        /// The entry that was edited.
        before: Activity,
        /// The members that change.
        patch: ActivityPatch,
    },
    /// Delete an entry, whatever its revision.
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
