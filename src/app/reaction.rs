//! The reaction of a screen, a form or a dialog to a key: it changes its own state, and returns what others are to do.

use std::convert::Infallible;

use caltrack_domain::LogCommand;

use super::{effect::Effect, input::action::Action};

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
    /// It stays open, and an effect is performed.
    Perform(Effect),
    /// It closes, and an effect is performed.
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
            Self::Perform(effect) => Reaction::Perform(effect),
            Self::Finish(effect) => Reaction::Finish(effect),
        }
    }
}
