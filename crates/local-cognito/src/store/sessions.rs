//! Sessions and their refresh tokens.

use rusqlite::{OptionalExtension as _, Row, params};

use super::{PoolStore, Result};

/// A sign-in with all its tokens.
#[derive(Clone)]
pub(crate) struct Session {
    /// The session's id, `origin_jti` in its tokens.
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) client: String,
    pub(crate) auth_time: i64,
    pub(crate) expires: i64,
    pub(crate) revoked: bool,
}

impl PoolStore {
    pub(crate) fn add_session(&self, session: &Session, refresh_hash: &[u8]) -> Result<()> {
        let turn = self.db.unchecked_transaction()?;
        // Expired sessions are of no use.
        turn.execute("DELETE FROM sessions WHERE expires <= ?1", [session.auth_time])?;
        turn.execute(
            "DELETE FROM refresh_tokens WHERE session NOT IN (SELECT id FROM sessions)",
            [],
        )?;
        let Session {
            id,
            username,
            client,
            auth_time,
            expires,
            ..
        } = session;
        turn.execute(
            "INSERT INTO sessions VALUES (?1, ?2, ?3, ?4, ?5, 0)",
            params![id, username, client, auth_time, expires],
        )?;
        turn.execute(
            "INSERT INTO refresh_tokens VALUES (?1, ?2, NULL)",
            params![refresh_hash, id],
        )?;
        turn.commit()
    }

    pub(crate) fn session(&self, id: &str) -> Result<Option<Session>> {
        let sql = "SELECT id, username, client, auth_time, expires, revoked FROM sessions WHERE id = ?1";
        self.db.prepare_cached(sql)?.query_row([id], session).optional()
    }

    /// The session of a refresh token, and the time of the token's rotation, if it was rotated.
    pub(crate) fn session_of_refresh(&self, hash: &[u8]) -> Result<Option<(Session, Option<i64>)>> {
        let sql = "SELECT sessions.id, username, client, auth_time, expires, revoked, rotated
                   FROM refresh_tokens JOIN sessions ON sessions.id = session WHERE hash = ?1";
        self.db
            .prepare_cached(sql)?
            .query_row([hash], |row| Ok((session(row)?, row.get(6)?)))
            .optional()
    }

    /// Adds a refresh token to a session, and marks the old one as rotated at its first use.
    pub(crate) fn rotate(&self, session: &str, old: &[u8], new: &[u8], now: i64) -> Result<()> {
        let turn = self.db.unchecked_transaction()?;
        turn.execute(
            "UPDATE refresh_tokens SET rotated = ?2 WHERE hash = ?1 AND rotated IS NULL",
            params![old, now],
        )?;
        turn.execute(
            "INSERT INTO refresh_tokens VALUES (?1, ?2, NULL)",
            params![new, session],
        )?;
        turn.commit()
    }

    pub(crate) fn revoke(&self, session: &str) -> Result<()> {
        self.db
            .execute("UPDATE sessions SET revoked = 1 WHERE id = ?1", [session])
            .map(drop)
    }

    pub(crate) fn revoke_all(&self, username: &str) -> Result<()> {
        self.db
            .execute("UPDATE sessions SET revoked = 1 WHERE username = ?1", [username])
            .map(drop)
    }
}

fn session(row: &Row<'_>) -> Result<Session> {
    Ok(Session {
        id: row.get(0)?,
        username: row.get(1)?,
        client: row.get(2)?,
        auth_time: row.get(3)?,
        expires: row.get(4)?,
        revoked: row.get(5)?,
    })
}
