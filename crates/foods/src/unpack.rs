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

/// A row of a packed table: the names of the columns with their values.
struct Cells(Vec<(&'static str, &'static str)>);

impl Cells {
    fn text(&self, column: &str) -> &'static str {
        let cell = self.0.iter().find(|(name, _)| *name == column);
        cell.map_or("", |(_, value)| value)
    }

    fn number(&self, column: &str) -> Option<f64> {
        self.text(column).parse().ok()
    }

    fn list(&self, column: &str) -> impl Iterator<Item = &'static str> {
        self.text(column).split("; ").filter(|value| !value.is_empty())
    }
}

/// The rows of a table that is packed by columns, read one by one: all cells of the foods at once would take more memory
/// than the foods.
fn rows(text: &'static str) -> impl Iterator<Item = Cells> {
    let mut columns: Vec<_> = text
        .split_terminator('\x1e')
        .map(|column| {
            let (name, values) = column.split_once('\n').unwrap_or((column, ""));
            (name, values.split('\n'))
        })
        .collect();
    std::iter::from_fn(move || {
        let cells = columns
            .iter_mut()
            .map(|(name, values)| Some((*name, values.next()?)))
            .collect::<Option<Vec<_>>>()?;
        (!cells.is_empty()).then_some(Cells(cells))
    })
}

pub(crate) fn foods(text: &'static str) -> impl Iterator<Item = Row<Food<'static>>> {
    rows(text.split('\x1d').next().unwrap_or_default()).map(|cells| {
        let number = |column: &str| cells.number(column).unwrap_or_default();
        let units: Vec<Portion<'static>> = cells
            .list("units")
            .filter_map(|unit| {
                let (unit, grams) = unit.split_once('=')?;
                Some(Portion {
                    unit,
                    grams: grams.parse().ok()?,
                })
            })
            .collect();
        let (count, portion) = portion(cells.text("portion"), number("portionGrams"), &units);
        let food = Food {
            name: cells.text("name"),
            category: cells.text("category"),
            kind: cells.text("type"),
            kcal: number("kcalPer100g"),
            protein: number("protein"),
            fat: number("fat"),
            carbohydrate: number("carbohydrate"),
            sugar: cells.number("sugar"),
            count,
            portion,
            units,
            grams_per_ml: cells.number("gramsPerMl"),
            source: cells.text("source"),
            is_common: cells.text("tier") == "1",
        };
        Row {
            row: food,
            synonyms: cells.list("synonyms").collect(),
        }
    })
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
        .or_else(|| own(unit.strip_suffix("es")?))
        .or_else(|| own(&format!("{}y", unit.strip_suffix("ies")?)));
    let grams = grams / count;
    (count, known.unwrap_or(Portion { unit, grams }))
}

pub(crate) fn activities(text: &'static str) -> impl Iterator<Item = Row<Activity<'static>>> {
    let (paces, named): (Vec<Cells>, Vec<Cells>) =
        rows(text.split('\x1d').nth(1).unwrap_or_default()).partition(|cells| speeds(cells).is_some());
    named.into_iter().map(move |cells| Row {
        row: Activity {
            name: cells.text("name"),
            kind: cells.text("type"),
            met: met(&cells),
            source: cells.text("code"),
            kmh: cells.number("kmh"),
            steps_per_km: cells.number("stepsPerKm"),
            paces: paces_of(&paces, cells.text("speeds")),
        },
        synonyms: cells.list("synonyms").collect(),
    })
}

/// The range of speeds in km/h of a row that gives an activity's MET at them.
fn speeds(cells: &Cells) -> Option<(f64, f64)> {
    Some((cells.number("kmhFrom")?, cells.number("kmhTo")?))
}

fn met(cells: &Cells) -> f64 {
    cells.number("met").unwrap_or_default()
}

/// The paces of a group of activities, slowest first.
fn paces_of(rows: &[Cells], group: &str) -> Vec<Pace<'static>> {
    let of_group = rows
        .iter()
        .filter(|cells| !group.is_empty() && cells.text("speeds") == group);
    let mut paces: Vec<Pace<'static>> = of_group
        .filter_map(|cells| {
            let (from, to) = speeds(cells)?;
            Some(Pace {
                from,
                to,
                met: met(cells),
                source: cells.text("code"),
            })
        })
        .collect();
    paces.sort_by(|one, other| one.from.total_cmp(&other.from));
    paces
}
