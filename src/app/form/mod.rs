//! The form: everything that a user can say of an entry.

mod follow;

use caltrack_domain::{
    Activity, Category, Entry, NewActivity, checked_name, checked_note, meal_of, moment_on, moved_to,
    nearest, parse_kcal, parse_time, resolve_day,
};
use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};

pub(super) use follow::{learn_categories, rebase};

use super::{
    Effect, Failure, Key, State,
    action::Action,
    dialog::{self, Dialog},
    keymap::{self, Context},
    picker::Picker,
    quick::{Preview, Quick},
    save::{self, Job, Origin},
    state::Tone,
    text,
    text_field::TextField,
};

/// More than any name or note: what is too long is refused with its text kept, not cut off.
const LIMIT: usize = 20_000;

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The category.
    Category,
    /// The type.
    Kind,
    /// kcal.
    Kcal,
    /// The name.
    Name,
    /// The day.
    Date,
    /// The time of day.
    Time,
    /// The note.
    Note,
}

/// The fields from top to bottom.
pub const FIELDS: [Field; 7] = [
    Field::Category,
    Field::Kind,
    Field::Kcal,
    Field::Name,
    Field::Date,
    Field::Time,
    Field::Note,
];

/// The form.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// The entry that is edited; none: a new one.
    pub editing: Option<Activity>,
    /// The category.
    pub category: Picker,
    /// The type.
    pub kind: Picker,
    /// kcal.
    pub kcal: TextField,
    /// The name.
    pub name: TextField,
    /// The day.
    pub date: TextField,
    /// The time of day; blank: now, or the entry's own.
    pub time: TextField,
    /// The note.
    pub note: TextField,
    /// Who owns the keys.
    pub focus: Field,
    /// What is wrong, and with which field.
    pub problem: Option<(Option<Field>, String)>,
    /// Id and time of the first attempt to log it.
    pub(super) attempt: Option<(String, Timestamp)>,
}

impl Form {
    /// A form of a new entry.
    pub(super) fn blank(state: &State, date: Date) -> Self {
        let meal = meal_of(state.now.hour());
        let home = state
            .categories
            .iter()
            .find(|category| category.types.iter().any(|kind| kind == meal));
        let category = home
            .or(state.categories.first())
            .map(|category| category.name.as_str());
        Self {
            editing: None,
            category: Picker::new(names(&state.categories), category),
            kind: kinds(&state.categories, category, Some(meal)),
            kcal: TextField::new(LIMIT),
            name: TextField::new(LIMIT),
            date: TextField::new(LIMIT).with(&date.to_string()),
            time: TextField::new(LIMIT),
            note: TextField::new(LIMIT),
            focus: Field::Category,
            problem: None,
            attempt: None,
        }
    }

    /// A form that goes on with what the quick line says.
    pub(super) fn from_line(state: &State, quick: Quick) -> Self {
        let mut form = Self::blank(state, quick.date);
        match quick.preview(state) {
            Preview::Empty => {}
            Preview::Entry(entry) => {
                form.category = Picker::new(names(&state.categories), Some(&entry.category));
                form.kind = kinds(&state.categories, Some(&entry.category), Some(&entry.kind));
                form.kcal.set(&entry.kcal.to_string());
                form.name.set(entry.name.as_deref().unwrap_or_default());
            }
            Preview::Problem(_) => form.name.set(quick.field.value().trim()),
        }
        form.attempt = quick.attempt;
        form
    }

    /// A form of an entry that exists.
    pub(super) fn of(state: &State, activity: &Activity) -> Self {
        Self {
            category: Picker::new(names(&state.categories), Some(&activity.entry.category)),
            kind: kinds(
                &state.categories,
                Some(&activity.entry.category),
                Some(&activity.entry.kind),
            ),
            kcal: TextField::new(LIMIT).with(&activity.entry.kcal.to_string()),
            name: name_field(activity),
            date: TextField::new(LIMIT).with(&activity.entry.date.to_string()),
            time: time_field(activity, state.now.time_zone()),
            note: note_field(activity),
            focus: Field::Kcal,
            problem: None,
            attempt: None,
            editing: Some(activity.clone()),
        }
    }

    /// Which keys hold.
    pub fn context(&self) -> Context {
        match self.focus {
            Field::Category | Field::Kind => Context::Picker,
            Field::Kcal | Field::Name | Field::Date | Field::Time | Field::Note => Context::Text,
        }
    }

    pub(super) fn fail(&mut self, failure: &Failure) {
        self.problem = Some((None, text::failed_typed(failure)));
    }

    /// What is filled in.
    ///
    /// # Errors
    ///
    /// The first field that can't be, and why.
    pub fn entry(&self, now: &Zoned) -> Result<Entry, (Field, String)> {
        let category = chosen(&self.category, "category").map_err(|problem| (Field::Category, problem))?;
        let kind = chosen(&self.kind, "type").map_err(|problem| (Field::Kind, problem))?;
        let kcal = parse_kcal(self.kcal.value()).map_err(|error| (Field::Kcal, error.to_string()))?;
        let name = match &self.editing {
            // What was left alone goes back as it came.
            Some(activity) if self.name.value() == name_field(activity).value() => {
                activity.entry.name.clone()
            }
            Some(_) | None => {
                checked_name(self.name.value()).map_err(|error| (Field::Name, error.to_string()))?
            }
        };
        let date = resolve_day(self.date.value().trim(), now.date())
            .map_err(|error| (Field::Date, error.to_string()))?;
        let moment = self.moment(date, now)?;
        let note = match &self.editing {
            Some(activity) if self.note.value() == note_field(activity).value() => {
                activity.entry.note.clone()
            }
            Some(_) | None => {
                checked_note(self.note.value()).map_err(|error| (Field::Note, error.to_string()))?
            }
        };
        let entry = match &self.editing {
            // What the form doesn't show stays as it is.
            Some(activity) => activity.entry.clone(),
            None => Entry::new(date, moment, "", "", 0),
        };
        Ok(Entry {
            date,
            moment,
            category,
            kind,
            kcal,
            name,
            note,
            ..entry
        })
    }

    fn moment(&self, date: Date, now: &Zoned) -> Result<Timestamp, (Field, String)> {
        let zone = now.time_zone();
        let own = self.editing.as_ref().map(|activity| time_field(activity, zone));
        let untouched = own.is_some_and(|own| own.value() == self.time.value());
        let time = if untouched || self.time.is_blank() {
            None
        } else {
            let time = parse_time(self.time.value());
            Some(time.map_err(|error| (Field::Time, error.to_string()))?)
        };
        let moment = match (&self.editing, time) {
            (Some(activity), time) => activity.entry.rescheduled(date, time, zone),
            (None, Some(time)) => moment_on(date, time, zone),
            (None, None) => {
                let tried = self.attempt.as_ref().map(|(_, tried)| *tried);
                moved_to(tried.unwrap_or(now.timestamp()), date, zone)
            }
        };
        moment.map_err(|error| (Field::Date, error.to_string()))
    }

    fn text(&mut self) -> Option<&mut TextField> {
        match self.focus {
            Field::Category | Field::Kind => None,
            Field::Kcal => Some(&mut self.kcal),
            Field::Name => Some(&mut self.name),
            Field::Date => Some(&mut self.date),
            Field::Time => Some(&mut self.time),
            Field::Note => Some(&mut self.note),
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        if let Some(field) = self.text() {
            field.paste(text);
        }
    }

    fn step(&mut self, forward: bool) {
        self.category.settle();
        self.kind.settle();
        let at = FIELDS.iter().position(|field| *field == self.focus).unwrap_or(0);
        let next = if forward { at + 1 } else { at + FIELDS.len() - 1 };
        self.focus = FIELDS
            .get(next % FIELDS.len())
            .copied()
            .unwrap_or(Field::Category);
    }

    /// The types follow the category.
    fn follow(&mut self, categories: &[Category]) {
        let category = self.category.value();
        let fresh = kinds(categories, category, None);
        if fresh.options() != self.kind.options() {
            self.kind = fresh;
        }
    }

    fn pick(&mut self, action: Option<Action>, key: Key, categories: &[Category]) {
        let (picker, what) = if self.focus == Field::Category {
            (&mut self.category, "category")
        } else {
            (&mut self.kind, "type")
        };
        match action {
            Some(Action::Confirm) => match chosen(picker, what) {
                Ok(_) => self.step(true),
                Err(problem) => self.problem = Some((Some(self.focus), problem)),
            },
            Some(Action::Move(motion)) => picker.move_by(motion),
            Some(_) | None => {
                if picker.press(key) {
                    self.problem = None;
                }
            }
        }
        if self.focus == Field::Category || action == Some(Action::Confirm) {
            self.follow(categories);
        }
    }
}

fn name_field(activity: &Activity) -> TextField {
    TextField::new(LIMIT).with(activity.entry.name.as_deref().unwrap_or_default())
}

fn note_field(activity: &Activity) -> TextField {
    TextField::new(LIMIT).with(activity.entry.note.as_deref().unwrap_or_default())
}

fn time_field(activity: &Activity, zone: &TimeZone) -> TextField {
    let moment = activity.entry.moment.to_zoned(zone.clone());
    TextField::new(LIMIT).with(&moment.strftime("%H:%M").to_string())
}

fn names(categories: &[Category]) -> Vec<String> {
    categories.iter().map(|category| category.name.clone()).collect()
}

fn kinds(categories: &[Category], category: Option<&str>, value: Option<&str>) -> Picker {
    let found = categories
        .iter()
        .find(|candidate| Some(candidate.name.as_str()) == category);
    let types = found.map(|category| category.types.clone()).unwrap_or_default();
    Picker::new(types, value)
}

fn chosen(picker: &Picker, what: &str) -> Result<String, String> {
    if let Some(value) = picker.value() {
        return Ok(value.to_owned());
    }
    if picker.options().is_empty() {
        return Err("nothing to choose from yet; wait a moment".to_owned());
    }
    let near = nearest(picker.filter(), picker.options().iter().map(String::as_str));
    let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    Err(format!("no {what} `{}`{hint}", picker.filter()))
}

pub(super) fn press(state: &mut State, mut form: Form, key: Key) -> Vec<Effect> {
    let action = keymap::action(form.context(), key);
    match (action, form.focus) {
        (Some(Action::Back), _) => {
            dialog::reopen(state);
            return Vec::new();
        }
        (Some(Action::NextField), _) => form.step(true),
        (Some(Action::PreviousField), _) => form.step(false),
        (_, Field::Category | Field::Kind) => form.pick(action, key, &state.categories),
        (Some(Action::Confirm), Field::Kcal | Field::Name | Field::Date | Field::Time | Field::Note) => {
            return confirm(state, form);
        }
        (_, Field::Kcal | Field::Name | Field::Date | Field::Time | Field::Note) => {
            if form.text().is_some_and(|field| field.press(key)) {
                form.problem = None;
            }
        }
    }
    state.dialogs.push(Dialog::Form(Box::new(form)));
    Vec::new()
}

fn confirm(state: &mut State, mut form: Form) -> Vec<Effect> {
    let entry = match form.entry(&state.now) {
        Ok(entry) => entry,
        Err((field, problem)) => {
            form.focus = field;
            form.problem = Some((Some(field), problem));
            state.dialogs.push(Dialog::Form(Box::new(form)));
            return Vec::new();
        }
    };
    let job = match form.editing.clone() {
        None => {
            let attempt = form
                .attempt
                .take()
                .unwrap_or_else(|| (state.mint(), state.now.timestamp()));
            let id = attempt.0.clone();
            form.attempt = Some(attempt);
            Job::Create(NewActivity { id, entry })
        }
        Some(before) => {
            let Some(patch) = entry.patch_from(&before.entry) else {
                state.say(Tone::Info, "nothing was changed");
                dialog::reopen(state);
                return Vec::new();
            };
            Job::Update { before, patch }
        }
    };
    let effects = save::start(state, job, Origin::Typed(Box::new(Dialog::Form(Box::new(form)))));
    dialog::reopen(state);
    effects
}
