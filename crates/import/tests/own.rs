//! What is exported is read again without loss.

#![expect(clippy::unwrap_used, reason = "a broken assumption ends a test")]

use std::io::Cursor;

use caltrack_domain::{Activity, DayClock, Entry, Grams, NewActivity};
use caltrack_import::{CSV_HEADER, Options, csv_row, json_document, ledger, markdown, read};
use jiff::{Timestamp, civil::date, tz::TimeZone};
use proptest::prelude::*;

/// Texts with what formats give a meaning.
fn text() -> impl Strategy<Value = Option<String>> {
    let piece = prop_oneof![
        Just("\"".to_owned()),
        Just("'".to_owned()),
        Just("=".to_owned()),
        Just("-".to_owned()),
        Just(",".to_owned()),
        Just(";".to_owned()),
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\t".to_owned()),
        Just(" ".to_owned()),
        Just("🍕👩‍🍳".to_owned()),
        "\\PC{1,3}",
    ];
    let text = proptest::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat());
    proptest::option::of(text)
}

fn grams() -> impl Strategy<Value = Option<Grams>> {
    proptest::option::of((0..99_990_i64).prop_map(Grams::from_tenths))
}

fn activity() -> impl Strategy<Value = Activity> {
    let texts = (text(), text(), text(), text());
    let figures = (
        proptest::option::of((1..10_000_000_u32).prop_map(|n| f64::from(n) / 1_000.0)),
        grams(),
        grams(),
        grams(),
        0..=99_999_u32,
    );
    (any::<u128>(), 0..4_000_000_000_000_i64, texts, figures).prop_map(|(id, moment, texts, figures)| {
        Activity {
            id: uuid::Uuid::from_u128(id).to_string(),
            owner: "me".to_owned(),
            entry: Entry {
                name: texts.0,
                note: texts.1,
                unit: texts.2,
                food: texts.3,
                quantity: figures.0,
                protein: figures.1,
                fat: figures.2,
                carbohydrate: figures.3,
                ..Entry::new(
                    date(2026, 11, 2),
                    Timestamp::from_millisecond(moment).unwrap(),
                    "Food",
                    "Lunch, late",
                    figures.4,
                )
            },
            rev: 1,
        }
    })
}

fn new(activity: &Activity) -> NewActivity {
    NewActivity::new(activity.id.clone(), activity.entry.clone())
}

fn imported(text: String) -> Vec<NewActivity> {
    let import = read("log", Cursor::new(text.into_bytes()), &Options::default()).unwrap();
    assert_eq!(import.skipped, []);
    import.own.into_iter().map(|own| own.new).collect()
}

proptest! {
    #[test]
    fn entries_survive_csv_and_json(list in proptest::collection::vec(activity(), 1..6)) {
        let wanted: Vec<NewActivity> = list.iter().map(new).collect();
        let rows: Vec<String> = list.iter().map(csv_row).collect();
        prop_assert_eq!(imported(CSV_HEADER.to_owned() + &rows.concat()), wanted.clone());
        let json = json_document(None, &[(date(2026, 11, 2), 81.4)], &list).to_string();
        prop_assert_eq!(imported(json), wanted);
    }

    #[test]
    fn no_text_ends_a_row_of_a_journal_or_of_markdown(list in proptest::collection::vec(activity(), 1..6)) {
        let clock = DayClock::at_midnight(TimeZone::UTC);
        let journal = ledger(&list, &clock);
        let days = journal.lines().filter(|line| line.starts_with("2026-11-02 ")).count();
        prop_assert_eq!(days, list.len());
        let allowed = |line: &str| {
            line.is_empty() || ["2026-11-02 ", "    ", "; ", "commodity ", "account "].iter().any(|start| line.starts_with(start))
        };
        prop_assert!(journal.lines().all(allowed), "{}", journal);
        let table = markdown(&list, &[], &clock);
        prop_assert_eq!(table.lines().filter(|line| line.starts_with("| ") && line.ends_with(" |")).count(), list.len() + 1);
    }
}

#[test]
fn formulas_are_neutral_for_spreadsheets() {
    let mut activity = Activity {
        id: "i".to_owned(),
        owner: "me".to_owned(),
        entry: Entry::new(date(2026, 11, 2), Timestamp::UNIX_EPOCH, "Food", "Lunch", 1),
        rev: 1,
    };
    for formula in ["=1+2", "+1", "-1", "@SUM(A1)", "\t=1", "'=1"] {
        activity.entry.name = Some(formula.to_owned());
        let row = csv_row(&activity);
        let cell = row.split(',').nth(5).unwrap().trim_matches('"').to_owned();
        assert_eq!(&cell[..1], "'", "{row}");
        assert_eq!(
            imported(CSV_HEADER.to_owned() + &row)[0].entry.name.as_deref(),
            Some(formula)
        );
    }
}
