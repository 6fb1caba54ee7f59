//! Which column of a table has what, by the names of the columns.

use crate::{
    csv::Record,
    date::DayOrder,
    model::{EnergyKind, WeightUnit},
};

/// The names of a table's columns, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    names: Vec<String>,
}

impl Header {
    pub(crate) fn of(record: &Record) -> Self {
        let names = record.cells().map(|cell| {
            // Chinese and Japanese have wide brackets.
            let cell = cell.replace('（', " (").replace('）', ")");
            let words = cell.split(|c: char| c.is_whitespace() || c == '\u{feff}');
            let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
            words.join(" ").to_lowercase()
        });
        Self {
            names: names.collect(),
        }
    }

    /// The first column of one of these names, in the order of the names.
    pub(crate) fn find(&self, names: &[&str]) -> Option<usize> {
        names
            .iter()
            .find_map(|name| self.names.iter().position(|known| known == name))
    }

    pub(crate) fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.find(&[name]).is_some())
    }

    pub(crate) fn has_any(&self, names: &[&str]) -> bool {
        self.find(names).is_some()
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The column of energy and its unit, of these names before their unit in brackets.
    pub(crate) fn energy(&self, names: &[&str]) -> Option<Energy> {
        let unit_of = |column: &str| {
            let (name, unit) = match column.split_once('(') {
                Some((name, unit)) => (name.trim(), unit.trim_end_matches(')').trim()),
                None => (column, ""),
            };
            let unit = match unit {
                "kj" | "kilojoules" => EnergyUnit::Kilojoules,
                "kcal" | "cal" | "cals" | "calories" | "" => EnergyUnit::Kilocalories,
                _ => return None,
            };
            let joules = ["kilojoules", "exercise kilojoules", "kj"].contains(&name);
            let unit = if joules { EnergyUnit::Kilojoules } else { unit };
            (names.contains(&name) || joules).then_some(unit)
        };
        let found = self.names.iter().enumerate();
        let mut found = found.filter_map(|(column, name)| Some((column, unit_of(name)?)));
        let first = found.next()?;
        // kcal need no conversion.
        let kilocalories = found.find(|(_, unit)| *unit == EnergyUnit::Kilocalories);
        let (column, unit) = match first {
            (_, EnergyUnit::Kilojoules) => kilocalories.unwrap_or(first),
            (_, EnergyUnit::Kilocalories) => first,
        };
        Some(Energy { column, unit })
    }

    /// The column of weights and its unit, `weight (kg)`.
    pub(crate) fn weight(&self) -> Option<(usize, Option<WeightUnit>)> {
        let weight = |name: &String| {
            let (name, unit) = match name.split_once('(') {
                Some((name, unit)) => (name.trim(), WeightUnit::parse(unit.trim_end_matches(')'))),
                None => (name.as_str(), None),
            };
            [
                "weight",
                "average weight",
                "body weight",
                "scale weight",
                "gewicht",
            ]
            .contains(&name)
            .then_some(unit)
        };
        self.names
            .iter()
            .enumerate()
            .find_map(|(column, name)| Some((column, weight(name)?)))
    }
}

/// A unit of energy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EnergyUnit {
    Kilocalories,
    Kilojoules,
}

impl EnergyUnit {
    /// The kcal of a number of units.
    pub(crate) fn kcal(self, number: f64) -> f64 {
        crate::number::tidy(match self {
            Self::Kilocalories => number,
            Self::Kilojoules => number / 4.184,
        })
    }

    /// The unit of a word; `Cal` and `cal` are kcal as food labels have them.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().as_str() {
            "kcal" | "cal" | "cals" | "calories" => Some(Self::Kilocalories),
            "kj" | "kilojoules" => Some(Self::Kilojoules),
            _ => None,
        }
    }
}

/// The column of energy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Energy {
    pub(crate) column: usize,
    pub(crate) unit: EnergyUnit,
}

/// What negative energy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Negative {
    /// An error.
    #[default]
    Skipped,
    /// Burned energy.
    Burned,
}

/// The name that a source's code stands for.
pub(crate) type NameOfCode = fn(&str) -> Option<&'static str>;

/// Which column has what.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    pub(crate) date: Option<usize>,
    pub(crate) time: Option<usize>,
    /// The offset from UTC, where dates and times are UTC.
    pub(crate) offset: Option<usize>,
    pub(crate) meal: Option<usize>,
    /// `Exercise` in it makes a row one that burned energy.
    pub(crate) kind: Option<usize>,
    pub(crate) name: Option<usize>,
    /// A name where that column has none.
    pub(crate) other_name: Option<usize>,
    /// A code where neither has one, and its name.
    pub(crate) code: Option<(usize, NameOfCode)>,
    pub(crate) note: Option<usize>,
    pub(crate) energy: Option<Energy>,
    pub(crate) quantity: Option<usize>,
    pub(crate) unit: Option<usize>,
    /// `2.00 cup`
    pub(crate) amount: Option<usize>,
    pub(crate) protein: Option<usize>,
    pub(crate) fat: Option<usize>,
    pub(crate) carbohydrate: Option<usize>,
    pub(crate) deleted: Option<usize>,
    pub(crate) weight: Option<(usize, Option<WeightUnit>)>,
    /// Minutes of an exercise.
    pub(crate) minutes: Option<usize>,
    /// Milliseconds of an exercise.
    pub(crate) milliseconds: Option<usize>,
}

impl Columns {
    /// The grams of macronutrients by their usual names.
    pub(crate) fn with_grams(mut self, header: &Header) -> Self {
        self.protein = header.find(&["protein (g)", "proteins (g)", "protein", "proteins", "prot( g)"]);
        self.fat = header.find(&["fat (g)", "fats (g)", "total fat (g)", "fat", "fats", "fat( g)"]);
        self.carbohydrate = header.find(&[
            "carbs (g)",
            "carbohydrates (g)",
            "carbohydrate (g)",
            "carbs",
            "carbohydrates",
            "carbohydrate",
            "carbs( g)",
        ]);
        self
    }
}

/// A table of a known source.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) source: &'static str,
    pub(crate) columns: Columns,
    /// What all rows are, unless a column decides.
    pub(crate) rows: EnergyKind,
    pub(crate) negative: Negative,
    /// Whether a row is the sum of a day.
    pub(crate) is_day_total: bool,
    /// The order of dates that the source writes.
    pub(crate) order: Option<DayOrder>,
    /// Whether the source writes decimal points whatever the user's language.
    pub(crate) has_points: bool,
    /// A unit of the file that a person has to know.
    pub(crate) warnings: Vec<&'static str>,
}

impl Layout {
    pub(crate) const fn new(source: &'static str, columns: Columns) -> Self {
        Self {
            source,
            columns,
            rows: EnergyKind::Eaten,
            negative: Negative::Skipped,
            is_day_total: false,
            order: None,
            has_points: false,
            warnings: Vec::new(),
        }
    }

    /// A table whose rows are exercises; negative energy is burned.
    pub(crate) fn burning(self) -> Self {
        Self {
            rows: EnergyKind::Burned,
            negative: Negative::Burned,
            ..self
        }
    }

    pub(crate) fn of_days(self) -> Self {
        Self {
            is_day_total: true,
            ..self
        }
    }

    pub(crate) fn warning(mut self, warning: &'static str) -> Self {
        self.warnings.push(warning);
        self
    }
}
