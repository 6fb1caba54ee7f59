//! Errors of the engine and of the disk, as DynamoDB's API reports them.

use std::path::PathBuf;

use caltrack_local_core::tables::DynamoError;
use dynoxide::DynoxideError;
use serde_json::Value;

/// `SQLite`'s messages for disk failures (`sqlite3ErrStr`), and the messages for users. The engine's errors carry no
/// code.
const STORAGE_FAILURES: [(&str, &str); 6] = [
    (
        "database or disk is full",
        "The disk is full. Nothing of this was written, and what was acknowledged before is kept. Make room, then try again.",
    ),
    ("database disk image is malformed", DAMAGED),
    ("file is not a database", DAMAGED),
    (
        "disk I/O error",
        "The disk could not be read or written. Nothing of this was acknowledged, and what was acknowledged before is kept. Look at \
         the disk, then start again.",
    ),
    ("attempt to write a readonly database", NOT_WRITABLE),
    ("unable to open database file", NOT_WRITABLE),
];
const DAMAGED: &str = "The file of the tables, backend/tables.db, is damaged. Nothing of this was written. Keep the file as it is, and put a \
                       backup in its place.";
const NOT_WRITABLE: &str = "The file of the tables, backend/tables.db, can't be written. Nothing of this was written, and what was acknowledged \
                            before is kept. Make it and its directory writable, then start again.";

/// The error that DynamoDB's API reports for one of the engine's.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(crate) fn engine_error(error: DynoxideError) -> DynamoError {
    let name = error.error_type();
    let kind = name.rsplit('#').next().unwrap_or(name);
    let message = error.to_string();
    if kind == "InternalServerError"
        && let Some((_, ours)) = STORAGE_FAILURES
            .iter()
            .find(|(theirs, _)| message.contains(theirs))
    {
        tracing::error!(%message, "the disk failed");
        return DynamoError::storage(ours);
    }
    DynamoError {
        kind,
        message,
        body: serde_json::from_str(&error.to_json()).unwrap_or(Value::Null),
        storage: false,
    }
}

/// The error of `SQLite` outside of the engine.
pub(crate) fn internal(error: rusqlite::Error) -> DynamoError {
    engine_error(DynoxideError::SqliteError(error))
}

/// The error of a body that isn't a request of the operation.
pub(crate) fn malformed(error: &serde_json::Error) -> DynamoError {
    let message = error.to_string();
    // The engine's prefixes for bodies that it could parse, but that break a rule of the API.
    let prefixes = ["VALIDATION:", "VALIDATION_REQUEST:"];
    if let Some(rest) = prefixes.iter().find_map(|prefix| message.strip_prefix(prefix)) {
        return engine_error(DynoxideError::ValidationException(rest.to_owned()));
    }
    DynamoError::malformed(message)
}

/// The tables could not be opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A newer version of the program wrote the file.
    #[error(
        "{path} was written by a newer version of this program. Nothing in it was changed",
        path = path.display()
    )]
    Newer {
        /// The database's file.
        path: PathBuf,
    },
    /// The file is no database, or a damaged one.
    #[error(
        "{path} is damaged ({detail}). It was kept as it is",
        path = path.display()
    )]
    Damaged {
        /// The database's file.
        path: PathBuf,
        /// `SQLite`'s message.
        detail: String,
    },
    /// The file or its directory can't be written.
    #[error(
        "{path} can't be written ({detail}). Nothing was changed",
        path = path.display()
    )]
    ReadOnly {
        /// The database's file.
        path: PathBuf,
        /// The operating system's error message.
        detail: String,
    },
    /// Opening failed for another reason.
    #[error(
        "{path} can't be opened ({detail}). Nothing was lost",
        path = path.display()
    )]
    Unavailable {
        /// The database's file.
        path: PathBuf,
        /// The operating system's error message.
        detail: String,
    },
}

impl OpenError {
    /// What the user can do.
    pub fn advice(&self) -> String {
        match self {
            Self::Newer { .. } => "Update caltrack-tui, or choose another --data-dir".to_owned(),
            Self::Damaged { path, .. } => format!(
                "Restore it from a backup, or move it away with its -wal to begin an empty log: `mv {path} {path}.damaged`",
                path = path.display()
            ),
            Self::ReadOnly { .. } => "Make it writable, or choose another --data-dir".to_owned(),
            Self::Unavailable { .. } => "Try again, or choose another --data-dir".to_owned(),
        }
    }
}
