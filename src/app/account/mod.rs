//! Signing up, in and out, and what else concerns the account.

pub mod ask;
pub mod form;
pub mod steps;

use self::{
    ask::{AccountAnswer, AccountAsk},
    form::AccountForm,
    steps::Step,
};
use super::{
    Account, Connection, Effect, Failure, FailureKind, Request, State, Target, dialog,
    overlay::Overlay,
    save::Origin,
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
    effects.extend(today::begin(state));
    dialog::reopen(state);
    effects
}

/// What came of an attempt; ignored where it isn't the one under way.
pub(super) fn answered(
    state: &mut State,
    request: Request,
    result: Result<AccountAnswer, Failure>,
) -> Vec<Effect> {
    let busy = match &mut state.screen {
        Screen::Start(start) => &mut start.busy,
        Screen::Account(form) => &mut form.busy,
        Screen::Today => &mut state.account_request,
    };
    if busy.take_if(|busy| *busy == request).is_none() {
        return Vec::new();
    }
    match result {
        Ok(answer) => go_on(state, answer),
        Err(failure) => {
            match &mut state.screen {
                Screen::Start(start) => start.failure = Some(failure),
                Screen::Account(form) => fail(form, failure),
                Screen::Today => state.say(
                    Tone::Problem,
                    super::text::failed(&failure, "nothing was changed"),
                ),
            }
            Vec::new()
        }
    }
}

/// Shows why on the form. A challenge that the pool knows no more can't be answered again: signing in begins anew.
fn fail(form: &mut AccountForm, mut failure: Failure) {
    if let Step::Challenge(challenge) = &form.step
        && failure.kind == FailureKind::Unauthorized
    {
        *form = AccountForm::new(Step::SignIn).named(&challenge.user_id);
        "type the password again".clone_into(&mut failure.next);
    }
    form.failure = Some(failure);
}

fn go_on(state: &mut State, answer: AccountAnswer) -> Vec<Effect> {
    let next = match answer {
        AccountAnswer::SignedIn(account) => {
            let is_reset =
                matches!(&state.screen, Screen::Account(form) if matches!(form.step, Step::Reset { .. }));
            let effects = enter(state, account);
            if is_reset {
                // A reset ends no session, as on AWS.
                let text = "password replaced; other sessions continue until `Sign out everywhere`";
                state.say(Tone::Info, text);
            }
            return effects;
        }
        AccountAnswer::Asked(challenge) => AccountForm::new(Step::Challenge(challenge)),
        AccountAnswer::NotConfirmed => {
            confirmation(state).saying("The account waits for its confirmation code")
        }
        AccountAnswer::CodeSent { said } => code_sent(state, said),
        AccountAnswer::Confirmed => AccountForm::new(Step::SignIn)
            .named(&username(state))
            .saying("The account is confirmed"),
        AccountAnswer::Secret(secret) => AccountForm::new(Step::Authenticator {
            username: username(state),
            secret,
        }),
        AccountAnswer::Done => {
            let said = match &state.screen {
                Screen::Account(form) => match form.step {
                    Step::ChangePassword => "the password is changed",
                    Step::Authenticator { .. } => {
                        "from now on, signing in asks for your authenticator's code"
                    }
                    Step::SignIn
                    | Step::SignUp
                    | Step::Confirm { .. }
                    | Step::Forgot
                    | Step::Reset { .. }
                    | Step::Challenge(_) => "done",
                },
                Screen::Start(_) | Screen::Today => "signing in asks for no code any more",
            };
            state.screen = Screen::Today;
            state.say(Tone::Good, said);
            return Vec::new();
        }
    };
    state.screen = Screen::Account(next);
    Vec::new()
}

/// Whom the form on the screen is about.
fn username(state: &State) -> String {
    if let Some(account) = &state.account {
        return account.username.clone();
    }
    match &state.screen {
        Screen::Account(form) => match &form.step {
            Step::Confirm { username, .. } | Step::Reset { username } => username.clone(),
            Step::Challenge(challenge) => challenge.user_id.clone(),
            Step::SignIn
            | Step::SignUp
            | Step::Forgot
            | Step::ChangePassword
            | Step::Authenticator { .. } => form
                .entries
                .first()
                .map_or_else(String::new, |entry| entry.field.value().trim().to_owned()),
        },
        Screen::Start(_) | Screen::Today => String::new(),
    }
}

/// The form for a new user's code. The password that was typed signs in right after.
fn confirmation(state: &State) -> AccountForm {
    let password = match &state.screen {
        Screen::Account(form) => match form.step.ask(&form.entries) {
            AccountAsk::SignIn { password, .. } | AccountAsk::SignUp { password, .. } => Some(password),
            AccountAsk::Confirm { password, .. } => password,
            AccountAsk::StartOnThisComputer
            | AccountAsk::Resend { .. }
            | AccountAsk::Forgot { .. }
            | AccountAsk::Reset { .. }
            | AccountAsk::Answer { .. }
            | AccountAsk::ChangePassword { .. }
            | AccountAsk::BeginAuthenticator
            | AccountAsk::FinishAuthenticator { .. }
            | AccountAsk::DropAuthenticator => None,
        },
        Screen::Start(_) | Screen::Today => None,
    };
    AccountForm::new(Step::Confirm {
        username: username(state),
        password,
    })
}

fn code_sent(state: &State, said: String) -> AccountForm {
    let forgot = matches!(&state.screen, Screen::Account(form) if matches!(form.step, Step::Forgot | Step::Reset { .. }));
    let form = if forgot {
        AccountForm::new(Step::Reset {
            username: username(state),
        })
    } else {
        confirmation(state)
    };
    form.saying(said)
}

/// Opens the form for a new password.
pub(super) fn change_password(state: &mut State) {
    state.screen = Screen::Account(AccountForm::new(Step::ChangePassword));
}

/// Asks the pool for something that needs no form.
pub(super) fn ask(state: &mut State, ask: AccountAsk) -> Vec<Effect> {
    let request = state.request();
    state.account_request = Some(request);
    state.say(Tone::Info, "one moment…");
    vec![Effect::Account { request, ask }]
}

/// Asks for the end of the session, or of all sessions of the account.
pub(super) fn sign_out(state: &mut State, everywhere: bool) -> Vec<Effect> {
    if state.account.is_none() {
        return Vec::new();
    }
    state.say(Tone::Info, "signing out…");
    vec![Effect::SignOut { everywhere }]
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
        Screen::Account(AccountForm {
            failure: reason,
            ..AccountForm::new(Step::SignIn).named(&account.username)
        })
    };
    Vec::new()
}
