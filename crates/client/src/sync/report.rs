//! What sync reports to the screens.

use caltrack_domain::{Activity, DailyTotals};
use jiff::civil::Date;

use super::plan::Progress;
use crate::{
    api::ConnectionState,
    error::ApiError,
    replica::{CopyState, DayCopy},
};

/// A report about the log of a user (`sub`).
#[derive(Debug)]
pub enum Report {
    /// The shown day as a whole.
    Day {
        /// The user.
        sub: String,
        /// The day.
        day: DayCopy,
    },
    /// A change of the shown day.
    Changed {
        /// The user.
        sub: String,
        /// The day.
        date: Date,
        /// The change.
        change: DayChange,
    },
    /// The totals of every day that has some, in ascending order.
    AllTotals {
        /// The user.
        sub: String,
        /// In ascending order.
        days: Vec<DailyTotals>,
    },
    /// The totals of a day have changed.
    Totals {
        /// The user.
        sub: String,
        /// As last received; they replace those of their day.
        totals: DailyTotals,
    },
    /// The backend has answered a query of the shown day. What it changed was reported before.
    Answered {
        /// The user.
        sub: String,
        /// The day.
        date: Date,
    },
    /// The shown day could not be fetched.
    DayFailed {
        /// The user.
        sub: String,
        /// The day.
        date: Date,
        /// Why.
        error: ApiError,
    },
    /// The profile or the library of the user was written, by any program.
    User {
        /// The number of writes of both; 0 if it is unknown.
        rev: u32,
    },
    /// The connection's state, with the reason if it is down for one.
    Connection(ConnectionState, Option<String>),
    /// How far a first sync is; none once it is over.
    Progress(Option<Progress>),
    /// A notice for the user.
    Notice(String),
    /// The session has ended.
    SignedOut(ApiError),
}

/// A change of the shown day.
#[derive(Debug, Clone, PartialEq)]
pub enum DayChange {
    /// An entry is new or has a new version.
    Put(Activity),
    /// The entry of this id is deleted or moved to another day.
    Removed(String),
    /// The totals, or how far the entries can be trusted.
    Standing {
        /// The totals as last received.
        totals: Option<DailyTotals>,
        /// How far the entries can be trusted.
        state: CopyState,
    },
}
