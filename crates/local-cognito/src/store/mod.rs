//! The pool's file, an `SQLite` database.

mod codes;
mod failures;
mod format;
mod keys;
mod names;
mod sessions;
mod users;

use std::path::Path;

use rusqlite::{Connection, ErrorCode};

#[cfg(test)]
pub(super) use self::format::{FIRST, SECOND};
pub(super) use self::{
    codes::Code,
    failures::{Failures, Guess},
    names::fold,
    sessions::Session,
    users::User,
};
use super::{CognitoError, OpenError};

type Result<T> = rusqlite::Result<T>;

/// The pool's open database.
pub(super) struct PoolStore {
    db: Connection,
}

impl PoolStore {
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
        // SQLite would create a file that others can read.
        caltrack_private_files::prepare_database(path).map_err(|error| OpenError::Unavailable {
            path: path.to_owned(),
            detail: error.to_string(),
        })?;
        let db = Connection::open(path).map_err(failed)?;
        let format: i64 = db
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(failed)?;
        if format > format::CURRENT {
            return Err(OpenError::Newer {
                path: path.to_owned(),
            });
        }
        let setup = || {
            db.busy_timeout(std::time::Duration::from_secs(5))?;
            db.pragma_update(None, "journal_mode", "WAL")?;
            db.pragma_update(None, "synchronous", "FULL")?;
            format::upgrade(&db, format)?;
            db.query_row("SELECT count(*) FROM users", [], |_| Ok(()))
        };
        setup().map_err(failed)?;
        Ok(Self { db })
    }

    /// Runs `work` in a transaction, which is rolled back if it fails.
    pub(super) fn whole<T>(
        &self,
        work: impl FnOnce() -> std::result::Result<T, CognitoError>,
    ) -> std::result::Result<T, CognitoError> {
        let turn = self.db.unchecked_transaction()?;
        let made = work()?;
        turn.commit()?;
        Ok(made)
    }

    /// Limits the file to this many more pages, like a full disk.
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

    /// Rejects writes, like a read-only file system.
    #[cfg(test)]
    pub(super) fn read_only(&self, on: bool) {
        self.db.pragma_update(None, "query_only", on).unwrap();
    }
}
