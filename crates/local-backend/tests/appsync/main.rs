//! The box's AppSync with its tables and its server: resolvers on the tables, requests and sockets over HTTP.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod data_sources;
mod http;
mod realtime;
mod requests;
mod resolvers;
#[path = "../../../local-appsync/tests/appsync/support.rs"]
mod support;

use std::{ops::Deref, sync::Arc};

use caltrack_local_appsync::ApiSettings;
use caltrack_local_core::tables::Operation;
use caltrack_local_dynamodb::Tables;
use caltrack_resolvers::Files;
use serde_json::{Value, json};

use support::{Api, Runtime, files};

/// An API or a runtime with its tables, in a temporary directory.
struct Stored<T> {
    on_tables: T,
    tables: Tables,
    _directory: tempfile::TempDir,
}

impl<T> Stored<T> {
    fn new(of: impl FnOnce(Arc<Tables>) -> T) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let tables = Tables::open(&directory.path().join("tables.db")).unwrap();
        Self {
            on_tables: of(Arc::new(tables.clone())),
            tables,
            _directory: directory,
        }
    }

    async fn put(&self, table: &str, item: Value) {
        self.tables
            .call(Operation::PutItem, json!({ "TableName": table, "Item": item }))
            .await
            .unwrap();
    }
}

impl<T> Deref for Stored<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.on_tables
    }
}

/// The deployed API, some of whose resolvers are replaced by `others`.
fn api_with(others: &[(&str, &str)]) -> Stored<Api> {
    Stored::new(|tables| Api::of(tables, others, ApiSettings::default()))
}

fn runtime_of(files: Files) -> Stored<Runtime> {
    Stored::new(|tables| Runtime::of(files, tables))
}

/// The deployed resolvers.
fn deployed() -> Stored<Runtime> {
    runtime_of(Files::embedded())
}

/// A runtime with one resolver, `Query.test`, of this code.
fn runtime_with(code: &str) -> Stored<Runtime> {
    runtime_of(files(&[("Query.test", code)], &[]))
}
