//! A deleted account: what remains of it.

use std::{collections::BTreeMap, fs, path::Path};

use rusqlite::types::ValueRef;
use serde_json::json;

use super::{
    accounts::{PASSWORD, account, configured, desk},
    keeping::{exported, fill, items_with},
    serving::Served,
    *,
};

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

/// The number of rows of each table in the databases of a data directory that contain a text.
fn rows_with(data: &Path, text: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for file in ["backend/tables.db", "backend/pool.db", "cache.db", "outbox.db"] {
        let connection = rusqlite::Connection::open(data.join(file)).expect("a database");
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'";
        let mut tables = connection.prepare(tables).expect("SQL");
        let names = tables
            .query_map([], |row| row.get::<_, String>(0))
            .expect("tables");
        for name in names.flatten() {
            let mut statement = connection
                .prepare(&format!("SELECT * FROM \"{name}\""))
                .expect("SQL");
            let columns = statement.column_count();
            let mut rows = statement.query([]).expect("rows");
            while let Some(row) = rows.next().expect("a row") {
                let has_text = (0..columns).any(|column| match row.get_ref_unwrap(column) {
                    ValueRef::Text(value) | ValueRef::Blob(value) => {
                        value.windows(text.len()).any(|part| part == text.as_bytes())
                    }
                    ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => false,
                });
                if has_text {
                    *found.entry(format!("{file} {name}")).or_default() += 1;
                }
            }
        }
    }
    found
}

/// Without the log file of the day, which has the id of the account in lines about its sign-in.
fn but_logs(files: Vec<String>) -> Vec<String> {
    files
        .into_iter()
        .filter(|file| !file.starts_with("log/"))
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
    assert_eq!((&deleted["days"], &deleted["daysLeft"]), (&json!(3), &json!(0)));
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
    // Tombstones are the only rows, beside the newest record of the stream, which is that of one of them.
    let expected = [
        ("backend/tables.db _stream_records", 1),
        ("backend/tables.db caltrack_activity_table", 3),
    ];
    assert_eq!(
        rows_with(&place.data, &sub),
        expected.map(|(table, rows)| (table.to_owned(), rows)).into()
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
    account(&place, &mut served, "zebulon");
    assert_eq!(
        desk(&place, &["sign-in", "zebulon", "--password-stdin"], PASSWORD).code,
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
    assert_eq!(but_logs(files_with(&place.data, "zebulon")), Vec::<String>::new());
    let signed_out = desk(
        &place,
        &["sign-in", "zebulon", "--password-stdin", "--json"],
        PASSWORD,
    );
    assert_ne!(signed_out.code, 0);
    assert_eq!(exported(&host)["activities"].as_array().map(Vec::len), Some(3));
    assert_eq!(served.end("-TERM"), Some(0));
}
