//! Daily copies of the box's files, and the way back to one of them.
//!
//! A snapshot is a directory of `snapshots/`, named after its day (UTC), with `tables.db`, `pool.db` and `version`. SQLite's
//! `VACUUM INTO` copies a database as it is at one moment, while it is written. The directory gets its name once all of it
//! is on the disk, so that a snapshot is whole or absent.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use caltrack_private_files as private_files;
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use rusqlite::{Connection, OpenFlags};

use crate::datadir::FORMAT;

/// Daily snapshots that are kept.
const MAX_DAILY: usize = 7;
/// Copies of what a snapshot replaced that are kept.
const MAX_REPLACED: usize = 2;
/// The end of the name of a copy of what a snapshot replaced.
const REPLACED: &str = "-replaced";
/// The beginning of the name of an incomplete one.
const INCOMPLETE: &str = ".incomplete-";
const TABLES: &str = "tables.db";
const POOL: &str = "pool.db";
const VERSION: &str = "version";
/// Bytes of tables whose copy delays the end of a program noticeably: those of some 30,000 entries.
const LARGE: u64 = 64 << 20;
/// The days between two copies of large tables by hosts that close.
const PAUSE_OF_LARGE: i64 = 3;
/// How long a copy waits for a transaction of the box.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A copy of the box's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Its day, as in `2026-11-23`; with the time and `-replaced` for what a snapshot replaced.
    pub name: String,
    /// The bytes of its files.
    pub bytes: u64,
}

/// Why a snapshot can't be used. The box's files are as they were.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// There is none of this name.
    #[error("there is no snapshot `{name}`; there are {}", if known.is_empty() { "none" } else { known.as_str() })]
    Unknown {
        /// The name.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// A newer version of the program took it.
    #[error("a newer version of this program took the snapshot (format {0}, this one reads up to {FORMAT})")]
    Newer(u32),
    /// SQLite finds errors in it.
    #[error("the snapshot is damaged ({0})")]
    Damaged(String),
    /// A file can't be read or written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// SQLite can't copy a file.
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
}

/// The directory of the snapshots of a box.
fn place(backend: &Path) -> PathBuf {
    backend.join("snapshots")
}

/// The snapshots of a box, the newest first.
///
/// # Errors
///
/// [`io::Error`] if the directory can't be read; none if it is absent.
pub fn list(backend: &Path) -> io::Result<Vec<Snapshot>> {
    let mut found = Vec::new();
    let entries = match place(backend).read_dir() {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if name.starts_with('.') || !entry.file_type()?.is_dir() {
            continue;
        }
        let size =
            |file: &str| private_files::length(&entry.path().join(file)).map(Option::unwrap_or_default);
        let bytes = size(TABLES)? + size(POOL)?;
        found.push(Snapshot { name, bytes });
    }
    found.sort_by(|a, b| b.name.cmp(&a.name));
    Ok(found)
}

/// Takes the snapshot of the day of `now`, if there is none, and removes those that are too old. Returns the name of a new
/// one.
///
/// # Errors
///
/// [`SnapshotError`]; there is no new one then.
pub fn take_daily(backend: &Path, now: Timestamp) -> Result<Option<String>, SnapshotError> {
    let name = now.to_zoned(TimeZone::UTC).date().to_string();
    if place(backend).join(&name).exists() {
        return Ok(None);
    }
    take(backend, &name)?;
    prune(backend)?;
    Ok(Some(name))
}

/// As [`take_daily`], by a host that closes. A large log is copied then only every third day, since that takes a second: a
/// host that runs for longer copies it meanwhile.
///
/// # Errors
///
/// As [`take_daily`].
pub fn take_at_close(backend: &Path, now: Timestamp) -> Result<Option<String>, SnapshotError> {
    let is_large = private_files::length(&backend.join(TABLES))?.unwrap_or_default() > LARGE;
    if is_large {
        let today = now.to_zoned(TimeZone::UTC).date();
        let oldest = today.saturating_sub(PAUSE_OF_LARGE.days()).to_string();
        if list(backend)?.iter().any(|snapshot| snapshot.name > oldest) {
            return Ok(None);
        }
    }
    take_daily(backend, now)
}

fn take(backend: &Path, name: &str) -> Result<(), SnapshotError> {
    let place = place(backend);
    private_files::create_directory(&place)?;
    private_files::close_directory(&place)?;
    // Another program can't be at it: the host alone takes snapshots.
    for entry in place.read_dir()? {
        let entry = entry?;
        if entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(INCOMPLETE.as_bytes())
        {
            fs::remove_dir_all(entry.path())?;
        }
    }
    let incomplete = place.join(format!("{INCOMPLETE}{name}"));
    private_files::create_directory(&incomplete)?;
    for file in [TABLES, POOL] {
        copy_database(&backend.join(file), &incomplete.join(file))?;
    }
    let version = private_files::read(&backend.join(VERSION))?;
    private_files::create(&incomplete.join(VERSION), &version)?;
    private_files::sync_directory(&incomplete)?;
    fs::rename(&incomplete, place.join(name))?;
    private_files::sync_directory(&place)?;
    Ok(())
}

/// Copies a database to a new file, which is on the disk then.
fn copy_database(from: &Path, to: &Path) -> Result<(), SnapshotError> {
    private_files::prepare_database(from)?;
    private_files::prepare_database(to)?;
    let connection = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    let name = to
        .to_str()
        .ok_or_else(|| io::Error::other("the name of the data directory is not UTF-8"))?;
    connection.execute("VACUUM INTO ?1", [name])?;
    File::open(to)?.sync_all()?;
    Ok(())
}

fn prune(backend: &Path) -> io::Result<()> {
    let (replaced, daily): (Vec<Snapshot>, Vec<Snapshot>) = list(backend)?
        .into_iter()
        .partition(|snapshot| snapshot.name.ends_with(REPLACED));
    let daily = daily.into_iter().skip(MAX_DAILY);
    for old in daily.chain(replaced.into_iter().skip(MAX_REPLACED)) {
        fs::remove_dir_all(place(backend).join(old.name))?;
    }
    Ok(())
}

/// Replaces the tables by those of a snapshot; accounts and sessions stay as they are. What is replaced becomes a snapshot
/// itself, whose name is returned. The caller holds the lock of the box, which is closed.
///
/// # Errors
///
/// [`SnapshotError`]; the tables are as they were then.
pub fn restore(backend: &Path, name: &str, now: Timestamp) -> Result<String, SnapshotError> {
    let known: Vec<String> = list(backend)?.into_iter().map(|snapshot| snapshot.name).collect();
    if !known.iter().any(|known| known == name) {
        return Err(SnapshotError::Unknown {
            name: name.to_owned(),
            known: known.join(", "),
        });
    }
    let snapshot = place(backend).join(name);
    let version = private_files::read(&snapshot.join(VERSION))?;
    let format: u32 = std::str::from_utf8(&version)
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .ok_or_else(|| SnapshotError::Damaged("its format is missing".to_owned()))?;
    if format > FORMAT {
        return Err(SnapshotError::Newer(format));
    }
    let tables = backend.join(TABLES);
    let restored = backend.join("tables.db.restored");
    remove_database(&restored)?;
    copy_database(&snapshot.join(TABLES), &restored)?;
    check(&restored)?;
    let replaced = replaced_name(&known, now);
    take(backend, &replaced)?;
    // Nothing of the present tables is in their log any more, so that one rename replaces them.
    let connection = Connection::open_with_flags(&tables, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.query_row("PRAGMA wal_checkpoint (TRUNCATE)", [], |_| Ok(()))?;
    connection.close().map_err(|(_, error)| error)?;
    for companion in ["tables.db-wal", "tables.db-shm"] {
        remove(&backend.join(companion))?;
    }
    // An older format is upgraded when the box opens.
    private_files::replace(&backend.join(VERSION), &version)?;
    fs::rename(&restored, &tables)?;
    private_files::sync_directory(backend)?;
    prune(backend)?;
    Ok(replaced)
}

/// The name of a copy of what is replaced: the time, or the next second that is free.
fn replaced_name(known: &[String], now: Timestamp) -> String {
    let named = |at: Timestamp| format!("{}{REPLACED}", at.strftime("%Y-%m-%dT%H%M%SZ"));
    let mut at = now;
    while at < Timestamp::MAX && known.contains(&named(at)) {
        at = at.saturating_add(1.second()).unwrap_or(Timestamp::MAX);
    }
    named(at)
}

fn check(database: &Path) -> Result<(), SnapshotError> {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    connection.close().map_err(|(_, error)| error)?;
    for companion in ["-wal", "-shm"] {
        let mut name = database.as_os_str().to_owned();
        name.push(companion);
        remove(Path::new(&name))?;
    }
    if found == "ok" {
        Ok(())
    } else {
        Err(SnapshotError::Damaged(found))
    }
}

/// Removes all snapshots of a box.
///
/// # Errors
///
/// [`io::Error`]; some may be left.
pub fn remove_all(backend: &Path) -> io::Result<()> {
    match fs::remove_dir_all(place(backend)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn remove_database(path: &Path) -> io::Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        remove(Path::new(&name))?;
    }
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests;
