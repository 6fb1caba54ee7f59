//! Changes in flight (sent, and not acknowledged or rejected yet), and what waits for them.

use std::collections::VecDeque;

use caltrack_domain::{Activity, LogCommand};

use super::{effect::Effect, failure::Failure, model::Request};

/// A change in flight.
#[derive(Debug, Clone, PartialEq)]
struct Save {
    request: Request,
    command: LogCommand,
}

/// A key's request that waits until the changes in flight are answered, since it depends on their results.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a handful wait at a time")]
pub(super) enum Deferred {
    Undo,
    /// A deletion of an entry.
    Delete {
        id: String,
        /// The entry as it was saved meanwhile.
        saved: Option<Activity>,
    },
}

/// Changes in flight, and the requests that wait for their answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Saves {
    in_flight: Vec<Save>,
    deferred: VecDeque<Deferred>,
    /// Counts the changes of what is in flight.
    revision: u64,
}

/// What came of a save.
#[derive(Debug, PartialEq)]
pub(super) enum Report {
    /// The backend acknowledged it, and the entry is this now.
    Saved {
        command: LogCommand,
        activity: Activity,
    },
    /// An earlier attempt of a create had arrived after all, and what was typed has changed since.
    Outdated {
        /// As the earlier attempt logged it.
        activity: Activity,
        /// The edit that makes it what was typed.
        correction: LogCommand,
    },
    Failed {
        command: LogCommand,
        failure: Failure,
    },
}

impl Saves {
    pub(super) fn start(&mut self, request: Request, command: LogCommand) -> Effect {
        self.revision += 1;
        self.in_flight.push(Save {
            request,
            command: command.clone(),
        });
        Effect::Save { request, command }
    }

    /// Whether nothing is being saved.
    pub fn are_done(&self) -> bool {
        self.in_flight.is_empty()
    }

    /// Changes with [`Saves::commands`].
    pub(super) const fn revision(&self) -> u64 {
        self.revision
    }

    /// The changes in flight, the oldest first.
    pub(super) fn commands(&self) -> impl Iterator<Item = &LogCommand> {
        self.in_flight.iter().map(|save| &save.command)
    }

    /// Whether a change of an entry is in flight. Another one could not know which revision it meets.
    pub(super) fn is_saving(&self, id: &str) -> bool {
        self.commands().any(|command| command.id() == id)
    }

    /// Handles the response to a save; `None` if no save of that number is in flight.
    pub(super) fn answered(&mut self, request: Request, result: Result<Activity, Failure>) -> Option<Report> {
        let at = self.in_flight.iter().position(|save| save.request == request)?;
        let Save { command, .. } = self.in_flight.remove(at);
        self.revision += 1;
        if let Ok(activity) = &result {
            self.note_saved(activity);
        }
        Some(match result {
            Ok(activity) => match correction(&command, &activity) {
                Some(correction) => Report::Outdated { activity, correction },
                None => Report::Saved { command, activity },
            },
            Err(failure) => {
                self.give_up_after(command.id());
                Report::Failed { command, failure }
            }
        })
    }

    /// Has an undo wait until nothing is in flight.
    pub(super) fn defer_undo(&mut self) {
        self.deferred.push_back(Deferred::Undo);
    }

    /// Has a deletion wait until nothing is in flight. A second one of the same entry is dropped.
    pub(super) fn defer_delete(&mut self, id: &str) {
        let waits =
            |deferred: &Deferred| matches!(deferred, Deferred::Delete { id: waiting, .. } if waiting == id);
        if !self.deferred.iter().any(waits) {
            self.deferred.push_back(Deferred::Delete {
                id: id.to_owned(),
                saved: None,
            });
        }
    }

    /// An entry that waits for its deletion was saved.
    fn note_saved(&mut self, activity: &Activity) {
        for deferred in &mut self.deferred {
            if let Deferred::Delete { id, saved } = deferred
                && *id == activity.id
            {
                *saved = Some(activity.clone());
            }
        }
    }

    /// The next request that waited, once nothing is in flight.
    pub(super) fn next_deferred(&mut self) -> Option<Deferred> {
        if self.are_done() {
            self.deferred.pop_front()
        } else {
            None
        }
    }

    /// The change of an entry has failed. Its deletion is no longer wanted, and an undo would undo another change.
    fn give_up_after(&mut self, id: &str) {
        self.deferred.retain(|deferred| match deferred {
            Deferred::Undo => false,
            Deferred::Delete { id: waiting, .. } => waiting != id,
        });
    }

    /// Forgets everything: the session has ended.
    pub(super) fn abandon(&mut self) {
        self.in_flight.clear();
        self.deferred.clear();
        self.revision += 1;
    }
}

/// The edit that makes a stored entry what a create contained; none if it already is.
fn correction(command: &LogCommand, stored: &Activity) -> Option<LogCommand> {
    match command {
        LogCommand::Create(new) => new
            .entry
            .patch_from(&stored.entry)
            .map(|patch| LogCommand::Update {
                before: stored.clone(),
                patch,
            }),
        LogCommand::Update { .. } | LogCommand::Delete(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use caltrack_domain::{Entry, NewActivity};
    use jiff::civil::date;

    use super::*;
    use crate::app::failure::FailureKind;

    fn activity(id: &str) -> Activity {
        Activity {
            id: id.to_owned(),
            owner: "u".to_owned(),
            entry: Entry::new(
                date(2026, 11, 23),
                "2026-11-23T07:30:00Z".parse().unwrap(),
                "Food",
                "Lunch",
                650,
            ),
            rev: 1,
        }
    }

    fn create(id: &str) -> LogCommand {
        LogCommand::Create(NewActivity {
            id: id.to_owned(),
            entry: activity(id).entry,
        })
    }

    #[test]
    fn deferred_requests_follow_in_their_order_once_nothing_is_in_flight() {
        let mut saves = Saves::default();
        saves.start(Request(1), create("a"));
        saves.start(Request(2), create("b"));
        saves.defer_delete("a");
        saves.defer_undo();
        saves.defer_undo();
        saves.defer_delete("a");
        assert!(saves.answered(Request(1), Ok(activity("a"))).is_some());
        assert_eq!(saves.next_deferred(), None, "the other one is in flight");
        assert!(saves.answered(Request(2), Ok(activity("b"))).is_some());
        let next: Vec<_> = std::iter::from_fn(|| saves.next_deferred()).collect();
        let deletion = Deferred::Delete {
            id: "a".to_owned(),
            saved: Some(activity("a")),
        };
        assert_eq!(next, [deletion, Deferred::Undo, Deferred::Undo]);
    }

    #[test]
    fn a_failure_drops_undos_and_the_deletion_of_its_own_entry() {
        let mut saves = Saves::default();
        saves.start(Request(1), create("a"));
        saves.defer_undo();
        saves.defer_delete("a");
        saves.defer_delete("b");
        let failure = Failure::new(FailureKind::Busy, "busy");
        assert!(matches!(
            saves.answered(Request(1), Err(failure)),
            Some(Report::Failed { .. })
        ));
        let deletion = Deferred::Delete {
            id: "b".to_owned(),
            saved: None,
        };
        assert_eq!(saves.next_deferred(), Some(deletion));
        assert_eq!(saves.next_deferred(), None);
    }

    #[test]
    fn an_answer_of_another_number_is_nothing() {
        let mut saves = Saves::default();
        saves.start(Request(1), create("a"));
        assert_eq!(saves.answered(Request(2), Ok(activity("a"))), None);
        assert!(saves.is_saving("a"));
    }

    #[test]
    fn a_create_that_had_arrived_before_is_corrected() {
        let mut saves = Saves::default();
        saves.start(Request(1), create("a"));
        let mut stored = activity("a");
        stored.entry.kcal = 600;
        let Some(Report::Outdated {
            correction: LogCommand::Update { patch, before },
            ..
        }) = saves.answered(Request(1), Ok(stored.clone()))
        else {
            panic!()
        };
        assert_eq!((patch.kcal, before), (Some(650), stored));
    }
}
