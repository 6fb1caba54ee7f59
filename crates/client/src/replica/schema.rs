//! The tables and their version, the migration of earlier ones, and setting a file aside.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use rusqlite::Connection;

use super::{error::OpenFailure, migration};

/// The version of the tables, stored in SQLite's `user_version`.
const VERSION: i64 = 3;

/// The version of SQLite, which reads every database of the data directory.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// The rowid of an entry grows with its moment, so that the search index returns the newest entries first.
const TABLES: &str = "
    CREATE TABLE owners (
        owner INTEGER PRIMARY KEY,
        profile TEXT NOT NULL,
        sub TEXT NOT NULL,
        older_listed INTEGER,
        UNIQUE (profile, sub)
    ) STRICT;
    CREATE TABLE documents (
        owner INTEGER NOT NULL,
        name TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (owner, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE entries (
        entry INTEGER PRIMARY KEY,
        owner INTEGER NOT NULL,
        id TEXT NOT NULL,
        date TEXT NOT NULL,
        moment INTEGER NOT NULL,
        rev INTEGER NOT NULL,
        heard INTEGER,
        name TEXT,
        body TEXT NOT NULL,
        UNIQUE (owner, id)
    ) STRICT;
    CREATE INDEX entries_of_a_day ON entries (owner, date, moment, id);
    CREATE INDEX entries_of_a_name ON entries (owner, name, moment) WHERE name IS NOT NULL;
    CREATE TABLE removals (
        owner INTEGER NOT NULL,
        id TEXT NOT NULL,
        heard INTEGER NOT NULL,
        PRIMARY KEY (owner, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE days (
        owner INTEGER NOT NULL,
        date TEXT NOT NULL,
        version INTEGER,
        consumed INTEGER NOT NULL,
        burned INTEGER NOT NULL,
        weight REAL,
        protein INTEGER,
        fat INTEGER,
        carbohydrate INTEGER,
        entries INTEGER,
        digest INTEGER,
        heard INTEGER,
        copy_entries INTEGER NOT NULL,
        copy_digest INTEGER NOT NULL,
        listed INTEGER NOT NULL,
        tries INTEGER NOT NULL,
        unverified INTEGER,
        settled INTEGER NOT NULL,
        PRIMARY KEY (owner, date)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX days_to_settle ON days (owner, date) WHERE settled = 0;
    CREATE TABLE names (
        owner INTEGER NOT NULL,
        name TEXT NOT NULL,
        uses INTEGER NOT NULL,
        last INTEGER NOT NULL,
        counts BLOB NOT NULL,
        PRIMARY KEY (owner, name)
    ) STRICT, WITHOUT ROWID;
    PRAGMA user_version = 3;
";

/// Creates the tables in a new file, migrates those of an earlier version, and checks the version of an existing file.
pub(super) fn prepare(connection: &Connection) -> Result<(), OpenFailure> {
    match version(connection)? {
        VERSION => {}
        0..VERSION => create(connection)?,
        newer => {
            return Err(OpenFailure::SetAside(format!(
                "was written by a newer version of this program (its version is {newer}, this program knows {VERSION})"
            )));
        }
    }
    // A power cut may lose the last writes, but not the integrity of the file.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    // What is removed is overwritten.
    connection.pragma_update(None, "secure_delete", "ON")?;
    Ok(())
}

/// Whether a file has the tables of this version.
pub(super) fn is_present(connection: &Connection) -> bool {
    version(connection).is_ok_and(|version| version == VERSION)
}

fn version(connection: &Connection) -> Result<i64, rusqlite::Error> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn create(connection: &Connection) -> Result<(), OpenFailure> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.execute_batch("BEGIN IMMEDIATE")?;
    // Another program may have created them before this one got the lock.
    let done = match version(connection) {
        Ok(0) => connection.execute_batch(TABLES).map_err(OpenFailure::from),
        Ok(1) => migration::from_days(connection, TABLES),
        Ok(2) => migration::from_common_index(connection),
        Ok(_) => Ok(()),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(()) => connection.execute_batch("COMMIT")?,
        Err(error) => {
            // The first error is the more informative one.
            let _ = connection.execute_batch("ROLLBACK");
            return Err(error);
        }
    }
    Ok(())
}

/// What follows the name of a file that is set aside, before its number.
const ASIDE: &str = ".set-aside-";

/// Renames the file, its log and its index to the first free `<name>.set-aside-<n>`, without deleting anything.
pub(super) fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let aside = (1..=u32::MAX)
        .map(|n| with_suffix(path, &format!("{ASIDE}{n}")))
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

/// Removes the files that [`set_aside`] has renamed.
pub(super) fn remove_set_aside(path: &Path) -> io::Result<()> {
    let Some(name) = path.file_name() else {
        return Ok(());
    };
    let aside = with_suffix(Path::new(name), ASIDE);
    for file in fs::read_dir(path.parent().unwrap_or(path))? {
        let file = file?;
        let name = file.file_name();
        if name
            .as_encoded_bytes()
            .starts_with(aside.as_os_str().as_encoded_bytes())
        {
            fs::remove_file(file.path())?;
        }
    }
    Ok(())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
