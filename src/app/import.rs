//! Imports as the screens know them: the rows stay with the runtime.

use caltrack_domain::Entry;
use jiff::civil::Date;

/// A unit of weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileWeightUnit {
    /// Kilograms.
    Kilograms,
    /// Pounds.
    Pounds,
    /// Stones.
    Stones,
}

/// What the user decides about a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportDecisions {
    /// Whether dates have the day before the month.
    pub is_day_first: Option<bool>,
    /// Whether decimals follow a comma.
    pub has_decimal_comma: Option<bool>,
    /// The unit of weights that have none.
    pub weight_unit: Option<FileWeightUnit>,
    /// Which column has what, as `--map` of the command takes it.
    pub mapping: Option<String>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileColumn {
    /// Its name.
    pub name: String,
    /// The first text below the name.
    pub sample: String,
}

/// What a file leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportQuestion {
    /// The order of day and month; contains a date of the file.
    DayOrder(String),
    /// The sign before decimals; contains a number of the file.
    Decimal(String),
    /// The unit of so many weights.
    WeightUnit(usize),
    /// What the columns have.
    Columns {
        /// The columns in order.
        columns: Vec<FileColumn>,
        /// What a column may have, with the number of the proposed one.
        keys: Vec<(String, Option<usize>)>,
    },
}

/// What an import would add.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ImportPreview {
    /// The trackers whose files it reads.
    pub sources: Vec<String>,
    /// The rows of the file.
    pub read: usize,
    /// New entries.
    pub entries: usize,
    /// Weights of days that have none.
    pub weights: usize,
    /// New own foods.
    pub foods: usize,
    /// Rows that are logged already.
    pub already: usize,
    /// The first new entries.
    pub first: Vec<Entry>,
    /// Rows that are left out.
    pub left_out: usize,
    /// The first of them: line and reason.
    pub reasons: Vec<(u64, String)>,
    /// What was decided, a sentence each.
    pub warnings: Vec<String>,
    /// The first and the last day.
    pub days: Option<(Date, Date)>,
}

impl ImportPreview {
    /// The rows that would be added.
    pub const fn rows(&self) -> usize {
        self.entries + self.weights + self.foods
    }
}

/// What reading a file leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum FileReading {
    /// It can be imported.
    Preview(Box<ImportPreview>),
    /// A decision is needed first.
    Question(ImportQuestion),
}

/// What became of an import.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// Rows that are logged.
    pub imported: usize,
    /// Rows that were logged already.
    pub already: usize,
    /// Entries that wait in the outbox, and why.
    pub waiting: Option<(usize, String)>,
    /// Why a row was rejected.
    pub rejected: Option<String>,
    /// Whether the user ended it before all rows were done.
    pub is_stopped: bool,
}
