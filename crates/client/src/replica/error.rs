//! Failures of the replica.

/// The replica can't be used; the program works without it.
#[derive(Debug, thiserror::Error)]
pub enum ReplicaError {
    /// An error that SQLite reports.
    #[error("the cache can't be used: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file or its directory can't be used.
    #[error("the cache can't be used: {0}")]
    Io(#[from] std::io::Error),
    /// Another program uses the file.
    #[error("another program uses the cache")]
    InUse,
    /// A row that this program didn't write.
    #[error("the cache has an invalid row: {0}")]
    Row(#[from] serde_json::Error),
}

impl ReplicaError {
    /// Whether the file or its directory can't be written.
    pub(super) fn is_of_permissions(&self) -> bool {
        use rusqlite::ErrorCode;
        match self {
            Self::Sqlite(error) => matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied)
            ),
            Self::Io(error) => matches!(
                error.kind(),
                std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem
            ),
            Self::InUse | Self::Row(_) => false,
        }
    }
}

/// Why an existing file can't be used.
pub(super) enum OpenFailure {
    /// A new file in its place would work; the text completes "The cache …".
    SetAside(String),
    /// A new file wouldn't help.
    Fatal(ReplicaError),
}

impl From<std::io::Error> for OpenFailure {
    fn from(error: std::io::Error) -> Self {
        Self::Fatal(error.into())
    }
}

impl From<rusqlite::Error> for OpenFailure {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => {
                Self::SetAside("was damaged".to_owned())
            }
            _ => Self::Fatal(error.into()),
        }
    }
}
