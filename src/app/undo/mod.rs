//! Undoing acknowledged changes, the last one first.

use std::collections::VecDeque;

use caltrack_domain::{Activity, LogCommand, NewActivity};

use super::model::Request;

/// The most changes remembered.
const CAPACITY: usize = 200;

#[expect(clippy::large_enum_variant, reason = "nearly all are changes of entries")]
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Change {
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
}

impl Change {
    /// The change that an acknowledged command was.
    pub(super) fn of(command: LogCommand, stored: Activity) -> Self {
        match command {
            LogCommand::Create(_) => Self::Created(stored),
            LogCommand::Update { before, .. } => Self::Edited {
                before,
                after: stored,
            },
            LogCommand::Delete(_) => Self::Deleted(stored),
        }
    }

    fn id(&self) -> &str {
        match self {
            Self::Created(activity) | Self::Deleted(activity) | Self::Edited { after: activity, .. } => {
                &activity.id
            }
        }
    }

    /// The command that undoes the change; none if there is nothing to undo. `new_id` is for an entry that is logged
    /// again, since a deleted id can't be used again.
    fn inverse(&self, new_id: impl FnOnce() -> String) -> Option<LogCommand> {
        Some(match self {
            Self::Created(activity) => LogCommand::Delete(activity.clone()),
            Self::Deleted(activity) => LogCommand::Create(NewActivity {
                id: new_id(),
                entry: activity.entry.clone(),
            }),
            Self::Edited { before, after } => LogCommand::Update {
                before: after.clone(),
                patch: before.entry.patch_from(&after.entry)?,
            },
        })
    }
}

/// Acknowledged changes, at most 200, and the undo in flight.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UndoHistory {
    changes: VecDeque<Change>,
    undoing: Option<(Request, Change)>,
}

impl UndoHistory {
    /// Remembers a change. The oldest one is forgotten if there are too many.
    pub(super) fn remember(&mut self, change: Change) {
        if self.changes.len() >= CAPACITY {
            self.changes.pop_front();
        }
        if let Change::Edited { after, .. } = &change {
            let (id, rev) = (after.id.clone(), after.rev);
            self.relink(&id, &id, rev);
        }
        self.changes.push_back(change);
    }

    /// Takes the last change out, and returns the command that undoes it; none if there is no change.
    /// [`UndoHistory::undone`] or [`UndoHistory::failed`] follows with the same number.
    pub(super) fn undo(
        &mut self,
        request: Request,
        mut new_id: impl FnMut() -> String,
    ) -> Option<LogCommand> {
        while let Some(change) = self.changes.pop_back() {
            if let Some(command) = change.inverse(&mut new_id) {
                self.undoing = Some((request, change));
                return Some(command);
            }
        }
        None
    }

    /// An undo is acknowledged, and the entry is `now`; returns the undone change, none where `request` was no undo. Earlier
    /// changes of the entry are linked to its new id and revision, so that they can be undone too.
    pub(super) fn undone(&mut self, request: Request, now: &Activity) -> Option<Change> {
        let (_, change) = self.undoing.take_if(|(undoing, _)| *undoing == request)?;
        self.relink(change.id(), &now.id, now.rev);
        Some(change)
    }

    /// An undo has failed, and can be tried again; returns whether `request` was one.
    pub(super) fn failed(&mut self, request: Request) -> bool {
        match self.undoing.take_if(|(undoing, _)| *undoing == request) {
            Some((_, change)) => {
                self.changes.push_back(change);
                true
            }
            None => false,
        }
    }

    /// Forgets the undo in flight: the session has ended.
    pub(super) fn abandon(&mut self) {
        self.undoing = None;
    }

    fn relink(&mut self, old: &str, id: &str, rev: u32) {
        let link = |activity: &mut Activity| {
            if activity.id == old {
                id.clone_into(&mut activity.id);
                activity.rev = rev;
            }
        };
        for change in &mut self.changes {
            match change {
                Change::Created(activity) | Change::Deleted(activity) => link(activity),
                Change::Edited { before, after } => {
                    link(before);
                    link(after);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use caltrack_domain::Entry;
    use jiff::civil::date;

    use super::*;

    fn activity(id: &str, kcal: u32, rev: u32) -> Activity {
        Activity {
            id: id.to_owned(),
            owner: "u".to_owned(),
            entry: Entry::new(
                date(2026, 11, 23),
                "2026-11-23T07:30:00Z".parse().unwrap(),
                "Food",
                "Lunch",
                kcal,
            ),
            rev,
        }
    }

    fn no_id() -> String {
        panic!("nothing is logged again")
    }

    #[test]
    fn the_last_change_is_undone_first() {
        let mut history = UndoHistory::default();
        history.remember(Change::Created(activity("a", 1, 1)));
        history.remember(Change::Created(activity("b", 2, 1)));
        for id in ["b", "a"] {
            let command = history.undo(Request(1), no_id).unwrap();
            assert_eq!(
                command,
                LogCommand::Delete(activity(id, if id == "a" { 1 } else { 2 }, 1))
            );
            assert!(history.undone(Request(1), &activity(id, 1, 2)).is_some());
        }
        assert_eq!(history.undo(Request(2), no_id), None);
    }

    #[test]
    fn earlier_changes_follow_an_entry_to_its_new_id() {
        let mut history = UndoHistory::default();
        history.remember(Change::Created(activity("a", 650, 1)));
        history.remember(Change::Deleted(activity("a", 650, 1)));
        let command = history.undo(Request(1), || "b".to_owned()).unwrap();
        assert_eq!(command.id(), "b");
        history.undone(Request(1), &activity("b", 650, 7)).unwrap();
        let command = history.undo(Request(2), no_id).unwrap();
        assert_eq!(command, LogCommand::Delete(activity("b", 650, 7)));
    }

    #[test]
    fn a_failed_undo_can_be_tried_again() {
        let mut history = UndoHistory::default();
        history.remember(Change::Created(activity("a", 650, 1)));
        let command = history.undo(Request(1), no_id).unwrap();
        assert!(!history.failed(Request(2)));
        assert!(history.failed(Request(1)));
        assert_eq!(history.undo(Request(3), no_id), Some(command));
    }

    #[test]
    fn an_edit_that_changed_nothing_is_passed_over() {
        let mut history = UndoHistory::default();
        history.remember(Change::Created(activity("a", 650, 1)));
        history.remember(Change::Edited {
            before: activity("a", 650, 1),
            after: activity("a", 650, 2),
        });
        let command = history.undo(Request(1), no_id).unwrap();
        assert_eq!(command, LogCommand::Delete(activity("a", 650, 2)));
    }

    #[test]
    fn no_more_than_its_capacity_is_remembered() {
        let mut history = UndoHistory::default();
        for n in 0..=CAPACITY {
            history.remember(Change::Created(activity(&n.to_string(), 1, 1)));
        }
        let mut undone = Vec::new();
        while let Some(command) = history.undo(Request(1), no_id) {
            undone.push(command.id().to_owned());
        }
        assert_eq!(undone.len(), CAPACITY);
        assert_eq!(undone.last().map(String::as_str), Some("1"));
    }
}
