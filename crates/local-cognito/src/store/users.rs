//! Users: their passwords' verifiers, attributes, groups and authenticators.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension as _, Row, params};

use super::{PoolStore, Result, names::fold};

/// A user of the pool.
#[derive(Clone, Default)]
pub(crate) struct User {
    /// The name, in lower case unless the user is older than that rule.
    pub(crate) username: String,
    pub(crate) sub: String,
    pub(crate) salt: Vec<u8>,
    pub(crate) verifier: Vec<u8>,
    /// Standard attributes by name, without `sub`.
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) confirmed: bool,
    /// Expiry of a temporary password; none if the user chose the password.
    pub(crate) given_until: Option<i64>,
    /// Time in seconds since 1970.
    pub(crate) created: i64,
    /// Time in seconds since 1970.
    pub(crate) modified: i64,
    pub(crate) totp: Totp,
    pub(crate) groups: Vec<String>,
}

/// The state of a user's authenticator.
#[derive(Clone, Default)]
pub(crate) struct Totp {
    /// The secret of the verified authenticator.
    pub(crate) secret: Option<Vec<u8>>,
    /// The secret of a new authenticator that awaits its first code.
    pub(crate) pending: Option<Vec<u8>>,
    /// Whether sign-in requires a code.
    pub(crate) on: bool,
}

const COLUMNS: &str = "username, sub, salt, verifier, attributes, confirmed, given_until, created, modified, totp, totp_new, totp_on";

impl PoolStore {
    /// Adds a user; returns false if the name is taken in any case.
    pub(crate) fn add_user(&self, user: &User) -> Result<bool> {
        let added = self.db.execute(
            "INSERT INTO users (username, folded, sub, salt, verifier, attributes, confirmed, given_until, created, modified)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9) ON CONFLICT DO NOTHING",
            params![
                user.username,
                fold(&user.username),
                user.sub,
                user.salt,
                user.verifier,
                written(&user.attributes),
                user.confirmed,
                user.given_until,
                user.created,
            ],
        )?;
        Ok(added == 1)
    }

    /// The user of a name in any case. If two older names differ only in case, each is found by its exact spelling, and
    /// any other spelling finds the older user.
    pub(crate) fn user(&self, name: &str) -> Result<Option<User>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM users WHERE username IN (?1, ?2) OR folded = ?2
             ORDER BY username = ?1 DESC, folded = ?2 DESC LIMIT 1"
        );
        let user = self
            .db
            .prepare_cached(&sql)?
            .query_row([name, &fold(name)], user)
            .optional()?;
        let Some(mut user) = user else { return Ok(None) };
        user.groups = self
            .db
            .prepare_cached("SELECT name FROM memberships WHERE username = ?1 ORDER BY name")?
            .query_map([&user.username], |row| row.get(0))?
            .collect::<Result<_>>()?;
        Ok(Some(user))
    }

    /// The normalised form of a name: its user's, or lower case if there is no user.
    pub(crate) fn spelling(&self, name: &str) -> Result<String> {
        Ok(self.user(name)?.map_or_else(|| fold(name), |user| user.username))
    }

    /// All users after a name, in the order of names.
    pub(crate) fn users_behind(&self, name: &str) -> Result<Vec<User>> {
        self.db
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM users WHERE username > ?1 ORDER BY username"
            ))?
            .query_map([name], user)?
            .collect()
    }

    /// Removes a user with its sessions, codes, failures and groups.
    pub(crate) fn delete_user(&self, username: &str) -> Result<()> {
        let turn = self.db.unchecked_transaction()?;
        turn.execute(
            "DELETE FROM refresh_tokens WHERE session IN (SELECT id FROM sessions WHERE username = ?1)",
            [username],
        )?;
        for table in ["sessions", "codes", "failures", "memberships", "users"] {
            turn.execute(&format!("DELETE FROM {table} WHERE username = ?1"), [username])?;
        }
        turn.commit()
    }

    /// Replaces a password. A user with a password of their own is confirmed; a temporary one has an expiry.
    pub(crate) fn set_password(
        &self,
        username: &str,
        salt: &[u8],
        verifier: &[u8],
        given_until: Option<i64>,
        now: i64,
    ) -> Result<()> {
        let sql = "UPDATE users
                   SET salt = ?2, verifier = ?3, given_until = ?4, confirmed = confirmed OR ?4 IS NULL, modified = ?5
                   WHERE username = ?1";
        self.db
            .execute(sql, params![username, salt, verifier, given_until, now])
            .map(drop)
    }

    pub(crate) fn confirm(&self, username: &str, now: i64) -> Result<()> {
        let sql = "UPDATE users SET confirmed = 1, modified = ?2 WHERE username = ?1";
        self.db.execute(sql, params![username, now]).map(drop)
    }

    pub(crate) fn set_attributes(
        &self,
        username: &str,
        attributes: &BTreeMap<String, String>,
        now: i64,
    ) -> Result<()> {
        let sql = "UPDATE users SET attributes = ?2, modified = ?3 WHERE username = ?1";
        self.db
            .execute(sql, params![username, written(attributes), now])
            .map(drop)
    }

    pub(crate) fn join(&self, username: &str, group: &str) -> Result<()> {
        self.db
            .execute(
                "INSERT OR IGNORE INTO memberships VALUES (?1, ?2)",
                [username, group],
            )
            .map(drop)
    }

    /// Stores the secret of a new authenticator beside the one in use, which sign-in still requires.
    pub(crate) fn put_pending_totp(&self, username: &str, secret: &[u8]) -> Result<()> {
        let sql = "UPDATE users SET totp_new = ?2 WHERE username = ?1";
        self.db.execute(sql, params![username, secret]).map(drop)
    }

    /// Replaces the authenticator with the new one, by a code of a time step. False if the new one was itself replaced
    /// meanwhile.
    pub(crate) fn replace_totp(&self, username: &str, secret: &[u8], step: i64) -> Result<bool> {
        let sql = "UPDATE users SET totp = totp_new, totp_new = NULL, totp_step = ?3 WHERE username = ?1 AND totp_new = ?2";
        Ok(self.db.execute(sql, params![username, secret, step])? == 1)
    }

    pub(crate) fn turn_totp(&self, username: &str, on: bool) -> Result<()> {
        self.db
            .execute(
                "UPDATE users SET totp_on = ?2 WHERE username = ?1",
                params![username, on],
            )
            .map(drop)
    }

    /// Marks the codes up to a time step as used; returns false if that step was used already.
    pub(crate) fn use_totp_step(&self, username: &str, step: i64) -> Result<bool> {
        let sql = "UPDATE users SET totp_step = ?2 WHERE username = ?1 AND totp_step < ?2";
        Ok(self.db.execute(sql, params![username, step])? == 1)
    }
}

fn user(row: &Row<'_>) -> Result<User> {
    let attributes: String = row.get(4)?;
    Ok(User {
        username: row.get(0)?,
        sub: row.get(1)?,
        salt: row.get(2)?,
        verifier: row.get(3)?,
        attributes: serde_json::from_str(&attributes).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(4, rusqlite::types::Type::Text, Box::new(error))
        })?,
        confirmed: row.get(5)?,
        given_until: row.get(6)?,
        created: row.get(7)?,
        modified: row.get(8)?,
        totp: Totp {
            secret: row.get(9)?,
            pending: row.get(10)?,
            on: row.get(11)?,
        },
        groups: Vec::new(),
    })
}

/// Attributes in the file's format: a JSON object.
fn written(attributes: &BTreeMap<String, String>) -> String {
    serde_json::json!(attributes).to_string()
}
