//! What the core knows of the backend. Plain data.

use caltrack_domain::{Activity, DEFAULT_TARGET, DailyTotals};

/// Numbers an effect, so that its answer can be told from an older one's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Request(pub u64);

/// A user who has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user name, as shown.
    pub username: String,
    /// The user pool's unchanging id of the user.
    pub sub: String,
}

/// A day as the backend, or this computer's cache, knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Day {
    /// Its entries by moment, then id.
    pub activities: Vec<Activity>,
    /// The totals as the backend counted them.
    pub totals: DailyTotals,
    /// A notice for the user, such as rows that can't be read.
    pub notice: Option<String>,
}

/// What the budget follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The target in kcal per day.
    pub kcal: u32,
    /// Whether burned kcal widen the budget.
    pub count_exercise: bool,
}

impl Default for Target {
    fn default() -> Self {
        Self {
            kcal: DEFAULT_TARGET,
            count_exercise: true,
        }
    }
}

/// The state of the connection, as the badge shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connection {
    /// The backend starts, or is being dialled.
    Connecting,
    /// Every subscription is acknowledged. Events before this were missed.
    Live,
    /// The backend answers, but no subscription is active: a [`super::message::Message::PollTick`] comes every few seconds.
    /// For networks that block every WebSocket.
    Polling,
    /// The backend doesn't answer.
    Offline {
        /// The cause, if it is known.
        reason: Option<String>,
    },
}

/// What happened to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// A client has logged it.
    Created,
    /// A client has edited it.
    Updated,
    /// A client has deleted it; the event carries its last version.
    Deleted,
}
