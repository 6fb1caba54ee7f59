//! The port for a recording of all calls.

use caltrack_local_core::tables::{DynamoError, Operation};
use serde_json::Value;

/// Watches what the tables' thread does, in its order. The methods run on that thread, and do nothing by default.
pub(crate) trait Observer: Send {
    /// A call is about to be executed.
    fn called(&mut self, _operation: Operation, _body: &Value) {}

    /// The call of the last [`Observer::called`] was executed.
    fn answered(&mut self, _answer: &Result<Value, DynamoError>) {}

    /// Another connection changed items, such as the sweep of expired ones.
    fn changed_elsewhere(&mut self) {}

    /// The database was closed, after the last call.
    fn closed(&mut self) {}
}

/// The observer of a database that isn't recorded.
#[cfg(not(feature = "record"))]
pub(crate) struct Unobserved;

#[cfg(not(feature = "record"))]
impl Observer for Unobserved {}
