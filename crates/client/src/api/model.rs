//! The API's types that the domain doesn't have: the user's profile and the live connection.

use caltrack_domain::{Activity, ChangeKind, DailyTotals};

/// The profile of a user: body and target. A user has one at most. (A profile of `config` is a backend's addresses.)
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The user name in the pool's spelling.
    pub username: String,
    /// Body height in cm.
    pub height: f64,
    /// Body weight in kg.
    pub weight: f64,
    /// Body mass index in kg/m², computed by the backend.
    pub bmi: Option<f64>,
    /// Energy target in kcal per day.
    pub target: u32,
    /// IANA name of the time zone of days; `None` for the computer's.
    pub time_zone: Option<String>,
    /// Local time at which the logging day rolls over, `HH:MM`.
    pub day_starts_at: Option<String>,
    /// Whether burned calories are added to what remains.
    pub count_exercise: bool,
    /// Revision: 1 when created, and 1 more after each edit.
    pub rev: u32,
}

/// The state of the live connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionState {
    /// The connection or its subscriptions are not acknowledged yet.
    Connecting,
    /// Every subscription is acknowledged. Events before this are lost: query now.
    Live,
    /// Not connected, but the API responds over HTTP: poll at each [`RealtimeEvent::PollTick`]. For networks that block
    /// WebSockets.
    Polling,
    /// Not connected; the next attempt follows after a delay.
    Offline,
}

/// An event of the live connection.
#[derive(Debug, Clone, PartialEq)]
pub enum RealtimeEvent {
    /// The connection's state changed.
    Connection(ConnectionState),
    /// An entry was changed by any program, this one included.
    Activity(ChangeKind, Activity),
    /// A day's totals changed. They are absolute and replace those shown, unless their version is lower.
    Totals(DailyTotals),
    /// Query now: sent every 15 s while [`ConnectionState::Polling`].
    PollTick,
    /// A notice for the user, such as a rejected subscription. The connection continues.
    Notice(String),
}
