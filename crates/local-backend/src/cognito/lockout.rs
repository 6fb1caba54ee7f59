//! Who has failed too often: after five failures a name has to wait, longer each time. Names that nobody has wait alike.

use super::{CognitoError, pool::Inner};

/// That many failures are free.
const FREE: i64 = 5;
/// No wait is longer: 15 minutes.
const LONGEST: i64 = 900;
/// Names that are remembered.
const MOST: usize = 10_000;

impl Inner {
    /// Refuses a name that has to wait.
    pub(super) fn refuse_locked(&self, username: &str) -> Result<(), CognitoError> {
        let (_, until) = self.store().failures(username)?;
        if until > self.now() {
            return Err(CognitoError::not_authorized("Password attempts exceeded"));
        }
        Ok(())
    }

    /// Notes a failure: the fifth is followed by a wait of a second, each further one by twice as long.
    pub(super) fn failed(&self, username: &str) -> Result<(), CognitoError> {
        let now = self.now();
        let store = self.store();
        let (count, _) = store.failures(username)?;
        let count = count + 1;
        let until = match u32::try_from(count - FREE) {
            Ok(doublings) => now + (1_i64 << doublings.min(10)).min(LONGEST),
            Err(_) => 0,
        };
        Ok(store.put_failure(username, count, until, now, MOST)?)
    }

    pub(super) fn succeeded(&self, username: &str) -> Result<(), CognitoError> {
        let store = self.store();
        let (count, _) = store.failures(username)?;
        if count > 0 {
            store.forget_failures(username)?;
        }
        Ok(())
    }
}
