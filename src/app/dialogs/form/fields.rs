//! The fields of the form.

use caltrack_domain::{Category, EnergyUnit, Entry, nearest};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::app::input::{picker::Picker, text_field::TextField};

/// More than any name or note: a text that is too long is refused, not cut off.
const LIMIT: usize = 20_000;

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The list of categories.
    Category,
    /// The list of the category's types.
    Kind,
    /// kcal or kJ, or an expression such as `130*4`.
    Kcal,
    /// The name, which may stay empty.
    Name,
    /// The number of units, which may stay empty.
    Quantity,
    /// What the quantity counts, which may stay empty.
    Unit,
    /// Grams of protein, which may stay empty.
    Protein,
    /// Grams of fat, which may stay empty.
    Fat,
    /// Grams of carbohydrate, which may stay empty.
    Carbohydrate,
    /// The day, in any form that commands accept.
    Date,
    /// The time of day.
    Time,
    /// The note, which may stay empty.
    Note,
}

impl Field {
    /// Whether its text is replaced as a whole, as figures are, and not added to.
    pub(super) const fn is_replaced(self) -> bool {
        match self {
            Self::Kcal
            | Self::Quantity
            | Self::Protein
            | Self::Fat
            | Self::Carbohydrate
            | Self::Date
            | Self::Time => true,
            Self::Category | Self::Kind | Self::Name | Self::Unit | Self::Note => false,
        }
    }

    /// Its name within a sentence.
    fn word(self, energy: EnergyUnit) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Kind => "type",
            Self::Kcal => energy.symbol(),
            Self::Name => "name",
            Self::Quantity => "quantity",
            Self::Unit => "unit",
            Self::Protein => "protein",
            Self::Fat => "fat",
            Self::Carbohydrate => "carbs",
            Self::Date => "day",
            Self::Time => "time",
            Self::Note => "note",
        }
    }
}

/// What is chosen and typed in a form, as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormTexts {
    category: Option<String>,
    kind: Option<String>,
    kcal: String,
    /// The unit of `kcal`.
    #[serde(default)]
    energy: EnergyUnit,
    name: String,
    #[serde(default)]
    quantity: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    protein: String,
    #[serde(default)]
    fat: String,
    #[serde(default)]
    carbohydrate: String,
    date: String,
    time: String,
    note: String,
}

/// The fields from top to bottom.
pub const FIELDS: [Field; 12] = [
    Field::Category,
    Field::Kind,
    Field::Kcal,
    Field::Name,
    Field::Date,
    Field::Time,
    Field::Note,
    Field::Quantity,
    Field::Unit,
    Field::Protein,
    Field::Fat,
    Field::Carbohydrate,
];

/// What is typed and chosen in the form.
#[derive(Debug, Clone, PartialEq)]
pub struct Fields {
    /// The categories, and the chosen one.
    pub category: Picker,
    /// The category's types, and the chosen one.
    pub kind: Picker,
    /// Energy in the shown unit, or an expression such as `130*4`.
    pub kcal: TextField,
    /// The unit of a number in `kcal` that has none.
    pub energy: EnergyUnit,
    /// The name, which may stay empty.
    pub name: TextField,
    /// The number of units, which may stay empty.
    pub quantity: TextField,
    /// What the quantity counts, which may stay empty.
    pub unit: TextField,
    /// Grams of protein, which may stay empty.
    pub protein: TextField,
    /// Grams of fat, which may stay empty.
    pub fat: TextField,
    /// Grams of carbohydrate, which may stay empty.
    pub carbohydrate: TextField,
    /// The day, in any form that commands accept.
    pub date: TextField,
    /// The time of day; blank is now, or the entry's own.
    pub time: TextField,
    /// The note, which may stay empty.
    pub note: TextField,
}

impl Fields {
    /// Empty texts, and these choices.
    pub(super) fn empty(category: Picker, kind: Picker, energy: EnergyUnit) -> Self {
        Self {
            category,
            kind,
            kcal: TextField::new(LIMIT),
            energy,
            name: TextField::new(LIMIT),
            quantity: TextField::new(LIMIT),
            unit: TextField::new(LIMIT),
            protein: TextField::new(LIMIT),
            fat: TextField::new(LIMIT),
            carbohydrate: TextField::new(LIMIT),
            date: TextField::new(LIMIT),
            time: TextField::new(LIMIT),
            note: TextField::new(LIMIT),
        }
    }

    /// The values of an entry.
    pub(super) fn of(entry: &Entry, categories: &[Category], zone: &TimeZone, energy: EnergyUnit) -> Self {
        let text = |text: &str| TextField::new(LIMIT).with(text);
        let moment = entry.moment.to_zoned(zone.clone());
        Self {
            category: Picker::new(names(categories), Some(&entry.category)),
            kind: kinds(categories, Some(&entry.category), Some(&entry.kind)),
            kcal: text(&energy.of_kcal(entry.kcal.into()).to_string()),
            energy,
            name: text(entry.name.as_deref().unwrap_or_default()),
            quantity: text(&shown(entry.quantity)),
            unit: text(entry.unit.as_deref().unwrap_or_default()),
            protein: text(&shown(entry.protein)),
            fat: text(&shown(entry.fat)),
            carbohydrate: text(&shown(entry.carbohydrate)),
            date: text(&entry.date.to_string()),
            time: text(&moment.strftime("%H:%M").to_string()),
            note: text(entry.note.as_deref().unwrap_or_default()),
        }
    }

    /// The text of a field; none for the lists.
    pub fn text(&self, field: Field) -> Option<&TextField> {
        match field {
            Field::Category | Field::Kind => None,
            Field::Kcal => Some(&self.kcal),
            Field::Name => Some(&self.name),
            Field::Quantity => Some(&self.quantity),
            Field::Unit => Some(&self.unit),
            Field::Protein => Some(&self.protein),
            Field::Fat => Some(&self.fat),
            Field::Carbohydrate => Some(&self.carbohydrate),
            Field::Date => Some(&self.date),
            Field::Time => Some(&self.time),
            Field::Note => Some(&self.note),
        }
    }

    pub(super) fn text_mut(&mut self, field: Field) -> Option<&mut TextField> {
        match field {
            Field::Category | Field::Kind => None,
            Field::Kcal => Some(&mut self.kcal),
            Field::Name => Some(&mut self.name),
            Field::Quantity => Some(&mut self.quantity),
            Field::Unit => Some(&mut self.unit),
            Field::Protein => Some(&mut self.protein),
            Field::Fat => Some(&mut self.fat),
            Field::Carbohydrate => Some(&mut self.carbohydrate),
            Field::Date => Some(&mut self.date),
            Field::Time => Some(&mut self.time),
            Field::Note => Some(&mut self.note),
        }
    }

    /// Whether a field's text is the same as in `other`.
    pub(super) fn is_same(&self, other: &Self, field: Field) -> bool {
        self.text(field).map(TextField::value) == other.text(field).map(TextField::value)
    }

    /// Takes over what was changed in `typed` since `before`. A type belongs to its category, so they are taken together.
    pub(super) fn keep_changes(&mut self, typed: &Self, before: &Self) {
        let choice = |fields: &Self| {
            let value = |picker: &Picker| picker.value().map(str::to_owned);
            (value(&fields.category), value(&fields.kind))
        };
        if choice(typed) != choice(before) {
            self.category = typed.category.clone();
            self.kind = typed.kind.clone();
        }
        for field in FIELDS {
            if !typed.is_same(before, field)
                && let (Some(now), Some(typed)) = (self.text_mut(field), typed.text(field))
            {
                now.clone_from(typed);
            }
        }
    }

    /// The fields that were changed in `typed` since `before` and have yet another value here, with that value: `kcal 777`.
    pub(super) fn changed_in_both(&self, typed: &Self, before: &Self) -> Vec<String> {
        let choice = |fields: &Self| fields.kind.value().unwrap_or_default().to_owned();
        let mut both = Vec::new();
        let (theirs, mine, base) = (choice(self), choice(typed), choice(before));
        if theirs != base && mine != base && theirs != mine {
            both.push(format!("type {theirs}"));
        }
        for field in FIELDS {
            if let Some(theirs) = self.text(field)
                && !self.is_same(before, field)
                && !typed.is_same(before, field)
                && !self.is_same(typed, field)
            {
                let value = caltrack_domain::shortened(&caltrack_domain::clean(theirs.value()), 30);
                both.push(format!("{} {value}", field.word(self.energy)));
            }
        }
        both
    }

    /// What is chosen and typed.
    pub(in crate::app::dialogs) fn texts(&self) -> FormTexts {
        let picked = |picker: &Picker| picker.value().map(str::to_owned);
        let typed = |field: &TextField| field.value().to_owned();
        FormTexts {
            category: picked(&self.category),
            kind: picked(&self.kind),
            kcal: typed(&self.kcal),
            energy: self.energy,
            name: typed(&self.name),
            quantity: typed(&self.quantity),
            unit: typed(&self.unit),
            protein: typed(&self.protein),
            fat: typed(&self.fat),
            carbohydrate: typed(&self.carbohydrate),
            date: typed(&self.date),
            time: typed(&self.time),
            note: typed(&self.note),
        }
    }

    /// The fields with these choices and texts. A figure that was typed in another unit than the shown one gets that unit.
    pub(super) fn restored(texts: &FormTexts, categories: &[Category], energy: EnergyUnit) -> Self {
        let text = |text: &str| TextField::new(LIMIT).with(text);
        let has_unit = texts.kcal.trim().ends_with(char::is_alphabetic);
        let kcal = if texts.energy == energy || has_unit || texts.kcal.trim().is_empty() {
            text(&texts.kcal)
        } else {
            text(&format!("{} {}", texts.kcal, texts.energy.symbol()))
        };
        Self {
            category: Picker::new(names(categories), texts.category.as_deref()),
            kind: kinds(categories, texts.category.as_deref(), texts.kind.as_deref()),
            kcal,
            energy,
            name: text(&texts.name),
            quantity: text(&texts.quantity),
            unit: text(&texts.unit),
            protein: text(&texts.protein),
            fat: text(&texts.fat),
            carbohydrate: text(&texts.carbohydrate),
            date: text(&texts.date),
            time: text(&texts.time),
            note: text(&texts.note),
        }
    }

    /// Offers the types of the chosen category.
    pub(super) fn follow_category(&mut self, categories: &[Category]) {
        let fresh = kinds(categories, self.category.value(), None);
        if fresh.options() != self.kind.options() {
            self.kind = fresh;
        }
    }

    /// Offers other categories and types; the choice stays.
    pub(in crate::app::dialogs) fn learn(&mut self, categories: &[Category]) {
        self.category = Picker::new(names(categories), self.category.value());
        self.kind = kinds(categories, self.category.value(), self.kind.value());
    }
}

/// A figure that may be absent.
pub(super) fn shown(figure: Option<impl ToString>) -> String {
    figure.map_or_else(String::new, |figure| figure.to_string())
}

/// A list of the categories.
pub(super) fn names(categories: &[Category]) -> Vec<String> {
    categories.iter().map(|category| category.name.clone()).collect()
}

/// A list of a category's types.
pub(super) fn kinds(categories: &[Category], category: Option<&str>, value: Option<&str>) -> Picker {
    let found = categories
        .iter()
        .find(|candidate| Some(candidate.name.as_str()) == category);
    let types = found.map(|category| category.types.clone()).unwrap_or_default();
    Picker::new(types, value)
}

/// The choice of a list, or why there is none. `what` is `category` or `type`.
pub(super) fn chosen(picker: &Picker, what: &str) -> Result<String, String> {
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
