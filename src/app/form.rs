//! The form: category, type, kcal, name and day of an entry.

use caltrack_domain::{Activity, Category, checked_name, meal_of, nearest, parse_kcal, resolve_day};
use jiff::{Timestamp, civil::Date};

use super::{
    Effect, Failure, Key, State,
    action::Action,
    dialog::{self, Dialog},
    keymap::{self, Context},
    patch::Values,
    picker::Picker,
    quick::{Preview, Quick},
    save::{self, Job, Origin},
    state::Tone,
    text,
    text_field::TextField,
};

/// More than any name: what is too long is refused with its text kept, not cut off.
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
}

/// The fields from top to bottom.
pub const FIELDS: [Field; 5] = [
    Field::Category,
    Field::Kind,
    Field::Kcal,
    Field::Name,
    Field::Date,
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
    /// Who owns the keys.
    pub focus: Field,
    /// What is wrong, and with which field.
    pub problem: Option<(Option<Field>, String)>,
    /// Id and moment of the last attempt to log it.
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
            category: Picker::new(names(&state.categories), Some(&activity.category)),
            kind: kinds(&state.categories, Some(&activity.category), Some(&activity.kind)),
            kcal: TextField::new(LIMIT).with(&activity.kcal.to_string()),
            name: name_field(activity),
            date: TextField::new(LIMIT).with(&activity.date.to_string()),
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
            Field::Kcal | Field::Name | Field::Date => Context::Text,
        }
    }

    pub(super) fn fail(&mut self, failure: &Failure) {
        self.problem = Some((None, text::failed(failure, "nothing typed is lost")));
    }

    /// What is filled in.
    ///
    /// # Errors
    ///
    /// The first field that can't be, and why.
    pub fn values(&self, today: Date) -> Result<Values, (Field, String)> {
        let category = chosen(&self.category, "category").map_err(|problem| (Field::Category, problem))?;
        let kind = chosen(&self.kind, "type").map_err(|problem| (Field::Kind, problem))?;
        let kcal = parse_kcal(self.kcal.value()).map_err(|error| (Field::Kcal, error.to_string()))?;
        let name = match &self.editing {
            // What was left alone goes back as it came.
            Some(activity) if self.name.value() == name_field(activity).value() => activity.name.clone(),
            Some(_) | None => {
                checked_name(self.name.value()).map_err(|error| (Field::Name, error.to_string()))?
            }
        };
        let date =
            resolve_day(self.date.value().trim(), today).map_err(|error| (Field::Date, error.to_string()))?;
        Ok(Values {
            date,
            category,
            kind,
            kcal,
            name,
            note: self.editing.as_ref().and_then(|activity| activity.note.clone()),
            quantity: self.editing.as_ref().and_then(|activity| activity.quantity),
        })
    }

    fn text(&mut self) -> Option<&mut TextField> {
        match self.focus {
            Field::Category | Field::Kind => None,
            Field::Kcal => Some(&mut self.kcal),
            Field::Name => Some(&mut self.name),
            Field::Date => Some(&mut self.date),
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
    TextField::new(LIMIT).with(activity.name.as_deref().unwrap_or_default())
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
        (Some(Action::Confirm), Field::Kcal | Field::Name | Field::Date) => return confirm(state, form),
        (_, Field::Kcal | Field::Name | Field::Date) => {
            if form.text().is_some_and(|field| field.press(key)) {
                form.problem = None;
            }
        }
    }
    state.dialogs.push(Dialog::Form(Box::new(form)));
    Vec::new()
}

fn confirm(state: &mut State, mut form: Form) -> Vec<Effect> {
    let values = match form.values(state.now.date()) {
        Ok(values) => values,
        Err((field, problem)) => {
            form.focus = field;
            form.problem = Some((Some(field), problem));
            state.dialogs.push(Dialog::Form(Box::new(form)));
            return Vec::new();
        }
    };
    let job = match form.editing.clone() {
        None => {
            let (id, moment) = match form.attempt.take() {
                Some(attempt) => attempt,
                None => (state.mint(), state.moment_on(values.date)),
            };
            form.attempt = Some((id.clone(), moment));
            Job::Create(values.entry(id, moment))
        }
        Some(before) => {
            let Some(patch) = values.patch_from(&Values::of(&before)) else {
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

/// Open forms learn what somebody else changed of their entry: fields that the user left alone follow it.
pub(super) fn rebase(state: &mut State) {
    let mut dialogs = std::mem::take(&mut state.dialogs);
    let mut drafts = std::mem::take(&mut state.drafts);
    for dialog in dialogs.iter_mut().chain(&mut drafts) {
        let Dialog::Form(form) = dialog else { continue };
        let Some(before) = &form.editing else { continue };
        let Some(newest) = save::newest(state, &before.id).filter(|newest| newest.rev > before.rev) else {
            continue;
        };
        let mut fresh = Form::of(state, &newest);
        let old = Form::of(state, before);
        // A type belongs to its category: they are kept, or follow, together.
        if form.category.value() != old.category.value() || form.kind.value() != old.kind.value() {
            fresh.category = form.category.clone();
            fresh.kind = form.kind.clone();
        }
        for (typed, was, now) in [
            (&form.kcal, &old.kcal, &mut fresh.kcal),
            (&form.name, &old.name, &mut fresh.name),
            (&form.date, &old.date, &mut fresh.date),
        ] {
            if typed.value() != was.value() {
                now.clone_from(typed);
            }
        }
        fresh.focus = form.focus;
        fresh.problem = form.problem.take();
        **form = fresh;
    }
    state.dialogs = dialogs;
    state.drafts = drafts;
}

/// Open forms learn the categories that arrived meanwhile.
pub(super) fn learn_categories(state: &mut State) {
    let categories = &state.categories;
    for dialog in state.dialogs.iter_mut().chain(&mut state.drafts) {
        if let Dialog::Form(form) = dialog {
            let category = form.category.value().map(str::to_owned);
            let kind = form.kind.value().map(str::to_owned);
            form.category = Picker::new(names(categories), category.as_deref());
            let category = form.category.value().map(str::to_owned);
            form.kind = kinds(categories, category.as_deref(), kind.as_deref());
        }
    }
}
