//! The aggregation library on the backend's tables.

use std::sync::Arc;

use async_trait::async_trait;
use caltrack_aggregator::{Publisher, Settings, Store, StoreError, process_batch};
use caltrack_local_core::tables::{DynamoError, Operation};
use caltrack_local_dynamodb::Tables;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Aggregate, BatchResult, sequence_number};

/// Books records by [`process_batch`], and publishes totals.
pub(crate) struct Aggregator {
    store: TablesStore,
    publisher: Arc<dyn Publisher>,
    settings: Settings,
}

impl Aggregator {
    /// The aggregator on tables whose reads of the totals don't wait for it.
    pub(crate) fn new(tables: Tables, publisher: Arc<dyn Publisher>) -> Self {
        Self {
            store: TablesStore(tables),
            publisher,
            settings: Settings::default(),
        }
    }
}

#[async_trait]
impl Aggregate for Aggregator {
    async fn process(&self, records: &[Value]) -> BatchResult {
        let now = Timestamp::now().as_second();
        let done = process_batch(records, &self.store, Some(&*self.publisher), &self.settings, now).await;
        for error in &done.errors {
            tracing::warn!(error, "counting changes of the log failed in part");
        }
        BatchResult {
            failed: done.failures.iter().map(ToString::to_string).collect(),
            poison: done
                .poison
                .into_iter()
                .map(|poison| (sequence_number(&poison.record).to_owned(), poison.reason))
                .collect(),
        }
    }
}

/// The two operations that the aggregator needs.
struct TablesStore(Tables);

#[async_trait]
impl Store for TablesStore {
    async fn transact_write_items(&self, request: Value) -> Result<(), StoreError> {
        let answer = self.0.call(Operation::TransactWriteItems, request).await;
        answer.map(drop).map_err(|error| store_error(&error))
    }

    async fn get_item(&self, request: Value) -> Result<Option<Map<String, Value>>, StoreError> {
        let mut answer = self
            .0
            .call(Operation::GetItem, request)
            .await
            .map_err(|error| store_error(&error))?;
        match answer.get_mut("Item").map(Value::take) {
            Some(Value::Object(item)) => Ok(Some(item)),
            _ => Ok(None),
        }
    }
}

fn store_error(error: &DynamoError) -> StoreError {
    StoreError::of(error.kind, &error.message, &error.body)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use caltrack_aggregator::{PublishError, UserAggregate};
    use caltrack_local_core::tables::{ACTIVITY_TABLE, TableApi as _, USER_AGGREGATE_TABLE};
    use serde_json::json;
    use tokio::sync::mpsc;

    use super::*;
    use crate::{
        settled::SettledTables,
        stream::{PoisonFile, Pump},
    };

    struct Announced(mpsc::UnboundedSender<UserAggregate>);

    #[async_trait]
    impl Publisher for Announced {
        async fn publish(&self, totals: &UserAggregate) -> Result<(), PublishError> {
            self.0
                .send(totals.clone())
                .map_err(|error| PublishError::Unavailable(error.to_string()))
        }
    }

    struct Fixture {
        tables: Tables,
        announced: mpsc::UnboundedReceiver<UserAggregate>,
        pump: tokio::task::JoinHandle<DynamoError>,
        directory: tempfile::TempDir,
    }

    async fn fixture(directory: tempfile::TempDir) -> Fixture {
        let tables = Tables::open(&directory.path().join("tables.db")).unwrap();
        let (sender, announced) = mpsc::unbounded_channel();
        let stream = tables.stream().await.unwrap();
        let aggregator = Aggregator::new(tables.clone(), Arc::new(Announced(sender)));
        let poison = PoisonFile::at(directory.path().join("poison.jsonl"));
        let pump = tokio::spawn(Pump::new(stream, aggregator, poison).run());
        Fixture {
            tables,
            announced,
            pump,
            directory,
        }
    }

    impl Fixture {
        async fn put(&self, id: &str, category: &str, kcal: &str, date: &str) {
            let item = json!({
                "id": { "S": id }, "userid": { "S": "u" }, "category": { "S": category }, "type": { "S": "Lunch" },
                "caloriesConsumed": { "N": kcal }, "creationDateTime": { "S": "2026-11-23T12:00:00.000Z" },
                "date": { "S": date },
            });
            self.tables
                .call(
                    Operation::PutItem,
                    json!({ "TableName": ACTIVITY_TABLE, "Item": item }),
                )
                .await
                .unwrap();
        }

        /// Consumed, burned and version, as a resolver reads them.
        async fn totals(&self, date: &str) -> [String; 3] {
            let key = json!({ "userid": { "S": "u" }, "date": { "S": date } });
            let read = json!({ "TableName": USER_AGGREGATE_TABLE, "Key": key });
            let (settled, caller) = (SettledTables::new(self.tables.clone()), Arc::from("u"));
            let answer = tokio::time::timeout(
                Duration::from_secs(30),
                settled.call_for(&caller, Operation::GetItem, read),
            )
            .await
            .expect("in time")
            .unwrap();
            ["caloriesConsumed", "caloriesBurned", "version"]
                .map(|name| answer["Item"][name]["N"].as_str().unwrap_or("none").to_owned())
        }
    }

    #[tokio::test]
    async fn totals_follow_creates_edits_and_moves_to_another_day_and_each_is_announced() {
        let mut fixture = fixture(tempfile::tempdir().unwrap()).await;
        fixture.put("a", "Food", "650", "2026-11-23").await;
        assert_eq!(fixture.totals("2026-11-23").await, ["650", "0", "1"]);
        let announced = fixture.announced.recv().await.unwrap();
        assert_eq!((announced.calories_consumed, announced.version), (650, 1));
        fixture.put("b", "Exercise", "300", "2026-11-23").await;
        assert_eq!(fixture.totals("2026-11-23").await, ["650", "300", "2"]);
        fixture.put("a", "Food", "700", "2026-11-24").await;
        assert_eq!(fixture.totals("2026-11-23").await, ["0", "300", "3"]);
        assert_eq!(fixture.totals("2026-11-24").await, ["700", "0", "1"]);
        assert!(!fixture.directory.path().join("poison.jsonl").exists());
    }

    /// A kcal-only row takes kcal alone; a day on which its user noted a weight is counted from its first entry.
    #[tokio::test]
    async fn what_a_days_row_has_decides_on_what_is_counted() {
        let fixture = fixture(tempfile::tempdir().unwrap()).await;
        for (date, own) in [("2026-11-22", None), ("2026-11-23", Some("2"))] {
            let mut row = json!({ "userid": { "S": "u" }, "date": { "S": date }, "caloriesConsumed": { "N": "0" },
                "caloriesBurned": { "N": "0" }, "version": { "N": "2" } });
            if let Some(own) = own {
                row["userWrites"] = json!({ "N": own });
            }
            let put = json!({ "TableName": USER_AGGREGATE_TABLE, "Item": row });
            fixture.tables.call(Operation::PutItem, put).await.unwrap();
            for id in ["a", "b"] {
                fixture.put(&format!("{id} {date}"), "Food", "5", date).await;
            }
            assert_eq!(fixture.totals(date).await[0], "10");
        }
        let entries = async |date: &str| {
            let key = json!({ "userid": { "S": "u" }, "date": { "S": date } });
            let read = json!({ "TableName": USER_AGGREGATE_TABLE, "Key": key });
            let row = fixture.tables.call(Operation::GetItem, read).await.unwrap();
            row["Item"]["entries"].clone()
        };
        assert_eq!(entries("2026-11-22").await, Value::Null);
        assert_eq!(entries("2026-11-23").await, json!({ "N": "2" }));
    }

    #[tokio::test]
    async fn a_record_that_comes_again_after_a_restart_is_counted_once() {
        let fixture_before = fixture(tempfile::tempdir().unwrap()).await;
        fixture_before.put("a", "Food", "650", "2026-11-23").await;
        assert_eq!(fixture_before.totals("2026-11-23").await, ["650", "0", "1"]);
        fixture_before.pump.abort();
        let _ = fixture_before.pump.await;
        fixture_before.tables.close().await;
        // As if the crash had come between booking and remembering it.
        rusqlite::Connection::open(fixture_before.directory.path().join("tables.db"))
            .unwrap()
            .execute("DELETE FROM _caltrack_checkpoint", [])
            .unwrap();

        let mut again = fixture(fixture_before.directory).await;
        let announced = again.announced.recv().await.unwrap();
        assert_eq!(
            (announced.calories_consumed, announced.version),
            (650, 1),
            "announced again, not counted again"
        );
        assert_eq!(again.totals("2026-11-23").await, ["650", "0", "1"]);
    }

    #[tokio::test]
    async fn an_entry_that_can_t_be_counted_is_put_aside_and_the_others_are_counted() {
        let fixture = fixture(tempfile::tempdir().unwrap()).await;
        fixture.put("bad", "Food", "1e30", "2026-11-23").await;
        fixture.put("good", "Food", "650", "2026-11-23").await;
        assert_eq!(fixture.totals("2026-11-23").await, ["650", "0", "1"]);
        let kept = std::fs::read_to_string(fixture.directory.path().join("poison.jsonl")).unwrap();
        assert!(kept.contains("\"bad\""), "{kept}");
    }
}
