//! `outbox.db`: each method is one durable transaction of a [`Ledger`](caltrack_domain::outbox::Ledger).

use std::path::Path;

use caltrack_domain::outbox::{Command, Known, Outcome, SavedChange, Step, Undo};
use jiff::Timestamp;

use super::{
    access::Access,
    error::OutboxError,
    file,
    listing::{Saved, queued},
    owner::OutboxOwner,
    steps::{self, Steps},
    tables::{self, Scope},
    transaction::Database,
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
        let file::Opened {
            connection,
            access,
            share,
        } = file::open(path);
        Self {
            database: Database {
                path: path.to_owned(),
                connection,
                access,
                _share: share,
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
}
