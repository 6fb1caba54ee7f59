//! Sign-ins under way. They are forgotten when the box ends.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use num_bigint::BigUint;

use super::Transport;

/// Cognito gives a challenge three minutes.
const LIFETIME: i64 = 180;
/// Sign-ins under way at once; the oldest gives way.
const MOST: usize = 4_096;
/// Per name and transport: challenges for one name never evict another name's, nor those opened over the socket file.
const MOST_OF_A_NAME: usize = 16;

/// A password proof that is waited for.
#[derive(Clone)]
pub(super) struct SrpChallenge {
    /// As asked for; the user may not exist.
    pub(super) username: String,
    pub(super) transport: Transport,
    pub(super) client: String,
    pub(super) a: BigUint,
    pub(super) b: BigUint,
    pub(super) public: BigUint,
    pub(super) verifier: BigUint,
    pub(super) started: i64,
}

/// What is wanted after the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NextChallenge {
    /// A password of the user's own.
    NewPassword,
    /// An authenticator's code.
    Totp,
}

/// A sign-in whose password was right.
#[derive(Debug, Clone)]
pub(super) struct SignInStep {
    pub(super) username: String,
    pub(super) client: String,
    pub(super) wanted: NextChallenge,
    pub(super) started: i64,
}

/// Challenges by their secret block, and further steps by their session.
#[derive(Default)]
pub(super) struct Challenges {
    open: HashMap<Vec<u8>, SrpChallenge>,
    steps: HashMap<String, SignInStep>,
}

impl Challenges {
    pub(super) fn add(&mut self, block: Vec<u8>, challenge: SrpChallenge) {
        let now = challenge.started;
        self.open
            .retain(|_, challenge| now - challenge.started < LIFETIME);
        let of_the_name = |other: &SrpChallenge| {
            other.username == challenge.username && other.transport == challenge.transport
        };
        let own = self.open.values().filter(|other| of_the_name(other)).count();
        if own >= MOST_OF_A_NAME || self.open.len() >= MOST {
            let oldest = self
                .open
                .iter()
                .filter(|(_, other)| own < MOST_OF_A_NAME || of_the_name(other))
                .min_by_key(|(_, other)| other.started)
                .map(|(block, _)| block.clone());
            oldest.map(|block| self.open.remove(&block));
        }
        self.open.insert(block, challenge);
    }

    /// Opens a further step; its session.
    pub(super) fn ask(&mut self, step: SignInStep) -> String {
        let now = step.started;
        self.steps.retain(|_, step| now - step.started < LIFETIME);
        if self.steps.len() >= MOST {
            let oldest = self.steps.iter().min_by_key(|(_, step)| step.started);
            let oldest = oldest.map(|(session, _)| session.clone());
            oldest.map(|session| self.steps.remove(&session));
        }
        let session = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 48]>());
        self.steps.insert(session.clone(), step);
        session
    }

    /// Takes the step of a session: it is good for one answer.
    pub(super) fn answered(&mut self, session: &str, now: i64) -> Option<SignInStep> {
        self.steps
            .remove(session)
            .filter(|step| now - step.started < LIFETIME)
    }

    /// Takes the challenge of a block: it is good for one answer.
    pub(super) fn take(&mut self, block: &[u8], now: i64) -> Option<SrpChallenge> {
        self.open
            .remove(block)
            .filter(|challenge| now - challenge.started < LIFETIME)
    }
}
