//! What keys mean, and the lines of the keymap.

use crate::app::input::{
    action::{Action, Control},
    context::Context,
    key::Key,
};

/// What a key means in a context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// It runs an action.
    Action(Action),
    /// It moves in a form, a list or a dialog.
    Control(Control),
}

impl Meaning {
    /// Its name in the help.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Action(action) => action.title(),
            Self::Control(control) => control.title(),
        }
    }
}

impl Meaning {
    /// Its name in `config.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Action(action) => action.into(),
            Self::Control(control) => control.name(),
        }
    }
}

impl From<Action> for Meaning {
    fn from(action: Action) -> Self {
        Self::Action(action)
    }
}

impl From<Control> for Meaning {
    fn from(control: Control) -> Self {
        Self::Control(control)
    }
}

/// A line of the keymap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The context in which it applies.
    pub context: Context,
    /// Any of these keys; the first one is shown in hints.
    pub keys: Vec<Key>,
    /// What the keys do.
    pub meaning: Meaning,
    /// The word of the footer; none where the footer doesn't show it.
    pub footer: Option<&'static str>,
}
