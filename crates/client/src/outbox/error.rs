//! Failures of the outbox, worded for its user.

use std::path::{Path, PathBuf};

use caltrack_private_files as private_files;

use crate::config::DataDirProblem;

/// The outbox can't be used. What was in it is unchanged.
#[derive(Debug, Clone, thiserror::Error)]
pub enum OutboxError {
    /// The disk is full. Nothing of the change was written.
    #[error("the disk is full; nothing was saved")]
    Full,
    /// The file is damaged: nothing is written to it, so that what can be read in it stays.
    #[error("{} is damaged ({detail}); changes can't be saved, and what waits in it is not sent", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// A newer version of this program wrote the file.
    #[error(
        "{} was written by a newer version of this program (format {found}, this one knows {known}); changes can't be \
         saved, and what waits in it is not sent",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format of this program.
        known: i64,
    },
    /// The file or its directory can't be used.
    #[error(transparent)]
    Unusable(#[from] DataDirProblem),
    /// Another program has the file open, or sends its rows: it has to stay where it is.
    #[error("{}uses {}; nothing was changed", holder_name(*holder), path.display())]
    InUse {
        /// The file.
        path: PathBuf,
        /// The number of the process, if it is known.
        holder: Option<u32>,
    },
    /// Another program has been writing for too long.
    #[error("another program is writing to the outbox; nothing was saved")]
    Busy,
    /// Another error of SQLite.
    #[error("the outbox can't be used ({0}); nothing was saved")]
    Sqlite(String),
}

/// `process 17 `, or `another program `.
fn holder_name(holder: Option<u32>) -> String {
    holder.map_or_else(|| "another program ".to_owned(), |pid| format!("process {pid} "))
}

impl OutboxError {
    /// What to do about it.
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::Full => crate::error::MAKE_ROOM,
            Self::Damaged { .. } => {
                "`doctor --recover` keeps the file beside a new one with all that can be read"
            }
            Self::Newer { .. } => {
                "use the newer version, which can read all of it; `doctor --recover` at a terminal asks whether this version is \
                 to keep the file beside a new one with all that it can read"
            }
            Self::InUse { .. } => "end the other programs on this data directory, then repeat it",
            Self::Unusable(problem) => problem.advice(),
            Self::Busy => "try again",
            Self::Sqlite(_) => "check the disk, then try again",
        }
    }

    /// The failure of a file operation.
    pub(super) fn io(path: &Path, error: &std::io::Error) -> Self {
        if private_files::is_full(error) {
            Self::Full
        } else {
            Self::Unusable(DataDirProblem::unwritable(path, error))
        }
    }

    /// The failure of a statement.
    pub(super) fn sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let detail = || error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged {
                path: path.to_owned(),
                detail: detail(),
            },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::Unusable(DataDirProblem::Unwritable {
                    path: path.to_owned(),
                    detail: detail(),
                })
            }
            _ => Self::Sqlite(detail()),
        }
    }
}
