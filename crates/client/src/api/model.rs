//! What the API answers beyond the domain's nouns.

use caltrack_domain::{Activity, DailyTotals};

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user name as the pool knows it.
    pub username: String,
    /// The pool's unchanging id of the user; every row is keyed by it.
    pub sub: String,
}

/// The answer to signing up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUp {
    /// Whether the user can sign in right away, without a code.
    pub confirmed: bool,
    /// The pool's id of the new user.
    pub sub: String,
    /// Where the code went, as the pool says it (`a***@e***`).
    pub sent_to: Option<String>,
}

/// One day of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Day {
    /// Its entries by moment, then id.
    pub activities: Vec<Activity>,
    /// What the backend counted.
    pub totals: DailyTotals,
    /// Something the reader should know, such as rows that could not be understood.
    pub notice: Option<String>,
}

/// A user's profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The user name.
    pub username: String,
    /// cm
    pub height: f64,
    /// kg
    pub weight: f64,
    /// kg/m², as the backend computed it.
    pub bmi: Option<f64>,
    /// kcal per day.
    pub target: u32,
    /// IANA name of the time zone that days follow; none: the computer's.
    pub time_zone: Option<String>,
    /// `HH:MM` until which the evening before goes on.
    pub day_starts_at: Option<String>,
    /// Whether burned calories widen the budget.
    pub count_exercise: bool,
    /// Counts the writes; the first is 1.
    pub rev: u32,
}

/// What a first profile needs.
#[derive(Debug, Clone, PartialEq)]
pub struct NewProfile {
    /// cm
    pub height: f64,
    /// kg
    pub weight: f64,
    /// kcal per day.
    pub target: u32,
    /// IANA name, or none.
    pub time_zone: Option<String>,
    /// `HH:MM`, or none.
    pub day_starts_at: Option<String>,
    /// Whether burned calories widen the budget.
    pub count_exercise: bool,
}

/// An edit of the profile: what is `Some` is set; of the optional members, `Some(None)` removes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProfilePatch {
    /// cm
    pub height: Option<f64>,
    /// kg
    pub weight: Option<f64>,
    /// kcal per day.
    pub target: Option<u32>,
    /// IANA name, or none.
    pub time_zone: Option<Option<String>>,
    /// `HH:MM`, or none.
    pub day_starts_at: Option<Option<String>>,
    /// Whether burned calories widen the budget.
    pub count_exercise: Option<bool>,
}

/// The state of the live connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionState {
    /// Dialling, or subscribing.
    Connecting,
    /// Every subscription is acknowledged. Events before this were lost: query now.
    Live,
    /// Not connected, but the API answers: changes are told by [`RealtimeEvent::Look`]. For networks that let no WebSocket through.
    Polling,
    /// Not connected; the next attempt waits for its back-off.
    Offline,
}

/// What happened to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was logged.
    Created,
    /// It was edited.
    Updated,
    /// It was deleted; the event carries it as it last was.
    Deleted,
}

/// What the live connection tells.
#[derive(Debug, Clone, PartialEq)]
pub enum RealtimeEvent {
    /// The connection's state changed.
    Connection(ConnectionState),
    /// Somebody, this program included, changed an entry.
    Activity(ChangeKind, Activity),
    /// A day's totals changed. Absolute: replace, unless the version is older than what is shown.
    Totals(DailyTotals),
    /// Something may have changed since the last look: query now. Sent every quarter of a minute while
    /// [`ConnectionState::Polling`].
    Look,
    /// Something the reader should know, such as a refused subscription. The connection goes on.
    Notice(String),
}
