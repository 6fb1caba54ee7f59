//! `FatSecret`: the detailed food diary report, an outline whose depth is the number of leading blanks: day, meal, food,
//! amount. Rows of days and meals are sums.
//!
//! Source: a real export of 2021.

use jiff::civil::Date;

use crate::{
    Options,
    csv::Record,
    date::{self, DayOrder},
    error::ImportError,
    layout::{Energy, EnergyUnit, Header},
    model::{EnergyKind, ForeignEntry, Import},
    number::{self, Decimal, Evidence},
};

const ENERGY: [&str; 4] = ["cals", "calories", "kcal", "energy"];

/// Words for the date, which begin the header of the details; that of the summary begins otherwise.
const DATE: [&str; 7] = ["date", "datum", "fecha", "data", "dato", "дата", "日付"];
const PROTEIN: [&str; 3] = ["prot", "eiw", "proteín"];
const FAT: [&str; 6] = ["fat(", "fett(", "lip", "gras", "gord", "vet("];
const CARBOHYDRATE: [&str; 6] = ["carb", "kohl", "gluc", "hid", "koolh", "karb"];

/// The column whose name begins with one of these words.
fn beginning(header: &Header, words: &[&str]) -> Option<usize> {
    let is_one = |name: &String| words.iter().any(|word| name.starts_with(word));
    header.names().iter().position(is_one)
}

/// The column of energy: by its name, else by its unit, as in `kal.( kcal)`.
fn energy(header: &Header) -> Option<Energy> {
    let by_unit = || {
        let mut names = header.names().iter().enumerate();
        names.find_map(|(column, name)| {
            let (_, unit) = name.split_once("( ")?;
            let unit = EnergyUnit::parse(unit.trim_end_matches(')'))?;
            Some(Energy { column, unit })
        })
    };
    header.energy(&ENERGY).or_else(by_unit)
}

/// Whether a row is the header of the details, in any language: its units are written as `fat( g)`.
pub(crate) fn is_header(header: &Header) -> bool {
    let grams = header.names().iter().filter(|name| name.ends_with("( g)"));
    let is_date = header
        .names()
        .first()
        .is_some_and(|name| DATE.contains(&name.as_str()));
    is_date && grams.count() >= 2 && energy(header).is_some()
}

pub(crate) fn read(
    header: &Header,
    rows: &[Record],
    options: &Options,
    import: &mut Import,
) -> Result<(), ImportError> {
    import.recognised("fatsecret");
    let Some(energy) = energy(header) else {
        return Ok(());
    };
    let days: Vec<&str> = rows
        .iter()
        .filter(|record| !record.raw(0).starts_with(' '))
        .map(|record| record.cell(0))
        .filter(|day| !day.is_empty())
        .collect();
    let order = match options.day_order {
        Some(order) => Some(order),
        None => date::order(&days, None)?,
    };
    let mut evidence = Evidence::default();
    for cell in rows.iter().flat_map(|record| record.cells().skip(1)) {
        evidence.add(cell);
    }
    let decimal = options
        .decimal()
        .or_else(|| evidence.decide(Some(Decimal::Point)));
    let mut outline = Outline {
        header,
        energy,
        decimal: decimal.unwrap_or(Decimal::Point),
        order,
        day: None,
        meal: None,
    };
    for record in rows.iter().filter(|record| !record.is_blank()) {
        outline.row(record, import);
    }
    Ok(())
}

struct Outline<'a> {
    header: &'a Header,
    energy: Energy,
    decimal: Decimal,
    order: Option<DayOrder>,
    day: Option<Date>,
    meal: Option<String>,
}

impl Outline<'_> {
    fn row(&mut self, record: &Record, import: &mut Import) {
        let raw = record.raw(0);
        let depth = raw.len() - raw.trim_start_matches(' ').len();
        let name = record.cell(0);
        match depth {
            0 => {
                self.day = date::parse(name, self.order);
                self.meal = None;
                if self.day.is_none() && !name.starts_with('#') {
                    import.skip(record.line, format!("`{name}` is no date"));
                }
            }
            1 => self.meal = Some(name.to_owned()),
            2 => self.food(record, name, import),
            _ => {
                // The amount of the food before.
                if let Some(entry) = import
                    .entries
                    .last_mut()
                    .filter(|entry| entry.line + 1 == record.line)
                {
                    entry.note = Some(name.to_owned());
                }
            }
        }
    }

    fn food(&self, record: &Record, name: &str, import: &mut Import) {
        let Some(date) = self.day else {
            import.skip(record.line, format!("{name}: no day"));
            return;
        };
        let number = |column: Option<usize>| number::parse(record.cell(column?), self.decimal);
        let Some(kcal) = number(Some(self.energy.column)) else {
            import.skip(
                record.line,
                format!("{name}: no energy, which is unknown and not zero"),
            );
            return;
        };
        let kcal = self.energy.unit.kcal(kcal);
        if kcal <= 0.0 {
            import.skip(record.line, format!("{name}: {kcal} kcal"));
            return;
        }
        import.take(ForeignEntry {
            source: "fatsecret",
            line: record.line,
            kind: EnergyKind::Eaten,
            date,
            time: None,
            moment: None,
            meal: self.meal.clone(),
            name: Some(name.to_owned()).filter(|name| !name.is_empty()),
            note: None,
            kcal,
            quantity: None,
            unit: None,
            protein: number(beginning(self.header, &PROTEIN)),
            fat: number(beginning(self.header, &FAT)),
            carbohydrate: number(beginning(self.header, &CARBOHYDRATE)),
            is_day_total: false,
            ordinal: 0,
        });
    }
}
