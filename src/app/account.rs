//! Signing in and out.

use super::{
    Account, Connection, Effect, Failure, Request, State, Target, dialog,
    overlay::Overlay,
    save::Origin,
    sign_in::SignIn,
    start::Start,
    state::{Screen, Tone},
    today::{self, Today},
};

/// The account is there: shows its day.
pub(super) fn enter(state: &mut State, account: Account) -> Vec<Effect> {
    // What another account left behind is none of this one's business.
    if state.owner.as_deref() != Some(account.sub.as_str()) {
        state.drafts.clear();
        state.history.clear();
        state.overlay = Overlay::default();
        state.owner = Some(account.sub.clone());
    }
    state.dialogs.clear();
    state.screen = Screen::Today;
    state.account = Some(account);
    state.connection = Connection::Connecting;
    state.today = Today::new(state.now.date());
    let mut effects = vec![Effect::Connect];
    effects.extend(today::refresh(state));
    dialog::reopen(state);
    effects
}

pub(super) fn signed_in(
    state: &mut State,
    request: Request,
    result: Result<Account, Failure>,
) -> Vec<Effect> {
    let busy = match &mut state.screen {
        Screen::Start(start) => &mut start.busy,
        Screen::SignIn(form) => &mut form.busy,
        Screen::Today => return Vec::new(),
    };
    if busy.take_if(|busy| *busy == request).is_none() {
        return Vec::new();
    }
    match result {
        Ok(account) => enter(state, account),
        Err(failure) => {
            match &mut state.screen {
                Screen::Start(start) => start.failure = Some(failure),
                Screen::SignIn(form) => form.failure = Some(failure),
                Screen::Today => {}
            }
            Vec::new()
        }
    }
}

/// Asks for the end of the session.
pub(super) fn sign_out(state: &mut State) -> Vec<Effect> {
    if state.account.is_none() {
        return Vec::new();
    }
    state.say(Tone::Info, "signing out…");
    vec![Effect::SignOut]
}

/// The session is over. Lines and forms wait for the same account to come back.
pub(super) fn ended(state: &mut State, reason: Option<Failure>) -> Vec<Effect> {
    let Some(account) = state.account.take() else {
        return Vec::new();
    };
    let typed = state.saves.drain(..).filter_map(|save| match save.origin {
        Origin::Typed(dialog) => Some(*dialog),
        Origin::Key | Origin::Undo(_) => None,
    });
    let open = state.dialogs.drain(..).filter(dialog::Dialog::holds_typing);
    state.drafts.extend(typed.chain(open));
    state.target = Target::default();
    state.today = Today::new(state.now.date());
    state.notice = None;
    state.waiting = None;
    state.screen = if state.starts_here {
        Screen::Start(Start {
            failure: reason,
            ..Start::default()
        })
    } else {
        Screen::SignIn(SignIn::new(&account.username, reason))
    };
    Vec::new()
}
