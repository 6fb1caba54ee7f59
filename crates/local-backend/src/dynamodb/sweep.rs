//! Deletes what has expired.

use std::path::Path;

use dynoxide::{storage::Storage, ttl::sweep_expired_items};

use super::{DynamoError, engine::ready};

/// Sweeps every table that has an expiry, through a connection of its own: reading whole tables would keep the thread's
/// calls waiting, while here they only meet the lock of one deletion at a time. `SQLite` syncs each by itself.
pub(super) fn sweep(path: &Path) -> Result<usize, DynamoError> {
    let name = path.to_str().ok_or_else(DynamoError::closed)?;
    let storage = Storage::new(name)?;
    Ok(ready(sweep_expired_items(&storage))?)
}
