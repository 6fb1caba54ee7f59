//! Sign-ins under way, and who has failed too often. Both are forgotten when the box ends.

use std::collections::HashMap;

use num_bigint::BigUint;

/// Cognito gives a challenge three minutes.
const LIFETIME: i64 = 180;
/// Sign-ins under way at once; the oldest gives way.
const MOST: usize = 4_096;
/// That many failures are free.
const FREE_FAILURES: u32 = 5;
/// No lock-out is longer: 15 minutes.
const LONGEST_LOCKOUT: i64 = 900;

/// A password proof that is waited for.
#[derive(Clone)]
pub(super) struct Challenge {
    /// As asked for; the user may not exist.
    pub(super) username: String,
    pub(super) client: String,
    pub(super) a: BigUint,
    pub(super) b: BigUint,
    pub(super) public: BigUint,
    pub(super) verifier: BigUint,
    pub(super) started: i64,
}

/// Challenges by their secret block, and failures by user name.
#[derive(Default)]
pub(super) struct Challenges {
    open: HashMap<Vec<u8>, Challenge>,
    failures: HashMap<String, (u32, i64)>,
}

impl Challenges {
    pub(super) fn add(&mut self, block: Vec<u8>, challenge: Challenge) {
        let now = challenge.started;
        self.open
            .retain(|_, challenge| now - challenge.started < LIFETIME);
        if self.open.len() >= MOST {
            let oldest = self
                .open
                .iter()
                .min_by_key(|(_, challenge)| challenge.started)
                .map(|(block, _)| block.clone());
            oldest.map(|block| self.open.remove(&block));
        }
        self.open.insert(block, challenge);
    }

    /// Takes the challenge of a block: it is good for one answer.
    pub(super) fn take(&mut self, block: &[u8], now: i64) -> Option<Challenge> {
        self.open
            .remove(block)
            .filter(|challenge| now - challenge.started < LIFETIME)
    }

    /// Whether a user name is locked out at the moment.
    pub(super) fn is_locked(&self, username: &str, now: i64) -> bool {
        self.failures.get(username).is_some_and(|(_, until)| *until > now)
    }

    /// Notes a failure. After five the name is locked out for a second, and each further time for twice as long.
    pub(super) fn failed(&mut self, username: &str, now: i64) {
        if self.failures.len() >= MOST {
            self.failures.retain(|_, (_, until)| *until > now);
        }
        let (failures, until) = self.failures.entry(username.to_owned()).or_default();
        *failures += 1;
        if let Some(doublings) = failures.checked_sub(FREE_FAILURES) {
            *until = now + (1_i64 << doublings.min(10)).min(LONGEST_LOCKOUT);
        }
    }

    pub(super) fn succeeded(&mut self, username: &str) {
        self.failures.remove(username);
    }
}
