//! The way out of a damaged or newer file: it is kept beside a new one with all that can be read.

use std::path::PathBuf;
use std::{fs, io, path::Path};

use caltrack_private_files as private_files;
use rusqlite::{Connection, types::Value};

use super::{
    error::OutboxError,
    file::{self, with_suffix},
    place::{lock_all, take_alone},
    store::Outbox,
};

/// What a recovery did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovery {
    /// Where the old file is kept; `None` if it was in order and nothing was done.
    pub kept: Option<PathBuf>,
    /// The rows of the queue in the new file.
    pub rows: usize,
    /// The steps of the undo history in the new file.
    pub steps: usize,
}

/// The tables and their columns that are copied, those that must not be lost first.
const TABLES: [(&str, &str); 6] = [
    (
        "rows",
        "number, profile, sub, subject, command, state, since, sent, unanswered, rejection, reason, is_undo, unlisted",
    ),
    ("steps", "number, profile, sub, name, undone"),
    ("changes", "step, position, row, entry, body"),
    ("redirects", "number, profile, sub, old, new"),
    ("outcomes", "number, profile, sub, row, body"),
    ("troubles", "profile, sub, attempts, reason"),
];

/// Keeps a file that can't be used beside a new one, and copies all that can be read. A newer version may have written more
/// than this one can read, so that its file is only recovered if `even_newer`.
///
/// # Errors
///
/// [`OutboxError`] if another program sends or has the file open to write, if a newer version wrote the file, or if the directory can't be written; the
/// file is as it was then.
pub fn recover(path: &Path, even_newer: bool) -> Result<Recovery, OutboxError> {
    let _locks = lock_all(path)?;
    // A file without damage stays as it is.
    let outbox = Outbox::open(path);
    if outbox.access().writable().is_ok() {
        return Ok(Recovery {
            kept: None,
            rows: outbox.owners().iter().map(|(_, count)| count).sum(),
            steps: 0,
        });
    }
    drop(outbox);
    let _alone = take_alone(path)?;
    match file::open_to_write(path) {
        Err(OutboxError::Damaged { .. }) => {}
        Err(OutboxError::Newer { .. }) if even_newer => {}
        Err(reason) => return Err(reason),
        // Another recovery was faster.
        Ok(_) => return Ok(Recovery::default()),
    }
    let io = |error: io::Error| OutboxError::io(path, &error);
    // The new file is complete before the old one is renamed.
    let new = with_suffix(path, ".recovered");
    for part in ["", "-wal", "-shm"] {
        remove(&with_suffix(&new, part)).map_err(io)?;
    }
    private_files::prepare_database(&new).map_err(io)?;
    let sqlite = |error: rusqlite::Error| OutboxError::sqlite(&new, &error);
    file::tables(&new).map_err(sqlite)?;
    let (rows, steps) = salvage(path, &new).map_err(sqlite)?;
    let kept = set_aside(path).map_err(io)?;
    fs::rename(&new, path).map_err(io)?;
    private_files::sync_directory(path.parent().unwrap_or(Path::new("."))).map_err(io)?;
    Ok(Recovery {
        kept: Some(kept),
        rows,
        steps,
    })
}

/// Copies what can be read; returns the numbers of rows and steps.
fn salvage(old: &Path, new: &Path) -> rusqlite::Result<(usize, usize)> {
    let to = Connection::open(new)?;
    to.pragma_update(None, "synchronous", "FULL")?;
    to.execute_batch("BEGIN IMMEDIATE")?;
    let (mut rows, mut steps) = (0, 0);
    if let Some(from) = file::open_to_read(old) {
        for (table, columns) in TABLES {
            let copied = copy(&from, &to, table, columns);
            match table {
                "rows" => rows = copied,
                "steps" => steps = copied,
                _ => {}
            }
        }
    }
    // Numbers are never used again, whatever the old counter was.
    to.execute_batch(
        "UPDATE counter SET next = max(
            (SELECT coalesce(max(number), 0) FROM rows),
            (SELECT coalesce(max(number), 0) FROM steps),
            (SELECT coalesce(max(row), 0) FROM outcomes)) + 1000;
         COMMIT",
    )?;
    to.close().map_err(|(_, error)| error)?;
    Ok((rows, steps))
}

/// Copies the rows of a table one by one, from both ends, so that a damaged page in the middle hides only itself.
fn copy(from: &Connection, to: &Connection, table: &str, columns: &str) -> usize {
    let places = vec!["?"; columns.split(',').count()].join(", ");
    let insert = format!("INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})");
    let mut copied = 0;
    for order in ["ASC", "DESC"] {
        let select = format!("SELECT {columns} FROM {table} ORDER BY rowid {order}");
        let Ok(mut statement) = from.prepare(&select) else {
            continue;
        };
        let Ok(mut found) = statement.query([]) else {
            continue;
        };
        while let Ok(Some(row)) = found.next() {
            let values: rusqlite::Result<Vec<Value>> = (0..columns.split(',').count())
                .map(|column| row.get(column))
                .collect();
            if let Ok(values) = values
                && let Ok(count) = to.execute(&insert, rusqlite::params_from_iter(values))
            {
                copied += count;
            }
        }
    }
    copied
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Renames the file and its log to the first free `<name>.damaged-<n>`.
fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let kept = (1..=u32::MAX)
        .map(|n| with_suffix(path, &format!(".damaged-{n}")))
        .find(|candidate| !candidate.exists())
        .ok_or_else(|| io::Error::other("no free name"))?;
    for part in ["-wal", "-shm", ""] {
        match fs::rename(with_suffix(path, part), with_suffix(&kept, part)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !part.is_empty() => {}
            outcome => outcome?,
        }
    }
    Ok(kept)
}
