//! Effects: what the core requests from the runtime. Plain data; the runtime performs them, and their results come back as
//! messages.

use caltrack_domain::LogCommand;
use jiff::civil::Date;

use super::{model::Request, session::command::AccountCommand};

/// What can be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// Every category with its types.
    Categories,
    /// What the user's profile decides.
    Settings,
}

/// A task for the runtime.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a handful of effects exist at a time")]
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
    /// Show a day in place of the one before, and keep it current: [`super::Message::Day`] with this computer's copy, then
    /// each change of it, and [`super::Message::DayAnswered`] or [`super::Message::DayFailed`] for each query of it.
    WatchDay {
        /// The day.
        date: Date,
        /// Whether to query the backend even if the copy is complete.
        fresh: bool,
    },

    /// Report the totals of all days of the user, and from then on those that change: [`super::Message::AllTotals`],
    /// [`super::Message::Totals`].
    WatchTotals,

    // ─── Writing ───
    /// Save a change. The id of a new entry stays the same over retries. Answer: [`super::Message::Saved`].
    Save {
        /// Returned with the answer.
        request: Request,
        /// The change of the log.
        command: LogCommand,
    },

    // ─── The program ───
    /// Leave the terminal to the shell until it resumes.
    Suspend,
    /// End the program, after saves in flight.
    Quit,
}
