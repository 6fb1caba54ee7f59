//! An account copied to another one, and the box's tables of another day.

use std::{collections::BTreeMap, fs, path::Path, time::Duration};

use serde_json::json;

use super::{
    accounts::{PASSWORD, account, configured, desk},
    keeping::{content, exported, fill, ids, items_with, made_up, many, path, revisions},
    serving::Served,
    *,
};

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

/// The name of the newest snapshot, as `doctor` reports it.
fn newest_snapshot(place: &Place) -> String {
    let doctor = place.json(&["doctor"]);
    let checks = doctor.as_array().expect("checks");
    let check = checks.iter().find(|check| check["check"] == "snapshots");
    let message = check
        .and_then(|check| check["message"].as_str())
        .expect("a message");
    let names = message.split(';').next().expect("names");
    names.split(", ").next().expect("a name").to_owned()
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
    let name = newest_snapshot(&host);
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
