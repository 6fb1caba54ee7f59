//! The traits that the aggregator depends on: two operations of DynamoDB, and one mutation.

use std::collections::BTreeSet;

use async_trait::async_trait;
use serde_json::{Map, Value};

use crate::UserAggregate;

/// DynamoDB, as far as the aggregator uses it. Bodies are those of the API (JSON 1.0).
#[async_trait]
pub trait Store: Send + Sync {
    /// `TransactWriteItems`.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; after [`StoreError::Unavailable`] the transaction may have been committed or not.
    async fn transact_write_items(&self, request: Value) -> Result<(), StoreError>;

    /// `GetItem`: the item's attributes in DynamoDB's JSON, or `None` if there is no such item.
    ///
    /// # Errors
    ///
    /// [`StoreError`], never a cancelled transaction.
    async fn get_item(&self, request: Value) -> Result<Option<Map<String, Value>>, StoreError>;
}

/// Why one item of a cancelled transaction failed; `code` is `None` (the text) where it did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancellationReason {
    /// `None`, `ConditionalCheckFailed`, `TransactionConflict`, `ThrottlingError`, …
    pub code: String,
    /// The reason, for logs.
    pub message: Option<String>,
}

/// A failed operation of the store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// `TransactionCanceledException`, with a reason per item, in the request's order.
    #[error("the transaction was cancelled: {}", codes(.0))]
    TransactionCanceled(Vec<CancellationReason>),
    /// `ConditionalCheckFailedException`: the item is not what the request expects; nothing was written.
    #[error("the item is not as expected")]
    ConditionFailed,
    /// Too many requests; nothing was written.
    #[error("the store is throttling: {0}")]
    Throttled(String),
    /// No answer, a timeout, or a fault of the service.
    #[error("the store can't be reached: {0}")]
    Unavailable(String),
    /// The request itself is refused (`ValidationException` and the like): a repeat won't help.
    #[error("the store refuses: {0}")]
    Rejected(String),
    /// No request succeeds before an operator acts: no permission, no such table, expired credentials, an unknown
    /// error. No record is the cause, so all of them must be retried.
    #[error("the store denies access: {0}")]
    Denied(String),
}

impl StoreError {
    /// Reads DynamoDB's answer: the exception's name without its namespace, its text, and the whole body.
    ///
    /// Source: "Error handling with DynamoDB", and `CancellationReasons` of `TransactWriteItems`.
    pub fn of(kind: &str, message: &str, body: &Value) -> Self {
        let text = if message.is_empty() {
            kind.to_owned()
        } else {
            format!("{kind}: {message}")
        };
        match kind {
            "ConditionalCheckFailedException" => Self::ConditionFailed,
            "TransactionCanceledException" => Self::TransactionCanceled(reasons(body)),
            "ProvisionedThroughputExceededException"
            | "ThrottlingException"
            | "Throttling"
            | "RequestLimitExceeded"
            | "LimitExceededException" => Self::Throttled(text),
            "InternalServerError"
            | "InternalFailure"
            | "ServiceUnavailable"
            | "ServiceUnavailableException"
            | "TransactionInProgressException"
            | "TransactionConflictException" => Self::Unavailable(text),
            "ValidationException"
            | "SerializationException"
            | "ItemCollectionSizeLimitExceededException"
            | "IdempotentParameterMismatchException" => Self::Rejected(text),
            _ => Self::Denied(text),
        }
    }
}

/// A cancelled transaction's reasons, in the order of its items.
fn reasons(body: &Value) -> Vec<CancellationReason> {
    let text = |reason: &Value, name: &str| reason.get(name).and_then(Value::as_str).map(str::to_owned);
    body.get("CancellationReasons")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|reason| CancellationReason {
            code: text(reason, "Code").unwrap_or_else(|| "None".to_owned()),
            message: text(reason, "Message"),
        })
        .collect()
}

/// Each code but `None`, once.
fn codes(reasons: &[CancellationReason]) -> String {
    let codes: BTreeSet<&str> = reasons
        .iter()
        .map(|reason| reason.code.as_str())
        .filter(|code| *code != "None")
        .collect();
    codes.into_iter().collect::<Vec<_>>().join(", ")
}

/// Publishes a day's totals to subscribers.
#[async_trait]
pub trait Publisher: Send + Sync {
    /// Calls `publishUserAggregate` ([`crate::PUBLISH_DOCUMENT`]).
    ///
    /// # Errors
    ///
    /// [`PublishError`] where the mutation didn't succeed.
    async fn publish(&self, totals: &UserAggregate) -> Result<(), PublishError>;

    /// Whether [`Self::publish`] would return [`PublishError::Suspended`] now, so that the totals need not be read.
    fn is_suspended(&self) -> bool {
        false
    }
}

/// Why totals were not published. They are stored in any case; clients get them by their next query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// The API refuses this mutation (permission, validation): a retry gets the same response.
    #[error("totals were not published, the API refuses them: {0}")]
    Refused(String),
    /// The API's quota is exhausted (HTTP 429): a retry would use more of it.
    #[error("totals were not published, the API's quota is used up: {0}")]
    Throttled(String),
    /// A server error, or no response in time: a retry may succeed.
    #[error("totals were not published, the API is unavailable: {0}")]
    Unavailable(String),
    /// Not attempted: publishing has failed too often, or has taken too long.
    #[error(
        "totals were not published: publishing is suspended for some seconds, because it failed or took too long"
    )]
    Suspended,
}
