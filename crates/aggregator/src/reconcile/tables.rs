//! The requests to the two tables, and the part of them that is reconciled.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::StoreError;

/// The index of entries by day; entries without `date` aren't in it.
pub(super) const BY_DATE: &str = "userid-date-index";
/// The index of entries by moment.
pub(super) const BY_MOMENT: &str = "userid-creationDateTime-index";

/// DynamoDB's operations that reconciliation needs. Bodies are those of the API (JSON 1.0).
#[async_trait]
pub trait ReconcileStore: Send + Sync {
    /// Performs `Scan`, `Query` or `GetItem` and returns the response's body.
    ///
    /// # Errors
    ///
    /// [`StoreError`], after all retries.
    async fn read(&self, operation: &str, request: Value) -> Result<Value, StoreError>;

    /// `UpdateItem` with `ReturnValues: ALL_NEW`: the item, or `None` where the condition does not hold.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; after [`StoreError::Unavailable`] the item may have been written or not.
    async fn update_item(&self, request: Value) -> Result<Option<Map<String, Value>>, StoreError>;
}

/// A page's items, taken out of it.
pub(super) fn items(page: &mut Value) -> Vec<Value> {
    match page.get_mut("Items").map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

/// The rows to reconcile and the tables that hold them. A state file belongs to one scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// DynamoDB's endpoint: an absolute URL.
    pub endpoint: String,
    /// The activity table's name.
    pub activities: String,
    /// The table of totals and markers.
    pub aggregates: String,
    /// One user (`sub`), or all users.
    pub user: Option<String>,
    /// One day, `YYYY-MM-DD`, or all days.
    pub date: Option<String>,
    /// Whether days whose totals their users have set or deleted are included.
    #[serde(default)]
    pub include_set: bool,
    /// Whether rows that lack entries, digest and grams are filled.
    #[serde(default)]
    pub backfill: bool,
}

impl Scope {
    /// Whether a user's day is reconciled.
    pub fn covers(&self, user: &str, date: &str) -> bool {
        self.user.as_deref().is_none_or(|wanted| wanted == user)
            && self.date.as_deref().is_none_or(|wanted| wanted == date)
    }
}
