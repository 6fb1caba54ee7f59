//! Failed guesses, by user name, transport and kind of secret.

use rusqlite::{OptionalExtension as _, Row, params};

use super::{PoolStore, Result};
use crate::Transport;

/// Seconds without a failure after a lock-out, after which wrong passwords are deleted (Cognito's guide, "Lockout
/// behavior for failed sign-in attempts"). Wrong codes stay, since they require the password.
const FORGOTTEN_AFTER: i64 = 900;

/// The kind of secret that was guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guess {
    /// A guess at a password.
    Password,
    /// A guess at an authenticator's code.
    Code,
}

impl Guess {
    fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
        }
    }
}

/// The failures of a name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Failures {
    pub(crate) count: i64,
    /// End of the lock-out.
    pub(crate) until: i64,
    /// Time of the first failure.
    pub(crate) since: i64,
}

impl PoolStore {
    /// Failures of a name; `None` if they have expired.
    pub(crate) fn failures(
        &self,
        username: &str,
        transport: Transport,
        guess: Guess,
        now: i64,
    ) -> Result<Option<Failures>> {
        let sql = "SELECT count, until, since FROM failures
                   WHERE username = ?1 AND transport = ?2 AND kind = ?3 AND (kind = 'code' OR max(until, last) + ?5 > ?4)";
        let read = |row: &Row<'_>| {
            Ok(Failures {
                count: row.get(0)?,
                until: row.get(1)?,
                since: row.get(2)?,
            })
        };
        self.db
            .prepare_cached(sql)?
            .query_row(
                params![username, transport.name(), guess.name(), now, FORGOTTEN_AFTER],
                read,
            )
            .optional()
    }

    /// Number of names whose first wrong password was in the minute before `now`.
    pub(crate) fn new_failures(&self, transport: Transport, now: i64) -> Result<i64> {
        let sql = "SELECT count(*) FROM failures
                   WHERE since > ?2 - 60 AND since <= ?2 AND transport = ?1 AND kind = 'password'";
        self.db
            .prepare_cached(sql)?
            .query_row(params![transport.name(), now], |row| row.get(0))
    }

    /// Replaces the failures of a name. Only expired failures of other names are removed.
    pub(crate) fn put_failures(
        &self,
        username: &str,
        transport: Transport,
        guess: Guess,
        failures: Failures,
        now: i64,
    ) -> Result<()> {
        let Failures { count, until, since } = failures;
        self.db.execute(
            "DELETE FROM failures WHERE kind = 'password' AND max(until, last) + ?2 <= ?1",
            params![now, FORGOTTEN_AFTER],
        )?;
        self.db
            .execute(
                "INSERT OR REPLACE INTO failures (username, transport, kind, count, until, last, since)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![username, transport.name(), guess.name(), count, until, now, since],
            )
            .map(drop)
    }

    /// Deletes the failures of one kind, by every transport.
    pub(crate) fn forget_guesses(&self, username: &str, guess: Guess) -> Result<()> {
        self.db
            .execute(
                "DELETE FROM failures WHERE username = ?1 AND kind = ?2",
                params![username, guess.name()],
            )
            .map(drop)
    }

    /// Deletes the failures of every kind, by one transport.
    pub(crate) fn forget_failures(&self, username: &str, transport: Transport) -> Result<()> {
        self.db
            .execute(
                "DELETE FROM failures WHERE username = ?1 AND transport = ?2",
                params![username, transport.name()],
            )
            .map(drop)
    }
}
