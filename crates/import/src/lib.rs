//! Files of other calorie trackers, and of this program: bytes in, typed rows out. It writes the own formats as well.
//!
//! A file is recognised by its content, a table by the names of its columns, never by its name or by positions. How
//! dates and numbers are written is decided from the whole file; where that leaves a doubt, [`ImportError::Ask`] has the
//! question. Memory is bounded: tables and JSON are read whole up to a limit, Apple Health's XML and archives are
//! streamed.

mod archive;
mod backup;
mod cell;
mod convert;
mod csv;
mod date;
mod encoding;
mod error;
mod export;
mod layout;
mod mapping;
mod model;
mod number;
mod own;
mod reading;
mod sources;
mod spreadsheet;
mod table;
mod xml;

use number::Decimal;

pub use backup::{AccountData, BackupError, BackupHead, is_backup, read_backup, write_backup};
pub use convert::{Minting, Unfit, mint};
pub use date::DayOrder;
pub use error::{Column, ImportError, Unclear};
pub use export::{CSV_HEADER, csv_row, json_document, ledger, markdown};
pub use mapping::MAPPING_KEYS;
pub use model::{EnergyKind, Food, ForeignEntry, Import, OwnEntry, Skipped, Weight, WeightUnit};
pub use own::FORMAT;
pub use reading::read;

/// Decisions of the user about a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// The order of day and month.
    pub day_order: Option<DayOrder>,
    /// Whether decimals follow a comma; `None` where the file decides.
    pub decimal_comma: Option<bool>,
    /// Which column has what, as `date=0,name=Food,kcal=3`, for tables of unknown sources.
    pub mapping: Option<String>,
}

impl Options {
    const fn decimal(&self) -> Option<Decimal> {
        match self.decimal_comma {
            Some(true) => Some(Decimal::Comma),
            Some(false) => Some(Decimal::Point),
            None => None,
        }
    }
}
