//! Everything that can happen to the screens. Plain data, from the terminal, the clock and finished effects.

use caltrack_domain::{Activity, Category, DailyTotals};
use jiff::Zoned;

use super::{
    failure::Failure,
    input::key::Key,
    model::{ChangeKind, Connection, Day, Request, Target},
    session::command::AccountAnswer,
};

/// The answer to a [`super::effect::Query`].
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The categories, by name.
    Categories(Vec<Category>),
    /// The user's target; the default if no profile exists.
    Target(Target),
    /// A day's entries and totals.
    Day(Day),
}

/// An event of the terminal, the clock, a finished effect or the live connection.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    // ─── Terminal and clock ───
    /// A key was pressed.
    Key(Key),
    /// A text was pasted.
    Paste(String),
    /// The terminal has a new size, in cells.
    Resized {
        /// The number of columns.
        width: u16,
        /// The number of rows.
        height: u16,
    },
    /// The time, in the user's time zone. Sent before every other message, and when a day begins.
    Clock(Zoned),
    /// The program is to end (SIGTERM, a closed terminal).
    Terminate,

    // ─── The account ───
    /// Answers [`super::Effect::Account`].
    Account {
        /// The number of the effect that is answered.
        request: Request,
        /// The user pool's answer.
        result: Result<AccountAnswer, Failure>,
    },
    /// The session has ended: by [`super::Effect::SignOut`], revoked, or by another program.
    SignedOut {
        /// Why, if it wasn't requested here.
        reason: Option<Failure>,
    },

    // ─── Answers ───
    /// The cached answer to a query, if there is one; it precedes [`Message::Loaded`].
    Cached {
        /// The number of the effect that is answered.
        request: Request,
        /// As this account last saw it.
        answer: Answer,
    },
    /// Answers [`super::Effect::Load`]. Categories also come unrequested, before a sign-in is answered, so that a user who
    /// types a line at once finds the types known.
    Loaded {
        /// The number of the effect that is answered.
        request: Request,
        /// The backend's answer, or why there is none.
        result: Result<Answer, Failure>,
    },
    /// Answers [`super::Effect::Debounce`].
    SettleElapsed {
        /// The number of the effect that is answered.
        request: Request,
    },
    /// Answers [`super::Effect::Save`].
    Saved {
        /// The number of the effect that is answered.
        request: Request,
        /// The entry as stored; the last version of a deleted one.
        result: Result<Activity, Failure>,
    },

    // ─── The live connection ───
    /// The connection's state changed.
    Connection(Connection),
    /// An event of a day's totals.
    LiveTotals {
        /// The `sub` of the user who subscribed.
        sub: String,
        /// Absolute; ignored unless newer than what is shown.
        totals: DailyTotals,
    },
    /// An event of an entry.
    LiveActivity(ChangeKind, Activity),
    /// The day is to be queried again, since no subscription is active ([`Connection::Polling`]).
    PollTick,
    /// A notice for the user.
    Notice(String),
}
