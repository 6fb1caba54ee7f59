//! Users: their passwords' verifiers, groups and authenticators.

use rusqlite::{OptionalExtension as _, params};

use super::{Result, Store};

/// A user of the pool.
#[derive(Clone)]
pub(in crate::cognito) struct User {
    pub(in crate::cognito) username: String,
    pub(in crate::cognito) sub: String,
    pub(in crate::cognito) salt: Vec<u8>,
    pub(in crate::cognito) verifier: Vec<u8>,
    pub(in crate::cognito) email: Option<String>,
    pub(in crate::cognito) confirmed: bool,
    /// Until when a password that an administrator gave is good; none where it is the user's own.
    pub(in crate::cognito) given_until: Option<i64>,
    pub(in crate::cognito) totp: Totp,
    pub(in crate::cognito) groups: Vec<String>,
}

/// A user's authenticator.
#[derive(Clone, Default)]
pub(in crate::cognito) struct Totp {
    /// Verified, or waiting for its first code.
    pub(in crate::cognito) secret: Option<Vec<u8>>,
    /// Whether sign-in asks for a code.
    pub(in crate::cognito) on: bool,
    /// The last time step whose code was used.
    pub(in crate::cognito) step: i64,
}

impl Store {
    /// Adds a user; false where the name is taken.
    pub(in crate::cognito) fn add_user(&self, user: &User, now: i64) -> Result<bool> {
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

    pub(in crate::cognito) fn user(&self, username: &str) -> Result<Option<User>> {
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
    pub(in crate::cognito) fn set_password(
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

    pub(in crate::cognito) fn confirm(&self, username: &str) -> Result<()> {
        self.db
            .execute("UPDATE users SET confirmed = 1 WHERE username = ?1", [username])
            .map(drop)
    }

    pub(in crate::cognito) fn join(&self, username: &str, group: &str) -> Result<()> {
        self.db
            .execute(
                "INSERT OR IGNORE INTO memberships VALUES (?1, ?2)",
                [username, group],
            )
            .map(drop)
    }

    /// Keeps an authenticator's secret; sign-in goes on as before.
    pub(in crate::cognito) fn put_totp(&self, username: &str, secret: &[u8]) -> Result<()> {
        let sql = "UPDATE users SET totp = ?2, totp_on = 0, totp_step = 0 WHERE username = ?1";
        self.db.execute(sql, params![username, secret]).map(drop)
    }

    pub(in crate::cognito) fn turn_totp(&self, username: &str, on: bool) -> Result<()> {
        self.db
            .execute(
                "UPDATE users SET totp_on = ?2 WHERE username = ?1",
                params![username, on],
            )
            .map(drop)
    }

    /// Uses up the codes up to a time step; false where that one was used already.
    pub(in crate::cognito) fn use_totp_step(&self, username: &str, step: i64) -> Result<bool> {
        let sql = "UPDATE users SET totp_step = ?2 WHERE username = ?1 AND totp_step < ?2";
        Ok(self.db.execute(sql, params![username, step])? == 1)
    }
}
