//! Answers: what each does to its row and to those behind it.

use super::{
    answer::{Answer, Outcome, Reason, ReasonKind, Rejection, RejectionKind, Stored},
    command::Command,
    fold::{Folded, fold},
    members::Members,
    queue::{Queue, RowState},
    rebase::{self, Rebased},
};
use crate::{Activity, ActivityPatch, LogCommand};

/// A part of a command that the backend's value stands against: it was changed elsewhere meanwhile.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "exists for a moment")]
pub(super) enum Lost {
    /// Members of an edit.
    Edit { mine: ActivityPatch, stored: Activity },
    /// A deletion of an entry that was edited elsewhere, and stays.
    Deletion { stored: Activity },
    /// Members of the profile.
    Profile { mine: Members, stored: Members },
}

/// What an answer came to.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Settled {
    /// Rows that are gone from the queue, rejected or waiting, with what became of them; empty where the command is sent
    /// again at once, merged.
    pub(super) outcomes: Vec<(u64, Outcome)>,
    /// What collided, by row.
    pub(super) lost: Vec<(u64, Lost)>,
    /// The id of a new entry that was another user's, and the one that the entry has now.
    pub(super) renamed: Option<(String, String)>,
}

impl Queue {
    /// Takes the answer to a row that was sent.
    pub(super) fn settle(&mut self, number: u64, answer: Answer) -> Settled {
        let mut settled = Settled::default();
        let Some(row) = self.row(number) else {
            return settled;
        };
        if let Command::Log(LogCommand::Create(new)) = &row.command
            && let Some(other) = new.other_id.clone()
            && is_taken(&answer)
        {
            let old = new.id.clone();
            self.rename(number, &old, &other);
            settled.renamed = Some((old, other));
            return settled;
        }
        match (row.command.clone(), answer) {
            (_, Answer::Waiting { reason, may_be_done }) => {
                self.wait(number, reason.clone(), may_be_done);
                settled.outcomes.push((number, Outcome::Waiting(reason)));
            }
            (_, Answer::Acknowledged(stored)) => self.acknowledge(number, stored, &mut settled),
            (
                Command::Log(LogCommand::Delete(before)),
                Answer::Conflict(None)
                | Answer::Rejected(Rejection {
                    kind: RejectionKind::NotFound | RejectionKind::Deleted,
                    ..
                }),
            ) => self.acknowledge(number, Stored::Entry(before), &mut settled),
            (
                Command::Log(command @ (LogCommand::Update { .. } | LogCommand::Delete(_))),
                Answer::Conflict(Some(stored)),
            ) => {
                self.merge(number, &command, stored, &mut settled);
            }
            (Command::Log(LogCommand::Update { .. }), Answer::Conflict(None)) => {
                let rejection = Rejection {
                    kind: RejectionKind::NotFound,
                    text: "there is no such entry any more".to_owned(),
                };
                self.reject(number, &rejection, &mut settled);
            }
            (Command::Log(LogCommand::Create(_)), Answer::Conflict(_)) => {
                let rejection = Rejection {
                    kind: RejectionKind::IdTaken,
                    text: "this id is taken".to_owned(),
                };
                self.reject(number, &rejection, &mut settled);
            }
            // These are merged before they are sent.
            (Command::Weight(_) | Command::Profile(_) | Command::Library(_), Answer::Conflict(_)) => {
                let reason = Reason {
                    kind: ReasonKind::Busy,
                    text: "another program is changing it".to_owned(),
                };
                self.wait(number, reason.clone(), false);
                settled.outcomes.push((number, Outcome::Waiting(reason)));
            }
            (_, Answer::Rejected(rejection)) => self.reject(number, &rejection, &mut settled),
        }
        settled
    }

    /// The id of a new entry is another user's: the entry and the changes behind it get its other id, and it is sent again at
    /// once.
    fn rename(&mut self, number: u64, old: &str, new: &str) {
        for row in &mut self.rows {
            if let Command::Log(command) = &mut row.command
                && row.number >= number
                && command.id() == old
            {
                command.rename(new);
                if row.number == number {
                    // Under this id it was never sent.
                    row.state = RowState::Waiting;
                    row.reason = None;
                }
            }
        }
    }

    /// The command is done: its row goes, and the next ones are based on what is stored.
    fn acknowledge(&mut self, number: u64, stored: Stored, settled: &mut Settled) {
        self.rows.retain(|row| row.number != number);
        let entry = match &stored {
            Stored::Entry(activity) => Some(activity.clone()),
            Stored::Profile { members, lost } if !lost.is_empty() => {
                let lost = Lost::Profile {
                    mine: lost.clone(),
                    stored: members.clone(),
                };
                settled.lost.push((number, lost));
                None
            }
            Stored::Weight | Stored::Profile { .. } | Stored::Library => None,
        };
        settled.outcomes.push((number, Outcome::Acknowledged(stored)));
        if let Some(stored) = entry {
            self.rebase_behind(number, &stored, settled);
        }
    }

    fn rebase_behind(&mut self, number: u64, stored: &Activity, settled: &mut Settled) {
        let behind: Vec<(u64, LogCommand)> = self
            .rows
            .iter()
            .filter(|row| row.number > number && row.state == RowState::Waiting)
            .filter_map(|row| match &row.command {
                Command::Log(command) if command.id() == stored.id => Some((row.number, command.clone())),
                _ => None,
            })
            .collect();
        // Only the first: what follows it is based on what it leaves.
        if let Some((next, command)) = behind.first() {
            match rebase::onto(command, stored) {
                Rebased::Left(command, lost) => {
                    if let Some(row) = self.row_mut(*next) {
                        row.command = Command::Log(command);
                    }
                    lose(*next, lost, stored, settled);
                }
                Rebased::Done(lost) if matches!(command, LogCommand::Update { .. }) => {
                    lose(*next, lost, stored, settled);
                    self.acknowledge(*next, Stored::Entry(stored.clone()), settled);
                }
                // A create of an id that is there: the backend decides.
                Rebased::Done(_) => {}
                Rebased::Refused => self.refuse(*next, stored.clone(), settled),
            }
        }
    }

    /// The entry has another revision than the command expects.
    fn merge(&mut self, number: u64, command: &LogCommand, stored: Activity, settled: &mut Settled) {
        match rebase::onto(command, &stored) {
            Rebased::Left(left, lost) => {
                if let Some(row) = self.row_mut(number) {
                    row.command = Command::Log(left);
                    // In this form it was never sent; the earlier form can't be executed any more.
                    row.state = RowState::Waiting;
                }
                lose(number, lost, &stored, settled);
            }
            Rebased::Done(lost) => {
                let collides = !lost.is_empty();
                lose(number, lost, &stored, settled);
                self.acknowledge(number, Stored::Entry(stored.clone()), settled);
                if collides
                    && let Some((_, outcome)) = settled.outcomes.iter_mut().find(|(row, _)| *row == number)
                {
                    *outcome = Outcome::Collided(stored);
                }
            }
            Rebased::Refused => self.refuse(number, stored, settled),
        }
    }

    /// A deletion meets an entry that was edited elsewhere: the entry stays.
    fn refuse(&mut self, number: u64, stored: Activity, settled: &mut Settled) {
        self.rows.retain(|row| row.number != number);
        let lost = Lost::Deletion {
            stored: stored.clone(),
        };
        settled.lost.push((number, lost));
        settled.outcomes.push((number, Outcome::Collided(stored)));
    }

    fn reject(&mut self, number: u64, rejection: &Rejection, settled: &mut Settled) {
        let Some(row) = self.row_mut(number) else {
            return;
        };
        row.state = RowState::Rejected(rejection.clone());
        row.reason = None;
        let command = row.command.clone();
        let subject = command.subject();
        if matches!(command, Command::Log(LogCommand::Create(_))) {
            self.fold_behind(number, command, rejection, settled);
        } else {
            rebase::without(&command, self.behind(&subject, number));
        }
        if self.row(number).is_some() {
            settled
                .outcomes
                .push((number, Outcome::Rejected(rejection.clone())));
        }
    }

    /// A create is rejected: the changes behind it become part of it.
    fn fold_behind(
        &mut self,
        number: u64,
        mut create: Command,
        rejection: &Rejection,
        settled: &mut Settled,
    ) {
        let subject = create.subject();
        let behind: Vec<(u64, Command)> = self
            .rows
            .iter()
            .filter(|row| {
                row.number > number && row.state == RowState::Waiting && row.command.subject() == subject
            })
            .map(|row| (row.number, row.command.clone()))
            .collect();
        for (next, command) in behind {
            match fold(&create, true, &command) {
                Folded::Into(both) => {
                    create = both;
                    self.rows.retain(|row| row.number != next);
                    settled
                        .outcomes
                        .push((next, Outcome::Rejected(rejection.clone())));
                }
                Folded::Nothing => {
                    self.rows.retain(|row| row.number != next && row.number != number);
                    settled.outcomes.push((number, Outcome::Withdrawn));
                    settled.outcomes.push((next, Outcome::Withdrawn));
                    return;
                }
                Folded::Same | Folded::Apart => {}
            }
        }
        if let Some(row) = self.row_mut(number) {
            row.command = create;
        }
    }
}

/// Whether the id of a new entry is another user's.
const fn is_taken(answer: &Answer) -> bool {
    matches!(
        answer,
        Answer::Conflict(_)
            | Answer::Rejected(Rejection {
                kind: RejectionKind::IdTaken,
                ..
            })
    )
}

fn lose(number: u64, mine: ActivityPatch, stored: &Activity, settled: &mut Settled) {
    if !mine.is_empty() {
        let lost = Lost::Edit {
            mine,
            stored: stored.clone(),
        };
        settled.lost.push((number, lost));
    }
}
