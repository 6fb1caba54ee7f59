//! Transactions of the file.

use std::{fs::File, path::PathBuf};

use caltrack_domain::outbox::{Ledger, Outcome};
use rusqlite::Connection;

use super::{
    access::Access,
    error::OutboxError,
    owner::OutboxOwner,
    steps::Steps,
    tables::{self, Scope},
};

/// The file as it was opened.
#[derive(Debug)]
pub(super) struct Database {
    pub(super) path: PathBuf,
    /// None where not even reading is possible.
    pub(super) connection: Option<Connection>,
    pub(super) access: Access,
    /// Keeps the file where it is. Dropped last.
    pub(super) _share: Option<File>,
}

impl Database {
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, OutboxError> {
        let Some(connection) = &self.connection else {
            self.access.writable()?;
            return Err(OutboxError::Busy);
        };
        read(connection).map_err(|error| OutboxError::sqlite(&self.path, &error))
    }

    /// Runs one transaction: loads the ledger, changes it, writes the difference and the outcomes.
    pub(super) fn transact<T>(
        &mut self,
        owner: &OutboxOwner,
        scope: Scope<'_>,
        steps: Steps,
        change: impl FnOnce(&mut Ledger) -> (T, Vec<(u64, Outcome)>),
    ) -> Result<T, OutboxError> {
        self.together(|connection| change_ledger(connection, owner, (scope, steps), change))
    }

    /// Runs one transaction of several changes, which returns whether something changed as well.
    pub(super) fn together<T>(
        &mut self,
        changes: impl FnOnce(&Connection) -> rusqlite::Result<(T, bool)>,
    ) -> Result<T, OutboxError> {
        self.access.writable()?;
        let Some(connection) = &self.connection else {
            return Err(OutboxError::Busy);
        };
        let run = || -> rusqlite::Result<T> {
            connection.execute_batch("BEGIN IMMEDIATE")?;
            match changes(connection) {
                Ok((result, true)) => match connection.execute_batch("COMMIT") {
                    Ok(()) => Ok(result),
                    Err(error) => {
                        roll_back(connection);
                        Err(error)
                    }
                },
                Ok((result, false)) => {
                    roll_back(connection);
                    Ok(result)
                }
                Err(error) => {
                    roll_back(connection);
                    Err(error)
                }
            }
        };
        run().map_err(|error| OutboxError::sqlite(&self.path, &error))
    }
}

/// Loads a part of the ledger, changes it, writes the difference and the outcomes; returns whether something changed as well.
pub(super) fn change_ledger<T>(
    connection: &Connection,
    owner: &OutboxOwner,
    (scope, steps): (Scope<'_>, Steps),
    change: impl FnOnce(&mut Ledger) -> (T, Vec<(u64, Outcome)>),
) -> rusqlite::Result<(T, bool)> {
    let loaded = tables::load(connection, owner, scope, steps)?;
    let mut ledger = loaded.ledger.clone();
    let (result, outcomes) = change(&mut ledger);
    let changed = tables::write(connection, owner, &loaded, &ledger)?;
    for (row, outcome) in &outcomes {
        if !matches!(outcome, Outcome::Waiting(_)) {
            tables::add_outcome(connection, owner, *row, outcome)?;
        }
    }
    Ok((result, changed || !outcomes.is_empty()))
}

/// After some errors SQLite has rolled back already.
fn roll_back(connection: &Connection) {
    if !connection.is_autocommit()
        && let Err(error) = connection.execute_batch("ROLLBACK")
    {
        tracing::warn!(%error, "a transaction of the outbox can't be rolled back");
    }
}
