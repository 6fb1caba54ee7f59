//! An account as a whole: in a backup and in an export, and back.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::json;

use super::{
    accounts::{PASSWORD, account, configured, desk},
    serving::Served,
    *,
};

/// How many entries are exported and imported again; 100,000 in a long run.
pub(crate) fn many() -> usize {
    std::env::var("CALTRACK_TEST_ENTRIES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(3_000)
}

/// A profile, weights, a library and entries, two of them edited.
pub(crate) fn fill(place: &Place) {
    place.json(&["profile", "--target", "1800", "--height", "180"]);
    place.json(&["weight", "81.4", "--date", "2026-11-02"]);
    place.json(&["weight", "81.2", "--date", "2026-11-05"]);
    for (day, name) in [
        ("2026-11-02", "soup"),
        ("2026-11-02", "stew"),
        ("2026-11-03", "toast"),
    ] {
        place.json(&[
            "log",
            "Food",
            "Lunch",
            "650",
            "--date",
            day,
            "--name",
            name,
            "--note",
            "unmistakable",
            "--protein",
            "12.5",
        ]);
    }
    for kcal in ["700", "710"] {
        let id = ids(&exported(place)).remove("stew").expect("an entry");
        place.json(&["edit", &id, "--kcal", kcal]);
    }
}

pub(crate) fn exported(place: &Place) -> Value {
    serde_json::from_str(&place.run(&["export", "--format", "json"]).out).expect("JSON")
}

/// The ids of entries by their names.
pub(crate) fn ids(export: &Value) -> BTreeMap<String, String> {
    let text = |entry: &Value, member: &str| entry[member].as_str().unwrap_or_default().to_owned();
    let entries = export["activities"].as_array().expect("entries");
    entries
        .iter()
        .map(|entry| (text(entry, "name"), text(entry, "id")))
        .collect()
}

/// An export without owner and ids, and with what the number of writes decides left out.
pub(crate) fn content(mut export: Value) -> Value {
    for entry in export["activities"].as_array_mut().expect("entries") {
        let entry = entry.as_object_mut().expect("an entry");
        entry.retain(|member, _| !["userid", "id", "rev"].contains(&member.as_str()));
    }
    if let Some(user) = export["user"].as_object_mut() {
        user.retain(|member, _| !["username", "rev"].contains(&member.as_str()));
    }
    export
}

/// Entries, revisions and weights, without their owner.
pub(crate) fn revisions(export: &Value) -> Value {
    let mut export = export.clone();
    for entry in export["activities"].as_array_mut().expect("entries") {
        entry.as_object_mut().expect("an entry").remove("userid");
    }
    json!({ "activities": export["activities"], "weights": export["weights"] })
}

pub(crate) fn path(place: &Place, name: &str) -> String {
    place
        .parent
        .path()
        .join(name)
        .to_str()
        .expect("a path")
        .to_owned()
}

#[test]
fn a_backup_comes_back_into_a_fresh_directory_and_twice_adds_nothing() {
    let place = Place::fresh();
    fill(&place);
    let file = path(&place, "all.backup");
    let figures = json!({ "activities": 3, "days": 3, "weights": 2, "verified": true });
    assert_eq!(place.json(&["backup", &file]), figures);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            fs::metadata(&file).expect("a file").permissions().mode() & 0o777,
            0o600
        );
    }
    let other = Place::fresh();
    for _ in 0..2 {
        assert_eq!(other.json(&["restore", &file]), figures);
        let (restored, whole) = (exported(&other), exported(&place));
        // Ids and revisions too.
        assert_eq!(revisions(&restored), revisions(&whole));
        assert_eq!(content(restored), content(whole));
    }
    other.json(&["undo"]);
    assert_eq!(exported(&other)["activities"], json!([]));
    // Deleted ids can't be used again.
    assert_eq!(other.json(&["restore", &file]), figures);
    assert_eq!(content(exported(&other)), content(exported(&place)));
    assert_ne!(ids(&exported(&other)), ids(&exported(&place)));
    other.json(&["restore", &file]);
    assert_eq!(exported(&other)["activities"].as_array().map(Vec::len), Some(3));
}

#[test]
fn what_was_changed_since_the_backup_stays_and_what_was_deleted_comes_back() {
    let place = Place::fresh();
    fill(&place);
    let file = path(&place, "all.backup");
    place.json(&["backup", &file]);
    let before = ids(&exported(&place));
    place.json(&["edit", &before["soup"], "--kcal", "1"]);
    place.json(&["delete", &before["toast"]]);
    place.json(&["weight", "80", "--date", "2026-11-05"]);
    place.json(&[
        "log",
        "Food",
        "Dinner",
        "5",
        "--date",
        "2026-11-06",
        "--name",
        "new",
    ]);
    assert_eq!(place.json(&["restore", &file])["verified"], true);
    let after = exported(&place);
    let kcal = |name: &str| {
        let entries = after["activities"].as_array().expect("entries");
        let found = entries.iter().find(|entry| entry["name"] == name);
        found.map(|entry| entry["caloriesConsumed"].clone())
    };
    assert_eq!(kcal("soup"), Some(json!(1)));
    assert_eq!(kcal("toast"), Some(json!(650)));
    assert_eq!(kcal("new"), Some(json!(5)));
    assert_eq!(after["weights"][1]["weight"], 80.0);
}

#[test]
fn a_damaged_truncated_newer_or_other_file_is_refused_and_changes_nothing() {
    let place = Place::fresh();
    fill(&place);
    let file = path(&place, "all.backup");
    place.json(&["backup", &file]);
    let whole = fs::read_to_string(&file).expect("a file");
    let cases = [
        (whole.replace("soup", "soap"), "damaged"),
        (whole[..whole.len() / 2].to_owned(), "cut off"),
        (whole.replacen("backup/1", "backup/7", 1), "newer version"),
        ("id,date\n".to_owned(), "no backup"),
    ];
    let other = Place::fresh();
    for (text, word) in cases {
        let bad = path(&place, "bad.backup");
        fs::write(&bad, text).expect("a file");
        let error = other.run(&["restore", &bad, "--json"]).error(2);
        let message = error["message"].as_str().expect("a message");
        assert!(
            message.contains(word) && message.contains("nothing was changed"),
            "{message}"
        );
    }
    assert!(!other.data.exists());
    // A place with another content is left alone; an earlier backup is replaced.
    let letter = path(&place, "letter.txt");
    fs::write(&letter, "dear").expect("a file");
    assert_eq!(
        place.run(&["backup", &letter, "--json"]).error(2)["kind"],
        "value"
    );
    assert_eq!(fs::read_to_string(&letter).expect("a file"), "dear");
    place.json(&["backup", &file]);
}

#[test]
fn a_backup_is_restored_under_another_account_of_the_same_backend() {
    let host = Place::fresh();
    fill(&host);
    let file = path(&host, "all.backup");
    host.json(&["backup", &file]);
    let mut served = Served::start(&host, &[]);
    let place = configured(&served);
    account(&place, &mut served, "ann");
    assert_eq!(
        desk(&place, &["sign-in", "ann", "--password-stdin"], PASSWORD).code,
        0
    );
    for _ in 0..2 {
        let run = desk(&place, &["restore", &file, "--json"], "");
        assert_eq!(run.code, 0, "{run:?}");
        let export =
            serde_json::from_str(&desk(&place, &["export", "--format", "json"], "").out).expect("JSON");
        assert_eq!(content(export), content(exported(&host)));
    }
    // The first owner's ids are taken.
    assert_eq!(exported(&host)["activities"].as_array().map(Vec::len), Some(3));
    assert_eq!(served.end("-TERM"), Some(0));
}

/// An export as a file of entries on many days.
pub(crate) fn made_up(count: usize) -> String {
    let entries: Vec<Value> = (0..count)
        .map(|number| {
            let day = 1 + number % 28;
            let month = 1 + number / 28 % 12;
            let year = 2015 + number / 28 / 12 % 11;
            json!({
                "id": format!("0193{:04x}-{:04x}-7000-8000-{:012x}", number >> 16, number & 0xffff, number * 7_919 + 1),
                "userid": "someone",
                "date": format!("{year}-{month:02}-{day:02}"),
                "creationDateTime": format!("{year}-{month:02}-{day:02}T{:02}:30:00.000Z", number % 24),
                "category": if number % 9 == 0 { "Exercise" } else { "Food" },
                "type": if number % 9 == 0 { "Run" } else { "Lunch" },
                "caloriesConsumed": number % 900,
                "name": format!("food {}", number % 500),
                "quantity": 1.5,
                "protein": 0.1,
                "rev": 1,
            })
        })
        .collect();
    json!({ "format": "caltrack/1", "user": null, "weights": [], "activities": entries }).to_string()
}

#[test]
fn an_export_imported_and_exported_again_is_identical_but_for_id_and_owner() {
    let count = many();
    let host = Place::fresh();
    let first = path(&host, "first.json");
    fs::write(&first, made_up(count)).expect("a file");
    assert_eq!(host.json(&["import", &first])["imported"], count);
    let whole = host.run(&["export", "--format", "json"]).out;
    let second = path(&host, "second.json");
    fs::write(&second, &whole).expect("a file");
    let whole: Value = serde_json::from_str(&whole).expect("JSON");
    // Into a fresh directory: the same ids.
    let fresh = Place::fresh();
    assert_eq!(fresh.json(&["import", &second])["imported"], count);
    assert_eq!(revisions(&exported(&fresh)), revisions(&whole));
    // Under another account of the same backend, where the ids are taken: in the same order.
    let mut served = Served::start(&host, &[]);
    let place = configured(&served);
    account(&place, &mut served, "ann");
    assert_eq!(
        desk(&place, &["sign-in", "ann", "--password-stdin"], PASSWORD).code,
        0
    );
    let run = desk(&place, &["import", &second, "--json"], "");
    assert_eq!(run.code, 0, "{}", run.err);
    let export: Value =
        serde_json::from_str(&desk(&place, &["export", "--format", "json"], "").out).expect("JSON");
    assert_ne!(ids(&export), ids(&whole));
    assert_eq!(content(export), content(whole));
    assert_eq!(served.end("-TERM"), Some(0));
}

/// The items of a box's table that contain a text.
pub(crate) fn items_with(data: &Path, table: &str, text: &str) -> Vec<Value> {
    let connection = rusqlite::Connection::open(data.join("backend/tables.db")).expect("tables");
    let sql = format!("SELECT item_json FROM {table} WHERE item_json LIKE ?1");
    let mut statement = connection.prepare(&sql).expect("SQL");
    let rows = statement.query_map([format!("%{text}%")], |row| row.get::<_, String>(0));
    rows.expect("rows")
        .map(|row| serde_json::from_str(&row.expect("a row")).expect("JSON"))
        .collect()
}
