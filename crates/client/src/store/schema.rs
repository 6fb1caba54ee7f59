//! The tables and their version, and setting a file aside.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use rusqlite::Connection;

use super::error::OpenFailure;

/// The version of the tables, stored in SQLite's `user_version`.
const VERSION: i64 = 1;

/// A day is one row: the first frame needs one day, and a day is always replaced as a whole.
const TABLES: &str = "
    CREATE TABLE days (
        profile TEXT NOT NULL,
        sub TEXT NOT NULL,
        date TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (profile, sub, date)
    ) STRICT;
    CREATE TABLE documents (
        profile TEXT NOT NULL,
        sub TEXT NOT NULL,
        name TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (profile, sub, name)
    ) STRICT;
    PRAGMA user_version = 1;
";

/// Creates the tables in a new file, and checks the version of an existing one.
pub(super) fn prepare(connection: &Connection) -> Result<(), OpenFailure> {
    match version(connection)? {
        VERSION => {}
        0 => create(connection)?,
        newer => {
            return Err(OpenFailure::SetAside(format!(
                "was written by a newer version of this program (its version is {newer}, this program knows {VERSION})"
            )));
        }
    }
    // A power cut may lose the last writes, but not the integrity of the file.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    Ok(())
}

fn version(connection: &Connection) -> Result<i64, rusqlite::Error> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn create(connection: &Connection) -> Result<(), OpenFailure> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.execute_batch("BEGIN IMMEDIATE")?;
    // Another program may have created them before this one got the lock.
    let done = match version(connection) {
        Ok(0) => connection.execute_batch(TABLES),
        Ok(_) => Ok(()),
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => connection.execute_batch("COMMIT")?,
        Err(error) => {
            // The first error is the more informative one.
            let _ = connection.execute_batch("ROLLBACK");
            return Err(error.into());
        }
    }
    Ok(())
}

/// Renames the file, its log and its index to the first free `<name>.set-aside-<n>`, without deleting anything.
pub(super) fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let aside = (1..=u32::MAX)
        .map(|n| with_suffix(path, &format!(".set-aside-{n}")))
        .find(|candidate| !candidate.exists())
        .ok_or_else(|| io::Error::other("no free name"))?;
    for part in ["-wal", "-shm"] {
        match fs::rename(with_suffix(path, part), with_suffix(&aside, part)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    fs::rename(path, &aside)?;
    Ok(aside)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
