//! After `kill -9`, every acknowledged write is stored once and counted once.
//!
//! The test runs itself as a child process that writes and reports every acknowledgement, kills it at a random moment
//! and checks its files. A kill keeps the kernel's caches; that a write is acknowledged after its sync is tested in
//! `crates/local-dynamodb/src/tests/group_commit.rs`.

use std::{
    collections::{BTreeMap, HashMap},
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
};

use caltrack_local_core::tables::USER_AGGREGATE_TABLE;

use super::*;

/// The name of the child's test.
const CHILD: &str = "backend::tests::killed::the_child_writes_until_it_is_killed";
const DIRECTORY: &str = "CALTRACK_TEST_KILLED_DIRECTORY";
const ROUND: &str = "CALTRACK_TEST_KILLED_ROUND";
const WRITERS: usize = 8;

/// The child process. Without the two environment variables it returns at once.
#[tokio::test(flavor = "multi_thread")]
async fn the_child_writes_until_it_is_killed() {
    let (Ok(directory), Ok(round)) = (std::env::var(DIRECTORY), std::env::var(ROUND)) else {
        return;
    };
    let backend = Backend::start(Path::new(&directory), BackendOptions::default())
        .await
        .unwrap();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            tokio::spawn(write_until_killed(
                backend.tables.clone(),
                format!("{round}-{writer}"),
            ))
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
}

/// Creates entries; edits, moves to another day and deletes some of them; reports each acknowledgement. A line `? id`
/// precedes a change of an acknowledged entry.
async fn write_until_killed(tables: Tables, name: String) {
    for number in 0_u32.. {
        let id = format!("{name}-{number}");
        let mut kcal = 100 + number % 7;
        tables
            .call(Operation::PutItem, put(&id, kcal, number % 3))
            .await
            .unwrap();
        report(&format!("{id} {kcal} {}", number % 3));
        if number % 4 == 1 {
            kcal += 1_000;
            let day = (number + 1) % 3;
            report(&format!("? {id}"));
            tables
                .call(Operation::PutItem, put(&id, kcal, day))
                .await
                .unwrap();
            report(&format!("{id} {kcal} {day}"));
        }
        if number % 5 == 2 {
            report(&format!("? {id}"));
            let key = json!({ "TableName": ACTIVITY_TABLE, "Key": { "id": { "S": id } } });
            tables.call(Operation::DeleteItem, key).await.unwrap();
            report(&format!("- {id}"));
        }
    }
}

/// Prints a line with one write, so that lines never mix.
fn report(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("@ {line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

fn put(id: &str, kcal: u32, day: u32) -> Value {
    json!({ "TableName": ACTIVITY_TABLE, "Item": {
        "id": { "S": id },
        "userid": { "S": "owner" },
        "category": { "S": if kcal.is_multiple_of(2) { "Food" } else { "Exercise" } },
        "type": { "S": "Lunch" },
        "caloriesConsumed": { "N": kcal.to_string() },
        "creationDateTime": { "S": "2026-11-23T12:00:00.000Z" },
        "date": { "S": format!("2026-11-2{day}") },
        "rev": { "N": "1" },
    }})
}

/// The acknowledged kcal and day by id, `None` for a deleted entry. An entry whose last change was not acknowledged
/// before the kill is absent.
type Acknowledged = HashMap<String, Option<(u32, u32)>>;

fn note(acknowledged: &mut Acknowledged, line: &str) {
    let Some(at) = line.find("@ ") else { return };
    match line[at + 2..].trim_end().split(' ').collect::<Vec<_>>()[..] {
        ["?", id] => {
            acknowledged.remove(id);
        }
        ["-", id] => {
            acknowledged.insert(id.to_owned(), None);
        }
        [id, kcal, day] => {
            acknowledged.insert(id.to_owned(), Some((kcal.parse().unwrap(), day.parse().unwrap())));
        }
        ref other => panic!("{other:?}"),
    }
}

fn spawn(directory: &Path, round: usize) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", CHILD, "--nocapture"])
        .env(DIRECTORY, directory)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn after_kill_9_every_acknowledged_entry_is_stored_once_and_the_totals_equal_a_recount() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("backend");
    let mut acknowledged = Acknowledged::new();
    for round in 0..6 {
        let mut child = spawn(&directory, round);
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let until = rand::random_range(1..400);
        let mut line = String::new();
        for _ in 0..until {
            line.clear();
            assert!(
                lines.read_line(&mut line).unwrap() > 0,
                "the child ended by itself"
            );
            note(&mut acknowledged, &line);
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // Lines that are still in the pipe count as acknowledged; a torn last line doesn't.
        loop {
            line.clear();
            if lines.read_line(&mut line).unwrap() == 0 || !line.ends_with('\n') {
                break;
            }
            note(&mut acknowledged, &line);
        }
        let backend = Backend::start(&directory, BackendOptions::default())
            .await
            .unwrap();
        check(&backend, &acknowledged).await;
        backend.shutdown().await;
    }
    assert!(!acknowledged.is_empty());
}

async fn check(backend: &Backend, acknowledged: &Acknowledged) {
    let items = all(&backend.tables, json!({ "TableName": ACTIVITY_TABLE })).await;
    let mut stored = HashMap::new();
    // Consumed and burned by day.
    let mut recount: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for item in &items {
        let kcal: u32 = item["caloriesConsumed"]["N"].as_str().unwrap().parse().unwrap();
        let day = item["date"]["S"].as_str().unwrap();
        let twice = stored.insert(item["id"]["S"].as_str().unwrap(), (kcal, day.to_owned()));
        assert_eq!(twice, None);
        let total = recount.entry(day.to_owned()).or_default();
        match item["category"]["S"].as_str().unwrap() {
            "Food" => total.0 += i64::from(kcal),
            _ => total.1 += i64::from(kcal),
        }
    }
    for (id, entry) in acknowledged {
        let expected = entry.map(|(kcal, day)| (kcal, format!("2026-11-2{day}")));
        assert_eq!(stored.get(id.as_str()), expected.as_ref(), "{id}");
    }

    // Every index has every entry.
    for index in ["userid-date-index", "userid-creationDateTime-index"] {
        let query = json!({ "TableName": ACTIVITY_TABLE, "IndexName": index });
        assert_eq!(all(&backend.tables, query).await.len(), items.len(), "{index}");
    }

    backend.tables.caught_up().await;
    let mut totals = BTreeMap::new();
    for row in all(&backend.tables, json!({ "TableName": USER_AGGREGATE_TABLE })).await {
        if row["userid"]["S"] == "owner" {
            let number = |name: &str| row[name]["N"].as_str().unwrap().parse::<i64>().unwrap();
            assert!(number("version") > 0);
            totals.insert(
                row["date"]["S"].as_str().unwrap().to_owned(),
                (number("caloriesConsumed"), number("caloriesBurned")),
            );
        }
    }
    for (day, total) in &totals {
        assert_eq!(recount.get(day).copied().unwrap_or_default(), *total, "{day}");
    }
    assert!(
        recount.keys().all(|day| totals.contains_key(day)),
        "{recount:?} {totals:?}"
    );
}

async fn all(tables: &Tables, mut scan: Value) -> Vec<Value> {
    let mut items = Vec::new();
    loop {
        let page = tables.call(Operation::Scan, scan.clone()).await.unwrap();
        items.extend(page["Items"].as_array().unwrap().iter().cloned());
        match page.get("LastEvaluatedKey") {
            Some(key) => scan["ExclusiveStartKey"] = key.clone(),
            None => return items,
        }
    }
}
