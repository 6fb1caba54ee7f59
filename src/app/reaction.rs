//! The reaction of a screen, a form or a dialog to a key: it changes its own state, and returns what others are to do.

use std::convert::Infallible;

use caltrack_domain::{Activity, LogCommand};
use jiff::civil::Date;

use super::{effect::Effect, input::action::Action};

/// What was picked in a dialog.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Pick {
    /// A day is to be shown.
    Day(Date),
    /// An entry is to be shown on its day.
    Show(Activity),
    /// An entry is to be logged again.
    Relog(Activity),
}

/// What follows a key. "It" is the form or dialog that received the key; `Next` is what may open in its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reaction<Next = Infallible> {
    /// Nothing: it stays open.
    Stay,
    Close,
    Open(Next),
    /// It closes, and these changes are saved as one step. If that fails, it opens again.
    Submit(Vec<LogCommand>),
    Run(Action),
    /// It closes, and something that was picked in it is logged or shown.
    Pick(Pick),
    /// It stays open, and an effect is performed.
    Perform(Effect),
    /// It closes, and an effect is performed. If that saves changes and fails, it opens again.
    Finish(Effect),
}

impl<Next> Reaction<Next> {
    /// The reaction with something else to open.
    pub(super) fn map<Other>(self, open: impl FnOnce(Next) -> Other) -> Reaction<Other> {
        match self {
            Self::Stay => Reaction::Stay,
            Self::Close => Reaction::Close,
            Self::Open(next) => Reaction::Open(open(next)),
            Self::Submit(commands) => Reaction::Submit(commands),
            Self::Run(action) => Reaction::Run(action),
            Self::Pick(pick) => Reaction::Pick(pick),
            Self::Perform(effect) => Reaction::Perform(effect),
            Self::Finish(effect) => Reaction::Finish(effect),
        }
    }
}
