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

    /// Sets the id of the entry, which has no other one then.
    pub(crate) fn rename(&mut self, id: &str) {
        match self {
            Self::Create(new) => {
                id.clone_into(&mut new.id);
                new.other_id = None;
            }
            Self::Update { before: activity, .. } | Self::Delete(activity) => {
                id.clone_into(&mut activity.id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};

    use super::*;
    use crate::Entry;

    #[test]
    fn a_command_has_the_id_of_its_entry() {
        let entry = Entry::new(date(2026, 11, 23), Timestamp::UNIX_EPOCH, "Food", "Lunch", 1);
        let new = NewActivity::new("new".to_owned(), entry.clone());
        let known = Activity {
            id: "known".to_owned(),
            owner: "u".to_owned(),
            entry,
            rev: 1,
        };
        assert_eq!(LogCommand::Create(new).id(), "new");
        assert_eq!(LogCommand::Delete(known.clone()).id(), "known");
        let edit = LogCommand::Update {
            before: known,
            patch: ActivityPatch::default(),
        };
        assert_eq!(edit.id(), "known");
    }
}
