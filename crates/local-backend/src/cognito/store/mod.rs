//! The pool's file.

mod codes;
mod failures;
mod keys;
mod sessions;
mod users;

use std::path::Path;

use rusqlite::{Connection, ErrorCode};

pub(super) use self::{
    codes::Code,
    sessions::Session,
    users::{Totp, User},
};
use super::{CognitoError, OpenError};

/// The format that this version writes.
const FORMAT: i64 = 2;

/// The tables of the first format.
pub(super) const SCHEMA: &str = "
CREATE TABLE users (
    username TEXT PRIMARY KEY, sub TEXT NOT NULL UNIQUE, salt BLOB NOT NULL, verifier BLOB NOT NULL,
    email TEXT, confirmed INTEGER NOT NULL, created INTEGER NOT NULL
) STRICT;
CREATE TABLE codes (
    username TEXT NOT NULL, purpose TEXT NOT NULL, hash BLOB NOT NULL, expires INTEGER NOT NULL, tries INTEGER NOT NULL,
    PRIMARY KEY (username, purpose)
) STRICT;
CREATE TABLE sessions (
    id TEXT PRIMARY KEY, username TEXT NOT NULL, client TEXT NOT NULL, refresh_hash BLOB NOT NULL UNIQUE,
    auth_time INTEGER NOT NULL, expires INTEGER NOT NULL, revoked INTEGER NOT NULL
) STRICT;
CREATE TABLE spent_refresh (hash BLOB PRIMARY KEY, session TEXT NOT NULL) STRICT;
CREATE TABLE keys (purpose TEXT PRIMARY KEY, kid TEXT NOT NULL, pem TEXT NOT NULL) STRICT;
CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
";

/// What the second format adds: given passwords and authenticators, groups, and who failed too often.
const SECOND: &str = "
ALTER TABLE users ADD COLUMN given_until INTEGER;
ALTER TABLE users ADD COLUMN totp BLOB;
ALTER TABLE users ADD COLUMN totp_on INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;
ALTER TABLE codes ADD COLUMN sends INTEGER NOT NULL DEFAULT 1;
ALTER TABLE codes ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
CREATE TABLE memberships (username TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (username, name)) STRICT;
CREATE TABLE failures (username TEXT PRIMARY KEY, count INTEGER NOT NULL, until INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;
";

type Result<T> = rusqlite::Result<T>;

/// The file, open.
pub(super) struct Store {
    db: Connection,
}

impl Store {
    pub(super) fn open(path: &Path) -> std::result::Result<Self, OpenError> {
        let failed = |error: rusqlite::Error| {
            let detail = error.to_string();
            let path = path.to_owned();
            match error.sqlite_error_code() {
                Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                    OpenError::Damaged { path, detail }
                }
                _ => OpenError::Unavailable { path, detail },
            }
        };
        // SQLite would make it readable by others.
        caltrack_private_files::prepare_database(path).map_err(|error| OpenError::Unavailable {
            path: path.to_owned(),
            detail: error.to_string(),
        })?;
        let db = Connection::open(path).map_err(failed)?;
        let format: i64 = db
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(failed)?;
        if format > FORMAT {
            return Err(OpenError::Newer {
                path: path.to_owned(),
            });
        }
        let setup = || {
            db.busy_timeout(std::time::Duration::from_secs(5))?;
            db.pragma_update(None, "journal_mode", "WAL")?;
            db.pragma_update(None, "synchronous", "FULL")?;
            let missing = match format {
                0 => [SCHEMA, SECOND].concat(),
                1 => SECOND.to_owned(),
                _ => String::new(),
            };
            if !missing.is_empty() {
                db.execute_batch(&format!(
                    "BEGIN; {missing} PRAGMA user_version = {FORMAT}; COMMIT;"
                ))?;
            }
            db.query_row("SELECT count(*) FROM users", [], |_| Ok(()))
        };
        setup().map_err(failed)?;
        Ok(Self { db })
    }

    /// Does all of a work or, where it fails, nothing of it.
    pub(super) fn whole<T>(
        &self,
        work: impl FnOnce() -> std::result::Result<T, CognitoError>,
    ) -> std::result::Result<T, CognitoError> {
        let turn = self.db.unchecked_transaction()?;
        let made = work()?;
        turn.commit()?;
        Ok(made)
    }

    /// Leaves room for so many pages more, as a disk that fills up does.
    #[cfg(test)]
    pub(super) fn leave_room(&self, pages: u32) {
        let used: u32 = self
            .db
            .query_row("PRAGMA page_count", [], |row| row.get(0))
            .unwrap();
        self.db
            .pragma_update(None, "max_page_count", used + pages)
            .unwrap();
    }

    /// Refuses to write, as on a file system that can only be read.
    #[cfg(test)]
    pub(super) fn read_only(&self, on: bool) {
        self.db.pragma_update(None, "query_only", on).unwrap();
    }
}
