//! What the plan of sync takes and returns.

use jiff::civil::Date;

use crate::replica::DayStatus;

/// The connection to the backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// It is being opened.
    Connecting,
    /// Every subscription is active.
    Live,
    /// Without subscriptions: the backend is polled.
    Polling,
    /// The backend doesn't respond.
    Down,
}

/// The number of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestNumber(pub(super) u64);

/// A page of totals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TotalsPage {
    /// Whether it is one of the days before the newest thousand.
    pub older: bool,
    /// Where it continues: the token, and the last day of the page before; none for the first one.
    pub after: Option<(String, Date)>,
}

/// A request to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// A page of totals, in ascending order.
    Totals(TotalsPage),
    /// The entries of the days `from` to `to`, both included.
    Range {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
        /// The days that are compared with it, in descending order.
        days: Vec<Date>,
    },
    /// The entries and totals of a day.
    Day(Date),
    /// The entries of a day by the index of moments, and its totals.
    DayByMoment(Date),
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The connection's state changed. `older_due`: whether pages beyond the first are to be listed as well.
    Link(Link, bool),
    /// There is no subscription, and it is time to query.
    PollTick,
    /// A day is shown from now on.
    Watch {
        /// The day.
        date: Date,
        /// Whether it has to be fetched even if its copy is complete.
        fresh: bool,
        /// Whether its copy is complete or given up.
        settled: bool,
    },
    /// Events or acknowledgements changed days.
    Changed {
        /// The days after the changes.
        days: Vec<DayStatus>,
        /// Whether totals were among the changes.
        totals: bool,
        /// Whether this program made the change.
        own: bool,
    },
    /// A page of totals is stored. `unsettled` are all days whose copy differs.
    Listed {
        /// The request.
        number: RequestNumber,
        /// Where the next page continues.
        next: Option<(String, Date)>,
        /// The days to fetch.
        unsettled: Vec<DayStatus>,
    },
    /// The lists of days are stored.
    Fetched {
        /// The request.
        number: RequestNumber,
        /// The days afterwards.
        days: Vec<DayStatus>,
    },
    /// A request failed.
    Failed {
        /// The request.
        number: RequestNumber,
        /// Whether the same request can succeed later.
        transient: bool,
    },
}

/// How far a first sync is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Entries that are fetched.
    pub done: u64,
    /// Entries to fetch in all.
    pub total: u64,
}

impl Request {
    pub(super) fn days(&self) -> &[Date] {
        match self {
            Self::Totals(_) => &[],
            Self::Range { days, .. } => days,
            Self::Day(date) | Self::DayByMoment(date) => std::slice::from_ref(date),
        }
    }
}
