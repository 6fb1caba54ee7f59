//! What a line is understood as.

use std::ops::Range;

use jiff::{
    Timestamp,
    civil::{Date, Time},
};

use super::{known::Own, question::Question, written::written};
use crate::{Entry, Grams};

/// One way to understand a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The day, if the line has one.
    pub day: Option<Date>,
    /// The time of day, if the line has one.
    pub time: Option<Time>,
    /// What is logged; incomplete where `question` is set.
    pub items: Vec<Item>,
    /// The note of every item.
    pub note: Option<String>,
    /// The words of the line and their roles, in its order.
    pub words: Vec<Word>,
    /// Why it isn't logged as it stands.
    pub question: Option<Question>,
}

/// An entry of a line, without its day and time.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The category, as listed.
    pub category: String,
    /// The type, as listed.
    pub kind: String,
    /// The food or activity.
    pub name: Option<String>,
    /// The number of `unit`s.
    pub quantity: Option<f64>,
    /// What `quantity` counts.
    pub unit: Option<String>,
    /// kcal, eaten or burned.
    pub kcal: u32,
    /// Protein.
    pub protein: Option<Grams>,
    /// Fat.
    pub fat: Option<Grams>,
    /// Carbohydrate.
    pub carbohydrate: Option<Grams>,
    /// The source of the figures.
    pub food: Option<String>,
    /// The item as text that gives the same item.
    pub text: String,
}

/// What a word of a line is understood as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A day.
    Day,
    /// A time of day.
    Time,
    /// A category or a type.
    Kind,
    /// Part of a name.
    Name,
    /// A number or a unit of the quantity.
    Quantity,
    /// kcal.
    Kcal,
    /// Protein, fat or carbohydrate.
    Macro,
    /// Part of the note.
    Note,
    /// A word without a meaning of its own: `of`.
    Filler,
}

/// A word of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its bytes in the line.
    pub span: Range<usize>,
    /// Its role.
    pub role: Role,
}

impl Reading {
    /// The reading as a line that gives the same entries.
    pub fn line(&self) -> String {
        let items: Vec<&str> = self.items.iter().map(|item| item.text.as_str()).collect();
        let mut parts = Vec::new();
        parts.extend(self.day.map(|day| day.to_string()));
        parts.extend(
            self.time
                .map(|time| format!("@{:02}:{:02}", time.hour(), time.minute())),
        );
        parts.push(items.join(", "));
        parts.extend(self.note.as_ref().map(|note| format!("# {note}")));
        parts.join(" ")
    }
}

impl Item {
    /// A name with its last amount.
    pub(super) fn of(own: Own) -> Self {
        let grams = own.macros.map(|grams| grams.and_then(Grams::from_f64));
        let [protein, fat, carbohydrate] = grams;
        let mut item = Self {
            category: own.category,
            kind: own.kind,
            name: Some(own.name),
            quantity: own.quantity,
            unit: own.unit,
            kcal: own.kcal,
            protein,
            fat,
            carbohydrate,
            food: own.food,
            text: String::new(),
        };
        item.text = written(&item.clone().entry(Date::ZERO, Timestamp::UNIX_EPOCH, None));
        item
    }

    /// The entry of this item.
    pub fn entry(self, date: Date, moment: Timestamp, note: Option<String>) -> Entry {
        Entry {
            name: self.name,
            note,
            quantity: self.quantity,
            unit: self.unit,
            food: self.food,
            protein: self.protein,
            fat: self.fat,
            carbohydrate: self.carbohydrate,
            ..Entry::new(date, moment, self.category, self.kind, self.kcal)
        }
    }
}
