//! The receiver of keys.

use crate::app::{input::context::Context, state::State};

/// Where keys apply: in the topmost dialog, else in a form about the account, else on the screen.
pub fn context(state: &State) -> Context {
    match state.dialogs.last() {
        Some(dialog) => dialog.context(),
        None => state.session.context().unwrap_or(Context::Tab(state.screens.tab)),
    }
}
