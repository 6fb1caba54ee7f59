//! Stored codes.

use rusqlite::{OptionalExtension as _, Row, params};

use super::{PoolStore, Result};

/// A stored code with its counters.
pub(crate) struct Code {
    pub(crate) hash: Vec<u8>,
    pub(crate) expires: i64,
    pub(crate) tries: i64,
    /// Number of codes sent since then.
    pub(crate) sends: i64,
    pub(crate) since: i64,
}

impl PoolStore {
    /// Stores a code's hash. Tries and sends continue the counts of earlier codes.
    pub(crate) fn put_code(&self, username: &str, purpose: &str, code: &Code, now: i64) -> Result<()> {
        let Code {
            hash,
            expires,
            tries,
            sends,
            since,
        } = code;
        // Requests for unknown names leave no rows for long.
        self.db.execute("DELETE FROM codes WHERE expires <= ?1", [now])?;
        let sql = "INSERT OR REPLACE INTO codes (username, purpose, hash, expires, tries, sends, since)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        self.db
            .execute(
                sql,
                params![username, purpose, hash, expires, tries, sends, since],
            )
            .map(drop)
    }

    pub(crate) fn code(&self, username: &str, purpose: &str) -> Result<Option<Code>> {
        let sql = "SELECT hash, expires, tries, sends, since FROM codes WHERE username = ?1 AND purpose = ?2";
        let read = |row: &Row<'_>| {
            Ok(Code {
                hash: row.get(0)?,
                expires: row.get(1)?,
                tries: row.get(2)?,
                sends: row.get(3)?,
                since: row.get(4)?,
            })
        };
        self.db.query_row(sql, [username, purpose], read).optional()
    }

    pub(crate) fn count_try(&self, username: &str, purpose: &str) -> Result<()> {
        let sql = "UPDATE codes SET tries = tries + 1 WHERE username = ?1 AND purpose = ?2";
        self.db.execute(sql, [username, purpose]).map(drop)
    }

    pub(crate) fn drop_code(&self, username: &str, purpose: &str) -> Result<()> {
        self.db
            .execute(
                "DELETE FROM codes WHERE username = ?1 AND purpose = ?2",
                [username, purpose],
            )
            .map(drop)
    }
}
