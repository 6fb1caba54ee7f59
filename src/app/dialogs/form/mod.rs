//! The form: an entry, field by field.

mod amounts;
mod entry;
pub mod fields;
mod rebase;

use caltrack_domain::{
    Activity, Category, EnergyUnit, LogCommand, NewActivity,
    line::{Item, Reading, meal_of},
    parse_time,
};
use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};

use self::{
    amounts::Basis,
    fields::{FIELDS, Field, Fields, FormTexts, chosen, kinds, names, shown},
};
use super::surroundings::{Attempt, Surroundings};
use crate::app::{
    failure::Failure,
    input::{action::Control, bindings::Meaning, context::Context, key::Key, keymap::Keymap, picker::Picker},
    reaction::Reaction,
    shell::Tone,
    text,
};

/// The form of a new or an existing entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// The entry that is edited; none for a new one.
    pub editing: Option<Activity>,
    /// What is typed and chosen.
    pub fields: Fields,
    /// The field that takes the keys.
    pub focus: Field,
    /// What is wrong, and with which field.
    pub problem: Option<(Option<Field>, String)>,
    /// The row of the rejected edit that this one repeats.
    pub replaces: Option<u64>,
    /// Whether the backend has no entry of the id of `editing`: it is logged, not edited.
    creates: bool,
    /// The meal of the typed time, as far as the type was not chosen by hand.
    clock_kind: Option<String>,
    /// The quick line that it was opened from: its day, its text, and what it filled in.
    line: Option<(Date, String, FormTexts)>,
    /// The source of the figures, and the name that they belong to.
    source: Option<(String, String)>,
    /// What kcal and macros are scaled from when the quantity changes.
    basis: Option<Basis>,
    attempt: Option<Attempt>,
}

impl Form {
    /// The form of a new entry, whose category and type are those of the hour's meal.
    pub(in crate::app) fn blank(
        date: Date,
        categories: &[Category],
        now: &Zoned,
        energy: EnergyUnit,
    ) -> Self {
        Self::new(date, categories, (now, energy), None)
    }

    pub(super) fn new(
        date: Date,
        categories: &[Category],
        (now, energy): (&Zoned, EnergyUnit),
        attempt: Option<Attempt>,
    ) -> Self {
        let meal = meal_of(now.hour());
        let has_meal = |category: &&Category| category.types.iter().any(|kind| kind == meal);
        // Drinks have the meals too.
        let home = categories
            .iter()
            .filter(has_meal)
            .min_by_key(|category| category.name != "Food");
        let category = home.or(categories.first()).map(|category| category.name.as_str());
        let mut fields = Fields::empty(
            Picker::new(names(categories), category),
            kinds(categories, category, Some(meal)),
            energy,
        );
        fields.date.set(&date.to_string());
        Self {
            editing: None,
            fields,
            focus: Field::Category,
            problem: None,
            replaces: None,
            creates: false,
            clock_kind: Some(meal.to_owned()),
            line: None,
            source: None,
            basis: None,
            attempt,
        }
    }

    /// The form filled with an item of a quick line.
    pub(super) fn filled(mut self, item: &Item, reading: &Reading, categories: &[Category]) -> Self {
        let by_clock = match reading.time {
            Some(time) => Some(meal_of(time.hour()).to_owned()),
            None => self.clock_kind.take(),
        };
        self.clock_kind = by_clock.filter(|meal| *meal == item.kind);
        let name = item.name.as_deref().unwrap_or_default();
        let fields = &mut self.fields;
        fields.category = Picker::new(names(categories), Some(&item.category));
        fields.kind = kinds(categories, Some(&item.category), Some(&item.kind));
        fields
            .kcal
            .set(&fields.energy.of_kcal(item.kcal.into()).to_string());
        fields.name.set(name);
        fields.quantity.set(&shown(item.quantity));
        fields.unit.set(item.unit.as_deref().unwrap_or_default());
        fields.protein.set(&shown(item.protein));
        fields.fat.set(&shown(item.fat));
        fields.carbohydrate.set(&shown(item.carbohydrate));
        if let Some(day) = reading.day {
            fields.date.set(&day.to_string());
        }
        let time = reading.time.map(|time| time.strftime("%H:%M").to_string());
        fields.time.set(&time.unwrap_or_default());
        fields.note.set(reading.note.as_deref().unwrap_or_default());
        self.source = item.food.clone().map(|food| (food, name.to_owned()));
        let entry = item.clone().entry(Date::ZERO, Timestamp::UNIX_EPOCH, None);
        self.basis = Basis::of(&entry);
        self
    }

    /// The form with a name typed.
    pub(super) fn named(mut self, name: &str) -> Self {
        self.fields.name.set(name);
        self
    }

    /// The form, opened from a quick line of a day.
    pub(super) fn opened_from(mut self, date: Date, line: &str) -> Self {
        self.line = Some((date, line.to_owned(), self.fields.texts()));
        self
    }

    /// The day and the text of the quick line that it was opened from, if nothing was changed since.
    pub(super) fn unchanged_line(&self) -> Option<(Date, &str)> {
        let (date, text, filled) = self.line.as_ref()?;
        (*filled == self.fields.texts()).then_some((*date, text))
    }

    /// The form of an entry that exists.
    pub(in crate::app) fn of(
        activity: &Activity,
        categories: &[Category],
        zone: &TimeZone,
        energy: EnergyUnit,
    ) -> Self {
        let mut fields = Fields::of(&activity.entry, categories, zone, energy);
        fields.kcal.select();
        Self {
            fields,
            focus: Field::Kcal,
            problem: None,
            replaces: None,
            creates: false,
            clock_kind: None,
            line: None,
            source: None,
            basis: Basis::of(&activity.entry),
            attempt: None,
            editing: Some(activity.clone()),
        }
    }

    /// The same form for an edit of `before` that takes the place of a rejected row.
    pub(super) fn repeating(mut self, before: &Activity, row: u64) -> Self {
        self.editing = Some(before.clone());
        self.replaces = Some(row);
        self
    }

    /// The same form for a new entry that takes the place of a rejected row.
    pub(super) const fn creating(mut self, row: u64) -> Self {
        self.creates = true;
        self.replaces = Some(row);
        self
    }

    /// The form of a draft that an earlier run of the program kept.
    pub(super) fn restored(
        editing: Option<Activity>,
        texts: &FormTexts,
        categories: &[Category],
        energy: EnergyUnit,
    ) -> Self {
        Self {
            clock_kind: None,
            line: None,
            source: None,
            basis: editing.as_ref().and_then(|activity| Basis::of(&activity.entry)),
            editing,
            fields: Fields::restored(texts, categories, energy),
            focus: Field::Kcal,
            problem: None,
            replaces: None,
            creates: false,
            attempt: None,
        }
    }

    /// Whether it has anything that the user typed or chose.
    pub(super) fn is_touched(&self, zone: &TimeZone) -> bool {
        if let Some(activity) = &self.editing {
            let own = Fields::of(&activity.entry, &[], zone, self.fields.energy);
            return self.replaces.is_some() || self.fields.texts() != own.texts();
        }
        let Fields {
            kcal,
            name,
            quantity,
            time,
            note,
            ..
        } = &self.fields;
        [kcal, name, quantity, time, note]
            .iter()
            .any(|field| !field.is_blank())
    }

    pub(super) const fn context(&self) -> Context {
        match self.focus {
            Field::Category | Field::Kind => Context::Picker,
            _ => Context::Text,
        }
    }

    /// kcal and macros follow the quantity.
    fn follow_quantity(&mut self) {
        if self.focus == Field::Quantity
            && let Some(basis) = &mut self.basis
        {
            basis.rescale(&mut self.fields);
        }
    }

    /// The type follows the typed time, as long as it is the one of the clock.
    fn follow_time(&mut self, categories: &[Category]) {
        let Some(before) = self.clock_kind.clone().filter(|_| self.focus == Field::Time) else {
            return;
        };
        let Ok(time) = parse_time(self.fields.time.value()) else {
            return;
        };
        let meal = meal_of(time.hour());
        let has_meal = self.fields.kind.options().iter().any(|kind| kind == meal);
        if has_meal && self.fields.kind.value() == Some(before.as_str()) {
            self.fields.kind = kinds(categories, self.fields.category.value(), Some(meal));
            self.clock_kind = Some(meal.to_owned());
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        if let Some(field) = self.fields.text_mut(self.focus) {
            field.paste(text);
            self.follow_quantity();
        }
    }

    /// Sends the keys to a field. A figure, a day or a time is selected there, so that typing replaces it.
    fn focus_on(&mut self, field: Field) {
        if let Some(text) = self.fields.text_mut(self.focus) {
            text.deselect();
        }
        self.focus = field;
        if field.is_replaced()
            && let Some(text) = self.fields.text_mut(field)
        {
            text.select();
        }
    }

    fn step(&mut self, forward: bool) {
        self.fields.category.settle();
        self.fields.kind.settle();
        let at = FIELDS.iter().position(|field| *field == self.focus).unwrap_or(0);
        let next = if forward { at + 1 } else { at + FIELDS.len() - 1 };
        self.focus_on(
            FIELDS
                .get(next % FIELDS.len())
                .copied()
                .unwrap_or(Field::Category),
        );
    }

    pub(super) fn press(&mut self, around: &mut Surroundings<'_>, key: Key) -> Reaction {
        let meaning = around.shell.keymap.meaning(self.context(), key);
        match meaning {
            Some(Meaning::Action(action)) => return Reaction::Run(action),
            Some(Meaning::Control(Control::Back)) => return Reaction::Close,
            Some(Meaning::Control(Control::NextField)) => self.step(true),
            Some(Meaning::Control(Control::PreviousField)) => self.step(false),
            Some(Meaning::Control(Control::Confirm)) => return self.confirm(around),
            Some(Meaning::Control(Control::Move(motion))) => {
                if let Some((picker, _)) = self.picker() {
                    picker.move_by(motion);
                }
                self.picked(around.categories);
            }
            None => {
                let focus = self.focus;
                let typed = match self.picker() {
                    Some((picker, _)) => picker.press(key),
                    None => self.fields.text_mut(focus).is_some_and(|field| field.press(key)),
                };
                if typed {
                    self.problem = None;
                    self.follow_quantity();
                    self.follow_time(around.categories);
                }
                self.picked(around.categories);
            }
        }
        Reaction::Stay
    }

    /// The list that takes the keys, and its name.
    fn picker(&mut self) -> Option<(&mut Picker, &'static str)> {
        match self.focus {
            Field::Category => Some((&mut self.fields.category, "category")),
            Field::Kind => Some((&mut self.fields.kind, "type")),
            _ => None,
        }
    }

    /// The types follow the category.
    fn picked(&mut self, categories: &[Category]) {
        if self.focus == Field::Category {
            self.fields.follow_category(categories);
        }
    }

    fn confirm(&mut self, around: &mut Surroundings<'_>) -> Reaction {
        if let Some((picker, what)) = self.picker() {
            match chosen(picker, what) {
                Ok(_) => self.step(true),
                Err(problem) => self.problem = Some((Some(self.focus), problem)),
            }
            self.fields.follow_category(around.categories);
            return Reaction::Stay;
        }
        let entry = match self.entry(around.shell) {
            Ok(entry) => entry,
            Err((field, problem)) => {
                if field != self.focus {
                    self.focus_on(field);
                }
                self.problem = Some((Some(field), problem));
                return Reaction::Stay;
            }
        };
        let Some(before) = self.editing.clone() else {
            let Attempt { id, .. } = Attempt::first(&mut self.attempt, around.shell);
            return Reaction::Submit(vec![LogCommand::Create(NewActivity::new(id, entry))]);
        };
        if self.creates {
            return Reaction::Submit(vec![LogCommand::Create(NewActivity::new(before.id, entry))]);
        }
        let Some(patch) = entry.patch_from(&before.entry) else {
            around.shell.notify(Tone::Info, "nothing was changed");
            return Reaction::Close;
        };
        Reaction::Submit(vec![LogCommand::Update { before, patch }])
    }

    /// Shows why its entries were not saved; what was typed stays.
    pub(super) fn fail(&mut self, failure: &Failure, keymap: &Keymap) {
        self.problem = Some((None, text::failed_typed(failure, &keymap.confirm(Context::Text))));
    }
}
