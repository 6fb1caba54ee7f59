//! A backend and a user pool in memory.

use std::collections::{BTreeMap, BTreeSet};

use caltrack_client::replica::Proof;
use caltrack_domain::{
    DailyTotals, LogCommand,
    outbox::{self, Reason, ReasonKind, Rejection, RejectionKind, Stored},
};
use jiff::civil::Date;

use crate::{
    entries::{Edit, Entry, totals_on},
    pool::{self, Answer, Command},
    world::{FailureKind, Pending, World},
};

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reply {
    /// It is done and acknowledged.
    Done,
    /// It is done, but the answer is lost.
    Lost,
    /// It is refused, and nothing is done.
    Fails(FailureKind, String),
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Change {
    Created,
    Updated,
    Deleted,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Backend {
    entries: BTreeMap<String, Entry>,
    deleted: BTreeSet<String>,
    /// Each version of a day's totals, the first at 0.
    totals: BTreeMap<Date, Vec<DailyTotals>>,
    /// Every text that was ever stored.
    texts: Vec<String>,
    /// The writes as the subscriptions publish them.
    events: Vec<(Change, Entry)>,
}

impl Backend {
    /// Whether a text was ever stored.
    pub(crate) fn has_stored(&self, text: &str) -> bool {
        self.texts.iter().any(|stored| stored.contains(text))
    }

    /// The entries of a day as a list has them.
    pub(crate) fn list(&self, date: Date) -> Vec<Entry> {
        let mut list: Vec<Entry> = self
            .entries
            .values()
            .filter(|entry| entry.date == date)
            .cloned()
            .collect();
        list.sort_by(|a, b| (a.moment, &a.id).cmp(&(b.moment, &b.id)));
        list
    }

    pub(crate) fn totals(&self, date: Date) -> DailyTotals {
        let versions = self.totals.get(&date).and_then(|versions| versions.last());
        versions.cloned().unwrap_or_else(|| totals_on(date, 0, 0, 0))
    }

    /// The totals of a day as they were, `age` versions ago at most.
    pub(crate) fn totals_before(&self, date: Date, age: usize) -> DailyTotals {
        let versions = self.totals.get(&date).map_or(&[][..], Vec::as_slice);
        let at = versions.len().saturating_sub(1 + age);
        versions
            .get(at)
            .cloned()
            .unwrap_or_else(|| totals_on(date, 0, 0, 0))
    }

    /// Counts a day anew.
    fn count(&mut self, date: Date) {
        let (mut consumed, mut burned) = (0, 0);
        for entry in self.entries.values().filter(|entry| entry.date == date) {
            match entry.category.as_str() {
                "Food" | "Drink" => consumed += i64::from(entry.kcal),
                "Exercise" => burned += i64::from(entry.kcal),
                _ => {}
            }
        }
        let mut proof = Proof::default();
        for entry in self.entries.values().filter(|entry| entry.date == date) {
            proof.add(&entry.id, entry.rev);
        }
        let versions = self.totals.entry(date).or_default();
        let version = u64::try_from(versions.len()).unwrap() + 1;
        versions.push(DailyTotals {
            entries: Some(proof.entries),
            digest: Some(proof.digest),
            ..totals_on(date, consumed, burned, version)
        });
    }

    fn store(&mut self, change: Change, entry: Entry) -> Entry {
        self.events.push((change, entry.clone()));
        self.texts.extend(entry.name.clone());
        self.texts.extend(entry.note.clone());
        let before = self.entries.insert(entry.id.clone(), entry.clone());
        if let Some(before) = before.filter(|before| before.date != entry.date) {
            self.count(before.date);
        }
        self.count(entry.date);
        entry
    }

    fn create(&mut self, new: &Entry) -> Result<Entry, Box<outbox::Answer>> {
        if self.deleted.contains(&new.id) {
            return Err(refused(RejectionKind::Deleted, "deleted"));
        }
        match self.entries.get(&new.id) {
            Some(stored) => Ok(stored.clone()),
            None => Ok(self.store(Change::Created, new.rev(1))),
        }
    }

    /// The entry of an id at a revision.
    fn at_rev(&self, id: &str, rev: u32) -> Result<Entry, Box<outbox::Answer>> {
        match self.entries.get(id) {
            Some(stored) if stored.rev == rev => Ok(stored.clone()),
            Some(stored) => Err(Box::new(outbox::Answer::Conflict(Some(stored.stored())))),
            None if self.deleted.contains(id) => Err(refused(RejectionKind::Deleted, "deleted")),
            None => Err(refused(RejectionKind::NotFound, "there is no such entry")),
        }
    }

    fn delete(&mut self, id: &str) -> Option<Entry> {
        let entry = self.entries.remove(id)?;
        self.deleted.insert(id.to_owned());
        self.count(entry.date);
        self.events.push((Change::Deleted, entry.clone()));
        Some(entry)
    }

    /// Executes a command as the API does. Of the user's row only the texts are kept.
    fn execute(&mut self, command: &outbox::Command) -> outbox::Answer {
        let stored = match command {
            outbox::Command::Log(command) => return self.execute_log(command),
            outbox::Command::Weight(_) => Stored::Weight,
            outbox::Command::Profile(change) => Stored::Profile {
                members: change.patch.clone(),
                lost: outbox::Members::new(),
            },
            outbox::Command::Library(_) => Stored::Library,
        };
        self.texts.push(format!("{command:?}"));
        outbox::Answer::Acknowledged(stored)
    }

    fn execute_log(&mut self, command: &LogCommand) -> outbox::Answer {
        let done = match command {
            LogCommand::Create(new) => self.create(&Entry::of_new(new)),
            LogCommand::Update { before, patch } => self.at_rev(&before.id, before.rev).map(|stored| {
                let edit = Edit::of(&before.id, patch, Some(before.rev));
                self.store(Change::Updated, edit.applied_to(&stored))
            }),
            LogCommand::Delete(before) => self.at_rev(&before.id, before.rev).inspect(|stored| {
                self.delete(&stored.id);
            }),
        };
        match done {
            Ok(entry) => outbox::Answer::Acknowledged(Stored::Entry(entry.stored())),
            Err(answer) => *answer,
        }
    }

    /// Takes a row of the outbox: executes it, unless `reply` refuses it.
    pub(crate) fn receive(&mut self, world: &mut World, row: u64, command: &outbox::Command, reply: &Reply) {
        let unanswered = |text: &str, may_be_done| outbox::Answer::Waiting {
            reason: Reason {
                kind: ReasonKind::Unreachable,
                text: text.to_owned(),
            },
            may_be_done,
        };
        let answer = match reply {
            Reply::Done => self.execute(command),
            Reply::Lost => {
                self.execute(command);
                unanswered("no answer", true)
            }
            Reply::Fails(FailureKind::Rejected, text) => rejected(RejectionKind::BadRequest, text),
            Reply::Fails(_, text) => unanswered(text, false),
        };
        world.answered(row, answer);
    }

    /// Another program writes an entry, if it can.
    pub(crate) fn write_elsewhere(&mut self, change: Change, entry: &Entry) {
        // A refusal is that program's.
        match (change, self.entries.get(&entry.id)) {
            (Change::Updated, Some(before)) => {
                let after = entry.rev(before.rev + 1);
                self.store(Change::Updated, after);
            }
            (Change::Updated, None) => {}
            (Change::Created, _) => drop(self.create(entry)),
            (Change::Deleted, _) => drop(self.delete(&entry.id)),
        }
    }

    /// The write that was the last one `age` writes ago.
    pub(crate) fn published(&self, age: usize) -> Option<(Change, Entry)> {
        self.events.iter().rev().nth(age).cloned()
    }

    /// Answers one request of the screens.
    pub(crate) fn answer(&mut self, world: &mut World, pending: &Pending, reply: &Reply) {
        let failure = match reply {
            Reply::Done => None,
            Reply::Lost => Some((FailureKind::Unreachable, "no answer".to_owned())),
            Reply::Fails(kind, message) => Some((*kind, message.clone())),
        };
        match pending {
            Pending::Day(load) => match failure {
                Some((kind, message)) => {
                    world.day_failed(*load, kind, &message);
                }
                None => {
                    world.day_loaded(*load, &self.list(load.date), &self.totals(load.date));
                }
            },
            Pending::Categories(request) => match failure {
                Some((kind, message)) => {
                    world.categories_failed(*request, kind, &message);
                }
                None => {
                    world.categories_loaded();
                }
            },
            Pending::Target(request) => match failure {
                Some((kind, message)) => {
                    world.target_failed(*request, kind, &message);
                }
                None => {
                    world.target_loaded(*request, 2_000, true);
                }
            },
            Pending::Account(request, command) => match failure {
                Some((kind, message)) => {
                    world.refuse_to(*request, kind, &message);
                }
                None => {
                    world.answer_to(*request, account_answer(command, request.0));
                }
            },
            Pending::SignOut => {
                world.signed_out();
            }
            Pending::Nothing => {}
        }
    }
}

fn refused(kind: RejectionKind, text: &str) -> Box<outbox::Answer> {
    Box::new(rejected(kind, text))
}

fn rejected(kind: RejectionKind, text: &str) -> outbox::Answer {
    outbox::Answer::Rejected(Rejection {
        kind,
        text: text.to_owned(),
    })
}

/// One of the answers that a user pool can give, by the request's number.
fn account_answer(command: &Command, number: u64) -> Answer {
    match (command, number % 4) {
        (Command::SignIn { .. }, 0) => pool::not_confirmed(),
        (Command::SignIn { .. } | Command::Answer { .. }, 1) => pool::challenge_for(pool::enrolment()),
        (Command::SignIn { .. } | Command::Answer { .. }, 2) => pool::challenge_for(pool::new_password()),
        (Command::SignUp { .. } | Command::Forgot { .. } | Command::Resend { .. }, _) => {
            pool::code_sent("a***@e***")
        }
        (Command::BeginAuthenticator, _) => pool::secret(),
        (
            Command::ChangePassword { .. } | Command::FinishAuthenticator { .. } | Command::TurnOffTwoStep,
            _,
        ) => pool::done(),
        (Command::Confirm { password: None, .. }, _) => pool::confirmed(),
        (
            Command::StartOnThisComputer
            | Command::SignIn { .. }
            | Command::Answer { .. }
            | Command::Confirm { .. }
            | Command::Reset { .. },
            _,
        ) => pool::signed_in("alice"),
    }
}
