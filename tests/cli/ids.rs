//! How ids are spelt, and what becomes of one that is used again.

use rstest::rstest;

use super::*;

const ID: &str = "01a22822-ce4b-77d8-8f13-44ecf59b0c47";

#[rstest]
#[case::upper_case("01A22822-CE4B-77D8-8F13-44ECF59B0C47")]
#[case::blanks(" 01a22822-ce4b-77d8-8f13-44ecf59b0c47\n")]
#[case::urn("urn:uuid:01a22822-ce4b-77d8-8f13-44ecf59b0c47")]
fn an_id_is_found_however_it_is_spelt(#[case] said: &str) {
    let place = Place::fresh();
    assert_eq!(place.json(&["log", "Food", "Lunch", "5", "--id", said])["id"], ID);
    let edited = place.json(&["edit", said, "--kcal", "6"]);
    assert_eq!(
        (&edited["id"], edited["caloriesConsumed"].as_u64()),
        (&ID.into(), Some(6))
    );
    assert_eq!(place.json(&["delete", said])["id"], ID);
    assert_eq!(place.json(&["list"]), serde_json::json!([]));
}

#[test]
fn an_id_that_is_used_again_with_other_values_is_a_conflict_and_logs_nothing() {
    let place = Place::fresh();
    let first = ["log", "Food", "Lunch", "1", "--id", ID];
    place.json(&first);
    assert_eq!(place.json(&first)["rev"], 1, "a repeat is no failure");
    for other in [
        &["log", "Food", "Lunch", "3", "--id", ID][..],
        &["log", "Exercise", "Run", "1", "--id", ID],
        &["log", "Food", "Lunch", "1", "--id", ID, "--date", "yesterday"],
        &["log", "Food", "Lunch", "1", "--id", ID, "--name", "soup"],
    ] {
        let error = place.run(&[other, &["--json"]].concat()).error(1);
        assert_eq!(error["kind"], "conflict", "{other:?}");
        let message = error["message"].as_str().unwrap();
        assert!(
            message.contains("another entry's: Lunch 1 kcal") && message.contains("nothing was logged"),
            "{message}"
        );
    }
    assert_eq!(place.json(&["list"]).as_array().unwrap().len(), 1);
    assert_eq!(place.json(&["today"])["caloriesConsumed"], 1);
}

#[test]
fn a_repeat_after_an_edit_or_a_deletion_says_which() {
    let place = Place::fresh();
    let first = ["log", "Food", "Lunch", "1", "--id", ID, "--json"];
    place.run(&first);
    place.json(&["edit", ID, "--note", "later"]);
    let error = place.run(&first).error(1);
    assert_eq!(error["kind"], "conflict");
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("edited since it was logged"),
        "{error}"
    );
    place.json(&["edit", ID, "--note", ""]);
    assert_eq!(place.run(&first).code, 0, "it is again what was asked for");
    place.json(&["delete", ID]);
    let error = place.run(&first).error(1);
    assert_eq!(error["kind"], "conflict");
    assert!(
        error["message"].as_str().unwrap().contains("was deleted"),
        "{error}"
    );
    let error = place.run(&["edit", ID, "--kcal", "5", "--json"]).error(1);
    assert_eq!(error["kind"], "not_found");
}
