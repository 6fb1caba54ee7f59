//! What can go wrong in the tables.

use std::path::PathBuf;

use dynoxide::DynoxideError;
use serde_json::{Value, json};

/// A refused or failed call, as DynamoDB's API reports it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{kind}: {message}")]
pub struct DynamoError {
    /// The exception's name without its namespace, such as `ConditionalCheckFailedException`.
    pub kind: &'static str,
    /// For people.
    pub message: String,
    /// The whole error body, with `__type` and, of a cancelled transaction, `CancellationReasons`.
    pub body: Value,
    /// Whether the disk failed: full, damaged, or not writable. AWS has no such error; to clients of DynamoDB's API it
    /// is an `InternalServerError`.
    pub storage: bool,
}

/// `SQLite`'s messages for disk failures (`sqlite3ErrStr`), and ours. The engine passes on only the message.
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

impl DynamoError {
    /// An error of the box itself, in the words of DynamoDB's API.
    pub(crate) fn internal(message: &str) -> Self {
        Self {
            kind: "InternalServerError",
            message: message.to_owned(),
            body: json!({
                "__type": "com.amazonaws.dynamodb.v20120810#InternalServerError",
                "message": message,
            }),
            storage: false,
        }
    }

    /// The disk failed.
    pub(crate) fn storage(message: &str) -> Self {
        Self {
            storage: true,
            ..Self::internal(message)
        }
    }

    /// The tables were closed while the call waited, or before.
    pub(crate) fn closed() -> Self {
        Self::internal("The tables are closed.")
    }

    /// An error of what stands before every AWS API.
    pub(crate) fn of_the_front(kind: &'static str, message: &str) -> Self {
        Self {
            kind,
            message: message.to_owned(),
            body: json!({ "__type": format!("com.amazon.coral.service#{kind}"), "message": message }),
            storage: false,
        }
    }

    /// There is no operation of that name.
    pub(crate) fn unknown_operation() -> Self {
        Self::of_the_front("UnknownOperationException", "There is no such operation here.")
    }

    /// The operation is not for the caller.
    pub(crate) fn denied(message: &str) -> Self {
        Self::of_the_front("AccessDeniedException", message)
    }

    /// A body that isn't the operation's.
    pub(crate) fn malformed(error: &serde_json::Error) -> Self {
        let message = error.to_string();
        // So the engine marks what it could read, but what may not be.
        let marks = ["VALIDATION:", "VALIDATION_REQUEST:"];
        if let Some(told) = marks.iter().find_map(|mark| message.strip_prefix(mark)) {
            return DynoxideError::ValidationException(told.to_owned()).into();
        }
        Self {
            kind: "SerializationException",
            body: json!({
                "__type": "com.amazon.coral.service#SerializationException",
                "Message": message,
            }),
            message,
            storage: false,
        }
    }
}

impl From<DynoxideError> for DynamoError {
    fn from(error: DynoxideError) -> Self {
        let name = error.error_type();
        let kind = name.rsplit('#').next().unwrap_or(name);
        let message = error.to_string();
        if kind == "InternalServerError"
            && let Some((_, ours)) = STORAGE_FAILURES
                .iter()
                .find(|(theirs, _)| message.contains(theirs))
        {
            tracing::error!(%message, "the disk failed");
            return Self::storage(ours);
        }
        Self {
            kind,
            message,
            body: serde_json::from_str(&error.to_json()).unwrap_or(Value::Null),
            storage: false,
        }
    }
}

/// The tables could not be opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file was written by a newer program.
    #[error(
        "{path} was written by a newer version of this program. Nothing in it was touched. Update caltrack-tui, or choose \
         another --data-dir.",
        path = path.display()
    )]
    Newer {
        /// The database.
        path: PathBuf,
    },
    /// The file is no database, or a broken one.
    #[error(
        "{path} is damaged ({detail}). It was kept as it is. Restore it from a backup, or move it away with its -wal to \
         begin an empty log: `mv {path} {path}.damaged`.",
        path = path.display()
    )]
    Damaged {
        /// The database.
        path: PathBuf,
        /// `SQLite`'s words.
        detail: String,
    },
    /// The place can't be written to.
    #[error(
        "{path} can't be written ({detail}). Nothing was changed. Make it writable, or choose another --data-dir.",
        path = path.display()
    )]
    ReadOnly {
        /// The database.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
    /// Anything else.
    #[error(
        "{path} can't be opened ({detail}). Nothing was lost: try again, or choose another --data-dir.",
        path = path.display()
    )]
    Unavailable {
        /// The database.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
}
