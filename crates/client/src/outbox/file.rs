//! Opening the file: created whole, checked, migrated, never set aside.

use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use caltrack_private_files as private_files;
use rusqlite::{Connection, OpenFlags};

use super::{access::Access, error::OutboxError, format, place::share};
use crate::database;

/// How long a transaction waits for that of another program.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A file that was opened.
pub(super) struct Opened {
    /// None where not even reading is possible.
    pub(super) connection: Option<Connection>,
    pub(super) access: Access,
    /// Keeps the file where it is, if it can be written.
    pub(super) share: Option<File>,
}

/// Opens the file, and creates it if it is absent. A file that can't be written is opened for reading.
pub(super) fn open(path: &Path) -> Opened {
    let opened = share(path).and_then(|share| Ok((open_to_write(path)?, share)));
    match opened {
        Ok((connection, share)) => Opened {
            connection: Some(connection),
            access: Access::Write,
            share: Some(share),
        },
        Err(reason) => Opened {
            share: None,
            connection: match &reason {
                // Files of others are not even read.
                OutboxError::Unusable(crate::config::DataDirProblem::Untrusted { .. }) => None,
                _ => open_to_read(path),
            },
            access: Access::Read(reason),
        },
    }
}

/// Opens a file that this program keeps where it is, or has alone.
pub(super) fn open_to_write(path: &Path) -> Result<Connection, OutboxError> {
    let io = |error: io::Error| OutboxError::io(path, &error);
    match private_files::length(path).map_err(io)? {
        None => create(path)?,
        // It is created with all its content, so that an empty one has lost it.
        Some(0) => {
            return Err(OutboxError::Damaged {
                path: path.to_owned(),
                detail: "it is empty".to_owned(),
            });
        }
        Some(_) => {}
    }
    private_files::prepare_database(path).map_err(io)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    connect(path, flags)
        .map_err(|error| OutboxError::sqlite(path, &error))?
        .checked(path)
}

/// A connection whose file is checked next.
struct Unchecked(Connection);

fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Unchecked> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // A command is saved when its transaction is synced: WAL with FULL syncs each commit.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Elsewhere than on macOS this does nothing; there, fsync(2) leaves data in the drive's cache.
    connection.pragma_update(None, "fullfsync", true)?;
    Ok(Unchecked(connection))
}

impl Unchecked {
    fn checked(self, path: &Path) -> Result<Connection, OutboxError> {
        let Self(connection) = self;
        let sqlite = |error: rusqlite::Error| OutboxError::sqlite(path, &error);
        let damaged = |detail: String| OutboxError::Damaged {
            path: path.to_owned(),
            detail,
        };
        let found = format::of(&connection).map_err(sqlite)?;
        if found > format::NEWEST {
            return Err(OutboxError::Newer {
                path: path.to_owned(),
                found,
                known: format::NEWEST,
            });
        }
        if found < 1 {
            return Err(damaged("it has no tables".to_owned()));
        }
        let check: String = connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(sqlite)?;
        if check != "ok" {
            return Err(damaged(check));
        }
        if found < format::NEWEST {
            format::migrate(&connection).map_err(sqlite)?;
        }
        Ok(connection)
    }
}

/// Creates the file with all its tables at once: after a crash at any moment it is absent or whole.
fn create(path: &Path) -> Result<(), OutboxError> {
    let io = |error: io::Error| OutboxError::io(path, &error);
    let template = with_suffix(path, &format!(".{}.new", uuid::Uuid::new_v4().simple()));
    let made = private_files::prepare_database(&template)
        .map_err(io)
        .and_then(|()| tables(&template).map_err(|error| OutboxError::sqlite(path, &error)))
        .and_then(|()| fs::read(&template).map_err(io));
    for part in ["", "-wal", "-shm"] {
        // Nothing depends on what is left of it.
        let _ = fs::remove_file(with_suffix(&template, part));
    }
    match private_files::create(path, &made?) {
        // Another program was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        outcome => outcome.map_err(io),
    }
}

/// Creates an empty outbox in a file of its own.
pub(super) fn tables(path: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    format::migrate(&connection)?;
    connection.close().map_err(|(_, error)| error)
}

/// Opens a file to read what can be read.
pub(super) fn open_to_read(path: &Path) -> Option<Connection> {
    let has_rows = |connection: &Connection| {
        format::of(connection).is_ok()
            && connection
                .query_row("SELECT count(*) FROM rows", [], |_| Ok(()))
                .is_ok()
    };
    database::open_to_read(path, has_rows)
        // A damaged file may have other tables that can be read.
        .or_else(|| database::open_to_read(path, |connection| format::of(connection).is_ok()))
}

/// The path with a suffix at its name.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
