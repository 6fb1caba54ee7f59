//! Tables of unknown sources: which column has what, proposed by the columns' names and corrected by people.

use crate::{
    csv::Record,
    error::{Column, ImportError},
    layout::{Columns, Energy, EnergyUnit, Header},
};

/// What a column of a mapping may have, in the order in which it is shown.
pub const MAPPING_KEYS: [&str; 15] = [
    "date", "time", "type", "meal", "name", "kcal", "kj", "quantity", "unit", "protein", "fat", "carbs",
    "note", "weight", "minutes",
];

/// Words by which columns are proposed, by key.
const WORDS: [(&str, &[&str]); 15] = [
    (
        "date",
        &[
            "date",
            "day",
            "datum",
            "tag",
            "datetime",
            "timestamp",
            "fecha",
            "data",
            "when",
            "logged at",
        ],
    ),
    ("time", &["time", "zeit", "uhrzeit", "heure", "hora"]),
    ("type", &["type", "kind", "category", "art"]),
    (
        "meal",
        &[
            "meal",
            "mahlzeit",
            "repas",
            "comida",
            "meal type",
            "meal name",
            "meal_type",
        ],
    ),
    (
        "name",
        &[
            "name",
            "food",
            "food name",
            "food_name",
            "item",
            "description",
            "lebensmittel",
            "aliment",
            "exercise",
            "activity",
        ],
    ),
    (
        "kcal",
        &[
            "kcal",
            "calories",
            "cals",
            "energy (kcal)",
            "calories (kcal)",
            "energy",
            "kalorien",
            "kalorien (kcal)",
            "calorías",
            "calorías (kcal)",
            "calorie",
            "calorie (kcal)",
            "brennwert (kcal)",
        ],
    ),
    ("kj", &["kj", "energy (kj)", "kilojoules", "brennwert (kj)"]),
    (
        "quantity",
        &["quantity", "amount", "menge", "qty", "quantité", "cantidad"],
    ),
    ("unit", &["unit", "units", "einheit", "unité"]),
    (
        "protein",
        &[
            "protein",
            "protein (g)",
            "eiweiß",
            "eiweiß (g)",
            "proteins",
            "protéines",
            "protéines (g)",
            "proteínas",
            "proteínas (g)",
            "proteine",
            "proteine (g)",
        ],
    ),
    (
        "fat",
        &[
            "fat",
            "fat (g)",
            "fett",
            "fett (g)",
            "total fat",
            "lipides",
            "lipides (g)",
            "grasas",
            "grasas (g)",
            "grassi",
            "grassi (g)",
        ],
    ),
    (
        "carbs",
        &[
            "carbs",
            "carbs (g)",
            "carbohydrates",
            "carbohydrates (g)",
            "kohlenhydrate",
            "kohlenhydrate (g)",
            "glucides",
            "glucides (g)",
            "hidratos",
            "carbohidratos",
            "carbohidratos (g)",
            "carboidrati",
            "carboidrati (g)",
        ],
    ),
    ("note", &["note", "notes", "comment", "notiz"]),
    (
        "weight",
        &["weight", "weight (kg)", "weight (lb)", "weight (lbs)", "gewicht"],
    ),
    ("minutes", &["minutes", "duration (min)", "dauer (min)"]),
];

/// The columns that the names of a header suggest, as `--map` takes them; `None` without a date and energy or weights.
pub(crate) fn proposal(header: &Header) -> Option<String> {
    let found = WORDS
        .iter()
        .filter_map(|(key, words)| Some((*key, header.find(words)?)));
    let found: Vec<(&str, usize)> = found.collect();
    let has = |key: &str| found.iter().any(|(known, _)| *known == key);
    if !has("date") || !(has("kcal") || has("kj") || has("weight")) {
        return None;
    }
    let shown = found.iter().map(|(key, column)| {
        let name = header.names().get(*column).map_or("", String::as_str);
        let is_plain = !name.is_empty() && !name.contains([',', '=', '\'', '"']);
        if is_plain {
            format!("{key}={name}")
        } else {
            format!("{key}={column}")
        }
    });
    Some(shown.collect::<Vec<_>>().join(","))
}

/// The columns of a table, with the first text of each.
pub(crate) fn described(first: &Record, rows: &[Record]) -> Vec<Column> {
    /// Rows that are searched for a text.
    const SEARCHED: usize = 50;
    let short = |text: &str| caltrack_domain::shortened(&caltrack_domain::clean(text), 40);
    let below = rows.iter().filter(|row| row.line > first.line).take(SEARCHED);
    (0..first.len())
        .map(|column| {
            let mut cells = below.clone().map(|row| row.cell(column));
            Column {
                name: short(first.cell(column)),
                sample: short(cells.find(|cell| !cell.is_empty()).unwrap_or_default()),
            }
        })
        .collect()
}

/// The columns of a mapping such as `date=0,name=Food,kcal=3`: numbers from 0, or names of columns.
pub(crate) fn columns(mapping: &str, header: &Header) -> Result<Columns, ImportError> {
    let mut columns = Columns::default();
    let known = || header.names().join(", ").chars().take(300).collect::<String>();
    for part in mapping.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=').ok_or_else(|| {
            ImportError::Mapping(format!(
                "`{part}` of the mapping isn't KEY=COLUMN, such as date=0"
            ))
        })?;
        let value = value.trim();
        let column = header.find(&[value.to_lowercase().as_str()]);
        let numbered = value
            .parse::<usize>()
            .ok()
            .filter(|column| *column < header.names().len());
        let column = column.or(numbered).ok_or_else(|| {
            ImportError::Mapping(format!(
                "there is no column `{value}`; the columns are {}",
                known()
            ))
        })?;
        set(&mut columns, key.trim(), column, header)?;
    }
    if columns.date.is_none() || (columns.energy.is_none() && columns.weight.is_none()) {
        return Err(ImportError::Mapping(format!(
            "a mapping needs date and one of kcal, kj and weight; the columns are {}",
            known()
        )));
    }
    Ok(columns)
}

fn set(columns: &mut Columns, key: &str, column: usize, header: &Header) -> Result<(), ImportError> {
    let energy = |unit| Some(Energy { column, unit });
    let some = Some(column);
    match key {
        "date" => columns.date = some,
        "time" => columns.time = some,
        "type" => columns.kind = some,
        "meal" => columns.meal = some,
        "name" => columns.name = some,
        "kcal" => columns.energy = energy(EnergyUnit::Kilocalories),
        "kj" => {
            if columns.energy.is_none() {
                columns.energy = energy(EnergyUnit::Kilojoules);
            }
        }
        "quantity" => columns.quantity = some,
        "unit" => columns.unit = some,
        "protein" => columns.protein = some,
        "fat" => columns.fat = some,
        "carbs" => columns.carbohydrate = some,
        "note" => columns.note = some,
        "weight" => {
            let unit = header
                .weight()
                .filter(|(known, _)| *known == column)
                .and_then(|(_, unit)| unit);
            columns.weight = Some((column, unit));
        }
        "minutes" => columns.minutes = some,
        _ => {
            return Err(ImportError::Mapping(format!(
                "`{key}` is no key of a mapping; keys are {}",
                MAPPING_KEYS.join(", ")
            )));
        }
    }
    Ok(())
}
