//! The samples of real trackers' files: what comes out is exactly what `expected.json` has.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a broken assumption ends a test"
)]

use std::{
    collections::BTreeMap,
    fs::File,
    io::Cursor,
    path::{Path, PathBuf},
};

use caltrack_import::{
    DayOrder, EnergyKind, ForeignEntry, Import, ImportError, Minting, Options, WeightUnit, mint, read,
};
use serde_json::{Value, json};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn expected() -> BTreeMap<String, Value> {
    let text = std::fs::read_to_string(fixtures().join("expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn import(name: &str, options: &Options) -> Result<Import, ImportError> {
    read(name, File::open(fixtures().join(name)).unwrap(), options).map(Import::settled)
}

/// The decisions that a file asks for.
fn decided(name: &str) -> Options {
    Options {
        day_order: (name == "waistline-diary-plain.csv").then_some(DayOrder::MonthFirst),
        ..Options::default()
    }
}

/// A row as `expected.json` has it, with the time only where that has one.
fn shown(entry: &ForeignEntry, like: &Value) -> Value {
    let mut row = json!({ "date": entry.date.to_string(), "name": entry.name, "kcal": entry.kcal });
    if like.get("meal").is_some() {
        row["meal"] = json!(entry.meal);
    }
    if like.get("time").is_some() {
        row["time"] = json!(entry.time.map(|time| time.strftime("%H:%M").to_string()));
    }
    row
}

fn of_kind(import: &Import, kind: EnergyKind) -> Vec<&ForeignEntry> {
    import.entries.iter().filter(|entry| entry.kind == kind).collect()
}

fn by_day(entries: &[&ForeignEntry]) -> Value {
    let mut days = BTreeMap::<String, f64>::new();
    for entry in entries {
        *days.entry(entry.date.to_string()).or_default() += entry.kcal;
    }
    // Sums of decimals.
    let tidy = |kcal: f64| (kcal * 1e6).round() / 1e6;
    json!(
        days.into_iter()
            .map(|(day, kcal)| (day, tidy(kcal)))
            .collect::<BTreeMap<_, _>>()
    )
}

fn unit(unit: Option<WeightUnit>) -> Option<&'static str> {
    unit.map(|unit| match unit {
        WeightUnit::Kilograms => "kg",
        WeightUnit::Pounds => "lb",
        WeightUnit::Stones => "st",
    })
}

#[test]
fn each_sample_comes_out_as_expected() {
    for (name, expected) in expected() {
        let import = import(&name, &decided(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        for (member, days, kind) in [
            ("eaten", "kcal_eaten_by_day", EnergyKind::Eaten),
            ("burned", "kcal_burned_by_day", EnergyKind::Burned),
        ] {
            let entries = of_kind(&import, kind);
            let wanted = expected[member].as_array().unwrap();
            assert_eq!(
                expected[format!("{member}_entries")],
                entries.len(),
                "{name}: {entries:#?}"
            );
            let pairs = entries.iter().zip(wanted);
            let shown: Vec<Value> = pairs.map(|(entry, like)| shown(entry, like)).collect();
            assert_eq!(&shown, wanted, "{name}");
            assert_eq!(by_day(&entries), expected[days], "{name}");
        }
        let weights: Vec<Value> = import
            .weights
            .iter()
            .map(|weight| json!({"date": weight.date.to_string(), "value": weight.value, "unit": unit(weight.unit)}))
            .collect();
        assert_eq!(
            Value::from(weights),
            expected.get("weights").cloned().unwrap_or(json!([])),
            "{name}"
        );
        let foods: Vec<Value> = import
            .foods
            .iter()
            .map(|food| json!({"name": food.name, "kcalPer100g": food.kcal_per_100g, "portionGrams": food.portion_grams}))
            .collect();
        assert_eq!(
            Value::from(foods),
            expected.get("foods").cloned().unwrap_or(json!([])),
            "{name}"
        );
        let must_skip = expected["must_skip_and_say"].as_array().unwrap().len();
        let skipped = &import.skipped;
        assert!(skipped.len() >= must_skip, "{name}: {skipped:#?}");
        assert!(
            skipped.iter().all(|row| row.line > 0 && !row.reason.is_empty()),
            "{name}"
        );
    }
}

#[test]
fn what_has_to_be_asked_is_asked() {
    let error = import("waistline-diary-plain.csv", &Options::default()).unwrap_err();
    assert!(matches!(error, ImportError::Ask { .. }), "{error}");
    for name in ["myfitnesspal-measurement-plain.csv", "loseit-weights-plain.csv"] {
        let import = import(name, &Options::default()).unwrap();
        assert!(
            import.weights.iter().all(|weight| weight.unit.is_none()),
            "{name}"
        );
    }
}

#[test]
fn what_has_to_be_said_is_said() {
    for (name, words) in [
        ("fitbit-export-plain.csv", "expenditure"),
        ("googlefit-daily-plain.csv", "expenditure"),
        ("myfitnesspal-exercise-plain.csv", "adjustment"),
        ("loseit-weekly-nasty.csv", "HealthKit"),
        ("samsunghealth-food_intake-plain.csv", "100001 breakfast"),
        ("applehealth-export-nasty.xml", "Correlation"),
        ("cronometer-dailysummary-plain.csv", "totals of days"),
    ] {
        let import = import(name, &Options::default()).unwrap();
        assert!(
            import.warnings.iter().any(|text| text.contains(words)),
            "{name}: {:?}",
            import.warnings
        );
    }
}

#[test]
fn skipped_rows_are_named() {
    let import = import("myfitnesspal-nutrition-nasty.csv", &Options::default()).unwrap();
    let reasons: Vec<String> = import
        .skipped
        .iter()
        .map(|row| format!("{} {}", row.line, row.reason))
        .collect();
    assert_eq!(
        reasons,
        [
            "6 Post-Workout: 0 kcal",
            "9 Snacks: negative energy, an adjustment",
            "10 Snacks: no energy, which is unknown and not zero",
            "11 Totals: a sum of other rows",
        ]
    );
    assert_eq!(import.read, 9);
}

#[test]
fn zips_have_what_their_parts_have() {
    for (name, parts) in [
        (
            "myfitnesspal-plain.zip",
            &[
                "myfitnesspal-nutrition-plain.csv",
                "myfitnesspal-exercise-plain.csv",
                "myfitnesspal-measurement-plain.csv",
            ][..],
        ),
        (
            "opennutritracker-plain.zip",
            &[
                "opennutritracker-user_activity-plain.json",
                "opennutritracker-user_intake-plain.json",
            ],
        ),
        (
            "loseit-plain.zip",
            &[
                "loseit-foodlogs-plain.csv",
                "loseit-exerciselogs-plain.csv",
                "loseit-weights-plain.csv",
            ],
        ),
    ] {
        let whole = import(name, &Options::default()).unwrap();
        let single: Vec<Import> = parts
            .iter()
            .map(|part| import(part, &Options::default()).unwrap())
            .collect();
        let entries: usize = single.iter().map(|import| import.entries.len()).sum();
        let weights: usize = single.iter().map(|import| import.weights.len()).sum();
        assert_eq!(
            (whole.entries.len(), whole.weights.len()),
            (entries, weights),
            "{name}"
        );
    }
}

#[test]
fn totals_of_days_whose_entries_are_there_count_once() {
    let import = import("macrofactor-plain.xlsx", &Options::default()).unwrap();
    let totals = import
        .skipped
        .iter()
        .filter(|row| row.reason.contains("the day's total"));
    assert_eq!(totals.count(), 2);
}

#[test]
fn equal_rows_have_different_ids_which_are_the_same_every_time() {
    let clock = caltrack_domain::DayClock::at_midnight(jiff::tz::TimeZone::UTC);
    let ids = |sub: &str, generation: u32| -> Vec<String> {
        let minting = Minting {
            sub,
            generation,
            clock: &clock,
        };
        let import = import("cronometer-servings-nasty.csv", &Options::default()).unwrap();
        import
            .entries
            .iter()
            .map(|entry| mint(entry, &minting).unwrap().id)
            .collect()
    };
    let first = ids("me", 0);
    let mut different = first.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), first.len());
    assert_eq!(ids("me", 0), first);
    for other in [ids("you", 0), ids("me", 1)] {
        assert!(other.iter().all(|id| !first.contains(id)));
    }
}

#[test]
fn the_same_file_in_another_encoding_has_the_same_rows() {
    let text = "Date,Meal,Calories,Fat (g)\n2026-11-02,Käse,412.0,14.0\n";
    let wanted = read("a.csv", Cursor::new(text), &Options::default()).unwrap();
    let little: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let windows: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    for bytes in [little, windows] {
        assert_eq!(
            read("a.csv", Cursor::new(bytes), &Options::default()).unwrap(),
            wanted
        );
    }
    assert_eq!(wanted.entries[0].meal.as_deref(), Some("Käse"));
}
