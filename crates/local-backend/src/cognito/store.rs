//! The pool's file.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Row, params};

use super::OpenError;
use crate::datadir::private_file;

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

/// A user of the pool.
#[derive(Clone)]
pub(super) struct User {
    pub(super) username: String,
    pub(super) sub: String,
    pub(super) salt: Vec<u8>,
    pub(super) verifier: Vec<u8>,
    pub(super) email: Option<String>,
    pub(super) confirmed: bool,
    /// Until when a password that an administrator gave is good; none where it is the user's own.
    pub(super) given_until: Option<i64>,
    pub(super) totp: Totp,
    pub(super) groups: Vec<String>,
}

/// A user's authenticator.
#[derive(Clone, Default)]
pub(super) struct Totp {
    /// Verified, or waiting for its first code.
    pub(super) secret: Option<Vec<u8>>,
    /// Whether sign-in asks for a code.
    pub(super) on: bool,
    /// The last time step whose code was used.
    pub(super) step: i64,
}

/// A code that was sent.
pub(super) struct Code {
    pub(super) hash: Vec<u8>,
    pub(super) expires: i64,
    pub(super) tries: i64,
    /// How many were sent since.
    pub(super) sends: i64,
    pub(super) since: i64,
}

/// A sign-in, and all tokens that came of it.
#[derive(Clone)]
pub(super) struct Session {
    /// `origin_jti` of its tokens.
    pub(super) id: String,
    pub(super) username: String,
    pub(super) client: String,
    pub(super) auth_time: i64,
    pub(super) expires: i64,
    pub(super) revoked: bool,
}

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
        private_file()
            .write(true)
            .open(path)
            .map_err(|error| OpenError::Unavailable {
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

    /// Adds a user; false where the name is taken.
    pub(super) fn add_user(&self, user: &User, now: i64) -> Result<bool> {
        let added = self.db.execute(
            "INSERT INTO users (username, sub, salt, verifier, email, confirmed, created, given_until)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
            params![
                user.username,
                user.sub,
                user.salt,
                user.verifier,
                user.email,
                user.confirmed,
                now,
                user.given_until
            ],
        )?;
        Ok(added == 1)
    }

    pub(super) fn user(&self, username: &str) -> Result<Option<User>> {
        let user = self
            .db
            .prepare_cached(
                "SELECT username, sub, salt, verifier, email, confirmed, given_until, totp, totp_on, totp_step
                 FROM users WHERE username = ?1",
            )?
            .query_row([username], |row| {
                Ok(User {
                    username: row.get(0)?,
                    sub: row.get(1)?,
                    salt: row.get(2)?,
                    verifier: row.get(3)?,
                    email: row.get(4)?,
                    confirmed: row.get(5)?,
                    given_until: row.get(6)?,
                    totp: Totp {
                        secret: row.get(7)?,
                        on: row.get(8)?,
                        step: row.get(9)?,
                    },
                    groups: Vec::new(),
                })
            })
            .optional()?;
        let Some(mut user) = user else { return Ok(None) };
        user.groups = self
            .db
            .prepare_cached("SELECT name FROM memberships WHERE username = ?1 ORDER BY name")?
            .query_map([username], |row| row.get(0))?
            .collect::<Result<_>>()?;
        Ok(Some(user))
    }

    /// Replaces a password, the user's own or given by an administrator. A user who has one of their own is confirmed.
    pub(super) fn set_password(
        &self,
        username: &str,
        salt: &[u8],
        verifier: &[u8],
        given_until: Option<i64>,
    ) -> Result<()> {
        let sql =
            "UPDATE users SET salt = ?2, verifier = ?3, given_until = ?4, confirmed = confirmed OR ?4 IS NULL
                   WHERE username = ?1";
        self.db
            .execute(sql, params![username, salt, verifier, given_until])
            .map(drop)
    }

    pub(super) fn join(&self, username: &str, group: &str) -> Result<()> {
        self.db
            .execute(
                "INSERT OR IGNORE INTO memberships VALUES (?1, ?2)",
                [username, group],
            )
            .map(drop)
    }

    /// Keeps an authenticator's secret; sign-in goes on as before.
    pub(super) fn put_totp(&self, username: &str, secret: &[u8]) -> Result<()> {
        let sql = "UPDATE users SET totp = ?2, totp_on = 0, totp_step = 0 WHERE username = ?1";
        self.db.execute(sql, params![username, secret]).map(drop)
    }

    pub(super) fn turn_totp(&self, username: &str, on: bool) -> Result<()> {
        self.db
            .execute(
                "UPDATE users SET totp_on = ?2 WHERE username = ?1",
                params![username, on],
            )
            .map(drop)
    }

    /// Uses up the codes up to a time step; false where that one was used already.
    pub(super) fn use_totp_step(&self, username: &str, step: i64) -> Result<bool> {
        let sql = "UPDATE users SET totp_step = ?2 WHERE username = ?1 AND totp_step < ?2";
        Ok(self.db.execute(sql, params![username, step])? == 1)
    }

    /// Failures of a name, and until when it is locked out.
    pub(super) fn failures(&self, username: &str) -> Result<(i64, i64)> {
        let sql = "SELECT count, until FROM failures WHERE username = ?1";
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        Ok(self
            .db
            .query_row(sql, [username], read)
            .optional()?
            .unwrap_or_default())
    }

    /// Notes a failure. At most `most` names are remembered; the one that failed longest ago gives way.
    pub(super) fn put_failure(
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

    pub(super) fn forget_failures(&self, username: &str) -> Result<()> {
        self.db
            .execute("DELETE FROM failures WHERE username = ?1", [username])
            .map(drop)
    }

    pub(super) fn confirm(&self, username: &str) -> Result<()> {
        self.db
            .execute("UPDATE users SET confirmed = 1 WHERE username = ?1", [username])
            .map(drop)
    }

    /// Keeps a code's hash. Tries and sends are counted on from the codes before it.
    pub(super) fn put_code(&self, username: &str, purpose: &str, code: &Code, now: i64) -> Result<()> {
        let Code {
            hash,
            expires,
            tries,
            sends,
            since,
        } = code;
        // Whoever asks in names that don't exist leaves nothing for long.
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

    pub(super) fn code(&self, username: &str, purpose: &str) -> Result<Option<Code>> {
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

    pub(super) fn count_try(&self, username: &str, purpose: &str) -> Result<()> {
        let sql = "UPDATE codes SET tries = tries + 1 WHERE username = ?1 AND purpose = ?2";
        self.db.execute(sql, [username, purpose]).map(drop)
    }

    pub(super) fn drop_code(&self, username: &str, purpose: &str) -> Result<()> {
        self.db
            .execute(
                "DELETE FROM codes WHERE username = ?1 AND purpose = ?2",
                [username, purpose],
            )
            .map(drop)
    }

    pub(super) fn add_session(&self, session: &Session, refresh_hash: &[u8]) -> Result<()> {
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

    pub(super) fn session(&self, id: &str) -> Result<Option<Session>> {
        self.find_session("id = ?1", params![id])
    }

    pub(super) fn session_of_refresh(&self, hash: &[u8]) -> Result<Option<Session>> {
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
    pub(super) fn rotate(&self, session: &str, old: &[u8], new: &[u8]) -> Result<bool> {
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
    pub(super) fn is_spent(&self, hash: &[u8]) -> Result<bool> {
        self.db.query_row(
            "SELECT count(*) > 0 FROM spent_refresh WHERE hash = ?1",
            [hash],
            |row| row.get(0),
        )
    }

    pub(super) fn revoke(&self, session: &str) -> Result<()> {
        self.db
            .execute("UPDATE sessions SET revoked = 1 WHERE id = ?1", [session])
            .map(drop)
    }

    pub(super) fn revoke_all(&self, username: &str) -> Result<()> {
        self.db
            .execute("UPDATE sessions SET revoked = 1 WHERE username = ?1", [username])
            .map(drop)
    }

    pub(super) fn key(&self, purpose: &str) -> Result<Option<(String, String)>> {
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        self.db
            .query_row("SELECT kid, pem FROM keys WHERE purpose = ?1", [purpose], read)
            .optional()
    }

    pub(super) fn put_key(&self, purpose: &str, kid: &str, pem: &str) -> Result<()> {
        self.db
            .execute("INSERT INTO keys VALUES (?1, ?2, ?3)", [purpose, kid, pem])
            .map(drop)
    }

    /// A secret of the pool's own, made by chance the first time.
    pub(super) fn secret(&self, name: &str) -> Result<Vec<u8>> {
        let fresh: [u8; 32] = rand::random();
        self.db.execute(
            "INSERT OR IGNORE INTO secrets VALUES (?1, ?2)",
            params![name, fresh],
        )?;
        self.db
            .query_row("SELECT value FROM secrets WHERE name = ?1", [name], |row| {
                row.get(0)
            })
    }
}
