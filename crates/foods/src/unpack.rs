//! Reads the packed tables; `build.rs` describes their form.

use caltrack_domain::line::{Activity, Food, Pace, Portion};

/// The deflated tables.
const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/tables.deflated"));

/// The tables as text; empty if the packed ones are damaged, which a test excludes.
pub(crate) fn text() -> String {
    let bytes = miniz_oxide::inflate::decompress_to_vec(PACKED).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// A row with its synonyms.
pub(crate) struct Row<T> {
    pub(crate) row: T,
    pub(crate) synonyms: Vec<&'static str>,
}

/// A table by columns.
struct Columns {
    columns: Vec<(&'static str, Vec<&'static str>)>,
    rows: usize,
}

impl Columns {
    fn of(text: &'static str) -> Self {
        let columns: Vec<(&str, Vec<&str>)> = text
            .split_terminator('\x1e')
            .map(|column| {
                let (name, values) = column.split_once('\n').unwrap_or((column, ""));
                (name, values.split('\n').collect())
            })
            .collect();
        let rows = columns.first().map_or(0, |(_, values)| values.len());
        Self { columns, rows }
    }

    fn text(&self, column: &str, row: usize) -> &'static str {
        let column = self.columns.iter().find(|(name, _)| *name == column);
        column
            .and_then(|(_, values)| values.get(row))
            .copied()
            .unwrap_or("")
    }

    fn number(&self, column: &str, row: usize) -> Option<f64> {
        self.text(column, row).parse().ok()
    }

    fn list(&self, column: &str, row: usize) -> impl Iterator<Item = &'static str> {
        self.text(column, row)
            .split("; ")
            .filter(|value| !value.is_empty())
    }
}

pub(crate) fn foods(text: &'static str) -> Vec<Row<Food<'static>>> {
    let columns = Columns::of(text.split('\x1d').next().unwrap_or_default());
    (0..columns.rows)
        .map(|row| {
            let number = |column: &str| columns.number(column, row).unwrap_or_default();
            let units: Vec<Portion<'static>> = columns
                .list("units", row)
                .filter_map(|unit| {
                    let (unit, grams) = unit.split_once('=')?;
                    Some(Portion {
                        unit,
                        grams: grams.parse().ok()?,
                    })
                })
                .collect();
            let (count, portion) = portion(columns.text("portion", row), number("portionGrams"), &units);
            let food = Food {
                name: columns.text("name", row),
                category: columns.text("category", row),
                kind: columns.text("type", row),
                kcal: number("kcalPer100g"),
                protein: number("protein"),
                fat: number("fat"),
                carbohydrate: number("carbohydrate"),
                sugar: columns.number("sugar", row),
                count,
                portion,
                units,
                grams_per_ml: columns.number("gramsPerMl", row),
                source: columns.text("source", row),
                is_common: columns.text("tier", row) == "1",
            };
            Row {
                row: food,
                synonyms: columns.list("synonyms", row).collect(),
            }
        })
        .collect()
}

/// `2 slices` of 18 g are 2 times the unit `slice`; `half a cup` is 0.5 times `cup`.
fn portion(text: &'static str, grams: f64, units: &[Portion<'static>]) -> (f64, Portion<'static>) {
    let (count, unit) = match text.split_once(' ') {
        Some(("half", unit)) => (0.5, unit.trim_start_matches("a ").trim_start_matches("an ")),
        Some(("quarter", unit)) => (0.25, unit.trim_start_matches("a ")),
        Some((count, unit)) => (count.parse().unwrap_or(1.0), unit),
        None => (1.0, text),
    };
    let own = |unit: &str| units.iter().find(|own| own.unit == unit).copied();
    let known = own(unit)
        .or_else(|| own(unit.strip_suffix('s')?))
        .or_else(|| own(unit.strip_suffix("es")?));
    let grams = grams / count;
    (count, known.unwrap_or(Portion { unit, grams }))
}

pub(crate) fn activities(text: &'static str) -> Vec<Row<Activity<'static>>> {
    let columns = Columns::of(text.split('\x1d').nth(1).unwrap_or_default());
    let code = |row: usize| columns.text("code", row);
    let speeds = |row: usize| Some((columns.number("kmhFrom", row)?, columns.number("kmhTo", row)?));
    let met = |row: usize| columns.number("met", row).unwrap_or_default();
    let paces = |group: &str| -> Vec<Pace<'static>> {
        let mut paces: Vec<Pace<'static>> = (0..columns.rows)
            .filter(|row| !group.is_empty() && columns.text("speeds", *row) == group)
            .filter_map(|row| {
                let (from, to) = speeds(row)?;
                let (met, source) = (met(row), code(row));
                Some(Pace {
                    from,
                    to,
                    met,
                    source,
                })
            })
            .collect();
        paces.sort_by(|one, other| one.from.total_cmp(&other.from));
        paces
    };
    (0..columns.rows)
        .filter(|row| speeds(*row).is_none())
        .map(|row| Row {
            row: Activity {
                name: columns.text("name", row),
                kind: columns.text("type", row),
                met: met(row),
                source: code(row),
                kmh: columns.number("kmh", row),
                steps_per_km: columns.number("stepsPerKm", row),
                paces: paces(columns.text("speeds", row)),
            },
            synonyms: columns.list("synonyms", row).collect(),
        })
        .collect()
}
