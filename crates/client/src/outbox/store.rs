//! `outbox.db`: each method is one durable transaction of a [`Ledger`](caltrack_domain::outbox::Ledger).

use std::path::Path;

use caltrack_domain::outbox::{
    Answer, Command, History, Known, Outcome, Queue, Reason, Row, SavedChange, Settlement, Step, Undo,
};
use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::{
    access::Access,
    error::OutboxError,
    file,
    listing::{Listing, Saved, Status, Trouble, queued},
    owner::OutboxOwner,
    steps::{self, Steps},
    tables::{self, Scope},
    transaction::Database,
    value,
};

/// An open outbox. Calls block for as long as the disk takes to sync a transaction.
#[derive(Debug)]
pub struct Outbox {
    pub(super) database: Database,
}

impl Outbox {
    /// Opens the outbox, and creates it if it is absent. It is never set aside: a file that is damaged, newer or can't be
    /// written is opened for reading, as far as that is possible; [`Outbox::access`] has the reason.
    pub fn open(path: &Path) -> Self {
        let file::Opened { connection, access } = file::open(path);
        Self {
            database: Database {
                path: path.to_owned(),
                connection,
                access,
            },
        }
    }

    /// Whether changes can be saved.
    pub const fn access(&self) -> &Access {
        &self.database.access
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.database.path
    }

    /// Saves the commands of one step. When this returns, they survive a power cut.
    ///
    /// # Errors
    ///
    /// [`OutboxError`]; nothing is saved then.
    pub fn save(
        &mut self,
        owner: &OutboxOwner,
        name: &str,
        commands: Vec<Command>,
        now: Timestamp,
    ) -> Result<Saved, OutboxError> {
        self.replace(owner, None, name, commands, now)
    }

    /// As [`Outbox::save`], in place of the rejected row of this number, which is dropped in the same transaction unless it has
    /// become one of theirs.
    ///
    /// # Errors
    ///
    /// As [`Outbox::save`].
    pub fn replace(
        &mut self,
        owner: &OutboxOwner,
        replaced: Option<u64>,
        name: &str,
        commands: Vec<Command>,
        now: Timestamp,
    ) -> Result<Saved, OutboxError> {
        let mut subjects: Vec<String> = commands.iter().map(|command| command.subject().key()).collect();
        if let Some(row) = replaced {
            let rows = self
                .database
                .read(|connection| tables::rows(connection, owner, Scope::Rows(&[row])));
            let (rows, _) = rows?;
            subjects.extend(rows.iter().map(|row| row.command.subject().key()));
        }
        subjects.sort_unstable();
        subjects.dedup();
        let changes = self.database.transact(
            owner,
            Scope::Subjects(&subjects),
            Steps::OfRowsAndOthers,
            |ledger| {
                let saved = ledger.save(name, commands, now);
                let dropped = replaced
                    .filter(|row| !saved.contains(&SavedChange::Queued(*row)) && ledger.drop_row(*row));
                let outcomes = dropped.map(|row| (row, Outcome::Withdrawn));
                (saved, outcomes.into_iter().collect())
            },
        )?;
        Ok(self.saved(owner, changes))
    }

    /// Saves the next commands of an import, whose first ones were saved by [`Outbox::save`] under the same name: the
    /// history is not read, so that each part takes as long as the first.
    ///
    /// # Errors
    ///
    /// [`OutboxError`]; nothing is saved then.
    pub fn save_more(
        &mut self,
        owner: &OutboxOwner,
        name: &str,
        commands: Vec<Command>,
        now: Timestamp,
    ) -> Result<Saved, OutboxError> {
        let subjects: Vec<String> = commands.iter().map(|command| command.subject().key()).collect();
        let changes = self
            .database
            .transact(owner, Scope::Subjects(&subjects), Steps::None, |ledger| {
                (ledger.save(name, commands, now), Vec::new())
            })?;
        Ok(self.saved(owner, changes))
    }

    /// Undoes the last step; see [`Ledger::undo`](caltrack_domain::outbox::Ledger::undo).
    ///
    /// # Errors
    ///
    /// [`OutboxError`]; nothing is undone then.
    pub fn undo(
        &mut self,
        owner: &OutboxOwner,
        known: impl Fn(&str) -> Known,
        new_id: impl FnMut() -> String,
        now: Timestamp,
    ) -> Result<Undo, OutboxError> {
        let mut new_id = new_id;
        let narrow = self
            .database
            .transact(owner, Scope::All, Steps::LastDone, |ledger| {
                (ledger.undo(&known, &mut new_id, now), Vec::new())
            })?;
        if narrow != Undo::Nothing {
            return Ok(narrow);
        }
        // The last step can't be decoded.
        self.database.transact(owner, Scope::All, Steps::All, |ledger| {
            (ledger.undo(known, new_id, now), Vec::new())
        })
    }

    /// Redoes the last undone step; see [`Ledger::redo`](caltrack_domain::outbox::Ledger::redo).
    ///
    /// # Errors
    ///
    /// [`OutboxError`]; nothing is redone then.
    pub fn redo(
        &mut self,
        owner: &OutboxOwner,
        known: impl Fn(&str) -> Known,
        new_id: impl FnMut() -> String,
        now: Timestamp,
    ) -> Result<Undo, OutboxError> {
        let mut new_id = new_id;
        let narrow = self
            .database
            .transact(owner, Scope::All, Steps::FirstUndone, |ledger| {
                (ledger.redo(&known, &mut new_id, now), Vec::new())
            })?;
        if narrow != Undo::Nothing {
            return Ok(narrow);
        }
        // The first undone step can't be decoded.
        self.database.transact(owner, Scope::All, Steps::All, |ledger| {
            (ledger.redo(known, new_id, now), Vec::new())
        })
    }

    /// Where commands are that are in the queue already, such as those of an undo, for [`super::deliver()`].
    pub fn saved(&self, owner: &OutboxOwner, changes: Vec<SavedChange>) -> Saved {
        let numbers: Vec<u64> = queued(&changes).collect();
        let rows = self
            .database
            .read(|connection| tables::rows(connection, owner, Scope::Rows(&numbers)));
        let rows = rows.map_or_else(|_| Vec::new(), |(rows, _)| rows);
        Saved {
            changes,
            attempts: self.trouble(owner).attempts,
            reasons: rows
                .into_iter()
                .filter_map(|row| Some((row.number, row.reason?)))
                .collect(),
        }
    }

    /// Marks rows as sent; returns their commands. Rows that are gone meanwhile have none.
    ///
    /// # Errors
    ///
    /// [`OutboxError`]; then nothing may be sent.
    pub fn begin(
        &mut self,
        owner: &OutboxOwner,
        numbers: &[u64],
        now: Timestamp,
    ) -> Result<Vec<(u64, Command)>, OutboxError> {
        let mut begun = Vec::new();
        let rows = Scope::Rows(numbers);
        self.database.transact(owner, rows, Steps::None, |ledger| {
            for number in numbers {
                let command = ledger.queue.begin(*number, now);
                begun.extend(command.map(|command| (*number, command)));
            }
            ((), Vec::new())
        })?;
        Ok(begun)
    }

    /// Takes the answer to a row that was sent.
    ///
    /// # Errors
    ///
    /// [`OutboxError`]; the row stays as it is, and is sent again.
    pub fn answer(
        &mut self,
        owner: &OutboxOwner,
        number: u64,
        answer: Answer,
    ) -> Result<Settlement, OutboxError> {
        Ok(self.answer_lanes(owner, vec![(number, answer)])?.0)
    }

    /// Whether the step that undo (or redo) takes next is a part of the same import as a step that was taken.
    ///
    /// # Errors
    ///
    /// [`OutboxError`] if the file can't be read.
    pub fn continues(&self, owner: &OutboxOwner, step: &Step, is_undo: bool) -> Result<bool, OutboxError> {
        let next = self
            .database
            .read(|connection| steps::next_step(connection, owner, is_undo))?;
        Ok(next.is_some_and(|(_, name)| {
            let next = Step {
                name,
                changes: Vec::new(),
                ..step.clone()
            };
            next.continues(step)
        }))
    }

    /// The first rows that may be sent.
    pub(super) fn first(&self, owner: &OutboxOwner, most: usize) -> Vec<Row> {
        let read = self
            .database
            .read(|connection| tables::rows(connection, owner, Scope::First(most)));
        read.map(|(rows, _)| rows).unwrap_or_default()
    }

    /// Takes the answers to several rows that were sent, in one transaction; returns the rows of the same subjects as well.
    pub(super) fn answer_lanes(
        &mut self,
        owner: &OutboxOwner,
        answers: Vec<(u64, Answer)>,
    ) -> Result<(Settlement, Vec<Row>), OutboxError> {
        let general = answers.last().and_then(|(_, answer)| match answer {
            Answer::Waiting { reason, .. } if reason.kind.is_general() => Some(reason.clone()),
            _ => None,
        });
        let numbers: Vec<u64> = answers.iter().map(|(number, _)| *number).collect();
        let settled = self
            .database
            .transact(owner, Scope::Lanes(&numbers), Steps::OfRows, |ledger| {
                let mut all = Settlement::default();
                for (number, answer) in answers {
                    let settled = ledger.answer(number, answer);
                    all.outcomes.extend(settled.outcomes);
                    all.collisions.extend(settled.collisions);
                }
                let outcomes = all.outcomes.clone();
                ((all, ledger.queue.rows().to_vec()), outcomes)
            })?;
        self.note_trouble(owner, general.as_ref())?;
        Ok(settled)
    }

    /// Rejects creates that were sent and not answered for 25 days.
    ///
    /// # Errors
    ///
    /// [`OutboxError`] if the file can't be read or written, is damaged or of a newer version.
    pub fn expire(
        &mut self,
        owner: &OutboxOwner,
        now: Timestamp,
    ) -> Result<Vec<(u64, Outcome)>, OutboxError> {
        // The history matters only where something has expired.
        let (rows, _) = self
            .database
            .read(|connection| tables::rows(connection, owner, Scope::All))?;
        if Queue::new(rows).expire(now).is_empty() {
            return Ok(Vec::new());
        }
        self.database.transact(owner, Scope::All, Steps::All, |ledger| {
            let outcomes = ledger.expire(now);
            (outcomes.clone(), outcomes)
        })
    }

    /// Has a rejected row sent again; returns whether there is one of this number.
    ///
    /// # Errors
    ///
    /// [`OutboxError`] if the file can't be read or written, is damaged or of a newer version.
    pub fn retry(&mut self, owner: &OutboxOwner, number: u64, now: Timestamp) -> Result<bool, OutboxError> {
        self.database
            .transact(owner, Scope::Lane(number), Steps::OfRows, |ledger| {
                (ledger.retry(number, now), Vec::new())
            })
    }

    /// Drops a row that was rejected or never sent; returns whether there is one of this number.
    ///
    /// # Errors
    ///
    /// [`OutboxError`] if the file can't be read or written, is damaged or of a newer version.
    pub fn drop_row(&mut self, owner: &OutboxOwner, number: u64) -> Result<bool, OutboxError> {
        self.database
            .transact(owner, Scope::Lane(number), Steps::OfRows, |ledger| {
                let dropped = ledger.drop_row(number);
                let outcomes = if dropped {
                    vec![(number, Outcome::Withdrawn)]
                } else {
                    Vec::new()
                };
                (dropped, outcomes)
            })
    }

    /// The queue of an owner. What can't be read is missing.
    pub fn list(&self, owner: &OutboxOwner) -> Listing {
        let Some(connection) = &self.database.connection else {
            return Listing::default();
        };
        let (rows, unreadable) = tables::rows(connection, owner, Scope::All).unwrap_or_else(|error| {
            tracing::warn!(%error, "the queue can't be read");
            (Vec::new(), Vec::new())
        });
        Listing {
            rows,
            unreadable,
            trouble: self.trouble(owner),
        }
    }

    /// The undo history of an owner; empty where it can't be read.
    pub fn history(&self, owner: &OutboxOwner) -> History {
        let read = self
            .database
            .connection
            .as_ref()
            .map(|connection| steps::history(connection, owner));
        read.and_then(Result::ok).unwrap_or_default()
    }

    /// The step that undo (or redo) takes next, and which ids stand for others: a history without its other steps.
    pub fn next_step(&self, owner: &OutboxOwner, is_undo: bool) -> History {
        let steps = if is_undo {
            Steps::LastDone
        } else {
            Steps::FirstUndone
        };
        let read = self
            .database
            .read(|connection| steps::load(connection, owner, &[], steps));
        read.map(|loaded| loaded.history).unwrap_or_default()
    }

    /// Which ids of an owner stand for others: a history without its steps.
    pub fn redirects(&self, owner: &OutboxOwner) -> History {
        let read = self
            .database
            .read(|connection| steps::redirects(connection, owner));
        History::new(Vec::new(), read.unwrap_or_default())
    }

    /// What became of a row.
    ///
    /// # Errors
    ///
    /// [`OutboxError`] if the file can't be read or written, is damaged or of a newer version.
    pub fn status(&self, owner: &OutboxOwner, number: u64) -> Result<Status, OutboxError> {
        let (rows, _) = self
            .database
            .read(|connection| tables::rows(connection, owner, Scope::Lane(number)))?;
        if let Some(row) = rows
            .into_iter()
            .find(|row| row.number == number && row.is_pending())
        {
            return Ok(Status::Pending { reason: row.reason });
        }
        let outcome = self
            .database
            .read(|connection| tables::outcome(connection, number))?;
        Ok(outcome.map_or(Status::Forgotten, Status::Settled))
    }

    /// What became of rows since an outcome, with the number of each; for programs that don't send themselves.
    ///
    /// # Errors
    ///
    /// [`OutboxError`] if the file can't be read or written, is damaged or of a newer version.
    pub fn outcomes_after(
        &self,
        owner: &OutboxOwner,
        after: u64,
    ) -> Result<Vec<(u64, u64, Outcome)>, OutboxError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT number, row, body FROM outcomes WHERE profile = ? AND sub = ? AND number > ? ORDER BY number",
            )?;
            let found = statement.query_map(params![owner.profile, owner.sub, value::signed(after)], |row| {
                let body: String = row.get(2)?;
                Ok((value::unsigned(row.get(0)?), value::unsigned(row.get(1)?), value::parsed(&body)))
            })?;
            let found = found.collect::<rusqlite::Result<Vec<_>>>()?;
            let known = found.into_iter().filter_map(|(number, row, outcome)| Some((number, row, outcome?)));
            Ok(known.collect())
        })
    }

    /// The number of the newest outcome of any owner.
    ///
    /// # Errors
    ///
    /// [`OutboxError`] if the file can't be read or written, is damaged or of a newer version.
    pub fn last_outcome(&self) -> Result<u64, OutboxError> {
        let last = self.database.read(|connection| {
            connection.query_row("SELECT coalesce(max(number), 0) FROM outcomes", [], |row| {
                row.get(0)
            })
        })?;
        Ok(value::unsigned(last))
    }

    /// The owners with rows in the queue, and how many they have.
    pub fn owners(&self) -> Vec<(OutboxOwner, usize)> {
        self.database
            .read(|connection| {
                let mut statement = connection.prepare_cached(
                    "SELECT profile, sub, count(*) FROM rows GROUP BY profile, sub ORDER BY profile, sub",
                )?;
                let owners = statement.query_map([], |row| {
                    let owner = OutboxOwner {
                        profile: row.get(0)?,
                        sub: row.get(1)?,
                    };
                    let count: i64 = row.get(2)?;
                    Ok((owner, usize::try_from(count).unwrap_or(usize::MAX)))
                })?;
                owners.collect()
            })
            .unwrap_or_default()
    }

    /// Why nothing is sent at present.
    pub fn trouble(&self, owner: &OutboxOwner) -> Trouble {
        let found = self.database.read(|connection| {
            connection
                .prepare_cached("SELECT attempts, reason FROM troubles WHERE profile = ? AND sub = ?")?
                .query_row(params![owner.profile, owner.sub], |row| {
                    let reason: Option<String> = row.get(1)?;
                    Ok(Trouble {
                        attempts: value::unsigned(row.get(0)?),
                        reason: reason.and_then(|reason| value::parsed(&reason)),
                    })
                })
                .optional()
        });
        found.ok().flatten().unwrap_or_default()
    }

    /// Notes a reason that every row would meet; none once the backend has answered.
    fn note_trouble(&self, owner: &OutboxOwner, reason: Option<&Reason>) -> Result<(), OutboxError> {
        let known = self.trouble(owner);
        if reason.is_none() && known.reason.is_none() {
            return Ok(());
        }
        let attempts = known.attempts + u64::from(reason.is_some());
        self.database.read(|connection| {
            connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO troubles (profile, sub, attempts, reason) VALUES (?, ?, ?, ?)",
                )?
                .execute(params![
                    owner.profile,
                    owner.sub,
                    value::signed(attempts),
                    reason.map(value::json).transpose()?
                ])
        })?;
        Ok(())
    }
}
