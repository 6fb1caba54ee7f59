//! Sign-ins in progress. They are in memory alone, so a restart ends them.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use num_bigint::BigUint;

use super::Transport;

/// Validity of a challenge in seconds: Cognito's three minutes.
const LIFETIME: i64 = 180;
/// Maximum number of sign-ins in progress; the oldest is evicted.
const MOST: usize = 4_096;
/// Maximum per name and transport, so that challenges for one name don't evict those of others, nor those over the
/// socket file.
const MOST_OF_A_NAME: usize = 16;

/// An SRP exchange that awaits the client's proof.
#[derive(Clone)]
pub(super) struct SrpChallenge {
    /// The normalised name; the user may not exist.
    pub(super) username: String,
    pub(super) transport: Transport,
    pub(super) client: String,
    pub(super) a: BigUint,
    pub(super) b: BigUint,
    pub(super) public: BigUint,
    pub(super) verifier: BigUint,
    pub(super) started: i64,
}

/// The challenge after the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NextChallenge {
    /// `NEW_PASSWORD_REQUIRED`: the user must replace a temporary password.
    NewPassword,
    /// `SOFTWARE_TOKEN_MFA`: a code of the user's authenticator.
    Totp,
}

/// A sign-in after the correct password.
#[derive(Debug, Clone)]
pub(super) struct SignInStep {
    pub(super) username: String,
    pub(super) client: String,
    pub(super) wanted: NextChallenge,
    pub(super) started: i64,
}

/// SRP challenges by their secret block, and later steps by their session.
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

    /// Adds a step; returns its session.
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

    /// Removes the step of a session, since it is valid for one response.
    pub(super) fn answered(&mut self, session: &str, now: i64) -> Option<SignInStep> {
        self.steps
            .remove(session)
            .filter(|step| now - step.started < LIFETIME)
    }

    /// Removes the challenge of a secret block, since it is valid for one response.
    pub(super) fn take(&mut self, block: &[u8], now: i64) -> Option<SrpChallenge> {
        self.open
            .remove(block)
            .filter(|challenge| now - challenge.started < LIFETIME)
    }
}
