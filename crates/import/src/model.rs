//! What a file contains: typed rows, what was skipped, and what its reader has to know.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Write as _,
};

use caltrack_domain::{NewActivity, Profile};
use jiff::{
    Timestamp,
    civil::{Date, Time},
};

/// Everything that was read from one file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Import {
    /// The names of the sources that were recognised, such as `myfitnesspal`.
    pub sources: Vec<String>,
    /// Rows that could be entries: imported, skipped and doubled ones.
    pub read: usize,
    /// Entries of other trackers.
    pub entries: Vec<ForeignEntry>,
    /// Entries of the program's own formats, with their ids.
    pub own: Vec<OwnEntry>,
    /// Weights, at most one a day.
    pub weights: Vec<Weight>,
    /// Foods of a library.
    pub foods: Vec<Food>,
    /// The profile of the program's own JSON.
    pub user: Option<Profile>,
    /// Rows that are not imported, with the reason.
    pub skipped: Vec<Skipped>,
    /// Further rows that are not imported.
    pub unnamed: usize,
    /// Sentences without their full stop about what was decided.
    pub warnings: Vec<String>,
}

/// Whether energy was eaten or burned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EnergyKind {
    /// Eaten or drunk.
    Eaten,
    /// Burned by an exercise.
    Burned,
}

/// A row of another tracker.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeignEntry {
    /// The name of its source, such as `myfitnesspal`.
    pub source: &'static str,
    /// The line of the file, or the number of the record; the first is 1.
    pub line: u64,
    /// Eaten or burned.
    pub kind: EnergyKind,
    /// The day as the file has it.
    pub date: Date,
    /// The time of day as the file has it.
    pub time: Option<Time>,
    /// The moment, where the file has an offset or UTC.
    pub moment: Option<Timestamp>,
    /// The meal as the file names it.
    pub meal: Option<String>,
    /// The food or the exercise.
    pub name: Option<String>,
    /// A note.
    pub note: Option<String>,
    /// kcal, above 0.
    pub kcal: f64,
    /// How much.
    pub quantity: Option<f64>,
    /// What the quantity counts.
    pub unit: Option<String>,
    /// Protein of the quantity, in g; `None` if the file has none.
    pub protein: Option<f64>,
    /// Fat of the quantity, in g; `None` if the file has none.
    pub fat: Option<f64>,
    /// Carbohydrate of the quantity, in g; `None` if the file has none.
    pub carbohydrate: Option<f64>,
    /// Whether it is the sum of a day: it counts only where no entries of the day do.
    pub is_day_total: bool,
    /// How many equal rows the file has before it.
    pub ordinal: u32,
}

impl ForeignEntry {
    /// The row as a text that is the same for equal rows, however the file writes them.
    pub fn row(&self) -> String {
        let mut row = String::new();
        let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
        let moment = self.moment.map(|moment| moment.to_string()).unwrap_or_default();
        let time = self.time.map(|time| time.to_string()).unwrap_or_default();
        let kind = match self.kind {
            EnergyKind::Eaten => "eaten",
            EnergyKind::Burned => "burned",
        };
        let texts =
            [&self.meal, &self.name, &self.note, &self.unit].map(|text| text.as_deref().unwrap_or_default());
        // A string takes it.
        let _ = write!(
            row,
            "{kind}\0{}\0{time}\0{moment}\0{}\0",
            self.date,
            texts.join("\0")
        );
        let numbers = [
            Some(self.kcal),
            self.quantity,
            self.protein,
            self.fat,
            self.carbohydrate,
        ]
        .map(number);
        row.push_str(&numbers.join("\0"));
        row
    }
}

/// A row of the program's own formats.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnEntry {
    /// The line of the file, or the number of the record; the first is 1.
    pub line: u64,
    /// The entry as it was exported.
    pub new: NewActivity,
}

/// A unit of weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeightUnit {
    /// Kilograms.
    Kilograms,
    /// Pounds of 0.45359237 kg.
    Pounds,
    /// Stones of 14 pounds.
    Stones,
}

impl WeightUnit {
    /// Kilograms of one unit.
    pub const fn kilograms(self) -> f64 {
        match self {
            Self::Kilograms => 1.0,
            Self::Pounds => 0.453_592_37,
            Self::Stones => 6.350_293_18,
        }
    }

    /// The unit of a word: `kg`, `lb`, `lbs`, `pounds`, `st`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().trim_end_matches('.') {
            "kg" | "kgs" | "kilogram" | "kilograms" | "kilo" => Some(Self::Kilograms),
            "lb" | "lbs" | "pound" | "pounds" => Some(Self::Pounds),
            "st" | "stone" | "stones" => Some(Self::Stones),
            _ => None,
        }
    }
}

/// The weight of a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    /// The line of the file, or the number of the record; the first is 1.
    pub line: u64,
    /// The day of the weighing, by the file's own offset.
    pub date: Date,
    /// The number as the file has it.
    pub value: f64,
    /// Its unit; `None` if the file names none.
    pub unit: Option<WeightUnit>,
}

/// A food of a library.
#[derive(Debug, Clone, PartialEq)]
pub struct Food {
    /// The line of the file; the first is 1.
    pub line: u64,
    /// Its name.
    pub name: String,
    /// Whether it is measured in ml.
    pub is_liquid: bool,
    /// kcal of 100 g, or of 100 ml of a liquid.
    pub kcal_per_100g: f64,
    /// Grams of a portion.
    pub portion_grams: Option<f64>,
    /// Grams in 100 g.
    pub protein: Option<f64>,
    /// Grams in 100 g.
    pub fat: Option<f64>,
    /// Grams in 100 g.
    pub carbohydrate: Option<f64>,
    /// Grams in 100 g.
    pub sugar: Option<f64>,
}

/// A row, or several of one kind, that is not imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The line of the file, or the number of the record; the first is 1.
    pub line: u64,
    /// Why, with the name of the row where it has one.
    pub reason: String,
}

/// The most skipped rows that are named; more are counted.
const MAX_NAMED: usize = 10_000;

impl Import {
    pub(crate) fn skip(&mut self, line: u64, reason: impl Into<String>) {
        self.read += 1;
        if self.skipped.len() < MAX_NAMED {
            self.skipped.push(Skipped {
                line,
                reason: reason.into(),
            });
        } else {
            self.unnamed += 1;
        }
    }

    /// Numbers equal rows.
    pub(crate) fn numbered(mut self) -> Self {
        let mut known = HashMap::new();
        for entry in &mut self.entries {
            let count: &mut u32 = known.entry(entry.row()).or_default();
            entry.ordinal = *count;
            *count += 1;
        }
        self
    }

    pub(crate) fn warn(&mut self, warning: impl Into<String>) {
        let warning = warning.into();
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    pub(crate) fn recognised(&mut self, source: &str) {
        if !self.sources.iter().any(|known| known == source) {
            self.sources.push(source.to_owned());
        }
    }

    /// Adds a weight; of several a day the last one stays.
    pub(crate) fn weigh(&mut self, weight: Weight) {
        self.read += 1;
        self.weights.push(weight);
    }

    pub(crate) fn take(&mut self, entry: ForeignEntry) {
        self.read += 1;
        self.entries.push(entry);
    }

    /// Adds what another file, or another part of a file, contains.
    pub fn append(&mut self, other: Self, part: &str) {
        for source in &other.sources {
            self.recognised(source);
        }
        self.read += other.read;
        self.entries.extend(other.entries);
        self.own.extend(other.own);
        self.weights.extend(other.weights);
        self.foods.extend(other.foods);
        self.user = self.user.take().or(other.user);
        let named = |skipped: Skipped| Skipped {
            line: skipped.line,
            reason: format!("{part}: {}", skipped.reason),
        };
        self.skipped.extend(other.skipped.into_iter().map(named));
        self.unnamed += other.unnamed;
        for warning in other.warnings {
            self.warn(warning);
        }
    }

    /// Leaves one weight a day, the last of the file, and day totals only of days without entries of the same source.
    #[must_use]
    pub fn settled(mut self) -> Self {
        let mut last = BTreeMap::new();
        for weight in std::mem::take(&mut self.weights) {
            if let Some(earlier) = last.insert(weight.date, weight) {
                self.skipped.push(Skipped {
                    line: earlier.line,
                    reason: format!("{} kg or lb: the day has a later weight", earlier.value),
                });
            }
        }
        self.weights = last.into_values().collect();
        let eaten = |entry: &&ForeignEntry| entry.kind == EnergyKind::Eaten && !entry.is_day_total;
        let detailed: BTreeSet<(&str, Date)> = self
            .entries
            .iter()
            .filter(eaten)
            .map(|entry| (entry.source, entry.date))
            .collect();
        let (kept, counted): (Vec<_>, Vec<_>) = std::mem::take(&mut self.entries)
            .into_iter()
            .partition(|entry| !entry.is_day_total || !detailed.contains(&(entry.source, entry.date)));
        for entry in counted {
            self.skipped.push(Skipped {
                line: entry.line,
                reason: format!("{}: the day's total, whose entries are in the file", entry.date),
            });
        }
        self.entries = kept;
        if self.entries.iter().any(|entry| entry.is_day_total) {
            self.warn(
                "the file has totals of days: import either these or the single entries of a day, not both",
            );
        }
        self
    }
}
