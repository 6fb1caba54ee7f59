//! Confirmation codes: six digits that prove that their message arrived.

use rand::Rng as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::{
    CognitoError,
    store::{Code, PoolStore},
};

/// Seconds for which tries and sent codes are counted; the limits are Cognito's quotas.
const WINDOW: i64 = 3_600;
const MOST_TRIES: i64 = 15;
const MOST_SENDS: i64 = 5;

/// The purpose of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Confirms a new account.
    SignUp,
    /// Allows to replace a forgotten password.
    ForgotPassword,
    /// Verifies a new e-mail.
    Email,
    /// Delivers a temporary password by an administrator, in place of a code.
    Invitation,
}

impl Purpose {
    /// The name in files and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::SignUp => "sign-up",
            Self::ForgotPassword => "forgot-password",
            Self::Email => "verify-email",
            Self::Invitation => "invitation",
        }
    }

    /// Validity of a code in seconds, as on Cognito.
    fn lifetime(self) -> i64 {
        match self {
            Self::SignUp | Self::Email | Self::Invitation => 24 * 3_600,
            Self::ForgotPassword => 3_600,
        }
    }
}

/// A code to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The name of the user who receives the code.
    pub username: String,
    /// The purpose of the code.
    pub purpose: Purpose,
    /// Six digits; for an invitation, the temporary password.
    pub code: String,
}

/// Delivers codes to users, such as to a file or a terminal. Cognito sends e-mail.
pub trait CodeSink: Send + Sync {
    /// Delivers a code to its user.
    ///
    /// # Errors
    ///
    /// If it could not be delivered; then the request fails.
    fn deliver(&self, delivery: &Delivery) -> std::io::Result<()>;

    /// Does the work of [`CodeSink::deliver`] without delivering, for a name without a user, so that neither timing nor
    /// errors reveal whether a name exists.
    ///
    /// # Errors
    ///
    /// If a delivery would fail; then the request fails.
    fn rehearse(&self, delivery: &Delivery) -> std::io::Result<()>;
}

/// Creates a code, stores its hash, and delivers it if the user `exists`; returns the response's `CodeDeliveryDetails`.
/// Unknown names get the same responses and limits. Call it within [`PoolStore::whole`], so that an undelivered code doesn't
/// replace an earlier one.
pub(super) fn send(
    store: &PoolStore,
    sink: &dyn CodeSink,
    username: &str,
    exists: bool,
    purpose: Purpose,
    now: i64,
) -> Result<Value, CognitoError> {
    let before = store.code(username, purpose.name())?;
    let counted = before.filter(|before| now - before.since < WINDOW);
    let (tries, sends, since) =
        counted.map_or((0, 0, now), |before| (before.tries, before.sends, before.since));
    if sends >= MOST_SENDS {
        return Err(too_often());
    }
    let code = format!("{:06}", rand::rng().random_range(0..1_000_000));
    // No code matches a random hash.
    let hash = if exists { hash(&code) } else { rand::random() };
    let kept = Code {
        hash: hash.to_vec(),
        expires: now + purpose.lifetime(),
        tries,
        sends: sends + 1,
        since,
    };
    store.put_code(username, purpose.name(), &kept, now)?;
    let delivery = Delivery {
        username: username.to_owned(),
        purpose,
        code,
    };
    let done = if exists {
        sink.deliver(&delivery)
    } else {
        sink.rehearse(&delivery)
    };
    done.map_err(|error| undelivered(&error))?;
    Ok(json!({ "Destination": "this computer", "DeliveryMedium": "EMAIL", "AttributeName": "email" }))
}

/// Delivers a code or a temporary password.
pub(super) fn deliver(
    sink: &dyn CodeSink,
    username: &str,
    purpose: Purpose,
    code: String,
) -> Result<(), CognitoError> {
    let delivery = Delivery {
        username: username.to_owned(),
        purpose,
        code,
    };
    sink.deliver(&delivery).map_err(|error| undelivered(&error))
}

fn undelivered(error: &std::io::Error) -> CognitoError {
    CognitoError::new(
        "CodeDeliveryFailureException",
        format!("The code could not be delivered ({error}), and nothing was changed."),
    )
}

fn too_often() -> CognitoError {
    CognitoError::new(
        "LimitExceededException",
        "Attempt limit exceeded, please try after some time.",
    )
}

/// Checks a code, and counts wrong ones. A correct code stays valid until [`used`].
pub(super) fn check(
    store: &PoolStore,
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
    let wrong = || {
        CognitoError::new(
            "CodeMismatchException",
            "Invalid verification code provided, please try again.",
        )
    };
    // The code was used, never requested, or removed after its expiry. Unknown names get the same error.
    let kept = store.code(username, purpose.name())?.ok_or_else(expired)?;
    if kept.expires <= now {
        return Err(expired());
    }
    if kept.tries >= MOST_TRIES {
        return Err(too_often());
    }
    if !bool::from(hash(code).as_slice().ct_eq(kept.hash.as_slice())) {
        store.count_try(username, purpose.name())?;
        return Err(wrong());
    }
    Ok(())
}

/// Removes a used code.
pub(super) fn used(store: &PoolStore, username: &str, purpose: Purpose) -> Result<(), CognitoError> {
    Ok(store.drop_code(username, purpose.name())?)
}

fn hash(code: &str) -> [u8; 32] {
    Sha256::digest(code.as_bytes()).into()
}
