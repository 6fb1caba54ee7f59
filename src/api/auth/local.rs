//! The account on this computer, as the client sees it: one that can sign in without anybody typing a password.

use std::fmt;

use futures_util::future::BoxFuture;
use secrecy::SecretString;

use crate::api::{Account, ApiError};

/// What keeps the account on this computer.
pub trait LocalAccount: fmt::Debug + Send + Sync {
    /// The account, where [`LocalAccount::reopen`] would sign in to it: absent before it has ever signed in, and after it was
    /// signed out on purpose.
    fn account(&self) -> Option<Account>;

    /// Signs in and keeps the session, where the last session ended by itself; `last` is whose it was, where that is known.
    /// Returns false where nobody shall be signed in: there is no such account, it was signed out, or the session was another's.
    ///
    /// # Errors
    ///
    /// Why signing in failed.
    fn reopen<'a>(&'a self, last: Option<&'a Account>) -> BoxFuture<'a, Result<bool, ApiError>>;

    /// Learns a password that the user pool has just accepted or taken over. It may be of any user.
    ///
    /// # Errors
    ///
    /// [`ApiError::Storage`].
    fn keep_password(&self, username: &str, password: &SecretString) -> Result<(), ApiError>;

    /// Learns who has signed in.
    ///
    /// # Errors
    ///
    /// [`ApiError::Storage`].
    fn signed_in(&self, account: &Account) -> Result<(), ApiError>;

    /// Learns, before the session goes, that it is ended on purpose.
    ///
    /// # Errors
    ///
    /// [`ApiError::Storage`]; the session stays then.
    fn signing_out(&self) -> Result<(), ApiError>;
}

/// What the account on this computer could not be told costs a later sign-in by hand, and nothing now.
pub(super) fn or_warn(outcome: Result<(), ApiError>) {
    if let Err(error) = outcome {
        tracing::warn!(%error, "the account on this computer may have to sign in by hand");
    }
}
