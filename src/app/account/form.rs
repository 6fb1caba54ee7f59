//! A form about the account: some lines to fill in, then Enter.

use super::steps::{Entry, Step};
use crate::app::{
    Effect, Failure, FailureKind, Key, Request, State,
    action::Action,
    keymap::{self, Context},
    start::Start,
    state::Screen,
    text_field::TextField,
};

/// A form about the account.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountForm {
    /// Which one.
    pub step: Step,
    /// Its lines.
    pub entries: Vec<Entry>,
    /// Which line owns the keys.
    pub focus: usize,
    /// The attempt under way.
    pub busy: Option<Request>,
    /// Why the last attempt failed. What was typed is still there.
    pub failure: Option<Failure>,
    /// What just happened.
    pub note: Option<String>,
}

impl AccountForm {
    /// An empty one.
    pub(in crate::app) fn new(step: Step) -> Self {
        Self {
            entries: step.entries(),
            step,
            focus: 0,
            busy: None,
            failure: None,
            note: None,
        }
    }

    /// The same with the user name filled in, where one is known.
    pub(in crate::app) fn named(mut self, username: &str) -> Self {
        if !username.is_empty()
            && let Some(first) = self.entries.first_mut()
        {
            first.field.set(username);
            self.focus = 1.min(self.entries.len().saturating_sub(1));
        }
        self
    }

    /// The same with words on what just happened.
    pub(super) fn saying(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Whether an action of forms makes sense on this one.
    pub fn offers(&self, action: Action) -> bool {
        match action {
            Action::NextField | Action::PreviousField => self.entries.len() > 1,
            Action::Resend => self.step.resend().is_some(),
            _ => true,
        }
    }

    fn field(&mut self) -> Option<&mut TextField> {
        self.entries.get_mut(self.focus).map(|entry| &mut entry.field)
    }

    pub(in crate::app) fn paste(&mut self, text: &str) {
        if self.busy.is_none()
            && let Some(field) = self.field()
        {
            field.paste(text);
        }
    }

    fn turn(&mut self, back: bool) {
        let count = self.entries.len().max(1);
        let by = if back { count - 1 } else { 1 };
        self.focus = (self.focus + by) % count;
    }
}

pub(in crate::app) fn press(state: &mut State, mut form: AccountForm, key: Key) -> Vec<Effect> {
    let action = keymap::action(Context::Account, key);
    match action {
        Some(Action::Back) => {
            // An answer that comes later still signs in: the session exists by then.
            state.screen = if state.account.is_some() {
                Screen::Today
            } else {
                Screen::Start(Start {
                    busy: form.busy,
                    ..Start::default()
                })
            };
            return Vec::new();
        }
        Some(_) | None if form.busy.is_some() => {}
        Some(Action::NextField) => form.turn(false),
        Some(Action::PreviousField) => form.turn(true),
        Some(Action::Confirm) => return confirm(state, form),
        Some(Action::Resend) => {
            if let Some(ask) = form.step.resend() {
                let request = state.request();
                form.busy = Some(request);
                state.screen = Screen::Account(form);
                return vec![Effect::Account { request, ask }];
            }
        }
        Some(_) | None => {
            if form.field().is_some_and(|field| field.press(key)) {
                form.failure = None;
            }
        }
    }
    state.screen = Screen::Account(form);
    Vec::new()
}

fn confirm(state: &mut State, mut form: AccountForm) -> Vec<Effect> {
    let mut effects = Vec::new();
    let lacking = |entry: &Entry| !entry.optional && entry.field.is_blank();
    if let Some((at, entry)) = form.entries.iter().enumerate().find(|(_, entry)| lacking(entry)) {
        if form.focus < at {
            // Enter on the way down is no mistake.
            form.failure = None;
            form.focus += 1;
        } else {
            form.failure = Some(missing(entry.label));
            form.focus = at;
        }
    } else if let Err(failure) = form.step.check(&form.entries) {
        form.failure = Some(failure);
        form.focus = 0;
    } else {
        let request = state.request();
        form.busy = Some(request);
        form.failure = None;
        form.note = None;
        effects.push(Effect::Account {
            request,
            ask: form.step.ask(&form.entries),
        });
    }
    state.screen = Screen::Account(form);
    effects
}

fn missing(label: &str) -> Failure {
    Failure {
        kind: FailureKind::Value,
        message: format!("the {} is missing", label.to_lowercase()),
        next: "type it and press Enter".to_owned(),
    }
}
