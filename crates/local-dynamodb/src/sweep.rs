//! Deletes expired items.

use std::path::Path;

use caltrack_local_core::tables::DynamoError;
use dynoxide::{storage::Storage, ttl::sweep_expired_items};

use crate::{error::engine_error, request::ready};

/// Deletes the expired items of every table with an expiry, through a connection of its own. Reading whole tables would
/// delay the thread's calls; this way they only wait for the lock of one deletion. `SQLite` syncs each deletion.
pub(crate) fn sweep(path: &Path) -> Result<usize, DynamoError> {
    let name = path.to_str().ok_or_else(DynamoError::closed)?;
    let storage = Storage::new(name).map_err(engine_error)?;
    ready(sweep_expired_items(&storage)).map_err(engine_error)
}
