//! The quick line: an entry in one line of text.

use caltrack_domain::{Line, NewActivity, moved_to, read_line};
use jiff::{Timestamp, civil::Date};

use super::{
    Effect, Key, State,
    action::Action,
    dialog::{self, Dialog},
    form::Form,
    keymap::{self, Context},
    save::{self, Job, Origin},
    text_field::TextField,
};

/// More than any name: what is too long is refused with its text kept, not cut off.
const LIMIT: usize = 20_000;

/// The quick line.
#[derive(Debug, Clone, PartialEq)]
pub struct Quick {
    /// What was typed.
    pub field: TextField,
    /// The day that it logs for.
    pub date: Date,
    /// Why the last attempt failed.
    pub problem: Option<String>,
    /// Id and time of the first attempt: a repeat is the same entry, should the attempt have arrived after all.
    pub(super) attempt: Option<(String, Timestamp)>,
}

/// What the line would log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preview {
    /// Nothing was typed.
    Empty,
    /// This entry.
    Entry(Line),
    /// Nothing, for this reason.
    Problem(String),
}

impl Quick {
    /// What Enter would log.
    pub fn preview(&self, state: &State) -> Preview {
        if self.field.is_blank() {
            return Preview::Empty;
        }
        match read_line(self.field.value(), &state.categories, state.now.hour()) {
            Ok(entry) => Preview::Entry(entry),
            Err(problem) => Preview::Problem(problem.to_string()),
        }
    }
}

pub(super) fn open(state: &mut State) {
    let quick = Quick {
        field: TextField::new(LIMIT),
        date: state.today.date,
        problem: None,
        attempt: None,
    };
    state.dialogs.push(Dialog::Quick(quick));
}

pub(super) fn press(state: &mut State, mut quick: Quick, key: Key) -> Vec<Effect> {
    match keymap::action(Context::Quick, key) {
        Some(Action::Confirm) => return confirm(state, quick),
        Some(Action::OpenForm) => {
            let form = Form::from_line(state, quick);
            state.dialogs.push(Dialog::Form(Box::new(form)));
            return Vec::new();
        }
        Some(Action::Back) => {
            dialog::reopen(state);
            return Vec::new();
        }
        Some(_) | None => {
            if quick.field.press(key) {
                quick.problem = None;
            }
        }
    }
    state.dialogs.push(Dialog::Quick(quick));
    Vec::new()
}

fn confirm(state: &mut State, mut quick: Quick) -> Vec<Effect> {
    match quick.preview(state) {
        Preview::Entry(entry) => {
            let (id, tried) = match quick.attempt.take() {
                Some(attempt) => attempt,
                None => (state.mint(), state.now.timestamp()),
            };
            quick.attempt = Some((id.clone(), tried));
            let moment = match moved_to(tried, quick.date, state.now.time_zone()) {
                Ok(moment) => moment,
                Err(problem) => {
                    quick.problem = Some(problem.to_string());
                    state.dialogs.push(Dialog::Quick(quick));
                    return Vec::new();
                }
            };
            let job = Job::Create(NewActivity {
                id,
                entry: entry.entry(quick.date, moment),
            });
            let effects = save::start(state, job, Origin::Typed(Box::new(Dialog::Quick(quick))));
            dialog::reopen(state);
            effects
        }
        Preview::Problem(problem) => {
            quick.problem = Some(problem);
            state.dialogs.push(Dialog::Quick(quick));
            Vec::new()
        }
        Preview::Empty => {
            quick.problem = Some("how many kcal? try `lunch 650`".to_owned());
            state.dialogs.push(Dialog::Quick(quick));
            Vec::new()
        }
    }
}
