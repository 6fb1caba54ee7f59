//! Six digits that prove that a message arrived.

use rand::Rng as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::{CognitoError, store::Store};

/// A code counts for a day.
const LIFETIME: i64 = 24 * 3_600;
/// After that many wrong tries a new code is needed.
const MOST_TRIES: i64 = 15;

/// What a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To confirm a new account.
    SignUp,
}

impl Purpose {
    /// Its name, in files and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::SignUp => "sign-up",
        }
    }
}

/// A code on its way to a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Whose.
    pub username: String,
    /// What for.
    pub purpose: Purpose,
    /// Six digits.
    pub code: String,
}

/// Takes codes to users: to a file or a terminal, where Cognito sends e-mail.
pub trait CodeSink: Send + Sync {
    /// Delivers a code.
    ///
    /// # Errors
    ///
    /// Where it could not be delivered; the request fails then.
    fn deliver(&self, delivery: &Delivery) -> std::io::Result<()>;
}

/// Makes a code, keeps its hash and delivers it; the response's `CodeDeliveryDetails`.
pub(super) fn send(
    store: &Store,
    sink: &dyn CodeSink,
    username: &str,
    purpose: Purpose,
    now: i64,
) -> Result<Value, CognitoError> {
    let code = format!("{:06}", rand::rng().random_range(0..1_000_000));
    store.put_code(username, purpose.name(), &hash(&code), now + LIFETIME)?;
    let delivery = Delivery {
        username: username.to_owned(),
        purpose,
        code,
    };
    sink.deliver(&delivery).map_err(|error| {
        CognitoError::new(
            "CodeDeliveryFailureException",
            format!("The code could not be delivered: {error}"),
        )
    })?;
    Ok(json!({ "Destination": "this computer", "DeliveryMedium": "EMAIL", "AttributeName": "email" }))
}

/// Checks a code; a right one is used up.
pub(super) fn check(
    store: &Store,
    username: &str,
    purpose: Purpose,
    code: &str,
    now: i64,
) -> Result<(), CognitoError> {
    let expired = || {
        CognitoError::new(
            "ExpiredCodeException",
            "Invalid code provided, please request a code again.",
        )
    };
    let kept = store.code(username, purpose.name())?.ok_or_else(expired)?;
    if kept.expires <= now {
        return Err(expired());
    }
    if kept.tries >= MOST_TRIES {
        return Err(CognitoError::new(
            "LimitExceededException",
            "Attempt limit exceeded, please try after some time.",
        ));
    }
    if !bool::from(hash(code).as_slice().ct_eq(kept.hash.as_slice())) {
        store.count_try(username, purpose.name())?;
        let message = "Invalid verification code provided, please try again.";
        return Err(CognitoError::new("CodeMismatchException", message));
    }
    store.drop_code(username, purpose.name())?;
    Ok(())
}

fn hash(code: &str) -> [u8; 32] {
    Sha256::digest(code.as_bytes()).into()
}
