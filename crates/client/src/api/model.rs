//! The API's types that the domain doesn't have: pages of lists and the live connection.

use caltrack_domain::{Activity, ChangeKind, DailyTotals};

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListPage<T> {
    /// The valid rows.
    pub rows: Vec<T>,
    /// The number of rows that this program can't read.
    pub invalid: usize,
    /// The token of the next page; `None` on the last one.
    pub next: Option<String>,
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
    /// The user's row, the profile or the library, has these many writes now. The event has nothing else: query the row.
    User {
        /// The number of writes; 0 if it is unknown.
        rev: u32,
    },
    /// Query now: sent every 15 s while [`ConnectionState::Polling`].
    PollTick,
    /// A notice for the user, such as a rejected subscription. The connection continues.
    Notice(String),
}
