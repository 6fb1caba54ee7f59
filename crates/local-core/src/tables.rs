//! The port through which services call DynamoDB's API.

use std::{fmt::Debug, sync::Arc};

use async_trait::async_trait;
use serde_json::{Value, json};

/// Users' rows, by `id` (a Cognito `sub`).
pub const USER_TABLE: &str = "caltrack_user_table";
/// The log's entries, by `id`.
pub const ACTIVITY_TABLE: &str = "caltrack_activity_table";
/// Categories and their types, by `category`.
pub const ACTIVITY_CATEGORY_TABLE: &str = "caltrack_activity_category_table";
/// Totals by `userid` and `date`, and the aggregator's markers.
pub const USER_AGGREGATE_TABLE: &str = "caltrack_user_aggregate_table";

/// An operation of DynamoDB's API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumString, strum::IntoStaticStr)]
#[cfg_attr(test, derive(strum::EnumIter))]
pub enum Operation {
    /// Reads an item by its key.
    GetItem,
    /// Writes a whole item.
    PutItem,
    /// Changes attributes of an item.
    UpdateItem,
    /// Deletes an item by its key.
    DeleteItem,
    /// Reads the items of one partition key, page by page.
    Query,
    /// Reads all items of a table or index, page by page.
    Scan,
    /// Reads up to 100 items of several tables.
    BatchGetItem,
    /// Writes or deletes up to 25 items of several tables.
    BatchWriteItem,
    /// Reads up to 100 items as of one moment.
    TransactGetItems,
    /// Writes up to 100 items, all or none. A `ClientRequestToken` is remembered for ten minutes.
    TransactWriteItems,
    /// Returns a table's keys, indexes and size.
    DescribeTable,
    /// Returns the attribute by which a table's items expire.
    DescribeTimeToLive,
    /// Lists the names of the tables.
    ListTables,
}

impl Operation {
    /// The API's name: the part of `X-Amz-Target` after the dot, which [`FromStr`](std::str::FromStr) parses.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether it can change an item.
    pub fn writes(self) -> bool {
        match self {
            Self::PutItem
            | Self::UpdateItem
            | Self::DeleteItem
            | Self::BatchWriteItem
            | Self::TransactWriteItems => true,
            Self::GetItem
            | Self::Query
            | Self::Scan
            | Self::BatchGetItem
            | Self::TransactGetItems
            | Self::DescribeTable
            | Self::DescribeTimeToLive
            | Self::ListTables => false,
        }
    }
}

/// DynamoDB's API. Request and response bodies are its JSON.
#[async_trait]
pub trait TableApi: Debug + Send + Sync {
    /// Executes an operation; returns once what it wrote is durable.
    ///
    /// Callers, such as users by their `sub`, take turns; the backend itself calls with an empty text. Dropping the
    /// future doesn't cancel a write that is queued.
    ///
    /// # Errors
    ///
    /// [`DynamoError`] as the API reports it.
    async fn call_for(
        &self,
        caller: &Arc<str>,
        operation: Operation,
        body: Value,
    ) -> Result<Value, DynamoError>;
}

/// A rejected or failed call, as DynamoDB's API reports it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{kind}: {message}")]
pub struct DynamoError {
    /// The exception's name without its namespace, such as `ConditionalCheckFailedException`.
    pub kind: &'static str,
    /// The message for people.
    pub message: String,
    /// The whole error body, with `__type` and, for a cancelled transaction, `CancellationReasons`.
    pub body: Value,
    /// Whether the disk failed: full, damaged, or not writable. AWS has no such error; to clients of DynamoDB's API it
    /// is an `InternalServerError`.
    pub storage: bool,
}

impl DynamoError {
    /// `InternalServerError`: the backend itself failed.
    pub fn internal(message: &str) -> Self {
        Self {
            kind: "InternalServerError",
            message: message.to_owned(),
            body: json!({
                "__type": "com.amazonaws.dynamodb.v20120810#InternalServerError",
                "message": message,
            }),
            storage: false,
        }
    }

    /// `InternalServerError` because the disk failed; the message says what to do.
    pub fn storage(message: &str) -> Self {
        Self {
            storage: true,
            ..Self::internal(message)
        }
    }

    /// `InternalServerError`: the tables were closed before the call was executed.
    pub fn closed() -> Self {
        Self::internal("The tables are closed.")
    }

    /// An error that every AWS API can return before an operation is reached, such as
    /// `IncompleteSignatureException`.
    pub fn common(kind: &'static str, message: &str) -> Self {
        Self {
            kind,
            message: message.to_owned(),
            body: json!({ "__type": format!("com.amazon.coral.service#{kind}"), "message": message }),
            storage: false,
        }
    }

    /// `SerializationException`: the body can't be parsed as the operation's request.
    pub fn malformed(message: String) -> Self {
        Self {
            kind: "SerializationException",
            body: json!({
                "__type": "com.amazon.coral.service#SerializationException",
                "Message": message,
            }),
            message,
            storage: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;

    #[test]
    fn operations_are_parsed_by_the_names_of_the_api() {
        for operation in Operation::iter() {
            assert_eq!(operation.name().parse(), Ok(operation));
            assert_eq!(format!("{operation:?}"), operation.name());
        }
        assert!("getitem".parse::<Operation>().is_err());
    }
}
