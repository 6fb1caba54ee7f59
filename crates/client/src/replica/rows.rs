//! The port between the rules of the replica and its rows.

use caltrack_domain::Activity;
use jiff::{Timestamp, civil::Date};

use super::day_row::DayRow;

/// What the rows have under an id.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "few exist at a time")]
pub enum Found {
    /// An entry.
    Stored(Held),
    /// The entry was deleted, as was learned at this moment.
    Removed(Timestamp),
}

/// An entry in the replica.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The entry.
    pub activity: Activity,
    /// When an event or an acknowledgement last brought it; none if a list did.
    pub heard: Option<Timestamp>,
}

/// The rows of one user: the replica's tables, or a model of them in simulations.
pub trait Rows {
    /// Why rows can't be read or written.
    type Error;

    /// The row of a day; the default if there is none.
    ///
    /// # Errors
    ///
    /// As every function here: the rows can't be read or written.
    fn day(&mut self, date: Date) -> Result<DayRow, Self::Error>;

    /// Stores the row of a day.
    ///
    /// # Errors
    ///
    /// As [`Rows::day`].
    fn set_day(&mut self, date: Date, row: &DayRow) -> Result<(), Self::Error>;

    /// The days between two, both included, that have a row.
    ///
    /// # Errors
    ///
    /// As [`Rows::day`].
    fn days_between(&mut self, from: Option<Date>, to: Option<Date>) -> Result<Vec<Date>, Self::Error>;

    /// The entries of a day, in any order.
    ///
    /// # Errors
    ///
    /// As [`Rows::day`].
    fn entries(&mut self, date: Date) -> Result<Vec<Held>, Self::Error>;

    /// What is known of an id.
    ///
    /// # Errors
    ///
    /// As [`Rows::day`].
    fn find(&mut self, id: &str) -> Result<Option<Found>, Self::Error>;

    /// Stores an entry in the place of the one of this id, or of its removal.
    ///
    /// # Errors
    ///
    /// As [`Rows::day`].
    fn put(&mut self, activity: &Activity, heard: Option<Timestamp>) -> Result<(), Self::Error>;

    /// Notes that a list has the entries of a day in these versions.
    ///
    /// # Errors
    ///
    /// As [`Rows::day`].
    fn confirm(&mut self, date: Date) -> Result<(), Self::Error>;

    /// Removes an entry. `heard`: the backend deleted it, as was learned at this moment.
    ///
    /// # Errors
    ///
    /// As [`Rows::day`].
    fn remove(&mut self, id: &str, heard: Option<Timestamp>) -> Result<(), Self::Error>;
}
