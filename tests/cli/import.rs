//! Files of other trackers, the program's own formats, and days as text.

use std::fs;

use serde_json::json;

use super::*;

fn fixture(name: &str) -> String {
    format!(
        "{}/crates/import/tests/fixtures/{name}",
        env!("CARGO_MANIFEST_DIR")
    )
}

/// A file in the test's directory.
fn file(place: &Place, name: &str, text: &str) -> String {
    let path = place.parent.path().join(name);
    fs::write(&path, text).expect("a file");
    path.to_str().expect("a path").to_owned()
}

/// Without what differs between accounts.
fn without_owner(export: &str) -> Value {
    let mut export: Value = serde_json::from_str(export).expect("JSON");
    for activity in export["activities"].as_array_mut().expect("entries") {
        activity.as_object_mut().expect("an entry").remove("userid");
    }
    export
}

#[test]
fn a_second_import_adds_nothing_and_undo_takes_all_of_it_back() {
    let place = Place::fresh();
    let name = fixture("cronometer-servings-nasty.csv");
    let preview = place.json(&["import", "--dry-run", &name]);
    assert_eq!(
        (&preview["imported"], &preview["already"]),
        (&json!(7), &json!(0))
    );
    assert_eq!(place.json(&["export"])["activities"], json!([]));
    let imported = place.json(&["import", &name]);
    assert_eq!(
        members(&imported),
        ["read", "imported", "already", "skipped", "warnings", "from", "to"]
    );
    assert_eq!(
        (
            &imported["read"],
            &imported["imported"],
            &imported["from"],
            &imported["to"]
        ),
        (&json!(9), &json!(7), &json!("2026-09-06"), &json!("2026-10-25"))
    );
    let skipped = imported["skipped"].as_array().unwrap();
    assert_eq!(skipped[0], json!({"line": 6, "reason": "Water: 0 kcal"}));
    let totals = place.json(&["totals", "--from", "2026-10-24", "--to", "2026-10-24"]);
    // 117 + 1204.5 + 260 + 260, each rounded.
    assert_eq!(totals[0]["caloriesConsumed"], 1842);
    let again = place.json(&["import", &name]);
    assert_eq!((&again["imported"], &again["already"]), (&json!(0), &json!(7)));
    place.json(&["undo"]);
    assert_eq!(place.json(&["export"])["activities"], json!([]));
    let deleted = place.json(&["import", &name]);
    assert_eq!(
        (&deleted["imported"], &deleted["already"]),
        (&json!(0), &json!(7))
    );
    let anew = place.json(&["import", "--again", &name]);
    assert_eq!((&anew["imported"], &anew["already"]), (&json!(7), &json!(0)));
}

#[test]
fn what_a_file_leaves_open_is_asked() {
    let place = Place::fresh();
    let diary = fixture("waistline-diary-plain.csv");
    let error = place.run(&["import", &diary, "--json"]).error(2);
    assert_eq!(error["kind"], "ask");
    let imported = place.json(&["import", &diary, "--dates", "month-first"]);
    assert_eq!(imported["from"], "2026-11-02");
    let weights = fixture("myfitnesspal-measurement-plain.csv");
    assert_eq!(place.run(&["import", &weights, "--json"]).error(2)["kind"], "ask");
    place.json(&["import", &weights, "--weights", "lb"]);
    assert_eq!(place.json(&["weight", "--date", "2026-11-09"])["weight"], 36.7);
}

#[test]
fn a_table_of_an_unknown_tracker_is_read_by_a_mapping_that_can_be_corrected() {
    let place = Place::fresh();
    let name = file(
        &place,
        "own.csv",
        "Datum;Lebensmittel;Kalorien\n24.10.2026;Brot;250,5\n",
    );
    let error = place.run(&["import", &name, "--json"]).error(2);
    assert_eq!(error["kind"], "ask");
    let next = error["next"].as_str().unwrap();
    assert!(
        next.contains("--map 'date=datum,name=lebensmittel,kcal=kalorien'"),
        "{next}"
    );
    let imported = place.json(&["import", &name, "--map", "date=0,name=1,kcal=2"]);
    assert_eq!(imported["imported"], 1);
    let list = place.json(&["list", "2026-10-24"]);
    assert_eq!(
        (&list[0]["name"], &list[0]["caloriesConsumed"]),
        (&json!("Brot"), &json!(251))
    );
}

#[test]
fn files_that_are_none_are_refused() {
    let place = Place::fresh();
    let unknown = file(&place, "a.csv", "a,b\n1,2\n");
    assert_eq!(
        place.run(&["import", &unknown, "--json"]).error(2)["kind"],
        "value"
    );
    assert_eq!(
        place.run(&["import", "/nowhere", "--json"]).error(2)["kind"],
        "usage"
    );
    let other = fixture("loseit-weekly-plain.csv");
    let error = place
        .run(&["import", &other, "--source", "cronometer", "--json"])
        .error(2);
    assert!(error["message"].as_str().unwrap().contains("loseit"));
}

#[test]
fn what_is_exported_is_imported_without_loss() {
    let place = Place::fresh();
    place.json(&["profile", "--target", "1800"]);
    place.json(&["weight", "81.4", "--date", "2026-11-02"]);
    for name in ["=1+2, a \"quoted\" name", "'=x", "émoji 🍕", "-5"] {
        place.json(&[
            "log",
            "Food",
            "Lunch",
            "650",
            "--date",
            "2026-11-02",
            "--at",
            "12:00",
            "--name",
            name,
            "--note",
            "a, b;c",
            "--quantity",
            "1.5",
            "--unit",
            "bowl",
            "--protein",
            "12.5",
        ]);
    }
    let whole = place.run(&["export", "--format", "json"]).out;
    let csv = place.run(&["export"]).out;
    let head = "id,date,creationDateTime,category,type,name,note,quantity,unit,food,protein,fat,carbohydrate,caloriesConsumed\n";
    assert!(csv.starts_with(head), "{csv}");
    assert!(
        csv.contains(",'-5,") && csv.contains(",''=x,") && !csv.contains('\r'),
        "{csv}"
    );

    let other = Place::fresh();
    let imported = other.json(&["import", &file(&other, "log.json", &whole)]);
    assert_eq!(
        (&imported["imported"], &imported["skipped"]),
        (&json!(5), &json!([]))
    );
    let back = other.run(&["export", "--format", "json"]).out;
    let (mut whole, mut back) = (without_owner(&whole), without_owner(&back));
    for export in [&mut whole, &mut back] {
        let user = export["user"].as_object_mut().expect("a profile");
        // What the account and the number of writes decide.
        user.retain(|name, _| !["username", "rev"].contains(&name.as_str()));
    }
    assert_eq!(back, whole);
    let third = Place::fresh();
    third.json(&["import", &file(&third, "log.csv", &csv)]);
    assert_eq!(third.run(&["export"]).out, csv);
}

#[test]
fn a_range_is_exported_as_ledger_and_markdown() {
    let place = Place::fresh();
    for (day, name) in [("2026-11-01", "soup"), ("2026-11-02", "a | b ; c")] {
        place.json(&["log", "Food", "Lunch", "650", "--date", day, "--name", name]);
    }
    let ledger = place
        .run(&["export", "--format", "ledger", "--from", "2026-11-02"])
        .out;
    assert!(
        ledger.contains("2026-11-02 a , b , c") && !ledger.contains("soup"),
        "{ledger}"
    );
    let markdown = place.run(&["export", "--format", "md", "--to", "2026-11-01"]).out;
    assert!(
        markdown.contains("## 2026-11-01\n\n650 kcal consumed, 0 kcal burned"),
        "{markdown}"
    );
    assert!(!markdown.contains("2026-11-02"), "{markdown}");
    assert_eq!(
        place
            .run(&["export", "--from", "2026-11-02", "--to", "2026-11-01"])
            .code,
        2
    );
}

/// Runs `edit-day` with an editor that is a shell script.
fn edit_day(place: &Place, script: &str, arguments: &[&str]) -> Run {
    let editor = file(place, "editor.sh", &format!("set -e\n{script}\n"));
    let mut command = place.command(&[&["edit-day", "2026-11-02"], arguments].concat());
    command.env_remove("VISUAL").env("EDITOR", format!("sh {editor}"));
    let output = command.stdin(Stdio::null()).output().expect("the program runs");
    Run {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: without_slowness(&String::from_utf8(output.stderr).expect("text")),
    }
}

/// The texts of days that are kept.
fn kept(place: &Place) -> Vec<PathBuf> {
    let files = fs::read_dir(&place.data)
        .expect("a directory")
        .flatten()
        .map(|entry| entry.path());
    files
        .filter(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("day-"))
        })
        .collect()
}

#[test]
fn a_day_is_edited_as_text() {
    let place = Place::fresh();
    place.json(&[
        "log",
        "Food",
        "Lunch",
        "650",
        "--date",
        "2026-11-02",
        "--at",
        "12:00",
        "--name",
        "soup",
    ]);
    place.json(&[
        "log",
        "Food",
        "Dinner",
        "800",
        "--date",
        "2026-11-02",
        "--at",
        "19:00",
    ]);
    let untouched = edit_day(&place, ":", &["--json"]);
    assert_eq!(
        (untouched.code, untouched.out.as_str()),
        (0, "[]\n"),
        "{untouched:?}"
    );
    let unconfirmed = edit_day(&place, "sed -i s/650/700/ \"$1\"", &["--json"]).error(2);
    assert_eq!(unconfirmed["kind"], "ask");
    let [text] = kept(&place).try_into().expect("one text");
    assert!(
        unconfirmed["next"]
            .as_str()
            .unwrap()
            .contains(text.to_str().unwrap())
    );
    fs::remove_file(text).expect("removed");

    let script = "sed -i -e s/650/700/ -e /Dinner/d \"$1\"; echo 'snacks 90' >> \"$1\"";
    let done = edit_day(&place, script, &["--yes", "--json"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.err.contains("→"), "{done:?}");
    let list = place.json(&["list", "2026-11-02"]);
    let kcal: Vec<&Value> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["caloriesConsumed"])
        .collect();
    assert!(
        kcal.contains(&&json!(700)) && kcal.contains(&&json!(90)) && kcal.len() == 2,
        "{list}"
    );
    assert!(kept(&place).is_empty());
    place.json(&["undo"]);
    assert_eq!(
        place.json(&["totals", "--from", "2026-11-02", "--to", "2026-11-02"])[0]["caloriesConsumed"],
        1450
    );

    let broken = edit_day(&place, "sed -i 's/650/many/' \"$1\"", &["--yes", "--json"]).error(2);
    assert!(
        broken["message"].as_str().unwrap().starts_with("line 4: "),
        "{broken}"
    );
    assert_eq!(kept(&place).len(), 1);
    let failed = edit_day(&place, "exit 1", &["--json"]).error(2);
    assert!(failed["next"].as_str().unwrap().contains("is kept in"));
}
