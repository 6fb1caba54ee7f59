//! Deletes what has expired.

use std::path::Path;

use caltrack_local_core::tables::DynamoError;
use dynoxide::{storage::Storage, ttl::sweep_expired_items};

use crate::{error::engine_error, request::ready};

/// Sweeps every table that has an expiry, through a connection of its own: reading whole tables would keep the thread's
/// calls waiting, while here they only meet the lock of one deletion at a time. `SQLite` syncs each by itself.
pub(crate) fn sweep(path: &Path) -> Result<usize, DynamoError> {
    let name = path.to_str().ok_or_else(DynamoError::closed)?;
    let storage = Storage::new(name).map_err(engine_error)?;
    ready(sweep_expired_items(&storage)).map_err(engine_error)
}
