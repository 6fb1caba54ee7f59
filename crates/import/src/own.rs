//! The program's own formats: what was exported is read again without loss.

use caltrack_domain::{Activity, Entry, Grams, MAX_KCAL, NewActivity, Profile};
use serde::{Deserialize, de::IgnoredAny};

use crate::{
    csv::Record,
    error::ImportError,
    layout::Header,
    model::{Import, OwnEntry, Weight, WeightUnit},
};

/// The columns of the CSV, in order.
pub(crate) const COLUMNS: [&str; 14] = [
    "id",
    "date",
    "creationDateTime",
    "category",
    "type",
    "name",
    "note",
    "quantity",
    "unit",
    "food",
    "protein",
    "fat",
    "carbohydrate",
    "caloriesConsumed",
];

/// The format of the JSON.
pub const FORMAT: &str = "caltrack/1";

pub(crate) fn is_table(header: &Header) -> bool {
    let needed = [
        "id",
        "date",
        "creationdatetime",
        "category",
        "type",
        "caloriesconsumed",
    ];
    header.has(&needed)
}

pub(crate) fn read_table(header: &Header, rows: &[Record], import: &mut Import) {
    import.recognised("caltrack");
    let columns = COLUMNS.map(|name| header.find(&[name.to_lowercase().as_str()]));
    for record in rows.iter().filter(|record| !record.is_blank()) {
        if Header::of(record) == *header {
            import.skip(record.line, "the header again");
            continue;
        }
        match entry(record, columns) {
            Ok(new) => take(import, record.line, new),
            Err(reason) => import.skip(record.line, reason),
        }
    }
}

fn take(import: &mut Import, line: u64, new: NewActivity) {
    if new.entry.kcal > MAX_KCAL {
        import.skip(
            line,
            format!("{}: {} kcal are too much for one entry", new.id, new.entry.kcal),
        );
        return;
    }
    import.read += 1;
    import.own.push(OwnEntry { line, new });
}

fn entry(record: &Record, columns: [Option<usize>; 14]) -> Result<NewActivity, String> {
    let [
        id,
        date,
        moment,
        category,
        kind,
        name,
        note,
        quantity,
        unit,
        food,
        protein,
        fat,
        carbohydrate,
        kcal,
    ] = columns.map(|column| {
        column
            .map(|column| restored(record.raw(column)))
            .filter(|text| !text.is_empty())
    });
    let lacking = |name: &str| format!("no {name}");
    let grams = |text: Option<String>| match text {
        Some(text) => Grams::from_decimal(text.trim())
            .map(Some)
            .ok_or_else(|| format!("`{text}` are no grams")),
        None => Ok(None),
    };
    let date = date.ok_or_else(|| lacking("date"))?;
    let moment = moment.ok_or_else(|| lacking("creationDateTime"))?;
    let kcal = kcal.ok_or_else(|| lacking("caloriesConsumed"))?;
    let quantity = match quantity {
        Some(text) => Some(
            text.parse::<f64>()
                .map_err(|_| format!("`{text}` is no quantity"))?,
        ),
        None => None,
    };
    Ok(NewActivity::new(
        id.ok_or_else(|| lacking("id"))?,
        Entry {
            date: date.parse().map_err(|_| format!("`{date}` is no date"))?,
            moment: moment.parse().map_err(|_| format!("`{moment}` is no moment"))?,
            category: category.ok_or_else(|| lacking("category"))?,
            kind: kind.ok_or_else(|| lacking("type"))?,
            name,
            note,
            quantity,
            unit,
            food,
            protein: grams(protein)?,
            fat: grams(fat)?,
            carbohydrate: grams(carbohydrate)?,
            kcal: kcal.trim().parse().map_err(|_| format!("`{kcal}` are no kcal"))?,
        },
    ))
}

/// Whether a spreadsheet would take a text for a formula, or its mark for a part of the text.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'')
        .starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A text that spreadsheets don't execute: an apostrophe before what begins like a formula.
pub(crate) fn neutral(text: &str) -> String {
    if is_formula(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The text of [`neutral`].
fn restored(text: &str) -> String {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(text) => rest.to_owned(),
        _ => text.to_owned(),
    }
}

#[derive(Deserialize)]
struct File {
    format: String,
    user: Option<Profile>,
    #[serde(default)]
    weights: Vec<Row<DayWeight>>,
    #[serde(default)]
    activities: Vec<Row<Activity>>,
}

/// A row that may be invalid.
#[derive(Deserialize)]
#[serde(untagged)]
enum Row<T> {
    Valid(T),
    Invalid(IgnoredAny),
}

#[derive(Deserialize)]
struct DayWeight {
    date: jiff::civil::Date,
    weight: f64,
}

/// The format that a JSON object names.
pub(crate) fn format(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Head {
        format: String,
    }
    let head: Head = serde_json::from_str(text).ok()?;
    head.format.starts_with("caltrack/").then_some(head.format)
}

pub(crate) fn read_json(text: &str, import: &mut Import) -> Result<(), ImportError> {
    let file: File = serde_json::from_str(text).map_err(|error| ImportError::Damaged(error.to_string()))?;
    if file.format != FORMAT {
        return Err(ImportError::Damaged(format!(
            "its format `{}` is of another version of this program",
            file.format
        )));
    }
    import.recognised("caltrack");
    import.user = file.user;
    for (row, line) in file.weights.into_iter().zip(1..) {
        match row {
            Row::Valid(DayWeight { date, weight }) => import.weigh(Weight {
                line,
                date,
                value: weight,
                unit: Some(WeightUnit::Kilograms),
            }),
            Row::Invalid(_) => import.skip(line, "a weight without a date or a number"),
        }
    }
    for (row, line) in file.activities.into_iter().zip(1..) {
        match row {
            Row::Valid(activity) => take(import, line, NewActivity::new(activity.id, activity.entry)),
            Row::Invalid(_) => import.skip(line, "an entry that lacks a member or has an invalid one"),
        }
    }
    Ok(())
}
