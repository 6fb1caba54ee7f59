//! Sessions and their refresh tokens.

use rusqlite::{OptionalExtension as _, Row, params};

use super::{Result, Store};

/// A sign-in, and all tokens that came of it.
#[derive(Clone)]
pub(in crate::cognito) struct Session {
    /// `origin_jti` of its tokens.
    pub(in crate::cognito) id: String,
    pub(in crate::cognito) username: String,
    pub(in crate::cognito) client: String,
    pub(in crate::cognito) auth_time: i64,
    pub(in crate::cognito) expires: i64,
    pub(in crate::cognito) revoked: bool,
}

impl Store {
    pub(in crate::cognito) fn add_session(&self, session: &Session, refresh_hash: &[u8]) -> Result<()> {
        // What is over is of no use to anybody.
        self.db
            .execute("DELETE FROM sessions WHERE expires <= ?1", [session.auth_time])?;
        self.db.execute(
            "DELETE FROM spent_refresh WHERE session NOT IN (SELECT id FROM sessions)",
            [],
        )?;
        let sql = "INSERT INTO sessions VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)";
        let Session {
            id,
            username,
            client,
            auth_time,
            expires,
            ..
        } = session;
        self.db
            .execute(
                sql,
                params![id, username, client, refresh_hash, auth_time, expires],
            )
            .map(drop)
    }

    pub(in crate::cognito) fn session(&self, id: &str) -> Result<Option<Session>> {
        self.find_session("id = ?1", params![id])
    }

    pub(in crate::cognito) fn session_of_refresh(&self, hash: &[u8]) -> Result<Option<Session>> {
        self.find_session("refresh_hash = ?1", params![hash])
    }

    fn find_session(&self, condition: &str, value: &[&dyn rusqlite::ToSql]) -> Result<Option<Session>> {
        let sql = format!(
            "SELECT id, username, client, auth_time, expires, revoked FROM sessions WHERE {condition}"
        );
        let read = |row: &Row<'_>| {
            Ok(Session {
                id: row.get(0)?,
                username: row.get(1)?,
                client: row.get(2)?,
                auth_time: row.get(3)?,
                expires: row.get(4)?,
                revoked: row.get(5)?,
            })
        };
        self.db.prepare_cached(&sql)?.query_row(value, read).optional()
    }

    /// Puts a new refresh token in place of a session's old one, which counts as spent from now on. False where it was spent
    /// already: of two who use it at once, one wins.
    pub(in crate::cognito) fn rotate(&self, session: &str, old: &[u8], new: &[u8]) -> Result<bool> {
        let turn = self.db.unchecked_transaction()?;
        let sql = "UPDATE sessions SET refresh_hash = ?3 WHERE id = ?1 AND refresh_hash = ?2";
        let won = turn.execute(sql, params![session, old, new])? == 1;
        if won {
            turn.execute(
                "INSERT OR IGNORE INTO spent_refresh VALUES (?1, ?2)",
                params![old, session],
            )?;
        }
        turn.commit()?;
        Ok(won)
    }

    /// Whether a refresh token was rotated away.
    pub(in crate::cognito) fn is_spent(&self, hash: &[u8]) -> Result<bool> {
        self.db.query_row(
            "SELECT count(*) > 0 FROM spent_refresh WHERE hash = ?1",
            [hash],
            |row| row.get(0),
        )
    }

    pub(in crate::cognito) fn revoke(&self, session: &str) -> Result<()> {
        self.db
            .execute("UPDATE sessions SET revoked = 1 WHERE id = ?1", [session])
            .map(drop)
    }

    pub(in crate::cognito) fn revoke_all(&self, username: &str) -> Result<()> {
        self.db
            .execute("UPDATE sessions SET revoked = 1 WHERE username = ?1", [username])
            .map(drop)
    }
}
