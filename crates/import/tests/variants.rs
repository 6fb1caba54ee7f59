//! Other variants of the trackers' files: other languages and separators, sums, weights with three decimals.

use std::io::Cursor;

use caltrack_import::{Import, ImportError, Options, Unclear, WeightUnit, read};
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

#[rstest]
#[case("Date,Move Minutes count,Calories (kcal),Distance (m),Step count,Average weight (kg),Max weight (kg)")]
#[case(
    "Datum,Aktive Minuten,Kalorien (kcal),Distanz (m),Schrittzahl,Durchschnittliches Gewicht (kg),Höchstes Gewicht (kg)"
)]
#[case("Date,Minutes actives,Calories (kcal),Distance (m),Nombre de pas,Poids moyen (kg),Poids maximal (kg)")]
#[case(
    "Fecha,Minutos activos,Calorías (kcal),Distancia (m),Recuento de pasos,Peso medio (kg),Peso máximo (kg)"
)]
#[case("Data,Minuti,Calorie (kcal),Distanza (m),Conteggio passi,Peso medio (kg),Peso massimo (kg)")]
#[case("日付,通常の運動（分）,カロリー（kcal）,距離（m）,歩数,平均体重（kg）,最大体重（kg）")]
fn days_of_google_fit_have_weights_in_every_language(#[case] header: &str) {
    let import = import(&format!("{header}\n2026-11-02,40,2100.5,4200,6543,81.5,82\n")).unwrap();
    assert_eq!((import.entries.len(), import.weights.len()), (0, 1));
    assert!((import.weights[0].value - 81.5).abs() < 1e-9);
}

#[test]
fn the_expenditure_of_days_without_weights_is_nothing_to_eat() {
    let import =
        import("Datum,Kalorien (kcal),Distanz (m),Schrittzahl\n2026-11-02,2100.5,4200,6543\n").unwrap();
    assert_eq!((import.entries.len(), import.weights.len()), (0, 0));
    assert_eq!(
        (import.sources.as_slice(), import.warnings.len()),
        (&["googlefit".to_owned()][..], 1)
    );
}

#[test]
fn exercises_of_samsung_are_named_by_title_own_name_or_code() {
    let import = import(
        "com.samsung.shealth.exercise,6307003,6\n\
         com.samsung.health.exercise.start_time,com.samsung.health.exercise.time_offset,\
         com.samsung.health.exercise.exercise_type,com.samsung.health.exercise.exercise_custom_type,title,\
         com.samsung.health.exercise.duration,com.samsung.health.exercise.calorie\n\
         2026-11-02 07:10:00.000,UTC+0100,1002,,,1830000,300.4\n\
         2026-11-02 08:10:00.000,UTC+0100,1001,,To the lake,,150\n\
         2026-11-02 09:10:00.000,UTC+0100,0,Juggling,,600000,99\n\
         2026-11-02 10:10:00.000,UTC+0100,99999,,,600000,98\n",
    )
    .unwrap();
    let shown: Vec<_> = import
        .entries
        .iter()
        .map(|entry| (entry.name.as_deref(), entry.quantity))
        .collect();
    assert_eq!(
        shown,
        [
            (Some("Running"), Some(30.5)),
            (Some("To the lake"), None),
            (Some("Juggling"), Some(10.0)),
            (None, Some(10.0))
        ]
    );
}

#[rstest]
#[case("serving", r#""servingUnit": "g""#, "g")]
#[case("serving", r#""servingUnit": "ml""#, "ml")]
#[case("g/ml", r#""mealUnit": "ml""#, "ml")]
#[case("oz", "\"x\": 1", "g")]
#[case("fl.oz", "\"x\": 1", "ml")]
fn amounts_of_opennutritracker_are_stored_in_g_or_ml(
    #[case] entered: &str,
    #[case] member: &str,
    #[case] unit: &str,
) {
    let import = import(&format!(
        r#"[{{"unit": "{entered}", "amount": 60.0, "type": "lunch", "dateTime": "2026-11-02T12:00:00.000",
            "meal": {{"name": "Muesli", {member}, "nutriments": {{"energyKcal100": 400.0}}}}}}]"#
    ))
    .unwrap();
    let entry = &import.entries[0];
    assert_eq!(
        (entry.kcal, entry.quantity, entry.unit.as_deref()),
        (240.0, Some(60.0), Some(unit))
    );
}

#[rstest]
#[case("474 kcal", 474.0)]
#[case("1,983.216 kJ", 474.0)]
#[case("474 Cal", 474.0)]
fn a_unit_in_a_cell_is_that_of_its_number(#[case] cell: &str, #[case] kcal: f64) {
    let import = import(&format!(
        "Date,Meal,Calories,Fat (g)\n2026-11-02,Lunch,\"{cell}\",3.5 g\n"
    ))
    .unwrap();
    assert_eq!(days(&import), [("2026-11-02".to_owned(), kcal)]);
    assert_eq!(import.entries[0].fat, Some(3.5));
    let weights = self::import("Date,Weight\n2026-11-02,81.4 kg\n2026-11-03,180 lbs\n").unwrap();
    let units: Vec<_> = weights.weights.iter().map(|weight| weight.unit).collect();
    assert_eq!(units, [Some(WeightUnit::Kilograms), Some(WeightUnit::Pounds)]);
}

#[test]
fn tables_of_fitbit_have_one_order_of_day_and_month() {
    let import = import(
        "Foods\nDate;Calories In\n02-11-2026;2145\n13-11-2026;1988\n\nBody\nDate;Weight;BMI\n02-11-2026;81,4;25\n\n\
         Food Log 20261102\nDaily Totals\n;Calories;2145\n",
    )
    .unwrap();
    assert_eq!(days(&import)[0], ("2026-11-02".to_owned(), 2145.0));
    assert_eq!(import.weights[0].date.to_string(), "2026-11-02");
    assert_eq!(import.warnings[0], "the tables `food log` are not imported");
}

#[test]
fn lines_may_have_decimal_commas() {
    let import = import("2026-11-16 81,4 2145\n2026-11-17 81,2 1988\n").unwrap();
    assert_eq!(days(&import)[0], ("2026-11-16".to_owned(), 2145.0));
    assert!((import.weights[1].value - 81.2).abs() < 1e-9);
    let nom = self::import("2026-11-02 1,200 Pizza\n").unwrap();
    assert_eq!(days(&nom), [("2026-11-02".to_owned(), 1200.0)]);
}

#[test]
fn the_columns_of_an_outline_have_names_in_every_language() {
    let import = import(
        "Datum,Kal.( kcal),Fett( g),Kohlh( g),Eiw( g)\n\n\"Montag, 2. November 2026\",912,21,130,38\n \
         Frühstück,312,6,52,10\n  Haferbrei,312,6,52,10\n   1 Schale\n",
    )
    .unwrap();
    let entry = &import.entries[0];
    assert_eq!(
        (entry.kcal, entry.fat, entry.carbohydrate, entry.protein),
        (312.0, Some(6.0), Some(52.0), Some(10.0))
    );
}
