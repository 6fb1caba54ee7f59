//! An account whose id is known before the user pool has it.

use super::{file, problem::AccountProblem};
use caltrack_client::config::DataDir;

/// Stores a new account with its id. The user pool of the box creates it when it opens.
pub(in crate::embedded) fn create(data: &DataDir, sub: &str) -> Result<(), AccountProblem> {
    file::create(&data.account(), sub)
}
