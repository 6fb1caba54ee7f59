use std::sync::{Arc, Mutex};

use caltrack_local_core::tables::{ACTIVITY_TABLE, Operation};
use caltrack_local_dynamodb::Tables;
use serde_json::json;
use tokio::sync::mpsc;

use super::*;

/// An aggregation that fails and poisons the listed records, and reports the ids that it receives.
struct Scripted {
    seen: mpsc::UnboundedSender<Vec<String>>,
    /// How often each record, by id, still fails.
    failing: Arc<Mutex<HashMap<String, usize>>>,
    poisonous: Vec<String>,
}

#[async_trait]
impl Aggregate for Scripted {
    async fn process(&self, records: &[Value]) -> BatchResult {
        let mut outcome = BatchResult::default();
        let mut ids = Vec::new();
        for record in records {
            let id = record["dynamodb"]["Keys"]["id"]["S"].as_str().unwrap().to_owned();
            let number = sequence_number(record).to_owned();
            if self.poisonous.contains(&id) {
                outcome.poison.push((number, "not an activity".to_owned()));
            } else if let Some(left) = self.failing.lock().unwrap().get_mut(&id)
                && *left > 0
            {
                *left -= 1;
                outcome.failed.push(number);
            }
            ids.push(id);
        }
        self.seen.send(ids).unwrap();
        outcome
    }
}

struct Fixture {
    tables: Tables,
    seen: mpsc::UnboundedReceiver<Vec<String>>,
    pump: tokio::task::JoinHandle<DynamoError>,
    directory: tempfile::TempDir,
}

impl Fixture {
    async fn new(failing: &[(&str, usize)], poisonous: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let tables = Tables::open(&directory.path().join("tables.db")).unwrap();
        let (sender, seen) = mpsc::unbounded_channel();
        let aggregate = Scripted {
            seen: sender,
            failing: Arc::new(Mutex::new(
                failing
                    .iter()
                    .map(|(id, times)| ((*id).to_owned(), *times))
                    .collect(),
            )),
            poisonous: poisonous.iter().map(|id| (*id).to_owned()).collect(),
        };
        let stream = tables.stream().await.unwrap();
        let poison = PoisonFile::at(directory.path().join("poison.jsonl"));
        let pump = tokio::spawn(Pump::new(stream, aggregate, poison).run());
        Self {
            tables,
            seen,
            pump,
            directory,
        }
    }

    async fn put(&self, id: &str) {
        self.tables
            .call(
                Operation::PutItem,
                json!({ "TableName": ACTIVITY_TABLE, "Item": { "id": { "S": id } } }),
            )
            .await
            .unwrap();
    }

    async fn seen(&mut self) -> Vec<String> {
        soon(self.seen.recv()).await.unwrap()
    }
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), future)
        .await
        .expect("finished within 30 seconds")
}

#[tokio::test]
async fn every_acknowledged_write_is_counted_before_caught_up_returns() {
    let mut fixture = Fixture::new(&[], &[]).await;
    for id in ["a", "b", "c"] {
        fixture.put(id).await;
    }
    soon(fixture.tables.caught_up()).await;
    let mut seen = Vec::new();
    while let Ok(ids) = fixture.seen.try_recv() {
        seen.extend(ids);
    }
    assert_eq!(seen, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_failed_record_is_retried_and_delays_no_other() {
    let mut fixture = Fixture::new(&[("bad", 2)], &[]).await;
    fixture.put("bad").await;
    assert_eq!(fixture.seen().await, ["bad"]);
    fixture.put("good").await;
    let mut batches = Vec::new();
    // The second failure and the success; the good record may be in either batch.
    while batches.iter().flatten().filter(|id| *id == "bad").count() < 2
        || !batches.iter().flatten().any(|id: &String| id == "good")
    {
        batches.push(fixture.seen().await);
    }
    assert_eq!(
        batches.iter().flatten().filter(|id| *id == "good").count(),
        1,
        "the good record is processed once: {batches:?}"
    );
    soon(fixture.tables.caught_up()).await;
}

#[tokio::test]
async fn a_record_that_failed_is_delivered_again_after_a_restart() {
    let mut fixture = Fixture::new(&[("bad", usize::MAX)], &[]).await;
    fixture.put("good").await;
    fixture.put("bad").await;
    fixture.put("later").await;
    let mut seen = Vec::new();
    while !["good", "bad", "later"]
        .iter()
        .all(|id| seen.contains(&(*id).to_owned()))
    {
        seen.extend(fixture.seen().await);
    }
    fixture.pump.abort();
    let _ = fixture.pump.await;
    fixture.tables.close().await;

    let tables = Tables::open(&fixture.directory.path().join("tables.db")).unwrap();
    let mut stream = tables.stream().await.unwrap();
    let batch = soon(stream.next_batch(10)).await.unwrap();
    let ids: Vec<_> = batch
        .records
        .iter()
        .map(|record| record.event["dynamodb"]["Keys"]["id"]["S"].clone())
        .collect();
    assert!(ids.contains(&json!("bad")), "{ids:?}");
}

#[tokio::test]
async fn a_poison_record_is_stored_with_its_image_for_the_owner_only_and_counts_as_handled() {
    let mut fixture = Fixture::new(&[], &["poison"]).await;
    fixture.put("poison").await;
    assert_eq!(fixture.seen().await, ["poison"]);
    soon(fixture.tables.caught_up()).await;
    let path = fixture.directory.path().join("poison.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let kept: Value = serde_json::from_str(text.trim_end()).unwrap();
    assert_eq!(kept["reason"], "not an activity");
    assert_eq!(kept["record"]["dynamodb"]["NewImage"]["id"]["S"], "poison");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    fixture.put("good").await;
    assert_eq!(fixture.seen().await, ["good"]);
}

#[tokio::test]
async fn the_pump_ends_when_the_tables_close() {
    let fixture = Fixture::new(&[], &[]).await;
    fixture.tables.close().await;
    soon(fixture.pump).await.unwrap();
}
