//! Reads of the totals that see every acknowledged write.

use std::sync::Arc;

use async_trait::async_trait;
use caltrack_local_core::tables::{DynamoError, Operation, TableApi, USER_AGGREGATE_TABLE};
use caltrack_local_dynamodb::Tables;
use serde_json::Value;

/// Tables on which a read of the totals first waits until every write acknowledged before it has been aggregated, for
/// a few seconds at most.
///
/// For resolvers and other clients. Not for the aggregator, which would wait for itself.
#[derive(Debug, Clone)]
pub(crate) struct SettledTables(Tables);

impl SettledTables {
    pub(crate) fn new(tables: Tables) -> Self {
        Self(tables)
    }
}

#[async_trait]
impl TableApi for SettledTables {
    async fn call_for(
        &self,
        caller: &Arc<str>,
        operation: Operation,
        body: Value,
    ) -> Result<Value, DynamoError> {
        let table = body.get("TableName").and_then(Value::as_str);
        if !operation.writes() && table == Some(USER_AGGREGATE_TABLE) {
            self.0.caught_up().await;
        }
        self.0.call_for(caller, operation, body).await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use caltrack_local_core::tables::ACTIVITY_TABLE;
    use serde_json::json;

    use super::*;

    async fn soon<T>(future: impl Future<Output = T>) -> T {
        tokio::time::timeout(Duration::from_secs(30), future)
            .await
            .expect("in time")
    }

    #[tokio::test]
    async fn a_resolvers_read_of_the_totals_waits_for_the_streams_reader() {
        let directory = tempfile::tempdir().unwrap();
        let tables = Tables::open(&directory.path().join("tables.db")).unwrap();
        let mut stream = tables.stream().await.unwrap();
        let put =
            json!({ "TableName": ACTIVITY_TABLE, "Item": { "id": { "S": "a" }, "userid": { "S": "u" } } });
        tables.call(Operation::PutItem, put).await.unwrap();
        let read = json!({ "TableName": USER_AGGREGATE_TABLE, "Key": { "userid": { "S": "u" }, "date": { "S": "2026-11-23" } } });

        // The aggregator's own read doesn't wait.
        soon(tables.call(Operation::GetItem, read.clone())).await.unwrap();

        let (settled, caller) = (SettledTables::new(tables.clone()), Arc::from("u"));
        let mut waiting = std::pin::pin!(settled.call_for(&caller, Operation::GetItem, read));
        assert!(futures_util::poll!(&mut waiting).is_pending());
        let batch = soon(stream.next_batch(100)).await.unwrap();
        assert!(
            futures_util::poll!(&mut waiting).is_pending(),
            "delivered is not handled"
        );
        let totals = json!({ "TableName": USER_AGGREGATE_TABLE, "Item": {
            "userid": { "S": "u" }, "date": { "S": "2026-11-23" }, "caloriesConsumed": { "N": "650" } } });
        tables.call(Operation::PutItem, totals).await.unwrap();
        stream.handled(batch.through).await.unwrap();
        let answer = soon(waiting).await.unwrap();
        assert_eq!(answer["Item"]["caloriesConsumed"]["N"], "650");
    }
}
