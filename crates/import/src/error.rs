//! Why a file isn't read.

use std::io;

/// Why a file isn't read.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file can't be read.
    #[error("{}", unreadable(.0))]
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
        /// The names of its columns as a text, if it is a table.
        header: Option<String>,
        /// Its columns, if it is a table that a mapping can be made for.
        columns: Vec<Column>,
    },
    /// The file is of a known source, and damaged.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// The file can be read in two ways.
    #[error("{question}")]
    Ask {
        /// What a decision is needed about.
        unclear: Unclear,
        /// What is unclear.
        question: String,
        /// The option that decides it.
        next: String,
    },
    /// A mapping of columns can't be used.
    #[error("{0}")]
    Mapping(String),
}

/// What a file leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unclear {
    /// The order of day and month; a date that is unclear.
    DayOrder(String),
    /// The sign before decimals; a number that is unclear.
    Decimal(String),
    /// Whether lines have kcal or weights.
    Lines,
    /// What the columns have.
    Mapping {
        /// The proposed mapping, as `--map` takes it.
        proposal: String,
        /// The columns in order.
        columns: Vec<Column>,
    },
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The first cell below its name that has a text.
    pub sample: String,
}

impl ImportError {
    /// The error of a file that is no table.
    pub(crate) const fn unknown() -> Self {
        Self::Unknown {
            header: None,
            columns: Vec::new(),
        }
    }

    /// The question about dates with the day first and dates with the month first.
    pub(crate) fn mixed_dates() -> Self {
        Self::Ask {
            unclear: Unclear::DayOrder(String::new()),
            question: "some dates have the day first, others the month".to_owned(),
            next:
                "split the file, or decide by --dates day-first or --dates month-first; nothing was imported"
                    .to_owned(),
        }
    }

    /// The question about dates that can have the day or the month first.
    pub(crate) fn unclear_dates(dates: &[&str]) -> Self {
        let first = dates.first().copied().unwrap_or_default();
        let last = dates.last().copied().unwrap_or_default();
        Self::Ask {
            unclear: Unclear::DayOrder(first.to_owned()),
            question: format!("the dates {first} … {last} may have the day first or the month first"),
            next: "decide by --dates day-first or --dates month-first; nothing was imported".to_owned(),
        }
    }

    pub(crate) fn too_large(what: impl Into<String>, limit: impl Into<String>) -> Self {
        Self::TooLarge {
            what: what.into(),
            limit: limit.into(),
        }
    }
}

/// Plain words for what is commonly wrong with a path; the system's for anything else.
fn unreadable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory; name a file in it".to_owned(),
        io::ErrorKind::PermissionDenied => "it can't be read: it is not yours to read".to_owned(),
        _ => format!("it can't be read: {error}"),
    }
}
