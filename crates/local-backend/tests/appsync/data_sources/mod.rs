//! Requests of resolvers, executed on the tables.

mod batches;
mod helper_module;
mod requests;

use serde_json::Value;

use crate::{
    Stored, runtime_with,
    support::{ME, Runtime},
};

/// The result of a resolver with this code, on the data source NONE.
async fn value(code: &str, arguments: Value) -> Value {
    runtime_with(&format!("// datasource: NoneSource\n{code}"))
        .ok("Query.test", ME, arguments)
        .await
}
