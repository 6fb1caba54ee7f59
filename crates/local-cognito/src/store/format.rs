//! The formats of the pool's file, and the migrations between them.

use rusqlite::{Connection, Result, params};

use super::names::fold;

/// The format that this version writes, kept in `user_version`.
pub(super) const CURRENT: i64 = 3;

/// The tables of the first format.
pub(crate) const FIRST: &str = "
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

/// What the second format adds: given passwords and authenticators, groups, and failed sign-ins.
pub(crate) const SECOND: &str = "
ALTER TABLE users ADD COLUMN given_until INTEGER;
ALTER TABLE users ADD COLUMN totp BLOB;
ALTER TABLE users ADD COLUMN totp_on INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;
ALTER TABLE codes ADD COLUMN sends INTEGER NOT NULL DEFAULT 1;
ALTER TABLE codes ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
CREATE TABLE memberships (username TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (username, name)) STRICT;
CREATE TABLE failures (username TEXT PRIMARY KEY, count INTEGER NOT NULL, until INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;
";

/// What the third format changes: names without regard to case, attributes, a new authenticator's secret beside the one
/// in use, several refresh tokens of a session, and failures by transport and kind. An earlier lock-out applies to both
/// transports.
const THIRD: &str = "
ALTER TABLE users ADD COLUMN folded TEXT;
ALTER TABLE users ADD COLUMN modified INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN attributes TEXT NOT NULL DEFAULT '{}';
ALTER TABLE users ADD COLUMN totp_new BLOB;
CREATE UNIQUE INDEX users_by_folded ON users (folded);
UPDATE users SET modified = created;
UPDATE users SET attributes = json_object('email', email, 'email_verified', CASE confirmed WHEN 1 THEN 'true' ELSE 'false' END)
    WHERE email IS NOT NULL;
ALTER TABLE users DROP COLUMN email;
UPDATE users SET totp_new = totp, totp = NULL WHERE totp_step = 0;

CREATE TABLE refresh_tokens (hash BLOB PRIMARY KEY, session TEXT NOT NULL, rotated INTEGER) STRICT;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session);
INSERT INTO refresh_tokens SELECT refresh_hash, id, NULL FROM sessions;
INSERT OR IGNORE INTO refresh_tokens SELECT hash, session, 0 FROM spent_refresh;
DROP TABLE spent_refresh;
CREATE TABLE sessions_without_tokens (
    id TEXT PRIMARY KEY, username TEXT NOT NULL, client TEXT NOT NULL,
    auth_time INTEGER NOT NULL, expires INTEGER NOT NULL, revoked INTEGER NOT NULL
) STRICT;
INSERT INTO sessions_without_tokens SELECT id, username, client, auth_time, expires, revoked FROM sessions;
DROP TABLE sessions;
ALTER TABLE sessions_without_tokens RENAME TO sessions;

CREATE TABLE failures_by_kind (
    username TEXT NOT NULL, transport TEXT NOT NULL, kind TEXT NOT NULL,
    count INTEGER NOT NULL, until INTEGER NOT NULL, last INTEGER NOT NULL, since INTEGER NOT NULL,
    PRIMARY KEY (username, transport, kind)
) STRICT;
INSERT INTO failures_by_kind SELECT username, 'port', 'password', count, until, last, last FROM failures;
INSERT INTO failures_by_kind SELECT username, 'socket file', 'password', count, until, last, last FROM failures;
DROP TABLE failures;
ALTER TABLE failures_by_kind RENAME TO failures;
CREATE INDEX failures_by_since ON failures (since);
";

/// Brings a file from its format to this version's, all or nothing.
pub(super) fn upgrade(db: &Connection, format: i64) -> Result<()> {
    let missing = match format {
        0 => [FIRST, SECOND, THIRD].concat(),
        1 => [SECOND, THIRD].concat(),
        2 => THIRD.to_owned(),
        _ => return Ok(()),
    };
    let turn = db.unchecked_transaction()?;
    turn.execute_batch(&missing)?;
    fold_names(&turn)?;
    turn.pragma_update(None, "user_version", CURRENT)?;
    turn.commit()
}

/// Gives each name its folded form. Of older users whose names differ only in case, the oldest gets it: any spelling
/// finds that user, and the others are found by their exact spelling. No user is lost.
fn fold_names(db: &Connection) -> Result<()> {
    let names: Vec<String> = db
        .prepare("SELECT username FROM users ORDER BY created, rowid")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_>>()?;
    let mut give = db.prepare("UPDATE OR IGNORE users SET folded = ?2 WHERE username = ?1")?;
    for name in names {
        give.execute(params![name, fold(&name)])?;
    }
    Ok(())
}
