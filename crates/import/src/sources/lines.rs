//! Text files with a line for each entry: nom's `input` and `weight`, `TDEETracker`'s log.
//!
//! Source: blinry/nom@0a848d7, `food_entry.rb` and `weight_database.rb`; the README of `TDEETracker`.

use jiff::civil::Date;

use crate::{
    date,
    error::{ImportError, Unclear},
    model::{EnergyKind, ForeignEntry, Import, Weight, WeightUnit},
    number::{self, Decimal},
    table,
};

/// The lines of a file, with their numbers.
struct Line<'a> {
    at: u64,
    date: Option<Date>,
    first: &'a str,
    rest: &'a str,
}

impl Line<'_> {
    fn number(&self) -> Option<f64> {
        figure(self.first)
    }
}

/// What the lines are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `2026-11-02 310 Oat porridge`
    Nom,
    /// `2026-11-02 81.4`
    Weights,
    /// `2026-11-02 81.4 2145`
    TdeeTracker,
}

/// Whether the lines begin with dates and numbers, which separate blanks.
pub(crate) fn is_lines(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .next()
        .map(split)
        .is_some_and(|(date, first, _)| date.is_some() && figure(first).is_some())
}

/// A number; one that can't have commas between thousands has a decimal comma.
fn figure(text: &str) -> Option<f64> {
    number::parse(text, Decimal::Point).or_else(|| number::parse(text, Decimal::Comma))
}

fn split(line: &str) -> (Option<Date>, &str, &str) {
    let mut parts = line.trim().splitn(3, ' ');
    let date = parts.next().unwrap_or_default();
    let is_date = !date.contains([',', ';', ':']);
    let first = parts.next().unwrap_or_default();
    (
        date::parse(date, None).filter(|_| is_date),
        first,
        parts.next().unwrap_or_default(),
    )
}

pub(crate) fn read(text: &str, name: &str, import: &mut Import) -> Result<(), ImportError> {
    let lines: Vec<Line<'_>> = text
        .lines()
        .zip(1..)
        .filter(|(line, _)| !line.trim().is_empty())
        .map(|(line, number)| {
            let (date, first, rest) = split(line);
            Line {
                at: number,
                date,
                first,
                rest,
            }
        })
        .collect();
    let is_goal = |line: &Line<'_>| line.date.is_none() && (line.rest.is_empty()) && line.number().is_some();
    match kind(&lines, name)? {
        Kind::Nom => {
            import.recognised("nom");
            for line in &lines {
                nom(line, import);
            }
        }
        Kind::Weights => {
            import.recognised("nom");
            for line in &lines {
                weight(line, import);
            }
        }
        Kind::TdeeTracker => {
            import.recognised("tdeetracker");
            for line in &lines {
                if is_goal(line) {
                    import.warn("the goal weight (gw) is not imported");
                } else {
                    tdee_tracker(line, import);
                }
            }
        }
    }
    Ok(())
}

fn kind(lines: &[Line<'_>], name: &str) -> Result<Kind, ImportError> {
    let dated = || lines.iter().filter(|line| line.date.is_some());
    let second =
        |line: &Line<'_>| number::parse(line.rest, Decimal::Point).is_some() && line.number().is_some();
    let has_no_kcal = |line: &Line<'_>| line.rest.is_empty();
    if dated().any(second) && dated().all(|line| second(line) || has_no_kcal(line)) {
        return Ok(Kind::TdeeTracker);
    }
    if dated().any(|line| !line.rest.is_empty()) {
        return Ok(Kind::Nom);
    }
    let has_decimals = dated().any(|line| line.first.contains(['.', ',']));
    let plausible = |line: &Line<'_>| {
        line.number()
            .is_some_and(|number| table::is_plausible(number, Some(WeightUnit::Kilograms)))
    };
    if !dated().all(plausible) {
        return Ok(Kind::Nom);
    }
    if has_decimals || name.to_lowercase().contains("weight") {
        return Ok(Kind::Weights);
    }
    Err(ImportError::Ask {
        unclear: Unclear::Lines,
        question: "the numbers after the dates may be kcal or weights".to_owned(),
        next: "name the file `weight`, or give each line a description; nothing was imported".to_owned(),
    })
}

fn dated(line: &Line<'_>, import: &mut Import) -> Option<(Date, f64)> {
    let Some(date) = line.date else {
        import.skip(line.at, "no date");
        return None;
    };
    let Some(number) = line.number() else {
        import.skip(
            line.at,
            format!("{date} {}: `{}` is no number", line.rest, line.first),
        );
        return None;
    };
    Some((date, number))
}

fn nom(line: &Line<'_>, import: &mut Import) {
    let Some((date, kcal)) = dated(line, import) else {
        return;
    };
    if kcal == 0.0 {
        import.skip(line.at, format!("{}: 0 kcal", line.rest));
        return;
    }
    let kind = if kcal < 0.0 {
        EnergyKind::Burned
    } else {
        EnergyKind::Eaten
    };
    let name = Some(line.rest.trim()).filter(|name| !name.is_empty());
    import.take(ForeignEntry {
        name: name.map(ToOwned::to_owned),
        ..entry("nom", line.at, date, kind, kcal.abs())
    });
}

fn weight(line: &Line<'_>, import: &mut Import) {
    let Some((date, value)) = dated(line, import) else {
        return;
    };
    if !table::is_plausible(value, Some(WeightUnit::Kilograms)) {
        import.skip(line.at, format!("{date}: `{value}` is no plausible weight"));
        return;
    }
    import.weigh(Weight {
        line: line.at,
        date,
        value,
        unit: Some(WeightUnit::Kilograms),
    });
}

fn tdee_tracker(line: &Line<'_>, import: &mut Import) {
    if line.date.is_none() && line.first.parse::<f64>().is_err() {
        import.skip(line.at, "no date");
        return;
    }
    weight(line, import);
    let (Some(date), Some(kcal)) = (line.date, number::parse(line.rest, Decimal::Point)) else {
        return;
    };
    if kcal <= 0.0 {
        import.skip(line.at, format!("{date}: {kcal} kcal"));
        return;
    }
    import.take(ForeignEntry {
        is_day_total: true,
        ..entry("tdeetracker", line.at, date, EnergyKind::Eaten, kcal)
    });
}

/// An entry without what a line doesn't have.
pub(crate) fn entry(
    source: &'static str,
    line: u64,
    date: Date,
    kind: EnergyKind,
    kcal: f64,
) -> ForeignEntry {
    ForeignEntry {
        source,
        line,
        kind,
        date,
        time: None,
        moment: None,
        meal: None,
        name: None,
        note: None,
        kcal,
        quantity: None,
        unit: None,
        protein: None,
        fat: None,
        carbohydrate: None,
        is_day_total: false,
        ordinal: 0,
    }
}
