//! Apple Health: the records of `export.xml`, streamed. Energy eaten, weights and workouts are imported; macronutrients
//! belong to the entry of the same source and moment. The day is that of the written offset.
//!
//! Source: the shape of records in a dozen public tests; `unit="Cal"` is written by YAZIO.

use std::{
    collections::{BTreeMap, HashMap},
    io::BufRead,
};

use jiff::{
    Timestamp,
    civil::{Date, Time},
};

use super::lines::entry;
use crate::{
    date,
    error::ImportError,
    layout::EnergyUnit,
    model::{EnergyKind, ForeignEntry, Import, Weight, WeightUnit},
    number::{self, Decimal, tidy},
    table,
    xml::{Attributes, Event, Reader},
};

const QUANTITY: &str = "HKQuantityTypeIdentifier";
/// The most entries, macronutrients and weights that are kept.
const MAX_KEPT: usize = 2_000_000;

/// A moment as it is written: `2026-10-24 09:00:00 +0000`.
type When = (Date, Time, Option<Timestamp>);

/// An energy record with its nested metadata.
struct Record {
    line: u64,
    key: String,
    moment_key: String,
    when: Option<When>,
    kcal: Option<f64>,
    name: Option<String>,
    in_correlation: bool,
}

#[derive(Default)]
struct Workout {
    line: u64,
    name: String,
    when: Option<When>,
    minutes: Option<f64>,
    kcal: Option<f64>,
}

#[derive(Default)]
struct Export {
    /// The entries at a source's moment.
    by_moment: HashMap<String, Vec<usize>>,
    /// Records outside of correlations, and how often.
    seen: HashMap<String, usize>,
    /// Records inside of correlations.
    correlated: Vec<Record>,
    macros: HashMap<String, [Option<f64>; 3]>,
    /// Other kinds of records: how many, and the first line.
    others: BTreeMap<String, (u64, u64)>,
    correlations: usize,
    record: Option<Record>,
    workout: Option<Workout>,
}

pub(crate) fn read(reader: impl BufRead, import: &mut Import) -> Result<(), ImportError> {
    import.recognised("applehealth");
    let mut reader = Reader::new(reader);
    let mut export = Export::default();
    loop {
        let event = match reader.next() {
            Ok(Some(event)) => event,
            Ok(None) => break,
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                import.warn("the file is cut off: what comes before is read");
                break;
            }
            Err(error) => return Err(ImportError::Damaged(error.to_string())),
        };
        match event {
            Event::Start {
                name,
                attributes,
                is_empty,
            } => {
                export.start(&name, &attributes, reader.line(), import);
                if is_empty {
                    export.end(&name, import);
                }
            }
            Event::End(name) => export.end(&name, import),
            Event::Text(_) => {}
        }
        if import.entries.len() + import.weights.len() + export.macros.len() + export.correlated.len()
            > MAX_KEPT
        {
            return Err(ImportError::too_large("the file", "2 million records"));
        }
    }
    export.finish(import);
    Ok(())
}

fn when(text: &str) -> Option<When> {
    let day = date::parse(text, None)?;
    let (_, clock) = date::split(text);
    let time = date::time(clock)?;
    let moment = date::offset(clock).and_then(|offset| date::moment(day, time, offset));
    Some((day, time, moment))
}

fn kcal(value: &str, unit: &str) -> Option<f64> {
    Some(EnergyUnit::parse(unit)?.kcal(number::parse(value, Decimal::Point)?))
}

impl Export {
    fn start(&mut self, name: &str, attributes: &Attributes, line: u64, import: &mut Import) {
        let text = |name: &str| attributes.get(name).unwrap_or_default();
        match name {
            "Correlation" => self.correlations += 1,
            "Record" => self.record(attributes, line, import),
            "MetadataEntry" => {
                if let Some(record) = &mut self.record
                    && text("key") == "HKFoodType"
                {
                    record.name = Some(text("value").to_owned());
                }
            }
            "Workout" => {
                let kind = text("workoutActivityType").trim_start_matches("HKWorkoutActivityType");
                let minutes = number::parse(text("duration"), Decimal::Point);
                self.workout = Some(Workout {
                    line,
                    name: words(kind),
                    when: when(text("startDate")),
                    minutes: minutes.filter(|_| text("durationUnit") == "min"),
                    kcal: kcal(text("totalEnergyBurned"), text("totalEnergyBurnedUnit")),
                });
            }
            "WorkoutStatistics" => {
                if let Some(workout) = &mut self.workout
                    && text("type") == "HKQuantityTypeIdentifierActiveEnergyBurned"
                {
                    workout.kcal = kcal(text("sum"), text("unit")).or(workout.kcal);
                }
            }
            _ => {}
        }
    }

    fn record(&mut self, attributes: &Attributes, line: u64, import: &mut Import) {
        let text = |name: &str| attributes.get(name).unwrap_or_default();
        let kind = text("type").strip_prefix(QUANTITY).unwrap_or(text("type"));
        let moment_key = format!("{}\u{1f}{}", text("sourceName"), text("startDate"));
        let grams = || {
            number::parse(text("value"), Decimal::Point).filter(|grams| *grams >= 0.0 && text("unit") == "g")
        };
        match kind {
            "DietaryEnergyConsumed" => {
                let key = ["endDate", "value", "unit"].map(text).join("\u{1f}");
                self.record = Some(Record {
                    line,
                    key: format!("{moment_key}\u{1f}{key}"),
                    moment_key,
                    when: when(text("startDate")),
                    kcal: kcal(text("value"), text("unit")),
                    name: None,
                    in_correlation: self.correlations > 0,
                });
            }
            "DietaryProtein" | "DietaryFatTotal" | "DietaryCarbohydrates" => {
                let at = match kind {
                    "DietaryProtein" => 0,
                    "DietaryFatTotal" => 1,
                    _ => 2,
                };
                if let (Some(grams), Some(slot)) =
                    (grams(), self.macros.entry(moment_key).or_default().get_mut(at))
                {
                    *slot = Some(grams);
                }
            }
            "BodyMass" if self.correlations == 0 => {
                let unit = WeightUnit::parse(text("unit"));
                let value = number::parse(text("value"), Decimal::Point);
                match (
                    when(text("startDate")),
                    value.filter(|value| table::is_plausible(*value, unit)),
                ) {
                    (Some((date, ..)), Some(value)) if unit.is_some() => import.weigh(Weight {
                        line,
                        date,
                        value,
                        unit,
                    }),
                    _ => import.skip(
                        line,
                        format!("`{} {}` is no plausible weight", text("value"), text("unit")),
                    ),
                }
            }
            _ if self.correlations == 0 => {
                let other = self
                    .others
                    .entry(kind.chars().take(60).collect())
                    .or_insert((0, line));
                other.0 += 1;
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str, import: &mut Import) {
        match name {
            "Correlation" => self.correlations = self.correlations.saturating_sub(1),
            "Record" => {
                if let Some(record) = self.record.take() {
                    if record.in_correlation {
                        self.correlated.push(record);
                    } else {
                        *self.seen.entry(record.key.clone()).or_default() += 1;
                        self.eaten(record, import);
                    }
                }
            }
            "Workout" => {
                if let Some(workout) = self.workout.take() {
                    burned(workout, import);
                }
            }
            _ => {}
        }
    }

    fn eaten(&mut self, record: Record, import: &mut Import) {
        let label = record.name.clone().unwrap_or_else(|| "energy".to_owned());
        let (Some((date, time, moment)), Some(kcal)) = (record.when, record.kcal) else {
            import.skip(record.line, format!("{label}: no date or no energy"));
            return;
        };
        if kcal <= 0.0 {
            import.skip(record.line, format!("{label}: {kcal} kcal"));
            return;
        }
        self.by_moment
            .entry(record.moment_key)
            .or_default()
            .push(import.entries.len());
        import.take(ForeignEntry {
            time: Some(time),
            moment,
            name: record.name,
            ..entry("applehealth", record.line, date, EnergyKind::Eaten, kcal)
        });
    }

    fn finish(mut self, import: &mut Import) {
        let mut repeated = false;
        for record in std::mem::take(&mut self.correlated) {
            match self.seen.get_mut(&record.key) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    repeated = true;
                }
                _ => self.eaten(record, import),
            }
        }
        if repeated {
            import.warn("records that are repeated inside a Correlation are the same ones, and count once");
        }
        for (moment, [protein, fat, carbohydrate]) in &self.macros {
            // Grams of several foods at one moment can't be told apart.
            if let Some([only]) = self.by_moment.get(moment).map(Vec::as_slice)
                && let Some(entry) = import.entries.get_mut(*only)
            {
                (entry.protein, entry.fat, entry.carbohydrate) = (*protein, *fat, *carbohydrate);
            }
        }
        for (kind, (count, line)) in self.others {
            import.skip(
                line,
                format!("{kind}: {count} records; neither eaten nor an exercise"),
            );
        }
    }
}

fn burned(workout: Workout, import: &mut Import) {
    let (Some((date, time, moment)), Some(kcal)) = (workout.when, workout.kcal.filter(|kcal| *kcal > 0.0))
    else {
        import.skip(
            workout.line,
            format!("{}: a workout without energy", workout.name),
        );
        return;
    };
    import.take(ForeignEntry {
        time: Some(time),
        moment,
        name: Some(workout.name),
        quantity: workout.minutes.map(tidy).filter(|minutes| *minutes > 0.0),
        unit: workout.minutes.map(|_| "min".to_owned()),
        ..entry(
            "applehealth-workout",
            workout.line,
            date,
            EnergyKind::Burned,
            kcal,
        )
    });
}

/// `TraditionalStrengthTraining` as words.
fn words(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !words.is_empty() {
            words.push(' ');
            words.extend(c.to_lowercase());
        } else {
            words.push(c);
        }
    }
    words
}
