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
        (&"Lunch".into(), &"soup".into())
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
