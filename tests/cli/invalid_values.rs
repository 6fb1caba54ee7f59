//! Invalid values: a clear message, exit code 2, and nothing changed.

use rstest::rstest;

use super::*;

#[rstest]
#[case(&["log", "Food", "Lunch", "-5"], "negative")]
#[case(&["log", "Food", "Lunch", "1000000000000"], "too much")]
#[case(&["log", "Food", "Lunch", "many"], "not a number")]
#[case(&["log", "Food", "Lunch", ""], "how many kcal")]
#[case(&["log", "Food", "Lunch", "650", "--date", "2026-02-30"], "2026-02-30")]
#[case(&["log", "Food", "Lunch", "650", "--date", "-x"], "-x")]
#[case(&["log", "Food", "Lunch", "-0.4"], "negative")]
#[case(&["log", "Food", "Lunch", "650", "--date", "29.11.2026"], "`tomorrow`, `mon` to `sun`, `-1d` or `+1d`")]
#[case(&["log", "Food", "Lunch", "650", "--at", "24:00"], "24:00")]
#[case(&["log", "Food", "Lunch", "650", "--at", "7:5"], "is it `7:05` or `7:50`?")]
#[case(&["sign-up", "me\u{200b}"], "invisible")]
#[case(&["sign-up", "a b"], "a space or")]
#[case(&["log", "Food", "Lunch", "650", "--id", "mine"], "UUID")]
#[case(&["log", "Food", "Lunch", "650", "--name", "\u{1b}]0;title\u{7}"], "control characters")]
#[case(&["list", "--date", "someday"], "someday")]
#[case(&["totals", "--from", "2026-11-02", "--to", "2026-11-01"], "after")]
#[case(&["edit", "x", "--kcal", "-1"], "negative")]
#[case(&["edit", "x", "--quantity", "0"], "quantity")]
fn invalid_values_are_rejected_before_anything_is_opened(#[case] arguments: &[&str], #[case] expected: &str) {
    let place = Place::fresh();
    let run = place.run(&[arguments, &["--json"]].concat());
    let error = run.error(2);
    assert_eq!(error["kind"], "value");
    assert!(error["message"].as_str().unwrap().contains(expected), "{error}");
    assert!(!place.data.exists(), "nothing was created");
    let plain = place.run(arguments);
    assert_eq!((plain.code, plain.out.as_str()), (2, ""));
    assert!(
        plain.err.contains(expected) && plain.err.contains("next: "),
        "{}",
        plain.err
    );
    assert!(!plain.err.contains('\u{1b}'));
}

#[test]
fn a_name_of_ten_kilobytes_is_rejected_with_its_length() {
    let place = Place::fresh();
    let long = "x".repeat(10_240);
    let error = place
        .run(&["log", "Food", "Lunch", "650", "--name", &long, "--json"])
        .error(2);
    assert!(error["message"].as_str().unwrap().contains("10240"), "{error}");
}

#[rstest]
#[case(&["edit", "x"])]
#[case(&["log", "Food"])]
#[case(&["frobnicate"])]
#[case(&["today", "--frobnicate"])]
#[case(&["list", "--frobnicate"])]
#[case(&["weight", "--frobnicate"])]
#[case(&["edit-day", "--frobnicate"])]
#[case(&["log", "Food", "Lunch", "--frobnicate"])]
#[case(&["log", "Food", "Lunch", "650", "--password", "x"])]
fn wrong_usage_differs_from_wrong_values(#[case] arguments: &[&str]) {
    let place = Place::fresh();
    let error = place.run(&[arguments, &["--json"]].concat()).error(2);
    assert_eq!(error["kind"], "usage");
    assert_eq!(place.run(arguments).code, 2);
    assert!(!place.data.exists());
}

#[rstest]
#[case(&["log", "Fod", "Lunch", "650"], "did you mean `Food`?")]
#[case(&["log", "Food", "Lunhc", "650"], "did you mean `Lunch`?")]
#[case(&["log", "Exercise", "Lunch", "650"], "type `Lunch`")]
#[case(&["log", "Nonsense", "Lunch", "650"], "unknown category")]
#[case(&["add", "lunhc", "650"], "did you mean `lunch 650`?")]
#[case(&["add", "lunch"], "how many kcal")]
#[case(&["add", "lunch", "-5"], "negative")]
#[case(&["add", "lunch -0.4"], "negative")]
fn an_unknown_name_suggests_the_nearest_and_logs_nothing(#[case] arguments: &[&str], #[case] expected: &str) {
    let place = Place::fresh();
    let error = place.run(&[arguments, &["--json"]].concat()).error(2);
    assert!(error["message"].as_str().unwrap().contains(expected), "{error}");
    assert_eq!(place.json(&["list"]), serde_json::json!([]));
}
