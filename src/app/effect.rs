//! Effects: what the core requests from the runtime. Plain data; the runtime performs them, and their results come back as
//! messages.

use caltrack_domain::{DisplaySetting, LogCommand, outbox::Command};
use jiff::civil::Date;

use super::{
    import::ImportDecisions,
    model::{Direction, Request},
    preferences::Preferences,
    session::command::AccountCommand,
};

/// What the backend's foods are to fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SuggestionQuery {
    /// kcal that a portion stays below.
    pub calories: i64,
    /// Grams of sugar that a portion stays below.
    pub sugar: u16,
    /// The user's body mass index.
    pub bmi: Option<f64>,
}

/// What can be loaded.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// Every category with its types.
    Categories,
    /// What the user's profile decides.
    Settings,
    /// The backend's foods that fit.
    Suggestions(SuggestionQuery),
}

/// What the entries of some days are read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DaysFor {
    /// To offer their meals.
    Repeating,
    /// To copy them.
    Copying,
}

/// A command about the whole account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountTask {
    /// It is copied to the account of another profile.
    CopyTo(String),
    /// It is deleted with everything that it has.
    Delete,
}

/// A task for the runtime.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    // ─── The account ───
    /// Ask the user pool for something. Answer: [`super::Message::Account`].
    Account {
        /// Returned with the answer.
        request: Request,
        /// What the user pool is to do.
        command: AccountCommand,
    },
    /// End the session: drop the connection and all that is in flight. Answer: [`super::Message::SignedOut`].
    SignOut {
        /// Every other session of the account as well.
        everywhere: bool,
    },
    /// Keep a live connection for the signed-in account until it signs out; report its state and its events.
    Connect,

    // ─── Reading ───
    /// Query the backend. Answer: [`super::Message::Loaded`].
    Load {
        /// Returned with the answer.
        request: Request,
        /// What is to be loaded.
        query: Query,
    },
    /// Search this computer's copy of the log. Answer: [`super::Message::Found`].
    Search(String),
    /// Read the names and weights of this computer's copy of the log. Answer: [`super::Message::Names`].
    LoadNames,
    /// Read the library in this computer's copy. The backend's comes with the settings. Answer: [`super::Message::Library`].
    LoadLibrary,
    /// Show a day in place of the one before, and keep it current: [`super::Message::Day`] with this computer's copy, then
    /// each change of it, and [`super::Message::DayAnswered`] or [`super::Message::DayFailed`] for each query of it.
    WatchDay {
        /// The day.
        date: Date,
        /// Whether to query the backend even if the copy is complete.
        fresh: bool,
    },

    /// Read the entries of some days in this computer's copy of the log. Answer: [`super::Message::Days`].
    ReadDays {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
        /// Returned with the answer.
        purpose: DaysFor,
    },
    /// Sum the kcal of each type on some days of this computer's copy of the log. Answer: [`super::Message::Shares`].
    ReadShares {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
    /// Recall what the signed-in user had typed and not logged when the program last ended. Answer:
    /// [`super::Message::Drafts`].
    RecallDrafts,
    /// Report the totals of all days of the user, and from then on those that change: [`super::Message::AllTotals`],
    /// [`super::Message::Totals`].
    WatchTotals,

    // ─── Writing ───
    /// Save a step in the outbox, from which it is sent. Answers: [`super::Message::Queue`] and [`super::Message::Saved`].
    Save {
        /// Returned with the answer.
        request: Request,
        /// The step's name in the history.
        name: String,
        /// The changes of the log, in order.
        commands: Vec<LogCommand>,
        /// The row of a rejected change that these repeat, and that is dropped.
        replaces: Option<u64>,
    },
    /// Save changes that aren't of entries as a step in the outbox. Answers: [`super::Message::Queue`] and
    /// [`super::Message::ChangesSaved`].
    SaveChanges {
        /// Returned with the answer: the number of the dialog that waits for it, if one does.
        request: Option<Request>,
        /// The step's name in the history.
        name: String,
        /// The changes, in order.
        commands: Vec<Command>,
    },
    /// Take a step of the history back, or again. Answers: [`super::Message::Queue`] and [`super::Message::Undone`].
    Undo(Direction),
    /// Send a rejected row again. Answer: [`super::Message::Queue`].
    Retry(u64),
    /// Drop a row that was rejected or not sent. Answer: [`super::Message::Queue`].
    Drop(u64),

    // ─── Imports ───
    /// Complete the path of a file. Answer: [`super::Message::PathCompleted`].
    CompletePath(String),
    /// Read a file and compare it with the log. Answer: [`super::Message::FileRead`].
    ReadImport {
        /// Returned with the answer.
        request: Request,
        /// The path, which may begin with `~`.
        path: String,
        /// What the user has decided about the file.
        decisions: ImportDecisions,
    },
    /// Import the file that was read last. Answers: [`super::Message::ImportProgress`] and [`super::Message::Imported`].
    StartImport(Request),
    /// End the import after the rows that are being sent.
    StopImport,

    // ─── The whole account ───
    /// List the other profiles. Answer: [`super::Message::Profiles`].
    ListProfiles,
    /// Run a command about the whole account as a program of its own. Answers: [`super::Message::TaskProgress`], then
    /// [`super::Message::TaskEnded`].
    RunTask(AccountTask),

    // ─── The program ───
    /// Write a setting of the screens into the configuration file. A failure is reported as [`super::Message::Problem`].
    SaveSetting(DisplaySetting),
    /// Keep what the user prefers to see for the next start.
    KeepPreferences(Preferences),
    /// Put a text on the terminal's clipboard, where the terminal allows it.
    CopyText(String),
    /// Leave the terminal to the shell until it resumes.
    Suspend,
    /// End the program.
    Quit,
}
