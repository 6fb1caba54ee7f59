//! The program's own formats, ledger and Markdown, written.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use caltrack_domain::{Activity, Booking, DayClock, Grams, Profile, clean};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::own::{COLUMNS, FORMAT, neutral};

/// The first line of the CSV, with its end.
pub const CSV_HEADER: &str = "id,date,creationDateTime,category,type,name,note,quantity,unit,food,protein,fat,carbohydrate,caloriesConsumed\n";

/// A row of the CSV (RFC 4180), with its line feed. Texts that a spreadsheet would take for formulas begin with an
/// apostrophe.
pub fn csv_row(activity: &Activity) -> String {
    let value = serde_json::to_value(activity).unwrap_or_default();
    let cell = |name: &&str| match value.get(name) {
        Some(Value::String(text)) => quoted(&neutral(text)),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    let cells: Vec<String> = COLUMNS.iter().map(cell).collect();
    cells.join(",") + "\n"
}

fn quoted(text: &str) -> String {
    let is_plain = !text.contains([',', '"', '\n', '\r']) && text.trim() == text;
    if is_plain {
        text.to_owned()
    } else {
        format!("\"{}\"", text.replace('"', "\"\""))
    }
}

/// The JSON document: profile, weights by day, entries.
pub fn json_document(user: Option<&Profile>, weights: &[(Date, f64)], activities: &[Activity]) -> Value {
    let weights: Vec<Value> = weights
        .iter()
        .map(|(date, weight)| json!({ "date": date.to_string(), "weight": weight }))
        .collect();
    json!({ "format": FORMAT, "user": user, "weights": weights, "activities": activities })
}

/// A journal of hledger and ledger: a transaction for each entry, in kcal and grams. Consumed kcal go from `Food` or
/// `Drink` to `Body`, burned ones from `Body` to `Exercise`.
pub fn ledger(activities: &[Activity], clock: &DayClock) -> String {
    let mut journal = String::new();
    let mut accounts = BTreeSet::from(["Body:kcal".to_owned()]);
    for activity in activities {
        let entry = &activity.entry;
        let name = entry.name.as_deref().unwrap_or(&entry.kind);
        // A line of a journal ends at `;`, `|` divides payee and note, and two blanks end an account.
        let plain = |text: &str| clean(text).replace([';', '|'], ",").trim().to_owned();
        let account = |text: &str| {
            let words: Vec<String> = plain(text)
                .replace(':', "-")
                .split_whitespace()
                .map(ToOwned::to_owned)
                .collect();
            words.join(" ")
        };
        let time = clock.shown(entry.moment).strftime("%H:%M").to_string();
        let name = match plain(name) {
            name if name.starts_with(['*', '!', '(', '=']) => format!("\u{201c}{name}\u{201d}"),
            name => name,
        };
        let from = format!("{}:{}", account(&entry.category), account(&entry.kind));
        let sign = match Booking::of(&entry.category) {
            Booking::Consumed => "",
            Booking::Burned => "-",
            Booking::Nothing => continue,
        };
        // A string takes it all.
        let _ = writeln!(
            journal,
            "\n{} {name}  ; id:{}, time:{}",
            entry.date,
            plain(&activity.id),
            time.replace(':', ".")
        );
        for line in entry.note.iter().flat_map(|note| note.lines()) {
            let _ = writeln!(journal, "    ; note {}", clean(line).replace(':', "\u{2236}"));
        }
        let _ = writeln!(journal, "    Body:kcal  {sign}{} kcal", entry.kcal);
        let _ = writeln!(journal, "    {from}");
        accounts.insert(from);
        let grams = [
            ("protein", entry.protein),
            ("fat", entry.fat),
            ("carbohydrate", entry.carbohydrate),
        ];
        for (member, grams) in grams {
            if let Some(grams) = grams.filter(|grams| *grams != Grams::ZERO) {
                let _ = writeln!(journal, "    (Body:{member})  {grams} g");
                accounts.insert(format!("Body:{member}"));
            }
        }
    }
    let mut head = "; kcal and grams of a calorie log\ncommodity kcal 1000.\ncommodity g 1000.0\n".to_owned();
    for account in accounts {
        let _ = writeln!(head, "account {account}");
    }
    head + &journal
}

/// Markdown: a table for each day.
pub fn markdown(activities: &[Activity], weights: &[(Date, f64)], clock: &DayClock) -> String {
    let mut document = "# Calorie log\n".to_owned();
    let mut days: BTreeMap<Date, Vec<&Activity>> = BTreeMap::new();
    for activity in activities {
        days.entry(activity.entry.date).or_default().push(activity);
    }
    for (date, _) in weights {
        days.entry(*date).or_default();
    }
    let cell = |text: &str| clean(text).replace('\\', "\\\\").replace('|', "\\|");
    for (date, entries) in days {
        let sum = |wanted: Booking| -> u64 {
            let of = entries
                .iter()
                .filter(|entry| Booking::of(&entry.entry.category) == wanted);
            of.map(|entry| u64::from(entry.entry.kcal)).sum()
        };
        let weight = weights.iter().find(|(day, _)| *day == date);
        let weight = weight.map_or_else(String::new, |(_, kg)| format!(", {kg} kg"));
        // A string takes it all.
        let _ = writeln!(
            document,
            "\n## {date}\n\n{} kcal consumed, {} kcal burned{weight}",
            sum(Booking::Consumed),
            sum(Booking::Burned)
        );
        if entries.is_empty() {
            continue;
        }
        document.push_str("\n| time | type | name | amount | kcal | protein | fat | carbs | note |\n");
        document.push_str("|---|---|---|---|---:|---:|---:|---:|---|\n");
        for activity in entries {
            let entry = &activity.entry;
            let amount = match (entry.quantity, &entry.unit) {
                (Some(quantity), Some(unit)) => format!("{quantity} {unit}"),
                (Some(quantity), None) => quantity.to_string(),
                (None, _) => String::new(),
            };
            let grams = |grams: Option<Grams>| grams.map_or_else(String::new, |grams| grams.to_string());
            let _ = writeln!(
                document,
                "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
                clock.shown(entry.moment).strftime("%H:%M"),
                cell(&entry.kind),
                cell(entry.name.as_deref().unwrap_or_default()),
                cell(&amount),
                entry.kcal,
                grams(entry.protein),
                grams(entry.fat),
                grams(entry.carbohydrate),
                cell(entry.note.as_deref().unwrap_or_default()),
            );
        }
    }
    document
}
