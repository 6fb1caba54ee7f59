//! The account on this computer, which can sign in with a stored password.

use std::fmt;

use caltrack_domain::Account;
use futures_util::future::BoxFuture;
use secrecy::SecretString;

use crate::error::ApiError;

/// Access to the stored account on this computer.
pub trait LocalAccount: fmt::Debug + Send + Sync {
    /// The account that [`LocalAccount::reopen`] would sign in to; `None` before its first sign-in, and after it was
    /// signed out on purpose.
    fn account(&self) -> Option<Account>;

    /// Signs in and stores the session, after the last session ended without a sign-out; `last` is its account, if
    /// known. Returns false if it must not sign in: there is no such account, it was signed out, or the session was
    /// another user's.
    ///
    /// # Errors
    ///
    /// Why signing in failed.
    fn reopen<'a>(&'a self, last: Option<&'a Account>) -> BoxFuture<'a, Result<bool, ApiError>>;

    /// Called with each password that the user pool has just accepted or set, of any user.
    ///
    /// # Errors
    ///
    /// [`ApiError::Storage`].
    fn keep_password(&self, username: &str, password: &SecretString) -> Result<(), ApiError>;

    /// Called after each sign-in.
    ///
    /// # Errors
    ///
    /// [`ApiError::Storage`].
    fn signed_in(&self, account: &Account) -> Result<(), ApiError>;

    /// Called before a sign-out removes the session.
    ///
    /// # Errors
    ///
    /// [`ApiError::Storage`]; the session remains then.
    fn signing_out(&self) -> Result<(), ApiError>;
}

/// Logs a failure: its only effect is that the user may have to sign in by hand later.
pub(super) fn or_warn(outcome: Result<(), ApiError>) {
    if let Err(error) = outcome {
        tracing::warn!(%error, "the account on this computer may have to sign in by hand");
    }
}
