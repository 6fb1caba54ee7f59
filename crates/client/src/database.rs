//! Reading a SQLite file that can't be written.

use std::{ffi::OsString, fs, path::Path};

use rusqlite::{Connection, OpenFlags};

/// Opens a file to read what can be read. `is_usable` reads something of it.
pub(crate) fn open_to_read(path: &Path, is_usable: impl Fn(&Connection) -> bool) -> Option<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if let Ok(connection) = Connection::open_with_flags(path, flags)
        && is_usable(&connection)
    {
        return Some(connection);
    }
    // In a directory that can't be written, SQLite can't share the log with others; without a log there is nothing to share.
    let mut log: OsString = path.as_os_str().to_owned();
    log.push("-wal");
    if fs::metadata(log).is_ok_and(|log| log.len() > 0) {
        return None;
    }
    let address = format!("file:{}?immutable=1", escaped(path)?);
    let connection = Connection::open_with_flags(address, flags | OpenFlags::SQLITE_OPEN_URI).ok()?;
    is_usable(&connection).then_some(connection)
}

/// A path in a URI of `SQLite` ("Uniform Resource Identifiers", section 3.1).
fn escaped(path: &Path) -> Option<String> {
    Some(
        path.to_str()?
            .replace('%', "%25")
            .replace('?', "%3f")
            .replace('#', "%23"),
    )
}
