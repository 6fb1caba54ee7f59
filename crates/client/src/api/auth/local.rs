//! The account on this computer, as the client sees it: it can sign in without a typed password.

use std::fmt;

use futures_util::future::BoxFuture;
use secrecy::SecretString;

use crate::api::{Account, ApiError};

/// Access to the stored account on this computer.
pub trait LocalAccount: fmt::Debug + Send + Sync {
    /// The account, where [`LocalAccount::reopen`] would sign in to it: absent before it has ever signed in, and after it was
    /// signed out on purpose.
    fn account(&self) -> Option<Account>;

    /// Signs in and keeps the session, where the last session ended by itself; `last` is its account, if known. Returns
    /// false if it must not sign in: there is no such account, it was signed out, or the session was another user's.
    ///
    /// # Errors
    ///
    /// Why signing in failed.
    fn reopen<'a>(&'a self, last: Option<&'a Account>) -> BoxFuture<'a, Result<bool, ApiError>>;

    /// Is called with each password that the user pool has just accepted or set, of any user.
    ///
    /// # Errors
    ///
    /// [`ApiError::Storage`].
    fn keep_password(&self, username: &str, password: &SecretString) -> Result<(), ApiError>;

    /// Is called after each sign-in.
    ///
    /// # Errors
    ///
    /// [`ApiError::Storage`].
    fn signed_in(&self, account: &Account) -> Result<(), ApiError>;

    /// Is called before a sign-out removes the session.
    ///
    /// # Errors
    ///
    /// [`ApiError::Storage`]; the session stays then.
    fn signing_out(&self) -> Result<(), ApiError>;
}

/// Logs a failure: it costs a sign-in by hand later, and nothing now.
pub(super) fn or_warn(outcome: Result<(), ApiError>) {
    if let Err(error) = outcome {
        tracing::warn!(%error, "the account on this computer may have to sign in by hand");
    }
}
