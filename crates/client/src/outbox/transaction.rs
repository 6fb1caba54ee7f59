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

    /// Runs one transaction with one change of a ledger.
    pub(super) fn transact<T>(
        &mut self,
        owner: &OutboxOwner,
        scope: Scope<'_>,
        steps: Steps,
        change: impl FnOnce(&mut Ledger) -> (T, Vec<(u64, Outcome)>),
    ) -> Result<T, OutboxError> {
        self.transaction(|transaction| transaction.change(owner, scope, steps, change))
    }

    /// Runs one transaction, which is committed if one of its changes did something.
    pub(super) fn transaction<T>(
        &mut self,
        run: impl FnOnce(&mut Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, OutboxError> {
        self.access.writable()?;
        let Some(connection) = &self.connection else {
            return Err(OutboxError::Busy);
        };
        let run = || -> rusqlite::Result<T> {
            connection.execute_batch("BEGIN IMMEDIATE")?;
            let mut transaction = Transaction {
                connection,
                has_changed: false,
            };
            match run(&mut transaction) {
                Ok(result) if transaction.has_changed => match connection.execute_batch("COMMIT") {
                    Ok(()) => Ok(result),
                    Err(error) => {
                        roll_back(connection);
                        Err(error)
                    }
                },
                outcome => {
                    roll_back(connection);
                    outcome
                }
            }
        };
        run().map_err(|error| OutboxError::sqlite(&self.path, &error))
    }
}

/// A transaction that runs.
pub(super) struct Transaction<'a> {
    connection: &'a Connection,
    has_changed: bool,
}

impl Transaction<'_> {
    /// Loads the ledger of an owner, changes it, and writes the difference and the outcomes.
    pub(super) fn change<T>(
        &mut self,
        owner: &OutboxOwner,
        scope: Scope<'_>,
        steps: Steps,
        change: impl FnOnce(&mut Ledger) -> (T, Vec<(u64, Outcome)>),
    ) -> rusqlite::Result<T> {
        let loaded = tables::load(self.connection, owner, scope, steps)?;
        let mut ledger = loaded.ledger.clone();
        let (result, outcomes) = change(&mut ledger);
        self.has_changed |= tables::write(self.connection, owner, &loaded, &ledger)?;
        self.has_changed |= !outcomes.is_empty();
        for (row, outcome) in &outcomes {
            if !matches!(outcome, Outcome::Waiting(_)) {
                tables::add_outcome(self.connection, owner, *row, outcome)?;
            }
        }
        Ok(result)
    }
}

/// After some errors SQLite has rolled back already.
fn roll_back(connection: &Connection) {
    if !connection.is_autocommit()
        && let Err(error) = connection.execute_batch("ROLLBACK")
    {
        tracing::warn!(%error, "a transaction of the outbox can't be rolled back");
    }
}
