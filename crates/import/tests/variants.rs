//! Other variants of the trackers' files: other languages and separators, sums, weights with three decimals.

use std::io::Cursor;

use caltrack_import::{Import, ImportError, Options, Unclear, read};
use rstest::rstest;

fn import(text: &str) -> Result<Import, ImportError> {
    read("a.csv", Cursor::new(text.to_owned()), &Options::default()).map(Import::settled)
}

fn days(import: &Import) -> Vec<(String, f64)> {
    let entries = import.entries.iter();
    entries
        .map(|entry| (entry.date.to_string(), entry.kcal))
        .collect()
}

fn fatsecret(day: &str, energy: &str) -> String {
    format!(
        "# Food Diary Report - Detailed Report,\"{day}\"\n\nDate,{energy},Fat( g),Carbs( g),Prot( g)\n\n\"{day}\",912,21,130,38\n \
         Breakfast,312,6,52,10\n  Porridge,312,6,52,10\n   1 bowl\n"
    )
}

#[rstest]
#[case("lundi 2 novembre 2026")]
#[case("lunes, 2 de noviembre de 2026")]
#[case("lunedì 2 novembre 2026")]
#[case("segunda-feira, 2 de novembro de 2026")]
#[case("maandag 2 november 2026")]
#[case("Montag, 2. November 2026")]
#[case("02.11.2026")]
fn days_are_read_in_every_language(#[case] day: &str) {
    let import = import(&fatsecret(day, "Cals ( kcal)")).unwrap();
    assert_eq!(days(&import), [("2026-11-02".to_owned(), 312.0)]);
    assert_eq!(import.skipped, []);
}

#[test]
fn an_outline_with_unclear_days_asks() {
    let asked = import(&fatsecret("02/11/2026", "Cals ( kcal)")).unwrap_err();
    assert!(
        matches!(
            &asked,
            ImportError::Ask {
                unclear: Unclear::DayOrder(_),
                ..
            }
        ),
        "{asked}"
    );
    let known = import(&fatsecret("13/11/2026", "Cals ( kcal)")).unwrap();
    assert_eq!(days(&known)[0].0, "2026-11-13");
}

#[rstest]
#[case("kJ")]
#[case("Energy ( kJ)")]
fn an_outline_in_kilojoules_has_no_sums(#[case] energy: &str) {
    let import = import(&fatsecret("Monday, November 2, 2026", energy)).unwrap();
    let days = days(&import);
    assert_eq!(days.len(), 1);
    assert!((days[0].1 - 312.0 / 4.184).abs() < 0.01, "{days:?}");
}

#[test]
fn sums_goals_and_what_is_left_are_not_eaten() {
    let sums = [
        "Total:",
        "Daily Totals",
        "Grand Total",
        "Average",
        "Your Daily Goal",
        "Remaining",
        "Summe",
    ];
    for sum in sums {
        let import = import(&format!(
            "Date,Meal,Calories,Fat (g)\n2026-11-02,Lunch,500,14\n2026-11-02,{sum},1100,28\n"
        ))
        .unwrap();
        assert_eq!(days(&import), [("2026-11-02".to_owned(), 500.0)], "{sum}");
        assert_eq!(import.skipped[0].reason, format!("{sum}: a sum of other rows"));
    }
}

#[test]
fn totals_of_days_with_points_between_thousands_ask() {
    let asked =
        import("Foods\nDate,Calories In\n\"2026-11-02\",\"2.145\"\n\"2026-11-03\",\"1.988\"\n").unwrap_err();
    assert!(
        matches!(
            &asked,
            ImportError::Ask {
                unclear: Unclear::Decimal(_),
                ..
            }
        ),
        "{asked}"
    );
    let commas = import("Foods\nDate,Calories In\n\"2026-11-02\",\"2,145\"\n").unwrap();
    assert_eq!(days(&commas), [("2026-11-02".to_owned(), 2145.0)]);
}

#[rstest]
#[case("Date,Weight\n2026-11-02,81.250\n2026-11-03,81.125\n", 81.25)]
#[case("Date;Weight\n02.11.2026;81,250\n03.11.2026;81,125\n", 81.25)]
fn weights_have_decimals_and_no_thousands(#[case] text: &str, #[case] first: f64) {
    let import = import(text).unwrap();
    assert_eq!(import.weights.len(), 2);
    assert!((import.weights[0].value - first).abs() < 1e-9);
}

#[test]
fn a_weight_of_another_device_is_one() {
    let import = import(
        "Day,Time,Group,Metric,Unit,Amount\n2026-11-02,,,Weight (Apple Health),kg,81.1\n2026-11-02,,,Body Fat,%,18.5\n",
    )
    .unwrap();
    assert_eq!((import.weights.len(), import.skipped.len()), (1, 1));
}

#[test]
fn days_without_kcal_leave_a_log_of_weights_and_kcal_one() {
    let import = import("2026-11-02 81.4 2145\n2026-11-03 81.2\ngw 76.0\n").unwrap();
    assert_eq!(days(&import), [("2026-11-02".to_owned(), 2145.0)]);
    assert_eq!(import.weights.len(), 2);
}

#[test]
fn quotes_that_a_library_does_not_double_end_with_their_cell() {
    let header = "\"Name\",\"Brand\",\"Serving Weight (g)\",\"Energy (kcal)\"\n";
    let import = import(&format!(
        "{header}\"Bread \"rustic\"\",,60,250\n\"Milk\",,200,64\n"
    ))
    .unwrap();
    let names: Vec<&str> = import.foods.iter().map(|food| food.name.as_str()).collect();
    assert_eq!(names, ["Bread \"rustic\"", "Milk"]);
}
