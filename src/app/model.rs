//! What the core knows of the backend. Plain data.

pub use caltrack_domain::Account;
use caltrack_domain::{
    Activity, DailyTotals, DayClock, Profile, Targets,
    outbox::{Queue, Reason, Row},
};
use jiff::{civil::Date, tz::TimeZone};

/// The number of an effect. The answer carries it too, so that answers to earlier effects can be recognised and ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Request(pub u64);

/// What a user's profile decides about days and budgets.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The profile itself; none until it is created.
    pub profile: Option<Profile>,
    /// The zone of days and the time at which they begin.
    pub clock: DayClock,
    /// The target of every day.
    pub targets: Targets,
    /// Whether burned kcal widen the budget.
    pub count_exercise: bool,
}

impl Settings {
    /// The settings without a profile: days begin at midnight of this zone.
    pub fn without_profile(zone: TimeZone) -> Self {
        Self {
            profile: None,
            clock: DayClock::at_midnight(zone),
            targets: Targets::default(),
            count_exercise: true,
        }
    }
}

/// How far this computer's copy of a day can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyState {
    /// The day was never fetched.
    Absent,
    /// It is what the backend has.
    Complete,
    /// It differs from the backend's totals, and is being fetched.
    Differs,
    /// It can't be verified.
    Unverified,
}

/// This computer's copy of a day.
#[derive(Debug, Clone, PartialEq)]
pub struct DayCopy {
    /// The day.
    pub date: Date,
    /// Its entries by moment, then id.
    pub entries: Vec<Activity>,
    /// The backend's totals, as last received.
    pub totals: Option<DailyTotals>,
    /// How far the entries can be trusted.
    pub state: CopyState,
}

/// A change of the copy of a day.
#[derive(Debug, Clone, PartialEq)]
pub enum DayChange {
    /// An entry is new or has a new version.
    Put(Activity),
    /// The entry of this id is deleted or moved to another day.
    Removed(String),
    /// The totals, or how far the entries can be trusted.
    Standing {
        /// The backend's totals, as last received.
        totals: Option<DailyTotals>,
        /// How far the entries can be trusted.
        state: CopyState,
    },
}

/// The queue of a user, as the outbox has it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct QueueCopy {
    /// Its rows.
    pub queue: Queue,
    /// How many rows can't be read, and stay in the file.
    pub unreadable: usize,
    /// Why nothing is sent at present.
    pub trouble: Option<Reason>,
}

/// What has changed in the queue of a user, as the outbox has it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct QueueChange {
    /// Rows that are new, or differ.
    pub rows: Vec<Row>,
    /// Numbers of rows that are in the queue no more.
    pub gone: Vec<u64>,
    /// How many rows can't be read now.
    pub unreadable: usize,
    /// Why nothing is sent at present.
    pub trouble: Option<Reason>,
}

/// Which way a step of the history is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// It is undone.
    Undo,
    /// It is redone.
    Redo,
}

/// How far the first sync of a log, or an import, is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Entries that are fetched, or rows that are imported.
    pub done: u64,
    /// All of them.
    pub total: u64,
}

/// The state of the connection, as the badge shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connection {
    /// The backend is starting, or the connection to it is being opened.
    Connecting,
    /// Every subscription is acknowledged. Events before this were missed.
    Live,
    /// The backend responds, but no subscription is active, so that it is polled. For networks that block every WebSocket.
    Polling,
    /// The backend doesn't respond.
    Offline {
        /// The cause, if it is known.
        reason: Option<String>,
    },
}
