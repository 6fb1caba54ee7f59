//! What the aggregator needs from outside: two operations of DynamoDB, and one mutation.

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

    /// `GetItem`; the item's attributes in DynamoDB's JSON, `None` where there is none.
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
    /// For people.
    pub message: Option<String>,
}

/// What a store answers instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// `TransactionCanceledException`, with a reason per item, in the request's order.
    #[error("the transaction was cancelled: {0:?}")]
    TransactionCanceled(Vec<CancellationReason>),
    /// Too many requests; nothing was written.
    #[error("the store is throttling: {0}")]
    Throttled(String),
    /// No answer, a timeout, or a fault of the service.
    #[error("the store can't be reached: {0}")]
    Unavailable(String),
    /// The request itself is refused (`ValidationException` and the like): a repeat won't help.
    #[error("the store refuses: {0}")]
    Rejected(String),
}

/// Announces a day's totals.
#[async_trait]
pub trait Publisher: Send + Sync {
    /// Calls `publishUserAggregate` ([`crate::PUBLISH_DOCUMENT`]).
    ///
    /// # Errors
    ///
    /// [`PublishError`] where the mutation didn't succeed: no answer, or errors in it.
    async fn publish(&self, totals: &UserAggregate) -> Result<(), PublishError>;
}

/// The mutation did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("totals were not published: {0}")]
pub struct PublishError(pub String);
