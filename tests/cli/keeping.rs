//! An account as a whole: in a backup, in another account, in a snapshot, and deleted.

use std::{collections::BTreeMap, fs, path::Path, time::Duration};

use serde_json::json;

use super::{
    accounts::{PASSWORD, account, configured, desk},
    serving::Served,
    *,
};

/// How many entries are exported and imported again; 100,000 in a long run.
fn many() -> usize {
    std::env::var("CALTRACK_TEST_ENTRIES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(3_000)
}

/// A profile, weights, a library and entries, two of them edited.
fn fill(place: &Place) {
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

fn exported(place: &Place) -> Value {
    serde_json::from_str(&place.run(&["export", "--format", "json"]).out).expect("JSON")
}

/// The ids of entries by their names.
fn ids(export: &Value) -> BTreeMap<String, String> {
    let text = |entry: &Value, member: &str| entry[member].as_str().unwrap_or_default().to_owned();
    let entries = export["activities"].as_array().expect("entries");
    entries
        .iter()
        .map(|entry| (text(entry, "name"), text(entry, "id")))
        .collect()
}

/// An export without owner and ids, and with what the number of writes decides left out.
fn content(mut export: Value) -> Value {
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
fn revisions(export: &Value) -> Value {
    let mut export = export.clone();
    for entry in export["activities"].as_array_mut().expect("entries") {
        entry.as_object_mut().expect("an entry").remove("userid");
    }
    json!({ "activities": export["activities"], "weights": export["weights"] })
}

fn path(place: &Place, name: &str) -> String {
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
fn made_up(count: usize) -> String {
    let entries: Vec<Value> = (0..count)
        .map(|number| {
            let day = 1 + number % 28;
            let month = 1 + number / 28 % 12;
            let year = 2015 + number / 28 / 12 % 11;
            json!({
                "id": format!("0193{number:04x}-0000-7000-8000-{:012x}", number * 7_919 + 1),
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

/// Number and digest of the entries of an account's days, as its box has them.
fn digests(data: &Path, sub: &str) -> BTreeMap<String, (String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    items_with(data, "caltrack_user_aggregate_table", sub)
        .iter()
        .map(|day| {
            (
                text(&day["date"]["S"]),
                (text(&day["entries"]["N"]), text(&day["digest"]["N"])),
            )
        })
        .collect()
}

#[test]
fn a_log_moves_into_the_cloud_and_back_with_equal_digests_though_it_is_killed_twice() {
    let cloud = Place::fresh();
    let mut served = Served::start(&cloud, &[]);
    // This computer, with the served backend as the profile `desk`.
    let place = configured(&served);
    account(&place, &mut served, "ann");
    assert_eq!(
        place.run(&["copy", "--to", "desk", "--json"]).error(3)["kind"],
        "signed_out"
    );
    assert_eq!(
        desk(&place, &["sign-in", "ann", "--password-stdin"], PASSWORD).code,
        0
    );
    fill(&place);
    let more = path(&place, "more.json");
    let count = many() / 3;
    fs::write(&more, made_up(count)).expect("a file");
    place.json(&["import", &more]);
    for kills in 0..2 {
        let mut child = place
            .command(&["copy", "--to", "desk"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        // It has begun once the cloud has more than before, and is far from done then.
        let least = count * (kills + 1) / 4;
        loop {
            let entries = entries_of_users(&cloud.data);
            if entries >= least || child.try_wait().expect("a process").is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        child.kill().expect("a process");
        child.wait().expect("a process");
    }
    let copied = place.json(&["copy", "--to", "desk"]);
    assert_eq!(
        (&copied["activities"], &copied["weights"], &copied["verified"]),
        (&json!(count + 3), &json!(2), &json!(true))
    );
    let export = || -> Value {
        serde_json::from_str(&desk(&place, &["export", "--format", "json"], "").out).expect("JSON")
    };
    assert_eq!(revisions(&export()), revisions(&exported(&place)));
    assert_eq!(content(export()), content(exported(&place)));
    // Twice adds nothing.
    place.json(&["copy", "--to", "desk"]);
    assert_eq!(export()["activities"].as_array().map(Vec::len), Some(count + 3));
    let whoami: Value = serde_json::from_str(&desk(&place, &["whoami", "--json"], "").out).expect("JSON");
    let there = whoami["sub"].as_str().expect("an id");
    let here = place.json(&["whoami"]);
    let here = here["sub"].as_str().expect("an id");
    assert!(digests(&place.data, here).len() > 300);
    assert_eq!(digests(&place.data, here), digests(&cloud.data, there));
    // What changes there comes back.
    let stew = ids(&export()).remove("stew").expect("an entry");
    assert_eq!(desk(&place, &["edit", &stew, "--kcal", "720"], "").code, 0);
    assert_eq!(
        desk(&place, &["log", "Food", "Lunch", "5", "--name", "from there"], "").code,
        0
    );
    let run = desk(&place, &["copy", "--to", "local", "--json"], "");
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(revisions(&export()), revisions(&exported(&place)));
    assert_eq!(digests(&place.data, here), digests(&cloud.data, there));
    assert_eq!(served.end("-TERM"), Some(0));
}

/// The rows of the entries' table of a box.
fn entries_of_users(data: &Path) -> usize {
    let Ok(connection) = rusqlite::Connection::open(data.join("backend/tables.db")) else {
        return 0;
    };
    let count = connection.query_row("SELECT count(*) FROM caltrack_activity_table", [], |row| {
        row.get::<_, i64>(0)
    });
    usize::try_from(count.unwrap_or(0)).unwrap_or(0)
}

#[test]
fn a_snapshot_is_restored_as_it_was_and_clients_catch_up() {
    let host = Place::fresh();
    fill(&host);
    // The first program of the day took it when it ended; what was logged since is in the next.
    fs::remove_dir_all(host.data.join("backend/snapshots")).expect("snapshots");
    let mut served = Served::start(&host, &[]);
    let address = served.address();
    let place = configured(&served);
    account(&place, &mut served, "ann");
    assert_eq!(
        desk(&place, &["sign-in", "ann", "--password-stdin"], PASSWORD).code,
        0
    );
    assert_eq!(
        desk(
            &place,
            &[
                "log",
                "Food",
                "Lunch",
                "650",
                "--date",
                "2026-11-02",
                "--name",
                "hers"
            ],
            ""
        )
        .code,
        0
    );
    assert_eq!(served.end("-TERM"), Some(0));
    let doctor = host.json(&["doctor"]);
    let checks = doctor.as_array().expect("checks");
    let check = checks
        .iter()
        .find(|check| check["check"] == "snapshots")
        .expect("a check");
    let name = check["message"]
        .as_str()
        .expect("a message")
        .split(';')
        .next()
        .expect("a name")
        .to_owned();
    let before = exported(&host);
    host.json(&["edit", &ids(&before)["soup"], "--kcal", "1"]);
    host.json(&["delete", &ids(&before)["toast"]]);
    host.json(&[
        "log",
        "Food",
        "Dinner",
        "5",
        "--date",
        "2026-11-06",
        "--name",
        "later",
    ]);
    let served = Served::start_on(&host, &address, &[]);
    let held = host.run(&["restore", "--snapshot", &name, "--json"]).error(1);
    assert_eq!(held["kind"], "busy");
    assert_eq!(
        desk(
            &place,
            &[
                "log",
                "Food",
                "Lunch",
                "1",
                "--date",
                "2026-11-02",
                "--name",
                "later"
            ],
            ""
        )
        .code,
        0
    );
    assert_eq!(served.end("-TERM"), Some(0));
    assert_eq!(
        host.run(&["restore", "--snapshot", "2001-01-01", "--json"])
            .error(1)["kind"],
        "storage"
    );
    let restored = host.json(&["restore", "--snapshot", &name]);
    assert_eq!(
        restored,
        json!({ "activities": 3, "days": 3, "weights": 2, "verified": true })
    );
    assert_eq!(exported(&host), before);
    // The client's copy follows, also offline.
    let served = Served::start_on(&host, &address, &[]);
    assert_eq!(desk(&place, &["sync"], "").code, 0);
    let list = |place: &Place| desk(place, &["list", "2026-11-02", "--json"], "").out;
    let live = list(&place);
    assert!(live.contains("hers") && !live.contains("later"), "{live}");
    assert_eq!(served.end("-TERM"), Some(0));
    // What was replaced is a snapshot as well.
    let names = fs::read_dir(host.data.join("backend/snapshots")).expect("snapshots");
    let replaced = names
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .find(|name| name.ends_with("-replaced"))
        .expect("what was replaced");
    host.json(&["restore", "--snapshot", &replaced]);
    assert!(ids(&exported(&host)).contains_key("later"));
}

/// The files below a directory that contain a text, with the directory's name left out.
fn files_with(directory: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(place) = open.pop() {
        for entry in fs::read_dir(place).expect("a directory").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let bytes = fs::read(&path).unwrap_or_default();
            if bytes.windows(text.len()).any(|part| part == text.as_bytes()) {
                let name = path.strip_prefix(directory).expect("below it");
                found.push(name.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

/// Without the log file of the day, which has the id of the account in lines about its sign-in.
fn but_logs(files: Vec<String>) -> Vec<String> {
    files
        .into_iter()
        .filter(|file| !file.starts_with("log/"))
        .collect()
}

/// The items of a box's table that contain a text.
fn items_with(data: &Path, table: &str, text: &str) -> Vec<Value> {
    let connection = rusqlite::Connection::open(data.join("backend/tables.db")).expect("tables");
    let sql = format!("SELECT item_json FROM {table} WHERE item_json LIKE ?1");
    let mut statement = connection.prepare(&sql).expect("SQL");
    let rows = statement.query_map([format!("%{text}%")], |row| row.get::<_, String>(0));
    rows.expect("rows")
        .map(|row| serde_json::from_str(&row.expect("a row")).expect("JSON"))
        .collect()
}

#[test]
fn a_deleted_account_leaves_what_the_document_says_and_nothing_else() {
    let place = Place::fresh();
    fill(&place);
    let sub = place.json(&["whoami"])["sub"].as_str().expect("an id").to_owned();
    assert!(!files_with(&place.data, "unmistakable").is_empty());
    // Asked twice.
    assert_eq!(place.run(&["delete-account", "--json"]).error(2)["kind"], "ask");
    assert_eq!(
        place.run(&["delete-account", "--yes", "--json"]).error(2)["kind"],
        "ask"
    );
    assert_eq!(
        place.run_with(&["delete-account", "--json"], "n\n").error(2)["kind"],
        "value"
    );
    assert_eq!(
        place
            .run_with(&["delete-account", "--json"], "y\nsomeone\n")
            .error(2)["kind"],
        "value"
    );
    assert_eq!(exported(&place)["activities"].as_array().map(Vec::len), Some(3));
    let username = place.json(&["whoami"])["username"]
        .as_str()
        .expect("a name")
        .to_owned();
    let run = place.run_with(&["delete-account", "--json"], &format!("y\n{username}\n"));
    assert_eq!(run.code, 0, "{run:?}");
    let deleted: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(
        (&deleted["activities"], &deleted["weights"]),
        (&json!(3), &json!(2))
    );
    for text in ["unmistakable", "soup", "stew", "toast"] {
        assert_eq!(files_with(&place.data, text), Vec::<String>::new(), "{text}");
    }
    // The snapshot of the day was taken again, when the command ended.
    let others = but_logs(files_with(&place.data, &sub));
    let is_table = |file: &String| file.starts_with("backend/") && file.ends_with("tables.db");
    assert!(others.len() == 2 && others.iter().all(is_table), "{others:?}");
    for gone in ["account.json", "session-local.json"] {
        assert!(!place.data.join(gone).exists(), "{gone}");
    }
    // Tombstones: the id of the entry and of its user, its day and moment, without content.
    let tombstones = items_with(&place.data, "caltrack_activity_table", &sub);
    assert_eq!(tombstones.len(), 3);
    for tombstone in &tombstones {
        let mut names = members(tombstone);
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "caloriesConsumed",
                "category",
                "creationDateTime",
                "date",
                "deletedBy",
                "expiresAt",
                "id",
                "rev",
                "type"
            ]
        );
        assert_eq!(
            (&tombstone["type"]["S"], &tombstone["caloriesConsumed"]["N"]),
            (&json!("deleted"), &json!("0"))
        );
    }
    // A row for each day, without figures, and the markers of the aggregation.
    for day in items_with(&place.data, "caltrack_user_aggregate_table", &sub) {
        let is_marker = day.get("expiresAt").is_some();
        let figures = ["caloriesConsumed", "caloriesBurned", "weight"];
        assert!(
            is_marker || figures.iter().all(|name| day.get(name).is_none()),
            "{day}"
        );
    }
    assert_eq!(
        items_with(&place.data, "caltrack_user_table", &sub),
        Vec::<Value>::new()
    );
    // The next command begins anew, under another id.
    assert_eq!(exported(&place)["activities"], json!([]));
    assert_ne!(place.json(&["whoami"])["sub"], json!(sub));
}

#[test]
fn an_account_of_a_served_backend_is_deleted_and_others_stay() {
    let host = Place::fresh();
    fill(&host);
    let mut served = Served::start(&host, &[]);
    let place = configured(&served);
    account(&place, &mut served, "ann");
    assert_eq!(
        desk(&place, &["sign-in", "ann", "--password-stdin"], PASSWORD).code,
        0
    );
    assert_eq!(
        desk(
            &place,
            &["log", "Food", "Lunch", "650", "--name", "unmistakable hers"],
            ""
        )
        .code,
        0
    );
    let run = desk(&place, &["delete-account", "--yes", "--yes", "--json"], "");
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(files_with(&place.data, "unmistakable hers"), Vec::<String>::new());
    let signed_out = desk(
        &place,
        &["sign-in", "ann", "--password-stdin", "--json"],
        PASSWORD,
    );
    assert_ne!(signed_out.code, 0);
    assert_eq!(exported(&host)["activities"].as_array().map(Vec::len), Some(3));
    assert_eq!(served.end("-TERM"), Some(0));
}
