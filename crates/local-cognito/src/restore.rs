//! Restores the account on this computer in a new pool file: its entries belong to its id, which must not change.

use super::{CognitoError, UserPool, store::User};

/// An account that the host knows with its password. Only the program that opens the pool can restore it; no operation
/// of the API does.
#[derive(Clone)]
pub struct KnownAccount {
    /// The account's user name.
    pub username: String,
    /// The user's id in the pool, which entries belong to.
    pub sub: String,
    /// The password that its `account.json` keeps.
    pub password: String,
}

impl std::fmt::Debug for KnownAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KnownAccount")
            .field("username", &self.username)
            .field("sub", &self.sub)
            .finish_non_exhaustive()
    }
}

impl UserPool {
    /// Creates the user, confirmed, with its id and password if the pool knows neither the name nor the id; returns
    /// whether it did. Blocks for some milliseconds, to derive the verifier.
    ///
    /// # Errors
    ///
    /// [`CognitoError`] if the pool's file can't be read or written.
    pub fn restore(&self, account: &KnownAccount) -> Result<bool, CognitoError> {
        let KnownAccount {
            username,
            sub,
            password,
        } = account;
        let inner = self.inner();
        if inner.store().user(username)?.is_some() {
            return Ok(false);
        }
        let (salt, verifier) = inner.derive(username, password);
        let user = User {
            username: username.clone(),
            sub: sub.clone(),
            salt,
            verifier,
            confirmed: true,
            created: inner.now(),
            ..User::default()
        };
        Ok(inner.store().add_user(&user)?)
    }
}
