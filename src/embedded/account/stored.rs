//! The state of the account on this computer, by its files alone.

use caltrack_local_backend::account::OWN_USERNAME;

use super::{file, problem::AccountProblem};
use crate::embedded::codes;
use caltrack_client::config::DataDir;

/// The state of the account on this computer, by its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredAccount {
    /// There is no file.
    Absent,
    /// A password is stored, but the account has never signed in.
    Begun,
    /// It has signed in before, and may sign in automatically.
    Ready,
    /// It was signed out on purpose, or another user signed in instead.
    SignedOut,
}

/// The state of the account on this computer.
pub fn stored_account(data: &DataDir) -> StoredAccount {
    match file::read(&data.account()) {
        Ok(Some(record)) if record.can_sign_in() => StoredAccount::Ready,
        Ok(Some(record)) if record.ready => StoredAccount::SignedOut,
        Ok(None) => StoredAccount::Absent,
        Ok(Some(_)) | Err(_) => StoredAccount::Begun,
    }
}

/// The problem that the files show, if any, which prevents the account from signing in automatically.
pub fn account_problem(data: &DataDir) -> Option<AccountProblem> {
    let path = data.account();
    match file::read(&path) {
        Err(problem) => Some(problem),
        // Its sign-up had a code, so the account is older than its file.
        Ok(None) => codes::last(&codes::path(&data.backend()), OWN_USERNAME)
            .map(|_| AccountProblem::PasswordLost(path)),
        Ok(Some(_)) => None,
    }
}
