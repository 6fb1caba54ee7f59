//! The queue of one user: rows in the order in which they were saved.

use jiff::{SignedDuration, Timestamp};

use super::{
    answer::{Reason, Rejection, RejectionKind},
    command::{Command, Subject},
    fold::{Folded, effective, fold},
    projection::projected,
    rebase,
};
use crate::{Activity, LogCommand};

/// Creates that were sent and not answered for this long are not sent by themselves any more.
const STALE_AFTER: SignedDuration = SignedDuration::from_hours(25 * 24);

/// A command in the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number, higher than those of rows that were saved before.
    pub number: u64,
    /// What is to be sent.
    pub command: Command,
    /// Where it is on its way.
    pub state: RowState,
    /// When it was saved.
    pub since: Timestamp,
    /// Why the last attempt didn't succeed.
    pub reason: Option<Reason>,
    /// Whether it undoes or redoes a step of the history.
    pub is_undo: bool,
    /// Its name as a step of the history, if that doesn't have it: the backend had rejected it.
    pub unlisted: Option<String>,
}

/// Where a row is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowState {
    /// The backend has never seen it.
    Waiting,
    /// It was sent, and the backend may have executed it.
    Sent {
        /// When it was sent first.
        since: Timestamp,
        /// Whether an attempt was not answered.
        unanswered: bool,
    },
    /// The backend rejected it; its owner sends it again or drops it.
    Rejected(Rejection),
}

impl Row {
    /// Whether it is to be sent.
    pub const fn is_pending(&self) -> bool {
        match self.state {
            RowState::Waiting | RowState::Sent { .. } => true,
            RowState::Rejected(_) => false,
        }
    }

    /// The word for its state in lists of the queue.
    pub const fn word(&self) -> &'static str {
        match self.state {
            RowState::Waiting => "waiting",
            RowState::Sent { .. } => "sent",
            RowState::Rejected(_) => "rejected",
        }
    }
}

/// What saving a command did to the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placed {
    /// It is, or is part of, the row of this number.
    Row(u64),
    /// Nothing is left to send: it changes nothing, or takes back the row of this number, which is gone.
    Nothing(Option<u64>),
}

/// Rows in the order of their numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Queue {
    pub(super) rows: Vec<Row>,
}

impl Queue {
    /// A queue of rows in any order.
    pub fn new(mut rows: Vec<Row>) -> Self {
        rows.sort_by_key(|row| row.number);
        Self { rows }
    }

    /// The rows, the oldest first.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row of a number.
    pub fn row(&self, number: u64) -> Option<&Row> {
        self.rows.get(self.place_of(number).ok()?)
    }

    pub(super) fn row_mut(&mut self, number: u64) -> Option<&mut Row> {
        let at = self.place_of(number).ok()?;
        self.rows.get_mut(at)
    }

    fn place_of(&self, number: u64) -> Result<usize, usize> {
        self.rows.binary_search_by_key(&number, |row| row.number)
    }

    /// Takes over rows that are new or differ, and removes those that are gone.
    pub fn update(&mut self, rows: Vec<Row>, gone: &[u64]) {
        for number in gone {
            if let Ok(at) = self.place_of(*number) {
                self.rows.remove(at);
            }
        }
        for row in rows {
            match self.place_of(row.number) {
                Ok(at) => {
                    if let Some(before) = self.rows.get_mut(at) {
                        *before = row;
                    }
                }
                Err(at) => self.rows.insert(at, row),
            }
        }
    }

    /// An entry as it will be once all is sent, of what the backend has; `None` if there is none then.
    pub fn projected(&self, id: &str, owner: &str, stored: Option<&Activity>) -> Option<Activity> {
        let of_entry = self.pending_entries().filter(|command| command.id() == id);
        projected(of_entry, owner, stored)
    }

    /// The changes of entries that are to be sent, the oldest first.
    pub fn pending_entries(&self) -> impl Iterator<Item = &LogCommand> {
        let pending = self.rows.iter().filter(|row| row.is_pending());
        pending.filter_map(|row| match &row.command {
            Command::Log(command) => Some(command),
            Command::Weight(_) | Command::Profile(_) | Command::Library(_) => None,
        })
    }

    /// Saves a command as the row `number`, or folds it into a row that was not sent.
    pub(super) fn place(&mut self, number: u64, command: Command, is_undo: bool, now: Timestamp) -> Placed {
        let Some(command) = effective(command.in_milliseconds()) else {
            return Placed::Nothing(None);
        };
        if let Some(at) = self.foldable(&command)
            && let Some(row) = self.rows.get_mut(at)
        {
            let was_rejected = !row.is_pending();
            let was_sent = matches!(row.state, RowState::Sent { .. });
            match fold(&row.command, was_rejected, &command) {
                Folded::Same => {
                    if let RowState::Rejected(rejection) = &row.state {
                        row.state = sent_again(rejection, now);
                        row.reason = None;
                        // The step of this command lists it.
                        row.unlisted = None;
                    }
                    return Placed::Row(row.number);
                }
                Folded::Into(both) if !was_sent => {
                    if matches!(command, Command::Log(LogCommand::Create(_))) {
                        row.unlisted = None;
                    }
                    row.command = both;
                    row.state = RowState::Waiting;
                    row.reason = None;
                    return Placed::Row(row.number);
                }
                Folded::Nothing if !was_sent => {
                    return Placed::Nothing(Some(self.rows.remove(at).number));
                }
                Folded::Into(_) | Folded::Nothing | Folded::Apart => {}
            }
        }
        self.rows.push(Row {
            number,
            command,
            state: RowState::Waiting,
            since: now,
            reason: None,
            is_undo,
            unlisted: None,
        });
        Placed::Row(number)
    }

    /// The last row that a command may be folded into. Profile and library don't affect each other.
    fn foldable(&self, command: &Command) -> Option<usize> {
        let subject = command.subject();
        let mut of_subject = self.rows.iter().enumerate().rev();
        let (at, _) = of_subject.find(|(_, row)| {
            let same_kind = subject != Subject::User || row.command.word() == command.word();
            same_kind && row.command.is_about(&subject)
        })?;
        Some(at)
    }

    /// Marks a row as sent and returns its command; `None` if it is gone or was rejected. This must be durable before the
    /// request leaves.
    pub fn begin(&mut self, number: u64, now: Timestamp) -> Option<Command> {
        let row = self.row_mut(number)?;
        row.state = match row.state {
            RowState::Rejected(_) => return None,
            RowState::Waiting => RowState::Sent {
                since: now,
                unanswered: false,
            },
            // An earlier attempt has left, and the answer to it was never taken.
            RowState::Sent { since, .. } => RowState::Sent {
                since,
                unanswered: true,
            },
        };
        Some(row.command.clone())
    }

    /// Rejects creates that were sent and not answered for 25 days; returns their numbers.
    pub fn expire(&mut self, now: Timestamp) -> Vec<u64> {
        let mut expired = Vec::new();
        for row in &mut self.rows {
            if let (Command::Log(LogCommand::Create(_)), RowState::Sent { since, .. }) =
                (&row.command, &row.state)
                && now.duration_since(*since) >= STALE_AFTER
            {
                row.state = RowState::Rejected(Rejection {
                    kind: RejectionKind::Stale,
                    text: format!(
                        "sent first on {} and never answered; it may have been stored, and deleted elsewhere since",
                        since.strftime("%Y-%m-%d")
                    ),
                });
                expired.push(row.number);
            }
        }
        expired
    }

    /// Has a rejected row sent again; returns whether there is one of this number.
    pub(super) fn retry(&mut self, number: u64, now: Timestamp) -> bool {
        let Some(row) = self.row_mut(number) else {
            return false;
        };
        let RowState::Rejected(rejection) = &row.state else {
            return false;
        };
        row.state = sent_again(rejection, now);
        row.reason = None;
        true
    }

    /// Removes a row that the backend has never executed; returns it. One that was sent stays: it may be done already.
    pub(super) fn withdraw(&mut self, number: u64) -> Option<Row> {
        let at = self.rows.iter().position(|row| row.number == number)?;
        let row = self.rows.get(at)?;
        if matches!(row.state, RowState::Sent { .. }) {
            return None;
        }
        let row = self.rows.remove(at);
        if row.is_pending() {
            rebase::without(&row.command, self.behind(&row.command.subject(), number));
        }
        Some(row)
    }

    /// The later commands of a subject that were not sent.
    pub(super) fn behind(&mut self, subject: &Subject, number: u64) -> impl Iterator<Item = &mut Command> {
        let behind = self
            .rows
            .iter_mut()
            .filter(move |row| row.number > number && row.state == RowState::Waiting);
        behind
            .map(|row| &mut row.command)
            .filter(move |command| command.subject() == *subject)
    }

    /// The deletion of an entry that is the last change of it in the queue and was never sent: its number, and the entry as it was
    /// based on.
    pub(super) fn unsent_deletion(&self, id: &str) -> Option<(u64, Activity)> {
        let of_entry = |row: &&Row| matches!(&row.command, Command::Log(command) if command.id() == id);
        let row = self.rows.iter().rev().find(of_entry)?;
        match (&row.state, &row.command) {
            (RowState::Waiting, Command::Log(LogCommand::Delete(before))) => {
                Some((row.number, before.clone()))
            }
            _ => None,
        }
    }

    /// Takes a failed attempt's answer.
    pub(super) fn wait(&mut self, number: u64, reason: Reason, may_be_done: bool) {
        if let Some(row) = self.row_mut(number) {
            row.reason = Some(reason);
            if let RowState::Sent { unanswered, .. } = &mut row.state {
                *unanswered |= may_be_done;
                if !*unanswered {
                    row.state = RowState::Waiting;
                }
            }
        }
    }
}

/// The state of a rejected row that is to be sent again.
const fn sent_again(rejection: &Rejection, now: Timestamp) -> RowState {
    match rejection.kind {
        // The backend may have it.
        RejectionKind::Stale => RowState::Sent {
            since: now,
            unanswered: true,
        },
        _ => RowState::Waiting,
    }
}
