//! Everything the screens can ask for. Plain data; the runtime performs it and answers with a message.

use std::fmt;

use caltrack_domain::{ActivityPatch, NewActivity};
use jiff::civil::Date;

use super::{
    account::ask::AccountAsk,
    message::{Day, Request},
};

/// A password on its way from the form to the user pool. Never shown, and wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(zeroize::Zeroizing<String>);

impl Password {
    /// Takes what was typed.
    pub fn new(typed: impl Into<String>) -> Self {
        Self(zeroize::Zeroizing::new(typed.into()))
    }

    /// The password itself, for the sign-in alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Something to be done outside the core.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    // ─── The account ───
    /// Ask the user pool for something. Answer: [`super::Message::Account`].
    Account {
        /// To be given back.
        request: Request,
        /// What.
        ask: AccountAsk,
    },
    /// End the session: drop the connection and all that is under way. Answer: [`super::Message::SignedOut`].
    SignOut {
        /// Every other session of the account as well.
        everywhere: bool,
    },
    /// Keep a live connection for the signed-in account until it signs out; tell its state and its events.
    Connect,

    // ─── Reading ───
    /// Answer: [`super::Message::CategoriesLoaded`].
    LoadCategories,
    /// Answer: [`super::Message::TargetLoaded`].
    LoadTarget {
        /// To be given back.
        request: Request,
    },
    /// Answer: [`super::Message::DayCached`] where this computer remembers the day, then [`super::Message::DayLoaded`].
    LoadDay {
        /// To be given back.
        request: Request,
        /// Which day.
        date: Date,
    },

    /// Wait a moment, so that what is on its way can arrive. Answer: [`super::Message::LookAgain`].
    Pause {
        /// To be given back.
        request: Request,
    },
    /// Remember a day as it is now, for the next start. No answer.
    RememberDay(Day),

    // ─── Writing ───
    /// Log an entry. The id stays the same over retries. Answer: [`super::Message::Saved`].
    Create {
        /// To be given back.
        request: Request,
        /// The entry.
        activity: NewActivity,
    },
    /// Edit an entry. Answer: [`super::Message::Saved`].
    Update {
        /// To be given back.
        request: Request,
        /// Which entry.
        id: String,
        /// What changes.
        patch: ActivityPatch,
        /// Refuse where the entry has another revision by now.
        expected_rev: Option<u32>,
    },
    /// Delete an entry. Answer: [`super::Message::Saved`].
    Delete {
        /// To be given back.
        request: Request,
        /// Which entry.
        id: String,
    },

    // ─── The program ───
    /// Leave the terminal to the shell until it resumes.
    Suspend,
    /// End the program.
    Quit,
}
