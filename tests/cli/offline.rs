//! Changes without a backend: queued, shown, undone, and sent once it is there.

use super::{
    accounts::{PASSWORD, account, configured, desk},
    serving::Served,
    *,
};

/// A signed-in user of a backend on a port that is then closed.
pub(crate) fn signed_in() -> (Place, Place, Served) {
    let host = Place::fresh();
    let mut served = Served::start(&host, &[]);
    let place = configured(&served);
    account(&place, &mut served, "ann");
    assert_eq!(
        desk(&place, &["sign-in", "ann", "--password-stdin"], PASSWORD).code,
        0
    );
    (host, place, served)
}

pub(crate) fn json(run: &Run) -> Value {
    assert_eq!(run.code, 0, "{run:?}");
    serde_json::from_str(&run.out).expect("JSON")
}

#[test]
fn changes_without_a_backend_are_queued_shown_and_undone() {
    let (_host, place, served) = signed_in();
    let run = |arguments: &[&str]| desk(&place, &[arguments, &["--json"]].concat(), "");
    assert_eq!(run(&["log", "Food", "Lunch", "650"]).code, 0);
    assert_eq!(json(&run(&["sync"]))["pending"], 0);
    assert_eq!(served.end("-TERM"), Some(0));

    let error = run(&["log", "Food", "Dinner", "300"]).error(4);
    assert_eq!(error["kind"], "unreachable");
    let kept = &error["kept"][0];
    assert_eq!(
        (&kept["caloriesConsumed"], &kept["pending"]),
        (&300.into(), &true.into())
    );
    let today = json(&run(&["today"]));
    let figures = ["caloriesConsumed", "queuedConsumed", "net", "remaining", "queued"];
    assert_eq!(
        figures.map(|name| today[name].as_i64().unwrap()),
        [650, 300, 950, 1050, 1]
    );
    assert_eq!(today["connection"], "offline");
    let list = json(&run(&["list"]));
    let pending: Vec<&Value> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["pending"])
        .collect();
    assert_eq!(pending, [&Value::from(false), &Value::from(true)]);
    let outbox = json(&run(&["outbox"]));
    assert_eq!(
        (&outbox[0]["command"], &outbox[0]["activity"]["id"]),
        (&"create".into(), &kept["id"])
    );

    let edit = run(&["edit", "last", "--kcal", "400"]).error(4);
    assert_eq!(edit["kept"][0]["caloriesConsumed"], 400);
    assert_eq!(run(&["undo"]).error(4)["kept"][0]["caloriesConsumed"], 300);
    // It was never sent, so that nothing is left of it.
    let deleted = json(&run(&["delete", "last"]));
    assert_eq!(deleted["id"], kept["id"]);
    assert_eq!(json(&run(&["outbox"])), serde_json::json!([]));
}

#[test]
fn undo_and_redo_take_back_and_repeat_commands() {
    let place = Place::fresh();
    let error = place.run(&["undo", "--json"]).error(1);
    assert_eq!(error["kind"], "not_found");
    let id = place.json(&["log", "Food", "Lunch", "650"])["id"].clone();
    place.json(&["edit", "last", "--kcal", "700"]);
    let undone = place.json(&["undo"]);
    assert_eq!(members(&undone), ["step", "activities"]);
    assert_eq!(undone["activities"][0]["caloriesConsumed"], 650);
    assert_eq!(place.json(&["today"])["caloriesConsumed"], 650);
    assert_eq!(place.json(&["redo"])["activities"][0]["caloriesConsumed"], 700);
    for _ in 0..2 {
        place.json(&["undo"]);
    }
    assert_eq!(place.json(&["list"]), serde_json::json!([]));
    let again = place.json(&["redo"]);
    assert_ne!(again["activities"][0]["id"], id);
    assert_eq!(place.json(&["today"])["caloriesConsumed"], 650);
}

#[test]
fn an_edit_that_was_changed_elsewhere_is_not_undone_and_the_next_undo_takes_the_step_before() {
    let (_host, place, served) = signed_in();
    let elsewhere = configured(&served);
    assert_eq!(
        desk(&elsewhere, &["sign-in", "ann", "--password-stdin"], PASSWORD).code,
        0
    );
    let run = |place: &Place, arguments: &[&str]| desk(place, &[arguments, &["--json"]].concat(), "");
    json(&run(&place, &["log", "Food", "Dinner", "100"]));
    let other = json(&run(&place, &["log", "Food", "Lunch", "400"]))["id"].clone();
    let other = other.as_str().unwrap();
    json(&run(&place, &["edit", other, "--kcal", "500"]));
    json(&run(&elsewhere, &["edit", other, "--kcal", "999"]));
    json(&run(&place, &["sync"]));
    for _ in 0..2 {
        let error = run(&place, &["undo"]).error(1);
        assert_eq!(error["kind"], "conflict");
        assert!(error["message"].as_str().unwrap().contains("999"), "{error}");
    }
    json(&run(&place, &["undo"]));
    let list = json(&run(&place, &["list"]));
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["caloriesConsumed"], 999);
    assert_eq!(served.end("-TERM"), Some(0));
}
