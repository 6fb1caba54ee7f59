//! What a deleted user leaves in the box's files beside the tables, removed.

use std::{fs, io, path::Path, time::Duration};

use caltrack_local_cognito::CodeFile;
use caltrack_private_files as private_files;
use rusqlite::{Connection, OpenFlags};

use crate::snapshots;

/// How long a database is waited for that the host writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Removes the snapshots, the user's confirmation codes and unreadable stream records, and the bytes of deleted rows.
///
/// # Errors
///
/// [`io::Error`]; repeating it removes the rest.
pub fn remove(backend: &Path, username: &str, sub: &str) -> io::Result<()> {
    snapshots::remove_all(backend)?;
    remove_lines(&backend.join(CodeFile::NAME), &format!("\"{username}\""))?;
    remove_lines(&backend.join("poison.jsonl"), sub)?;
    for database in ["tables.db", "pool.db"] {
        compact(&backend.join(database)).map_err(io::Error::other)?;
    }
    Ok(())
}

/// Removes the lines of a file that contain a text.
fn remove_lines(path: &Path, text: &str) -> io::Result<()> {
    let bytes = match private_files::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let kept: Vec<u8> = lines
        .filter(|line| !String::from_utf8_lossy(line).contains(text))
        .flatten()
        .copied()
        .collect();
    if kept.is_empty() {
        return fs::remove_file(path);
    }
    if kept.len() == bytes.len() {
        return Ok(());
    }
    private_files::replace(path, &kept)
}

/// Rewrites a database without the bytes of deleted rows, also while the host has it open.
fn compact(path: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.execute_batch("VACUUM")?;
    connection.query_row("PRAGMA wal_checkpoint (TRUNCATE)", [], |_| Ok(()))
}
