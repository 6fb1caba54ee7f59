//! Who failed too often.

use rusqlite::{OptionalExtension as _, Row, params};

use super::{Result, Store};

impl Store {
    /// Failures of a name, and until when it is locked out.
    pub(in crate::cognito) fn failures(&self, username: &str) -> Result<(i64, i64)> {
        let sql = "SELECT count, until FROM failures WHERE username = ?1";
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        Ok(self
            .db
            .query_row(sql, [username], read)
            .optional()?
            .unwrap_or_default())
    }

    /// Notes a failure. At most `most` names are remembered; the one that failed longest ago gives way.
    pub(in crate::cognito) fn put_failure(
        &self,
        username: &str,
        count: i64,
        until: i64,
        now: i64,
        most: usize,
    ) -> Result<()> {
        self.db.execute(
            "INSERT OR REPLACE INTO failures VALUES (?1, ?2, ?3, ?4)",
            params![username, count, until, now],
        )?;
        self.db
            .execute(
                "DELETE FROM failures WHERE username IN
                 (SELECT username FROM failures ORDER BY until > ?2 DESC, last DESC LIMIT -1 OFFSET ?1) AND username <> ?3",
                params![most, now, username],
            )
            .map(drop)
    }

    pub(in crate::cognito) fn forget_failures(&self, username: &str) -> Result<()> {
        self.db
            .execute("DELETE FROM failures WHERE username = ?1", [username])
            .map(drop)
    }
}
