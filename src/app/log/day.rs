//! A day as the log shows it: what was listed, the totals, and the query in flight.

use std::sync::Arc;

use caltrack_domain::{Activity, DailyTotals};
use jiff::{Timestamp, civil::Date};

use super::{
    rows::Row,
    settle::{Settle, settled},
};
use crate::app::{
    failure::Failure,
    model::{Day, Request},
};

/// Whether a day is as the backend has it.
#[derive(Debug, Clone, PartialEq)]
pub enum Load {
    /// No answer yet. What this computer remembers may be shown meanwhile.
    Loading,
    /// As the backend has it.
    Ready,
    /// The last query failed; what is shown, if anything, is older.
    Failed(Failure),
}

/// The query in flight.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DayQuery {
    pub(super) request: Request,
    pub(super) sent: Timestamp,
    /// The totals' version when it was sent.
    pub(super) version: Option<u64>,
    /// Something has happened since that the answer may not contain.
    pub(super) repeat: bool,
}

/// A day of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct DayLog {
    /// Which day it is.
    pub date: Date,
    /// Whether the next day follows at midnight.
    pub is_following: bool,
    /// Whether it is as the backend has it.
    pub load: Load,
    /// Whether anything is known of the day, possibly from the cache.
    pub is_known: bool,
    /// The backend's totals; never added up here.
    pub totals: Option<DailyTotals>,
    /// The rows of its list, derived after every message.
    pub rows: Vec<Row>,
    /// The entries as last listed.
    pub(super) list: Vec<Arc<Activity>>,
    pub(super) query: Option<DayQuery>,
    pub(super) settle: Settle,
}

impl DayLog {
    pub(super) fn new(date: Date) -> Self {
        Self {
            date,
            is_following: true,
            load: Load::Loading,
            is_known: false,
            totals: None,
            rows: Vec::new(),
            list: Vec::new(),
            query: None,
            settle: Settle::default(),
        }
    }

    /// The version of the totals.
    pub(super) fn version(&self) -> Option<u64> {
        self.totals.as_ref().map(|totals| totals.version)
    }

    /// Takes totals of this day that are newer; returns whether they were.
    pub(super) fn take_totals(&mut self, totals: DailyTotals) -> bool {
        let is_newer =
            totals.date == self.date && self.version().is_none_or(|version| totals.version > version);
        if is_newer {
            self.totals = Some(totals);
        }
        is_newer
    }

    pub(super) fn take_list(&mut self, activities: Vec<Activity>) {
        self.is_known = true;
        self.list = activities.into_iter().map(Arc::new).collect();
    }

    /// The day, if its rows add up to its totals.
    pub(super) fn settled(&self) -> Option<Day> {
        let totals = self.totals.as_ref().filter(|_| self.is_known)?;
        settled(&self.rows, totals)
    }
}
