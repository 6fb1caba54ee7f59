//! The first screen: nobody is signed in.

use super::{
    Effect, Failure, Key, Request, State,
    account::{ask::AccountAsk, form::AccountForm, steps::Step},
    action::Action,
    keymap::{self, Context},
    run,
    state::Screen,
};

/// What can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The account on this computer.
    Here,
    /// An account with a name and a password.
    SignIn,
    /// A new account.
    SignUp,
    /// A password that nobody remembers.
    Forgot,
}

/// The first screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Start {
    /// Which line is selected.
    pub selected: usize,
    /// The attempt under way.
    pub busy: Option<Request>,
    /// Why the last attempt failed, or the session ended.
    pub failure: Option<Failure>,
}

impl Start {
    /// The choices, from the top.
    pub const fn choices(starts_here: bool) -> &'static [Choice] {
        if starts_here {
            &[Choice::Here, Choice::SignIn, Choice::SignUp, Choice::Forgot]
        } else {
            &[Choice::SignIn, Choice::SignUp, Choice::Forgot]
        }
    }
}

pub(super) fn press(state: &mut State, mut start: Start, key: Key) -> Vec<Effect> {
    let action = keymap::action(Context::Start, key);
    let choices = Start::choices(state.starts_here);
    match action {
        Some(Action::Quit | Action::Help) => {
            state.screen = Screen::Start(start);
            return action.map_or_else(Vec::new, |action| run::run(state, action));
        }
        Some(_) | None if start.busy.is_some() => {}
        Some(Action::Move(motion)) => {
            start.selected = motion.from(start.selected, 1, choices.len().saturating_sub(1));
        }
        Some(Action::OpenSignIn) => return open(state, Step::SignIn),
        Some(Action::OpenSignUp) => return open(state, Step::SignUp),
        Some(Action::OpenForgot) => return open(state, Step::Forgot),
        Some(Action::Confirm) => match choices.get(start.selected) {
            Some(Choice::Here) => {
                let request = state.request();
                state.screen = Screen::Start(Start {
                    busy: Some(request),
                    ..start
                });
                return vec![Effect::Account {
                    request,
                    ask: AccountAsk::StartOnThisComputer,
                }];
            }
            Some(Choice::SignIn) => return open(state, Step::SignIn),
            Some(Choice::SignUp) => return open(state, Step::SignUp),
            Some(Choice::Forgot) => return open(state, Step::Forgot),
            None => {}
        },
        Some(_) | None => {}
    }
    state.screen = Screen::Start(start);
    Vec::new()
}

/// Opens a form about the account.
fn open(state: &mut State, step: Step) -> Vec<Effect> {
    state.screen = Screen::Account(AccountForm::new(step));
    Vec::new()
}
