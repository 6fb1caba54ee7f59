//! A form about the account: lines to fill in and confirm.

use super::{
    command::AccountCommand,
    purpose::{Input, Purpose},
};
use crate::app::{
    effect::Effect,
    failure::{Failure, FailureKind},
    input::{
        action::{Action, Control},
        bindings::Meaning,
        context::Context,
        key::Key,
        text_field::TextField,
    },
    model::Request,
    reaction::Reaction,
    shell::Shell,
};

/// A form about the account.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountForm {
    /// What it is for.
    pub purpose: Purpose,
    /// Its lines, from the top.
    pub inputs: Vec<Input>,
    /// The line that takes the keys.
    pub focus: usize,
    /// The attempt in flight.
    pub busy: Option<Request>,
    /// Why the last attempt failed. What was typed is still there.
    pub failure: Option<Failure>,
    /// A note on what just happened.
    pub note: Option<String>,
}

impl AccountForm {
    /// A form without any text.
    pub(super) fn new(purpose: Purpose) -> Self {
        Self {
            inputs: purpose.inputs(),
            purpose,
            focus: 0,
            busy: None,
            failure: None,
            note: None,
        }
    }

    /// The form with the user name filled in, if one is known.
    pub(super) fn named(mut self, username: &str) -> Self {
        if !username.is_empty()
            && let Some(first) = self.inputs.first_mut()
        {
            first.field.set(username);
            self.focus = 1.min(self.inputs.len().saturating_sub(1));
        }
        self
    }

    /// The form with a note on what just happened.
    pub(super) fn noting(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Whether a key's meaning makes sense on this form.
    pub fn offers(&self, meaning: Meaning) -> bool {
        match meaning {
            Meaning::Control(Control::NextField | Control::PreviousField) => self.inputs.len() > 1,
            Meaning::Action(Action::ResendCode) => self.purpose.resend().is_some(),
            Meaning::Control(Control::Confirm | Control::Back | Control::Move(_)) | Meaning::Action(_) => {
                true
            }
        }
    }

    fn field(&mut self) -> Option<&mut TextField> {
        self.inputs.get_mut(self.focus).map(|input| &mut input.field)
    }

    pub(super) fn paste(&mut self, text: &str) {
        if self.busy.is_none()
            && let Some(field) = self.field()
        {
            field.paste(text);
        }
    }

    fn turn(&mut self, back: bool) {
        let count = self.inputs.len().max(1);
        let by = if back { count - 1 } else { 1 };
        self.focus = (self.focus + by) % count;
    }

    pub(super) fn press(&mut self, shell: &mut Shell, key: Key) -> Reaction {
        let meaning = shell.keymap.meaning(Context::Account, key);
        if meaning == Some(Meaning::Control(Control::Back)) {
            return Reaction::Close;
        }
        if self.busy.is_some() {
            return Reaction::Stay;
        }
        match meaning {
            Some(Meaning::Control(Control::NextField)) => self.turn(false),
            Some(Meaning::Control(Control::PreviousField)) => self.turn(true),
            Some(Meaning::Control(Control::Confirm)) => return self.confirm(shell),
            Some(Meaning::Action(action)) => return Reaction::Run(action),
            Some(Meaning::Control(Control::Back | Control::Move(_))) | None => {
                if self.field().is_some_and(|field| field.press(key)) {
                    self.failure = None;
                }
            }
        }
        Reaction::Stay
    }

    fn confirm(&mut self, shell: &mut Shell) -> Reaction {
        let is_missing = |input: &Input| !input.is_optional && input.field.is_blank();
        let missing = self
            .inputs
            .iter()
            .enumerate()
            .find(|(_, input)| is_missing(input));
        if let Some((at, input)) = missing {
            if self.focus < at {
                // Confirming a line on the way down is no mistake.
                self.failure = None;
                self.focus += 1;
            } else {
                self.failure = Some(Failure {
                    kind: FailureKind::Value,
                    message: format!("the {} is missing", input.label.to_lowercase()),
                    next: format!("type it and press {}", shell.keymap.confirm(Context::Account)),
                });
                self.focus = at;
            }
            return Reaction::Stay;
        }
        if let Err(failure) = self.purpose.check(&self.inputs) {
            self.failure = Some(failure);
            self.focus = 0;
            return Reaction::Stay;
        }
        self.note = None;
        let command = self.command();
        Reaction::Perform(self.start(command, shell))
    }

    /// The attempt failed. A challenge that the pool has forgotten can't be answered again: signing in starts anew.
    pub(super) fn fail(&mut self, mut failure: Failure) {
        if let Purpose::Challenge(challenge) = &self.purpose
            && failure.kind == FailureKind::Unauthorized
        {
            *self = Self::new(Purpose::SignIn).named(&challenge.user_id);
            "type the password again".clone_into(&mut failure.next);
        }
        self.failure = Some(failure);
    }

    /// The command of the filled form.
    pub(super) fn command(&self) -> AccountCommand {
        self.purpose.command(&self.inputs)
    }

    /// Sends another code, if one was sent.
    pub(super) fn resend(&mut self, shell: &mut Shell) -> Option<Effect> {
        let command = self.purpose.resend()?;
        Some(self.start(command, shell))
    }

    fn start(&mut self, command: AccountCommand, shell: &mut Shell) -> Effect {
        let request = shell.request();
        self.busy = Some(request);
        self.failure = None;
        Effect::Account { request, command }
    }
}
