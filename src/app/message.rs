//! Everything that can happen to the screens. Plain data, from the terminal, the clock and finished effects.

use caltrack_domain::{Activity, Category, DEFAULT_TARGET, DailyTotals};
use jiff::{Zoned, civil::Date};

use super::{account::ask::AccountAnswer, failure::Failure, key::Key};

/// Numbers an effect, so that its answer can be told from an older one's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Request(pub u64);

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user name, as shown.
    pub username: String,
    /// The user pool's unchanging id of the user.
    pub sub: String,
}

/// A day as the backend (or this computer's cache) knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Day {
    /// Its entries by moment, then id.
    pub activities: Vec<Activity>,
    /// What the backend counted.
    pub totals: DailyTotals,
    /// Something the reader should know, such as rows that could not be understood.
    pub notice: Option<String>,
}

/// What the budget follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// kcal per day.
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
    /// Every subscription is acknowledged. What came before was missed.
    Live,
    /// The backend answers, but no subscription stands: a [`Message::Look`] comes now and then. For networks that let no
    /// WebSocket through.
    Polling,
    /// Nobody answers.
    Offline {
        /// Why, where that is known.
        reason: Option<String>,
    },
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

/// Something happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    // ─── Terminal and clock ───
    /// A key was pressed.
    Key(Key),
    /// A text was pasted.
    Paste(String),
    /// The terminal has a new size, in cells.
    Resized {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// The time, in the user's time zone. Sent before every other message, and when a day begins.
    Clock(Zoned),
    /// The program was asked to end from outside (SIGTERM, a closed terminal).
    Terminate,

    // ─── The account ───
    /// Answers [`super::Effect::Account`].
    Account {
        /// Which attempt.
        request: Request,
        /// What came of it.
        result: Result<AccountAnswer, Failure>,
    },
    /// The session is over: asked for by [`super::Effect::SignOut`], revoked, or ended by another program.
    SignedOut {
        /// Why, where nobody asked for it here.
        reason: Option<Failure>,
    },

    // ─── Answers ───
    /// Answers [`super::Effect::LoadCategories`].
    CategoriesLoaded(Result<Vec<Category>, Failure>),
    /// Answers [`super::Effect::LoadTarget`].
    TargetLoaded {
        /// Which load.
        request: Request,
        /// The user's target; the default where no profile exists.
        result: Result<Target, Failure>,
    },
    /// Comes before [`Message::DayLoaded`] where this computer remembers the day.
    DayCached {
        /// Which load.
        request: Request,
        /// The day.
        date: Date,
        /// As last seen.
        day: Day,
    },
    /// Answers [`super::Effect::LoadDay`].
    DayLoaded {
        /// Which load.
        request: Request,
        /// The day.
        date: Date,
        /// As the backend has it.
        result: Result<Day, Failure>,
    },
    /// Answers [`super::Effect::Pause`].
    LookAgain {
        /// Which pause.
        request: Request,
    },
    /// Answers [`super::Effect::Create`], [`super::Effect::Update`] and [`super::Effect::Delete`].
    Saved {
        /// Which save.
        request: Request,
        /// The entry as stored; of a delete, as it last was.
        result: Result<Activity, Failure>,
    },

    // ─── The live connection ───
    /// The connection's state changed.
    Connection(Connection),
    /// A subscription tells of a day's totals.
    LiveTotals {
        /// Whose subscription it was.
        sub: String,
        /// Absolute; ignored unless newer than what is shown.
        totals: DailyTotals,
    },
    /// A subscription tells of an entry.
    LiveActivity(ChangeKind, Activity),
    /// It is time to look again: no subscription tells ([`Connection::Polling`]).
    Look,
    /// Something the reader should know.
    Notice(String),
}
