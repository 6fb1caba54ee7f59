//! What lies over the screen.

use super::{
    Failure, State,
    form::Form,
    help::Help,
    keymap::Context,
    palette::Palette,
    quick::Quick,
    state::{Screen, Tone},
};

/// A dialog. The topmost one owns the keys.
#[derive(Debug, Clone, PartialEq)]
pub enum Dialog {
    /// The quick line.
    Quick(Quick),
    /// The form.
    Form(Box<Form>),
    /// The help.
    Help(Help),
    /// The command palette.
    Palette(Palette),
}

impl Dialog {
    /// Which keys hold in it.
    pub fn context(&self) -> Context {
        match self {
            Self::Quick(_) => Context::Quick,
            Self::Form(form) => form.context(),
            Self::Help(_) => Context::Help,
            Self::Palette(_) => Context::Palette,
        }
    }

    /// Notes why its save failed.
    pub(super) fn fail(&mut self, failure: &Failure) {
        match self {
            Self::Quick(quick) => {
                quick.problem = Some(super::text::failed_typed(failure));
            }
            Self::Form(form) => form.fail(failure),
            Self::Help(_) | Self::Palette(_) => {}
        }
    }

    /// The next attempt gets an id of its own.
    pub(super) fn forget_id(&mut self) {
        match self {
            Self::Quick(quick) => quick.attempt = None,
            Self::Form(form) => form.attempt = None,
            Self::Help(_) | Self::Palette(_) => {}
        }
    }

    /// Whether it holds something typed that is worth keeping.
    pub(super) fn holds_typing(&self) -> bool {
        match self {
            Self::Quick(quick) => !quick.field.is_blank(),
            Self::Form(_) => true,
            Self::Help(_) | Self::Palette(_) => false,
        }
    }
}

/// Opens a dialog again whose save failed; after the others, where others are open.
pub(super) fn bring_back(state: &mut State, dialog: Dialog) {
    state.drafts.push(dialog);
    if !state.dialogs.is_empty() {
        state.say(Tone::Problem, "a save failed; it comes back after this");
    }
    reopen(state);
}

/// Opens the oldest draft where nothing is in its way.
pub(super) fn reopen(state: &mut State) {
    if state.dialogs.is_empty() && state.screen == Screen::Today && !state.drafts.is_empty() {
        let draft = state.drafts.remove(0);
        state.dialogs.push(draft);
    }
}
