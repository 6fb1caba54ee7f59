//! The quick line: entries in one line of text.

use caltrack_domain::{
    LogCommand, NewActivity,
    line::{Item, Question, Reading},
};
use jiff::{Timestamp, civil::Date};

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
    names::{Names, Surrounding},
    reaction::Reaction,
    text,
};

/// More than any name: a text that is too long is refused, not cut off.
const LIMIT: usize = 20_000;
/// Lines of a page of the readings.
const PAGE: usize = 7;

/// The state of the quick line.
#[derive(Debug, Clone, PartialEq)]
pub struct Quick {
    /// The text and the cursor.
    pub field: TextField,
    /// The day that it logs for, if the text has none.
    pub date: Date,
    /// Whether that was the user's day when the line was opened, so that an entry has the moment of Enter, also after
    /// midnight.
    pub(in crate::app) is_of_today: bool,
    /// Why the last attempt failed.
    pub problem: Option<String>,
    /// What the text is understood as, likeliest first; for a blank one, what is usual at this hour.
    pub readings: Vec<Reading>,
    /// The reading that confirming logs; none where that would be a guess.
    pub selected: Option<usize>,
    /// Whether an activity among the readings burns by the usual weight, since none is known.
    pub lacks_weight: bool,
    read: Option<ReadWith>,
    attempt: Option<Attempt>,
}

/// What the readings follow from.
#[derive(Debug, Clone, PartialEq)]
struct ReadWith {
    text: String,
    names: u64,
    types: usize,
    hour: i8,
    today: Date,
    weight: Option<(Date, f64)>,
}

impl Quick {
    pub(in crate::app) fn new(date: Date) -> Self {
        Self {
            field: TextField::new(LIMIT),
            date,
            is_of_today: false,
            problem: None,
            readings: Vec::new(),
            selected: None,
            lacks_weight: false,
            read: None,
            attempt: None,
        }
    }

    /// The line with a text.
    pub(super) fn with_text(date: Date, text: &str) -> Self {
        let mut quick = Self::new(date);
        quick.field.set(text);
        quick
    }

    /// Reads the text, if it or what it is read with has changed.
    pub(in crate::app) fn read(&mut self, names: &Names, around: &Surrounding<'_>) {
        let with = ReadWith {
            text: self.field.value().to_owned(),
            names: names.revision(),
            types: around
                .categories
                .iter()
                .map(|category| category.types.len())
                .sum(),
            hour: around.now.hour(),
            today: around.today,
            weight: around.weight,
        };
        if self.read.as_ref() == Some(&with) {
            return;
        }
        let is_typed = self.read.as_ref().is_none_or(|before| before.text != with.text);
        let chosen = self.selected.filter(|_| !is_typed);
        let (readings, is_likely) = if self.field.is_blank() {
            names.usual(around)
        } else {
            let readings = names.read(self.field.value(), around);
            let is_likely = readings.first().is_some_and(|first| first.question.is_none());
            (readings, is_likely)
        };
        self.selected = chosen
            .filter(|at| *at < readings.len())
            .or(is_likely.then_some(0));
        let burns = |item: &Item| {
            item.food
                .as_ref()
                .is_some_and(|source| source.starts_with("met:"))
        };
        self.lacks_weight = names.weight_on(self.date, around.weight).is_none()
            && readings
                .first()
                .is_some_and(|first| first.items.iter().any(burns));
        self.readings = readings;
        self.read = Some(with);
    }

    /// What confirming logs.
    pub fn chosen(&self) -> Option<&Reading> {
        let reading = self.readings.get(self.selected?)?;
        reading.question.is_none().then_some(reading)
    }

    /// Why the text isn't logged as it stands.
    pub fn question(&self) -> Option<&Question> {
        self.readings.first()?.question.as_ref()
    }

    /// The readings to choose from: those that can be logged, with their places among all.
    pub fn choices(&self) -> impl Iterator<Item = (usize, &Reading)> {
        let all = self.readings.iter().enumerate();
        all.filter(|(_, reading)| reading.question.is_none())
    }

    pub(super) fn press(&mut self, around: &mut Surroundings<'_>, key: Key) -> Reaction<Form> {
        match around.shell.keymap.meaning(Context::Quick, key) {
            Some(Meaning::Control(Control::Confirm)) => self.confirm(around),
            Some(Meaning::Control(Control::Back)) => Reaction::Close,
            Some(Meaning::Action(Action::AddByForm)) => self.open_form(around),
            Some(Meaning::Action(action)) => Reaction::Run(action),
            Some(Meaning::Control(Control::Move(motion))) => {
                let places: Vec<usize> = self.choices().map(|(at, _)| at).collect();
                let at = self
                    .selected
                    .and_then(|selected| places.iter().position(|place| *place == selected));
                let next = match at {
                    Some(at) => motion.from(at, PAGE, places.len().saturating_sub(1)),
                    None => 0,
                };
                self.selected = places.get(next).copied();
                self.problem = None;
                Reaction::Stay
            }
            Some(Meaning::Control(Control::NextField | Control::PreviousField)) | None => {
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
    fn open_form(&mut self, around: &Surroundings<'_>) -> Reaction<Form> {
        let form = Form::new(
            self.date,
            around.categories,
            (&around.shell.now, around.shell.display.energy),
            self.attempt.clone(),
        );
        let Some(reading) = self.chosen() else {
            let name = self.field.value().trim().to_owned();
            let form = form.named(&name);
            return Reaction::Open(form.opened_from(self.date, self.field.value()));
        };
        match reading.items.as_slice() {
            [item] => {
                let form = form.filled(item, reading, around.categories);
                Reaction::Open(form.opened_from(self.date, self.field.value()))
            }
            several => {
                let count = several.len();
                self.refuse(format!("the form holds one entry, and this line logs {count}"))
            }
        }
    }

    fn confirm(&mut self, around: &mut Surroundings<'_>) -> Reaction<Form> {
        let Some(reading) = self.chosen().cloned() else {
            let question = self.question().cloned().unwrap_or(Question::Empty);
            self.make_room_for_kcal(&question);
            return self.refuse(question.to_string());
        };
        let attempt = Attempt::first(&mut self.attempt, around.shell);
        let date = reading.day.unwrap_or(self.date);
        let clock = &around.shell.clock;
        let moment = match reading.time {
            Some(time) => clock.moment_on(date, time),
            None if self.is_of_today && date == self.date => Ok(attempt.at),
            None => clock.moved_to(attempt.at, date),
        };
        let moment: Timestamp = match moment {
            Ok(moment) => moment,
            Err(problem) => return self.refuse(problem.to_string()),
        };
        let count = reading.items.len();
        let others = around.shell.ids_after(attempt.at, count.saturating_sub(1));
        let ids = std::iter::once(attempt.id).chain(others);
        let creates = reading.items.into_iter().zip(ids).map(|(item, id)| {
            LogCommand::Create(NewActivity::new(
                id,
                item.entry(date, moment, reading.note.clone()),
            ))
        });
        Reaction::Submit(creates.collect())
    }

    /// A line that lacks only the kcal of its last words gets a blank, so that they can be typed at once.
    fn make_room_for_kcal(&mut self, question: &Question) {
        let (Question::Unknown(words) | Question::NoKcal(words)) = question else {
            return;
        };
        let line = self.field.value();
        if line.to_lowercase().ends_with(&words.to_lowercase()) {
            let line = format!("{line} ");
            self.field.set(&line);
        }
    }

    fn refuse(&mut self, problem: String) -> Reaction<Form> {
        self.problem = Some(problem);
        Reaction::Stay
    }

    /// Shows why its entries were not saved; what was typed stays.
    pub(super) fn fail(&mut self, failure: &Failure, keymap: &Keymap) {
        self.problem = Some(text::failed_typed(failure, &keymap.confirm(Context::Quick)));
    }
}
