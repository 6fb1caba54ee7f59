//! Why a file isn't read.

use std::io;

/// Why a file isn't read.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file can't be read.
    #[error("it can't be read: {0}")]
    Unreadable(#[from] io::Error),
    /// The file is larger than its reader takes, or claims to be.
    #[error("{what} is larger than {limit}")]
    TooLarge {
        /// The file or the part of it.
        what: String,
        /// The limit with its unit.
        limit: String,
    },
    /// No source has such a header.
    #[error("no tracker is known that writes such a file{}", header.as_ref().map_or_else(String::new, |header| format!(" (its columns: {header})")))]
    Unknown {
        /// Its columns, if it is a table.
        header: Option<String>,
    },
    /// The file is of a known source, and damaged.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// The file can be read in two ways.
    #[error("{question}")]
    Ask {
        /// What is unclear.
        question: String,
        /// The option that decides it.
        next: String,
    },
    /// A mapping of columns can't be used.
    #[error("{0}")]
    Mapping(String),
}

impl ImportError {
    pub(crate) fn too_large(what: impl Into<String>, limit: impl Into<String>) -> Self {
        Self::TooLarge {
            what: what.into(),
            limit: limit.into(),
        }
    }
}
