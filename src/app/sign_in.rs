//! The sign-in form.

use super::{
    Effect, Failure, FailureKind, Key, Password, Request, State,
    action::Action,
    keymap::{self, Context},
    start::Start,
    state::Screen,
    text_field::TextField,
};

/// Longer than Cognito allows either to be.
const LIMIT: usize = 300;

/// Who owns the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The user name.
    Username,
    /// The password.
    Password,
}

/// The sign-in form.
#[derive(Debug, Clone, PartialEq)]
pub struct SignIn {
    /// The user name.
    pub username: TextField,
    /// The password, never shown.
    pub password: TextField,
    /// Who owns the keys.
    pub focus: Focus,
    /// The attempt under way.
    pub busy: Option<Request>,
    /// Why the last attempt failed. What was typed is still there.
    pub failure: Option<Failure>,
}

impl SignIn {
    pub(super) fn new(username: &str, failure: Option<Failure>) -> Self {
        Self {
            username: TextField::new(LIMIT).with(username),
            password: TextField::secret(LIMIT),
            focus: if username.is_empty() {
                Focus::Username
            } else {
                Focus::Password
            },
            busy: None,
            failure,
        }
    }

    fn field(&mut self) -> &mut TextField {
        match self.focus {
            Focus::Username => &mut self.username,
            Focus::Password => &mut self.password,
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        if self.busy.is_none() {
            self.field().paste(text);
        }
    }

    fn other(&mut self) {
        self.focus = match self.focus {
            Focus::Username => Focus::Password,
            Focus::Password => Focus::Username,
        };
    }
}

pub(super) fn press(state: &mut State, mut form: SignIn, key: Key) -> Vec<Effect> {
    let action = keymap::action(Context::SignIn, key);
    match action {
        Some(Action::Back) => {
            // An answer that comes later still signs in: the session exists by then.
            state.screen = Screen::Start(Start {
                busy: form.busy,
                ..Start::default()
            });
            return Vec::new();
        }
        Some(_) | None if form.busy.is_some() => {}
        Some(Action::NextField | Action::PreviousField) => form.other(),
        Some(Action::Confirm) => return confirm(state, form),
        Some(_) | None => {
            if form.field().press(key) {
                form.failure = None;
            }
        }
    }
    state.screen = Screen::SignIn(form);
    Vec::new()
}

fn confirm(state: &mut State, mut form: SignIn) -> Vec<Effect> {
    let mut effects = Vec::new();
    if form.username.is_blank() {
        form.focus = Focus::Username;
        form.failure = Some(missing("the user name is missing", "type it and press Enter"));
    } else if form.password.value().is_empty() {
        let asked = form.focus == Focus::Password;
        form.focus = Focus::Password;
        form.failure = asked.then(|| missing("the password is missing", "type it and press Enter"));
    } else {
        let request = state.request();
        form.busy = Some(request);
        form.failure = None;
        effects.push(Effect::SignIn {
            request,
            username: form.username.value().trim().to_owned(),
            password: Password::new(form.password.value()),
        });
    }
    state.screen = Screen::SignIn(form);
    effects
}

fn missing(message: &str, next: &str) -> Failure {
    Failure {
        kind: FailureKind::Value,
        message: message.to_owned(),
        next: next.to_owned(),
    }
}
