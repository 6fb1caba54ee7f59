//! The quick line: an entry in one line of text.

use caltrack_domain::{Category, Line, LogCommand, NewActivity, read_line};
use jiff::{Zoned, civil::Date};

use super::{
    form::Form,
    surroundings::{Attempt, Surroundings},
};
use crate::app::{
    failure::Failure,
    input::{
        action::{Action, Control},
        bindings::Meaning,
        context::Context,
        key::Key,
        keymap::Keymap,
        text_field::TextField,
    },
    reaction::Reaction,
    text,
};

/// More than any name: a text that is too long is refused, not cut off.
const LIMIT: usize = 20_000;

/// The state of the quick line.
#[derive(Debug, Clone, PartialEq)]
pub struct Quick {
    /// The text and the cursor.
    pub field: TextField,
    /// The day that it logs for.
    pub date: Date,
    /// Why the last attempt failed.
    pub problem: Option<String>,
    attempt: Option<Attempt>,
}

/// What the line would log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preview {
    /// Nothing, for the line is blank.
    Empty,
    /// An entry of these values.
    Entry(Line),
    /// Nothing, for this reason.
    Problem(String),
}

impl Quick {
    pub(in crate::app) fn new(date: Date) -> Self {
        Self {
            field: TextField::new(LIMIT),
            date,
            problem: None,
            attempt: None,
        }
    }

    /// What confirming would log.
    pub fn preview(&self, categories: &[Category], now: &Zoned) -> Preview {
        if self.field.is_blank() {
            return Preview::Empty;
        }
        match read_line(self.field.value(), categories, now.hour()) {
            Ok(entry) => Preview::Entry(entry),
            Err(problem) => Preview::Problem(problem.to_string()),
        }
    }

    pub(super) fn press(&mut self, around: &mut Surroundings<'_>, key: Key) -> Reaction<Form> {
        match around.shell.keymap.meaning(Context::Quick, key) {
            Some(Meaning::Control(Control::Confirm)) => self.confirm(around),
            Some(Meaning::Control(Control::Back)) => Reaction::Close,
            Some(Meaning::Action(Action::AddByForm)) => Reaction::Open(self.form(around)),
            Some(Meaning::Action(action)) => Reaction::Run(action),
            Some(Meaning::Control(Control::Move(_) | Control::NextField | Control::PreviousField)) | None => {
                if self.field.press(key) {
                    self.problem = None;
                }
                Reaction::Stay
            }
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.field.paste(text);
        self.problem = None;
    }

    /// The form, filled with what the line logs.
    fn form(&self, around: &Surroundings<'_>) -> Form {
        let form = Form::new(
            self.date,
            around.categories,
            &around.shell.now,
            self.attempt.clone(),
        );
        match self.preview(around.categories, &around.shell.now) {
            Preview::Empty => form,
            Preview::Entry(line) => form.filled(&line, around.categories),
            Preview::Problem(_) => form.named(self.field.value().trim()),
        }
    }

    fn confirm(&mut self, around: &mut Surroundings<'_>) -> Reaction<Form> {
        let line = match self.preview(around.categories, &around.shell.now) {
            Preview::Entry(line) => line,
            Preview::Problem(problem) => return self.refuse(problem),
            Preview::Empty => return self.refuse("how many kcal? try `lunch 650`".to_owned()),
        };
        let attempt = Attempt::first(&mut self.attempt, around.shell);
        match around.shell.clock.moved_to(attempt.at, self.date) {
            Ok(moment) => Reaction::Submit(vec![LogCommand::Create(NewActivity {
                id: attempt.id,
                entry: line.entry(self.date, moment),
            })]),
            Err(problem) => self.refuse(problem.to_string()),
        }
    }

    fn refuse(&mut self, problem: String) -> Reaction<Form> {
        self.problem = Some(problem);
        Reaction::Stay
    }

    /// Its save failed.
    pub(super) fn fail(&mut self, failure: &Failure, keymap: &Keymap) {
        self.problem = Some(text::failed_typed(failure, &keymap.confirm(Context::Quick)));
    }
}
