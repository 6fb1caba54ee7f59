//! Errors of the pool.

use std::path::PathBuf;

/// An exception of Cognito.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: {message}")]
pub struct CognitoError {
    /// The exception's name (`__type`), such as `NotAuthorizedException`.
    pub kind: &'static str,
    /// The message for people; clients should depend on `kind` instead.
    pub message: String,
}

impl CognitoError {
    /// An exception with Cognito's name and wording.
    pub fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    pub(super) fn not_authorized(message: &str) -> Self {
        Self::new("NotAuthorizedException", message)
    }

    /// The error of a wrong password, and of an unknown user.
    pub(super) fn wrong_password() -> Self {
        Self::not_authorized("Incorrect username or password.")
    }

    pub(super) fn invalid_parameter(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterException", message)
    }

    pub(super) fn internal(detail: &dyn std::fmt::Display) -> Self {
        tracing::error!(%detail, "the user pool failed");
        Self::new(
            "InternalErrorException",
            "The user pool's file can't be read or written; see the log.",
        )
    }
}

impl From<rusqlite::Error> for CognitoError {
    fn from(error: rusqlite::Error) -> Self {
        let internal = Self::internal(&error);
        if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull) {
            let message = "The disk is full. Nothing of this was written. Make room, then try again.";
            return Self::new(internal.kind, message);
        }
        internal
    }
}

/// The pool can't be opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A newer version of the program wrote the file.
    #[error("{path} was written by a newer version of caltrack-tui. It was left as it is", path = path.display())]
    Newer {
        /// The pool's file.
        path: PathBuf,
    },
    /// The file is no database, or a damaged one.
    #[error(
        "{path} is damaged ({detail}). It was left as it is, and the entries are in tables.db as before",
        path = path.display()
    )]
    Damaged {
        /// The pool's file.
        path: PathBuf,
        /// `SQLite`'s message.
        detail: String,
    },
    /// The file can't be read or written.
    #[error("{path} can't be opened ({detail}). Nothing was changed", path = path.display())]
    Unavailable {
        /// The pool's file.
        path: PathBuf,
        /// The operating system's error message.
        detail: String,
    },
}

impl OpenError {
    /// What the user can do.
    pub fn advice(&self) -> String {
        match self {
            Self::Newer { .. } => "Update the program".to_owned(),
            Self::Damaged { path, .. } => format!(
                "Restore it from a backup, or move it away with its -wal (`mv {path} {path}.damaged`): the account on this \
                 computer then gets its entries back by account.json, other accounts don't",
                path = path.display()
            ),
            Self::Unavailable { .. } => "Check the file's permissions and the disk".to_owned(),
        }
    }
}
