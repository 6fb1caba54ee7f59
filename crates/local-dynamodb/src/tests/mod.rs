//! Tests of the port.

mod group_commit;
mod opening;
mod operations;
mod power_cut;
mod request_tokens;
mod stream;

use std::{path::Path, time::Duration};

use caltrack_local_core::tables::{
    ACTIVITY_CATEGORY_TABLE, ACTIVITY_TABLE, DynamoError, Operation, TableApi, USER_AGGREGATE_TABLE,
    USER_TABLE,
};
use serde_json::{Value, json};

use crate::{
    OpenError, StreamBatch, Tables,
    engine::Engine,
    sync::{Syncer, WalSyncer},
};

/// Open tables and their temporary directory, which is deleted with them.
struct Fixture {
    tables: Tables,
    directory: tempfile::TempDir,
}

impl Fixture {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let tables = Tables::open(&directory.path().join("tables.db")).unwrap();
        Self { tables, directory }
    }

    /// Closes the tables and opens the same directory again.
    async fn reopened(self) -> Self {
        self.tables.close().await;
        let tables = Tables::open(&self.directory.path().join("tables.db")).unwrap();
        Self {
            tables,
            directory: self.directory,
        }
    }
}

fn put(id: &str, user: &str, kcal: u32) -> Value {
    json!({
        "TableName": ACTIVITY_TABLE,
        "Item": {
            "id": { "S": id },
            "userid": { "S": user },
            "date": { "S": "2026-11-23" },
            "creationDateTime": { "S": "2026-11-23T12:00:00.000Z" },
            "category": { "S": "Food" },
            "type": { "S": "Lunch" },
            "caloriesConsumed": { "N": kcal.to_string() },
        },
    })
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), future)
        .await
        .expect("finished within 30 seconds")
}
