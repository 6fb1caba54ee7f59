//! To be replaced by the merge.
use caltrack_domain::{Activity, DailyTotals};
use jiff::{Timestamp, civil::Date};
use super::client::Client;
use crate::error::ApiError;
pub struct ListPage<T> { pub rows: Vec<T>, pub next: Option<String>, pub invalid: usize }
impl Client {
    pub async fn totals_page(&self, _: Date, _: Date, _: Option<String>) -> Result<ListPage<DailyTotals>, ApiError> { Err(ApiError::IdTaken) }
    pub async fn entries_page(&self, _: Date, _: Date, _: Option<String>) -> Result<ListPage<Activity>, ApiError> { Err(ApiError::IdTaken) }
    pub async fn entries_by_moment_page(&self, _: Timestamp, _: Timestamp, _: Option<String>) -> Result<ListPage<Activity>, ApiError> { Err(ApiError::IdTaken) }
}
