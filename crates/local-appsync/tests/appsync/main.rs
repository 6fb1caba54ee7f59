//! Requests against the deployed schema, and resolvers on their runtime, both without tables.

mod requests;
mod runtime;
mod support;

use std::sync::Arc;

use async_trait::async_trait;
use caltrack_local_core::tables::{DynamoError, Operation, TableApi};
use serde_json::Value;

/// Every call fails.
#[derive(Debug)]
struct NoTables;

#[async_trait]
impl TableApi for NoTables {
    async fn call_for(&self, _: &Arc<str>, _: Operation, _: Value) -> Result<Value, DynamoError> {
        Err(DynamoError::closed())
    }
}
