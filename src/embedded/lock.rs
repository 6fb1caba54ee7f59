//! The lock of the box: the process that holds it is the host.

use std::{fs::File, path::Path};

use super::error::EmbeddedError;
use caltrack_client::{config::DataDirProblem, lock_file};

pub(super) use lock_file::wait as wait_for_lock;

/// Opens the lock file without locking it.
pub(super) fn open_lock(path: &Path) -> Result<File, EmbeddedError> {
    lock_file::open(path).map_err(|error| DataDirProblem::unwritable(path, &error).into())
}
