//! Requests of resolvers as the tables execute them.

mod batches;
mod helper_module;
mod requests;

use serde_json::Value;

use crate::{
    Stored, runtime_with,
    support::{ME, Runtime},
};

/// What a resolver on no data source answers.
async fn value(code: &str, arguments: Value) -> Value {
    runtime_with(&format!("// datasource: NoneSource\n{code}"))
        .ok("Query.test", ME, arguments)
        .await
}
