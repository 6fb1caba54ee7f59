//! Six digits that prove that a message arrived.

use rand::Rng as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::{
    CognitoError,
    store::{Code, Store},
};

/// Wrong tries and codes sent are counted for an hour, and limited as Cognito's quotas have it.
const WINDOW: i64 = 3_600;
const MOST_TRIES: i64 = 15;
const MOST_SENDS: i64 = 5;

/// What a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To confirm a new account.
    SignUp,
    /// To replace a forgotten password.
    ForgotPassword,
    /// To verify a new e-mail.
    Email,
    /// A password that an administrator gives; it stands in the code's place.
    Invitation,
}

impl Purpose {
    /// Its name, in files and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::SignUp => "sign-up",
            Self::ForgotPassword => "forgot-password",
            Self::Email => "verify-email",
            Self::Invitation => "invitation",
        }
    }

    /// Seconds that a code of it is good for: Cognito's.
    fn lifetime(self) -> i64 {
        match self {
            Self::SignUp | Self::Email | Self::Invitation => 24 * 3_600,
            Self::ForgotPassword => 3_600,
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
    /// Six digits; of an invitation, the password.
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

    /// Does the work of [`CodeSink::deliver`] and leaves nothing behind, for a name without a user, so that neither timing nor errors
    /// reveal whether a name exists.
    ///
    /// # Errors
    ///
    /// Where a delivery would fail; the request fails then.
    fn rehearse(&self, delivery: &Delivery) -> std::io::Result<()>;
}

/// Makes a code, keeps its hash and delivers it where `there` is such a user; the response's `CodeDeliveryDetails`. A name that
/// nobody has gets the same answers, and the same limits. To be done whole: a code that was not delivered replaces none.
pub(super) fn send(
    store: &Store,
    sink: &dyn CodeSink,
    username: &str,
    there: bool,
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
    // Nobody can guess what is made by chance.
    let hash = if there { hash(&code) } else { rand::random() };
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
    let done = if there {
        sink.deliver(&delivery)
    } else {
        sink.rehearse(&delivery)
    };
    done.map_err(|error| undelivered(&error))?;
    Ok(json!({ "Destination": "this computer", "DeliveryMedium": "EMAIL", "AttributeName": "email" }))
}

/// Takes a code, or a given password, to its user.
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

/// Checks a code. A wrong one counts; a right one stays good until [`used`].
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
    let wrong = || {
        CognitoError::new(
            "CodeMismatchException",
            "Invalid verification code provided, please try again.",
        )
    };
    // Used, never requested, or removed after it expired. Unknown names get the same error.
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

/// Uses a code up.
pub(super) fn used(store: &Store, username: &str, purpose: Purpose) -> Result<(), CognitoError> {
    Ok(store.drop_code(username, purpose.name())?)
}

fn hash(code: &str) -> [u8; 32] {
    Sha256::digest(code.as_bytes()).into()
}
