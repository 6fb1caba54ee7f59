//! Requests against the deployed schema, and resolvers on their runtime, with empty tables.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod requests;
mod runtime;
mod support;

use std::sync::Arc;

use async_trait::async_trait;
use caltrack_local_core::tables::{DynamoError, Operation, TableApi};
use serde_json::{Value, json};

/// Tables without items, which reject every write.
#[derive(Debug)]
struct EmptyTables;

#[async_trait]
impl TableApi for EmptyTables {
    async fn call_for(&self, _: &Arc<str>, operation: Operation, _: Value) -> Result<Value, DynamoError> {
        match operation {
            Operation::GetItem => Ok(json!({})),
            Operation::Query | Operation::Scan => Ok(json!({ "Items": [], "Count": 0, "ScannedCount": 0 })),
            _ => Err(DynamoError::closed()),
        }
    }
}
