//! What can be read from the outbox, even where it can't be written.

use std::collections::BTreeSet;

use caltrack_domain::outbox::{History, Outcome};
use rusqlite::{OptionalExtension as _, params};

use super::{
    error::OutboxError,
    listing::{Listed, Listing, QueueChange, Status, Trouble},
    owner::OutboxOwner,
    steps::{self, Steps},
    store::Outbox,
    tables::{self, Scope},
    value,
};

impl Outbox {
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

    /// The position of the queue of an owner, and what has changed in it since an earlier one. As long as little has, that
    /// takes the same time whatever the queue's length. What can't be read is missing.
    pub fn list_since(&self, owner: &OutboxOwner, since: Option<u64>) -> (u64, Listed) {
        // Another program may write meanwhile: a row that is read before its change is reported is read again.
        let read = self.database.read(|connection| {
            let position = tables::position(connection)?;
            let Some(changed) = since.map(|since| tables::changed_since(connection, since)) else {
                return Ok((position, None));
            };
            let Some(changed) = changed? else {
                return Ok((position, None));
            };
            let (rows, unreadable) = tables::rows(connection, owner, Scope::Rows(&changed))?;
            Ok((position, Some((changed, rows, unreadable))))
        });
        // No position is 0, so that the whole queue is read next time too.
        let (position, change) = read.unwrap_or_default();
        let Some((changed, rows, unreadable)) = change else {
            return (position, Listed::Whole(self.list(owner)));
        };
        let found: BTreeSet<u64> = rows.iter().map(|row| row.number).collect();
        let change = QueueChange {
            gone: changed
                .into_iter()
                .filter(|number| !found.contains(number))
                .collect(),
            rows,
            unreadable,
            trouble: self.trouble(owner),
        };
        (position, Listed::Changed(change))
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
}
