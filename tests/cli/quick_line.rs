//! `add`: the text, its options, and trials.

use rstest::rstest;

use super::*;

#[test]
fn add_prints_its_entries() {
    let place = Place::fresh();
    let entries = place.json(&["add", "lunch", "650", "--date", "-1d", "soup", "--at", "7:30pm"]);
    let [entry] = entries.as_array().unwrap().as_slice() else {
        panic!("one entry: {entries}");
    };
    assert_eq!(
        (&entry["type"], &entry["name"]),
        (&"Lunch".into(), &"Soup".into())
    );
    let listed = place.json(&["list", "-1d"]);
    assert_eq!(listed[0]["id"], entry["id"]);
}

#[test]
fn a_trial_logs_nothing_and_prints_what_would_be_logged() {
    let place = Place::fresh();
    let trial = [
        "add",
        "--dry-run",
        "run",
        "300",
        "--date",
        "tomorrow",
        "--at",
        "07:30",
    ];
    let answer = place.json(&trial);
    assert_eq!(
        members(&answer[0]),
        [
            "date",
            "time",
            "category",
            "type",
            "name",
            "quantity",
            "unit",
            "caloriesConsumed",
            "protein",
            "fat",
            "carbohydrate",
            "source"
        ]
    );
    let tomorrow = jiff::Zoned::now().date().tomorrow().unwrap().to_string();
    for (member, value) in [
        ("date", tomorrow.as_str()),
        ("time", "07:30"),
        ("category", "Exercise"),
        ("type", "Run"),
    ] {
        assert_eq!(answer[0][member], value);
    }
    assert_eq!(answer[0]["caloriesConsumed"], 300);
    assert!(place.run(&trial).out.contains("would log Run 300 kcal"));
    assert_eq!(place.json(&["list", "tomorrow"]), serde_json::json!([]));
}

#[rstest]
#[case(&["add", "lunch"])]
#[case(&["add", "--dry-run", "lunch"])]
fn missing_kcal_are_asked_for(#[case] arguments: &[&str]) {
    let place = Place::fresh();
    let error = place.run(&[arguments, &["--json"]].concat()).error(2);
    assert_eq!(error["kind"], "ask");
    assert_eq!(place.json(&["list"]), serde_json::json!([]));
}

/// What begins with one hyphen is text: it reaches the line, which rejects it.
#[rstest]
#[case(&["add", "-x", "lunch", "650"], 0)]
#[case(&["add", "lunch", "-5"], 2)]
fn only_two_hyphens_begin_an_option(#[case] arguments: &[&str], #[case] code: i32) {
    let place = Place::fresh();
    let run = place.run(&[arguments, &["--json"]].concat());
    assert_eq!(run.code, code, "{run:?}");
    assert!(!run.err.contains("unexpected argument"), "{run:?}");
}

#[test]
fn a_line_of_several_items_logs_each_with_its_amount_and_macros() {
    let place = Place::fresh();
    let entries = place.json(&[
        "add",
        "yesterday",
        "@07:30",
        "2 eggs, toast 60g, coffee",
        "# with Anna",
    ]);
    let entries = entries.as_array().unwrap();
    let summary = |entry: &Value| format!("{} {} {}", entry["name"], entry["quantity"], entry["unit"]);
    let summaries: Vec<String> = entries.iter().map(summary).collect();
    assert_eq!(
        summaries,
        [
            r#""Eggs" 2.0 "egg""#,
            r#""Toast" 60.0 "g""#,
            r#""Coffee" 1.0 "cup""#
        ]
    );
    for entry in entries {
        assert_eq!((&entry["note"], &entry["rev"]), (&"with Anna".into(), &1.into()));
        assert!(entry["food"].as_str().unwrap().starts_with("usda:"), "{entry}");
        assert!(entry["protein"].is_number(), "{entry}");
    }
    assert_eq!(entries[0]["type"], "Breakfast");
    let listed = place.json(&["list", "yesterday"]);
    assert_eq!(&listed, &serde_json::json!(entries), "in the order of the line");
}

#[test]
fn an_item_with_a_question_keeps_the_whole_line_from_being_logged() {
    let place = Place::fresh();
    let error = place.run(&["add", "2 eggs, khinkali", "--json"]).error(2);
    assert_eq!(error["kind"], "ask");
    assert!(
        error["message"].as_str().unwrap().contains("`khinkali 350`"),
        "{error}"
    );
    assert_eq!(place.json(&["list"]), serde_json::json!([]));
    // Once it has kcal, its name is known.
    place.json(&["add", "khinkali 300"]);
    assert_eq!(place.json(&["add", "2 khinkali"])[0]["caloriesConsumed"], 600);
}

#[test]
fn lines_of_standard_input_are_logged_together_or_not_at_all() {
    let place = Place::fresh();
    let run = place.run_with(&["add", "-", "--json"], "2 eggs, toast\n\nrun 30m\nkhinkali\n");
    let error = run.error(2);
    assert!(
        error["message"].as_str().unwrap().starts_with("line 4: "),
        "{error}"
    );
    assert_eq!(place.json(&["list"]), serde_json::json!([]));
    let id = "01a22823-26cd-7000-8000-000000000001";
    let input = "2 eggs, toast\n\nyesterday banana\n";
    let add = || -> Value {
        let run = place.run_with(&["add", "-", "--id", id, "--json"], input);
        assert_eq!(run.code, 0, "{run:?}");
        serde_json::from_str(&run.out).unwrap()
    };
    let first = add();
    assert_eq!(
        (first.as_array().unwrap().len(), &first[0]["id"]),
        (3, &id.into())
    );
    assert_eq!(add(), first, "a repetition logs nothing twice");
    assert_eq!(place.json(&["list"]).as_array().unwrap().len(), 2);
    place.run_with(&["add", "-", "--json"], " \n").error(2);
}

#[test]
fn burned_kcal_are_those_of_the_latest_weight_until_that_day() {
    let place = Place::fresh();
    let kcal = |day: &str| {
        let run = place.run(&["add", "--dry-run", "--json", day, "run 1h"]);
        assert_eq!(run.code, 0, "{run:?}");
        let answer: Value = serde_json::from_str(&run.out).unwrap();
        (
            answer[0]["caloriesConsumed"].as_u64().unwrap(),
            run.err.contains("70 kg"),
        )
    };
    assert_eq!(kcal("today"), (560, true));
    place.json(&["weight", "100", "--date", "-10d"]);
    place.json(&["weight", "80"]);
    assert_eq!(kcal("today"), (640, false));
    assert_eq!(kcal("yesterday"), (800, false));
}

/// Each says what would be understood.
#[rstest]
#[case::no_portion("0 eggs", "as in `2 eggs`")]
#[case::too_much("1000000000 g rice", "up to 5,000 kcal")]
#[case::negative("lunch -5", "as in `2 eggs` or `lunch 650`")]
#[case::another_measure("1l steak", "try `2 Steak`")]
#[case::two_meals("breakfast dinner 500", "separate entries by a comma")]
#[case::unknown("asdfgh", "`asdfgh 350`")]
#[case::empty_item("2 eggs,,toast", "as in `2 eggs, toast`")]
#[case::another_day_than_the_option("yesterday egg --date today", "--date")]
fn a_line_that_is_not_understood_has_an_example(#[case] line: &str, #[case] says: &str) {
    let place = Place::fresh();
    let arguments: Vec<&str> = ["add"]
        .into_iter()
        .chain(line.split(' '))
        .chain(["--json"])
        .collect();
    let error = place.run(&arguments).error(2);
    assert!(error["message"].as_str().unwrap().contains(says), "{error}");
    assert_eq!(place.json(&["list"]), serde_json::json!([]));
}

#[test]
fn a_long_line_is_refused_and_any_script_is_a_name() {
    let place = Place::fresh();
    let long = "egg ".repeat(2_600);
    let error = place.run(&["add", &long, "--json"]).error(2);
    assert!(error["message"].as_str().unwrap().contains("too long"), "{error}");
    for name in ["שלום עולם", "🍕🍕", "борщ", "e\u{301}clair du chef"] {
        assert_eq!(place.json(&["add", name, "300"])[0]["name"], name);
        assert_eq!(place.json(&["add", name])[0]["caloriesConsumed"], 300);
    }
}
