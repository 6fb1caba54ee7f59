//! The two tables, and which part of them is looked at.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::StoreError;

/// DynamoDB, as far as it is needed here. Bodies are those of the API (JSON 1.0).
#[async_trait]
pub trait Tables: Send + Sync {
    /// `Scan`, `Query` or `GetItem`: the answer's body.
    ///
    /// # Errors
    ///
    /// [`StoreError`], after all repeats.
    async fn read(&self, operation: &str, request: Value) -> Result<Value, StoreError>;

    /// `UpdateItem` with `ReturnValues: ALL_NEW`: the item, or `None` where the condition does not hold.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; after [`StoreError::Unavailable`] the item may have been written or not.
    async fn update_item(&self, request: Value) -> Result<Option<Map<String, Value>>, StoreError>;
}

/// What is looked at, and where. A state file belongs to one scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// DynamoDB's address.
    pub endpoint: String,
    /// The activity table.
    pub activities: String,
    /// The table of totals and markers.
    pub aggregates: String,
    /// One user (`sub`); all where there is none.
    pub user: Option<String>,
    /// One day, `YYYY-MM-DD`; all where there is none.
    pub date: Option<String>,
    /// Days whose totals their users have set or deleted, too.
    #[serde(default)]
    pub include_set: bool,
}

impl Scope {
    /// Whether a user's day is looked at.
    pub fn covers(&self, user: &str, date: &str) -> bool {
        self.user.as_deref().is_none_or(|wanted| wanted == user)
            && self.date.as_deref().is_none_or(|wanted| wanted == date)
    }
}
