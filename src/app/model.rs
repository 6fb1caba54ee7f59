//! What the core knows of the backend. Plain data.

use caltrack_domain::DEFAULT_TARGET;
pub use caltrack_domain::{Account, ChangeKind, Day};

/// The number of an effect. The answer carries it too, so that answers to earlier effects can be recognised and ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Request(pub u64);

/// What the budget of every day is computed from, besides its totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The target in kcal per day.
    pub kcal: u32,
    /// Whether burned kcal are added to what remains.
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
    /// The backend is starting, or the connection to it is being opened.
    Connecting,
    /// Every subscription is acknowledged. Events before this were missed.
    Live,
    /// The backend responds, but no subscription is active: a [`super::message::Message::PollTick`] comes every few seconds.
    /// For networks that block every WebSocket.
    Polling,
    /// The backend doesn't respond.
    Offline {
        /// The cause, if it is known.
        reason: Option<String>,
    },
}
