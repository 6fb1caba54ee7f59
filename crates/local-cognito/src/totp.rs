//! Authenticators: time-based codes (RFC 6238: SHA-1, 30 s, six digits).

use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;
use totp_rs::{Algorithm, Secret, TOTP};

use super::{
    CognitoError, Transport,
    fields::required,
    pool::Inner,
    store::{Guess, User},
};

/// Length of a time step in seconds.
const STEP: i64 = 30;
/// Bytes of a secret: as on Cognito 32, which are 52 characters of base32.
const SECRET: usize = 32;

/// The code of a time step.
fn code(secret: &[u8], step: i64) -> Option<String> {
    let totp = TOTP::new_unchecked(Algorithm::SHA1, 6, 0, STEP.unsigned_abs(), secret.to_vec());
    let at = u64::try_from(step.checked_mul(STEP)?).ok()?;
    Some(totp.generate(at))
}

/// The time step of a code: the current one, the previous or the next.
fn step_of(secret: &[u8], typed: &str, now: i64) -> Option<i64> {
    let step = now.div_euclid(STEP);
    [step, step - 1, step + 1].into_iter().find(|step| {
        code(secret, *step).is_some_and(|code| bool::from(code.as_bytes().ct_eq(typed.as_bytes())))
    })
}

impl Inner {
    /// `AssociateSoftwareToken`, by an access token. Authenticators are optional in this pool, so no sign-in requires to
    /// set one up, and there is no `Session` for it. The authenticator in use stays valid until the new one is verified.
    pub(super) fn associate_software_token(&self, body: &Value) -> Result<Value, CognitoError> {
        let user = self.user_of(body)?;
        let secret: [u8; SECRET] = rand::random();
        self.store().put_pending_totp(&user.username, &secret)?;
        let letters = Secret::Raw(secret.to_vec()).to_encoded().to_string();
        Ok(json!({ "SecretCode": letters }))
    }

    /// `VerifySoftwareToken`: the new authenticator replaces the previous one. Without a new one, checks the one in use.
    pub(super) fn verify_software_token(
        &self,
        body: &Value,
        transport: Transport,
    ) -> Result<Value, CognitoError> {
        let user = self.user_of(body)?;
        let typed = required(body, "UserCode")?;
        let Some(secret) = user.totp.pending.as_ref().or(user.totp.secret.as_ref()) else {
            return Err(CognitoError::invalid_parameter(
                "There is no software token to verify.",
            ));
        };
        self.refuse_locked(&user.username, transport, Guess::Code)?;
        let Some(step) = step_of(secret, typed, self.now()) else {
            self.failed(&user.username, transport, Guess::Code)?;
            return Err(CognitoError::new(
                "EnableSoftwareTokenMFAException",
                "Code mismatch",
            ));
        };
        let store = self.store();
        if user.totp.pending.is_none() {
            store.use_totp_step(&user.username, step)?;
        } else if !store.replace_totp(&user.username, secret, step)? {
            return Err(CognitoError::new(
                "ConcurrentModificationException",
                "Another software token was requested in the meantime.",
            ));
        }
        Ok(json!({ "Status": "SUCCESS" }))
    }

    /// `SetUserMFAPreference`: turns the authenticator on or off.
    pub(super) fn set_user_mfa_preference(&self, body: &Value) -> Result<Value, CognitoError> {
        let user = self.user_of(body)?;
        let wanted = body
            .get("SoftwareTokenMfaSettings")
            .and_then(|settings| settings.get("Enabled"))
            .and_then(Value::as_bool);
        if let Some(on) = wanted {
            // An unverified secret could lock its user out.
            if on && user.totp.secret.is_none() {
                return Err(CognitoError::invalid_parameter(
                    "User has not verified software token mfa",
                ));
            }
            self.store().turn_totp(&user.username, on)?;
        }
        Ok(json!({}))
    }

    /// Checks the code of a sign-in, which is valid once. Wrong codes count until a sign-in is complete: a correct
    /// password in between doesn't reset the count.
    pub(super) fn check_totp(
        &self,
        user: &User,
        typed: &str,
        transport: Transport,
    ) -> Result<(), CognitoError> {
        self.refuse_locked(&user.username, transport, Guess::Code)?;
        let secret = user.totp.secret.as_deref().unwrap_or_default();
        let Some(step) = step_of(secret, typed, self.now()) else {
            self.failed(&user.username, transport, Guess::Code)?;
            return Err(CognitoError::new(
                "CodeMismatchException",
                "Invalid code received for user",
            ));
        };
        if !self.store().use_totp_step(&user.username, step)? {
            return Err(CognitoError::new(
                "ExpiredCodeException",
                "Your software token has already been used once.",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
pub(super) fn code_at(letters: &str, now: i64) -> String {
    let secret = Secret::Encoded(letters.to_owned()).to_bytes().unwrap();
    code(&secret, now.div_euclid(STEP)).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        let secret = b"12345678901234567890";
        for (now, wanted) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(code(secret, now / STEP).as_deref(), Some(wanted));
            assert_eq!(step_of(secret, wanted, now), Some(now / STEP));
            assert_eq!(
                step_of(secret, wanted, now + 30),
                Some(now / STEP),
                "a slow typist"
            );
            assert_eq!(step_of(secret, wanted, now + 60), None);
        }
    }
}
