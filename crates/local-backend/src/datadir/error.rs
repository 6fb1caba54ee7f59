//! Why the directory can't be used.

use std::{
    io,
    path::{Path, PathBuf},
};

use caltrack_private_files::Untrusted;

use super::format::FORMAT;

/// The directory can't be used. What is in it is as it was.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// A newer version of the program wrote the directory.
    #[error(
        "{} was written by a newer version of this program (format {found}, this one reads up to {FORMAT}). Nothing in it was \
         changed",
        path.display()
    )]
    Newer {
        /// The backend's directory.
        path: PathBuf,
        /// The format of its `version` file.
        found: u32,
    },
    /// The `version` file holds no number.
    #[error(
        "{} is damaged: it has no format number. Everything was kept",
        path.display()
    )]
    Damaged {
        /// The `version` file.
        path: PathBuf,
    },
    /// The directory or a file in it can't be written.
    #[error("{} can't be written ({detail}). Nothing was changed", path.display())]
    ReadOnly {
        /// The directory or file.
        path: PathBuf,
        /// The operating system's error message.
        detail: String,
    },
    /// The directory or a file in it can't be trusted: writing there could write elsewhere, or for another user.
    #[error("{} can't be used: {reason}. Nothing was changed", path.display())]
    Untrusted {
        /// The directory or file.
        path: PathBuf,
        /// What is wrong with it: owner, link or kind.
        reason: Untrusted,
    },
    /// The tables held an account's entries, and are empty now.
    #[error(
        "{} is empty, although there is an account: the entries that it held are not in it. It was left as it is",
        .0.display()
    )]
    EmptiedTables(PathBuf),
    /// The user pool held accounts, and is empty now.
    #[error(
        "{} is empty, although there is an account. It was left as it is, and the entries are in tables.db as before",
        .0.display()
    )]
    EmptiedPool(PathBuf),
    /// The directory can't be used for another reason.
    #[error("{} can't be used ({detail}). Nothing was changed", path.display())]
    Unavailable {
        /// The directory or file.
        path: PathBuf,
        /// The operating system's error message.
        detail: String,
    },
}

impl DataDirError {
    /// What the user can do.
    pub fn advice(&self) -> String {
        match self {
            Self::Newer { .. } => "Update caltrack-tui, or choose another --data-dir".to_owned(),
            Self::Damaged { .. } => {
                "If this program wrote the directory, delete that file and start again; else choose another \
                                     --data-dir"
                    .to_owned()
            }
            Self::ReadOnly { .. } => "Make it writable, or choose another --data-dir".to_owned(),
            Self::Untrusted { reason, .. } => format!("To continue, {}", reason.advice()),
            Self::EmptiedTables(path) => format!(
                "Restore it from a backup, or move it away to begin an empty log: `mv {path} {path}.empty`",
                path = path.display()
            ),
            Self::EmptiedPool(path) => format!(
                "Restore it from a backup, or move it away (`mv {path} {path}.empty`): the account on this computer then gets \
                 its entries back by account.json, other accounts don't",
                path = path.display()
            ),
            Self::Unavailable { .. } => "Try again, or choose another --data-dir".to_owned(),
        }
    }
}

pub(super) fn io_error(path: &Path, error: &io::Error) -> DataDirError {
    let (path, detail) = (path.to_owned(), error.to_string());
    if let Some(reason) = Untrusted::of(error) {
        return DataDirError::Untrusted { path, reason };
    }
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            DataDirError::ReadOnly { path, detail }
        }
        _ => DataDirError::Unavailable { path, detail },
    }
}
