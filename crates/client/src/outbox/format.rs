//! The tables of the outbox and their formats. A format that ever landed can be opened for ever: a change appends to
//! [`FORMATS`], with a fixture of the format before in `tests/`.

use rusqlite::Connection;

/// What each format adds to the one before. The number of formats is that of the newest, which `SQLite`'s `user_version`
/// has.
///
/// Commands, steps and outcomes are JSON, so that new members need no new format. Moments are milliseconds since 1970.
/// `row_changes` begins at a random number, so that a position in one file is none in another.
const FORMATS: [&str; 2] = [
    "
    CREATE TABLE counter (next INTEGER NOT NULL) STRICT;
    INSERT INTO counter VALUES (0);
    CREATE TABLE rows (
        number INTEGER PRIMARY KEY,
        profile TEXT NOT NULL,
        sub TEXT NOT NULL,
        subject TEXT NOT NULL,
        command TEXT NOT NULL,
        state TEXT NOT NULL,
        since INTEGER NOT NULL,
        sent INTEGER,
        unanswered INTEGER NOT NULL,
        rejection TEXT,
        reason TEXT,
        is_undo INTEGER NOT NULL,
        unlisted TEXT
    ) STRICT;
    CREATE INDEX rows_by_subject ON rows (profile, sub, subject);
    CREATE TABLE steps (
        number INTEGER PRIMARY KEY,
        profile TEXT NOT NULL,
        sub TEXT NOT NULL,
        name TEXT NOT NULL,
        undone INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX steps_by_owner ON steps (profile, sub);
    CREATE TABLE changes (
        step INTEGER NOT NULL,
        position INTEGER NOT NULL,
        row INTEGER,
        entry TEXT,
        body TEXT NOT NULL,
        PRIMARY KEY (step, position)
    ) STRICT;
    CREATE INDEX changes_by_row ON changes (row);
    CREATE INDEX changes_by_entry ON changes (entry);
    CREATE TABLE redirects (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        profile TEXT NOT NULL,
        sub TEXT NOT NULL,
        old TEXT NOT NULL,
        new TEXT NOT NULL
    ) STRICT;
    CREATE TABLE outcomes (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        profile TEXT NOT NULL,
        sub TEXT NOT NULL,
        row INTEGER NOT NULL,
        body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX outcomes_by_row ON outcomes (row);
    CREATE TABLE troubles (
        profile TEXT NOT NULL,
        sub TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        reason TEXT,
        PRIMARY KEY (profile, sub)
    ) STRICT;
",
    "
    CREATE TABLE row_changes (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        row INTEGER NOT NULL
    ) STRICT;
    INSERT INTO row_changes VALUES (1 + abs(random() % 1000000000000), 0);
    CREATE TRIGGER row_is_new AFTER INSERT ON rows BEGIN
        INSERT INTO row_changes (row) VALUES (NEW.number);
    END;
    CREATE TRIGGER row_has_changed AFTER UPDATE ON rows BEGIN
        INSERT INTO row_changes (row) VALUES (NEW.number);
    END;
    CREATE TRIGGER row_is_gone AFTER DELETE ON rows BEGIN
        INSERT INTO row_changes (row) VALUES (OLD.number);
    END;
",
];

/// The newest format: the number of formats.
pub(super) const NEWEST: i64 = 2;

/// The format of a file.
pub(super) fn of(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Brings a file to the newest format, in one transaction.
pub(super) fn migrate(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let done = add_formats(connection);
    connection.execute_batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    done
}

fn add_formats(connection: &Connection) -> rusqlite::Result<()> {
    // Another program may have migrated it meanwhile.
    let present = usize::try_from(of(connection)?).unwrap_or(usize::MAX);
    for format in FORMATS.iter().skip(present) {
        connection.execute_batch(format)?;
    }
    connection.pragma_update(None, "user_version", NEWEST)
}
