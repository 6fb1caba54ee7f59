//! What signing in and out means for every feature.

use super::derive;
use crate::app::{
    dialogs::draft::Draft,
    effect::Effect,
    failure::Failure,
    input::{action::Action, context::Context},
    model::{Account, Request},
    profile::UserProfile,
    session::{Report, command::AccountAnswer},
    shell::Tone,
    state::State,
    tab::Tab,
};

/// A user has signed in, or was signed in when the program last ended: shows today.
pub(super) fn enter(state: &mut State, account: Account) -> Vec<Effect> {
    let is_other = state.session.enter(account);
    start(state, is_other)
}

fn start(state: &mut State, is_other: bool) -> Vec<Effect> {
    if is_other {
        state.dialogs.forget();
        state.clipboard.forget();
        state.saved.forget();
    }
    state.names.forget();
    state.names.take_library(state.saved.names());
    state.dialogs.close();
    state.screens = crate::app::screens::Screens::default();
    state.overview = crate::app::overview::Overview::default();
    state.shares = crate::app::shares::Shares::default();
    let mut effects = vec![Effect::Connect];
    effects.extend(is_other.then_some(Effect::RecallDrafts));
    effects.extend(state.catalog.load(&mut state.shell));
    effects.extend(state.log.sign_in(&mut state.shell));
    effects.push(Effect::LoadNames);
    effects.push(Effect::LoadLibrary);
    effects.push(Effect::WatchTotals);
    effects
}

/// Takes what a user had typed and not logged when the program last ended.
pub(super) fn recall(state: &mut State, sub: &str, drafts: Vec<Draft>) {
    if !state.session.is_of(sub) {
        return;
    }
    let (categories, energy) = (&state.catalog.categories, state.shell.display.energy);
    if let Some(newest) = state.dialogs.restore(drafts, categories, energy) {
        let action = match &newest {
            Draft::Line { .. } | Draft::Form { editing: None, .. } => Some(Action::Add),
            Draft::Form { editing: Some(_), .. } => Some(Action::Edit),
            Draft::Texts { .. } => None,
        };
        let summary = newest.summary(state.shell.display.energy);
        let text = match action {
            Some(action) => {
                let key = state.shell.keymap.hint(Context::Tab(Tab::Today), action);
                format!("not logged yet: {summary}; {key} continues it")
            }
            None => format!("not saved yet: {summary}; it is there when you open it again"),
        };
        // What is wrong with config.toml or a file comes first.
        if state.shell.notice.is_none() {
            state.shell.notify(Tone::Info, text);
        }
    }
}

/// Handles a response of the user pool.
pub(super) fn answered(
    state: &mut State,
    request: Request,
    result: Result<AccountAnswer, Failure>,
) -> Vec<Effect> {
    match state.session.answered(request, result, &mut state.shell) {
        Report::Nothing => Vec::new(),
        Report::SignedIn {
            is_other,
            after_reset,
        } => {
            let effects = start(state, is_other);
            if after_reset {
                // A reset ends no session, as on AWS.
                let text = "password replaced; other sessions continue until `Sign out everywhere`";
                state.shell.notify(Tone::Info, text);
            }
            effects
        }
    }
}

/// The session has ended. Lines and forms wait for the same user to come back.
pub(super) fn end(state: &mut State, reason: Option<Failure>) -> Vec<Effect> {
    if state.session.end(reason, state.shell.has_local_account) {
        state.dialogs.put_aside();
        state.outbox.forget();
        state.names.forget();
        state.saved.forget();
        state.profile = UserProfile::default();
        state.shell.reset_clock();
        state.log.sign_out(state.shell.today());
        state.shell.notice = None;
        derive::rows(state);
    }
    Vec::new()
}
