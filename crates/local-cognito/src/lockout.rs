//! Lock-out: after five failures a name is locked out, longer each time, whether the user exists or not.
//!
//! Source: Cognito's guide, "Lockout behavior for failed sign-in attempts", for passwords. Codes of authenticators are
//! counted by the same rule, but separately, until a sign-in is complete.
//!
//! Failures are counted per transport. No counter is evicted: instead, the number of names with a first failure within a
//! minute is limited, and beyond it names without failures are rejected unchecked.

use super::{
    CognitoError, Transport,
    pool::Inner,
    store::{Failures, Guess},
};

/// Number of failures before the first lock-out.
const FREE: i64 = 5;
/// Maximum lock-out in seconds: 15 minutes.
const LONGEST: i64 = 900;
/// Maximum number of names with a first failure within a minute, per transport. With the expiry of failures, it bounds
/// the file.
pub(super) const NEW_NAMES_A_MINUTE: i64 = 300;

impl Inner {
    /// Rejects a locked-out name. Call it before any secret is compared.
    pub(super) fn refuse_locked(
        &self,
        username: &str,
        transport: Transport,
        guess: Guess,
    ) -> Result<(), CognitoError> {
        let now = self.now();
        let store = self.store();
        match store.failures(username, transport, guess, now)? {
            Some(failures) if failures.until > now => {
                Err(CognitoError::not_authorized("Password attempts exceeded"))
            }
            None if guess == Guess::Password && store.new_failures(transport, now)? >= NEW_NAMES_A_MINUTE => {
                Err(CognitoError::new("TooManyRequestsException", "Too many requests"))
            }
            _ => Ok(()),
        }
    }

    /// Counts a failure. The fifth locks the name out for a second, each further one for twice as long.
    pub(super) fn failed(
        &self,
        username: &str,
        transport: Transport,
        guess: Guess,
    ) -> Result<(), CognitoError> {
        let now = self.now();
        let store = self.store();
        let before = store.failures(username, transport, guess, now)?;
        let count = before.map_or(0, |before| before.count) + 1;
        let until = match u32::try_from(count - FREE) {
            Ok(doublings) => now + (1_i64 << doublings.min(10)).min(LONGEST),
            Err(_) => 0,
        };
        let since = before.map_or(now, |before| before.since);
        let failures = Failures { count, until, since };
        Ok(store.put_failures(username, transport, guess, failures, now)?)
    }
}
