//! The receiver of keys.

use crate::app::{
    dialogs::surroundings::Surroundings, input::context::Context, screens::history::Days, state::State,
};

/// Where keys apply: in the topmost dialog, else in a form about the account, else on the screen.
pub fn context(state: &State) -> Context {
    match state.dialogs.last() {
        Some(dialog) => dialog.context(),
        None => state.session.context().unwrap_or(Context::Tab(state.screens.tab)),
    }
}

/// The days of the History screen: from the first one logged to today, or to the last one planned.
pub fn history_days(state: &State) -> Days {
    let today = state.shell.today();
    Days {
        newest: state.overview.last().map_or(today, |last| today.max(last)),
        oldest: state.overview.first().map_or(today, |first| today.min(first)),
    }
}

/// What dialogs use of the rest of the state.
pub(super) fn surroundings(state: &mut State) -> Surroundings<'_> {
    Surroundings {
        shell: &mut state.shell,
        categories: &state.catalog.categories,
        queue: state.outbox.queue(),
        saved: &state.saved,
        profile: &state.profile,
        username: state.session.account().map_or("", |account| &account.username),
        owner: state.session.account().map_or("", |account| &account.sub),
    }
}
