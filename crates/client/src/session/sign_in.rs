//! Signing in: the password, then the further challenges of the user pool.
//!
//! Source: Amazon Cognito's API reference, `RespondToAuthChallenge`.

use caltrack_domain::Account;
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::{
    auth::Auth,
    clock::ServerClock,
    cognito::{AuthStep, TokenOwner},
    srp::{self, ClientSrp, SrpChallenge},
};
use crate::error::ApiError;

/// The outcome of one step of signing in.
#[derive(Debug, Clone)]
pub enum SignIn {
    /// Signed in; the session is stored.
    Done(Account),
    /// The pool requires a response to a challenge.
    Challenge(SignInChallenge),
}

/// A challenge of the user pool. It is valid for some minutes and for one response.
#[derive(Debug, Clone)]
pub struct SignInChallenge {
    /// The response that the pool requires.
    pub kind: SignInChallengeKind,
    /// The pool's name of the user.
    pub user_id: String,
    /// The pool's token for this sign-in.
    pub session: SecretString,
}

/// What the pool requires besides the password.
#[derive(Debug, Clone)]
pub enum SignInChallengeKind {
    /// A new password instead of the one that an administrator set.
    NewPassword,
    /// A code of six digits.
    Code(SecondFactor),
    /// The set-up of an authenticator with this secret (base32); the response is its first code.
    Enrolment(SecretString),
}

/// The second factor of signing in, which provides a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    /// An authenticator app (TOTP).
    Authenticator,
    /// A text message to the user's phone.
    Sms,
    /// An e-mail to the user.
    Email,
}

impl SecondFactor {
    /// The names of the challenge and of its response.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Authenticator => ("SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA_CODE"),
            Self::Sms => ("SMS_MFA", "SMS_MFA_CODE"),
            Self::Email => ("EMAIL_OTP", "EMAIL_OTP_CODE"),
        }
    }

    fn from_challenge(challenge: &str) -> Option<Self> {
        [Self::Authenticator, Self::Sms, Self::Email]
            .into_iter()
            .find(|source| source.names().0 == challenge)
    }
}

/// What proves the password to the pool.
struct PasswordProof<'a> {
    srp: &'a ClientSrp,
    password: &'a SecretString,
    /// The pool's clock: Cognito rejects proofs of another time as wrong passwords.
    clock: ServerClock,
}

/// More steps than any sign-in takes, so that a faulty pool can't keep this program in a loop.
const MAX_STEPS: usize = 8;

impl Auth {
    /// Signs in by SRP, which proves the password without sending it.
    pub(crate) async fn sign_in(&self, username: &str, password: &SecretString) -> Result<SignIn, ApiError> {
        self.require_user()?;
        let srp = ClientSrp::new();
        let (step, skew) = self.pool.initiate_srp(username, &srp.srp_a()).await?;
        let proof = PasswordProof {
            srp: &srp,
            password,
            clock: ServerClock::default(),
        };
        if let Some(skew) = skew {
            proof.clock.correct(skew);
        }
        let sign_in = self.advance(username, step, Some(&proof)).await?;
        self.keep_password(username, password);
        Ok(sign_in)
    }

    /// Responds to a challenge: with the new password, or with a code.
    pub(crate) async fn respond(
        &self,
        challenge: &SignInChallenge,
        response: &SecretString,
    ) -> Result<SignIn, ApiError> {
        let user = challenge.user_id.as_str();
        let mut session = challenge.session.clone();
        let (name, responses) = match &challenge.kind {
            SignInChallengeKind::NewPassword => (
                "NEW_PASSWORD_REQUIRED",
                json!({"USERNAME": user, "NEW_PASSWORD": response.expose_secret()}),
            ),
            SignInChallengeKind::Code(source) => {
                let (name, member) = source.names();
                (
                    name,
                    json!({"USERNAME": user, member: response.expose_secret().trim()}),
                )
            }
            SignInChallengeKind::Enrolment(_) => {
                let code = response.expose_secret().trim();
                let next = self
                    .pool
                    .verify_token(TokenOwner::Session(&session), code)
                    .await?;
                session = next.unwrap_or(session);
                ("MFA_SETUP", json!({"USERNAME": user}))
            }
        };
        let step = self.pool.respond(name, Some(&session), responses).await?;
        self.advance(user, step, None).await
    }

    /// Takes the steps that need no input, up to the next one that does.
    async fn advance(
        &self,
        username: &str,
        mut step: AuthStep,
        proof: Option<&PasswordProof<'_>>,
    ) -> Result<SignIn, ApiError> {
        for _ in 0..MAX_STEPS {
            let (name, session, parameters) = match step {
                AuthStep::Tokens(tokens) => return Ok(SignIn::Done(self.store(tokens).await?)),
                AuthStep::Challenge {
                    name,
                    session,
                    parameters,
                } => (name, session, parameters),
            };
            let user_id = text(&parameters, "USER_ID_FOR_SRP")
                .unwrap_or(username)
                .to_owned();
            let needs_session = || ApiError::Protocol(format!("its challenge {name} has no session"));
            let responses = match (name.as_str(), proof) {
                ("PASSWORD_VERIFIER", Some(proof)) => self.proof(proof, &parameters)?,
                ("SELECT_MFA_TYPE", _) => json!({"USERNAME": user_id, "ANSWER": preferred_mfa(&parameters)}),
                ("NEW_PASSWORD_REQUIRED", _) => {
                    if let Some(attributes) = required_attributes(&parameters) {
                        return Err(ApiError::Challenge(format!("{name} with {attributes}")));
                    }
                    return Ok(SignIn::Challenge(SignInChallenge {
                        kind: SignInChallengeKind::NewPassword,
                        user_id,
                        session: session.ok_or_else(needs_session)?,
                    }));
                }
                ("MFA_SETUP", _) => {
                    let session = session.ok_or_else(needs_session)?;
                    let authenticator = self.pool.associate_token(TokenOwner::Session(&session)).await?;
                    return Ok(SignIn::Challenge(SignInChallenge {
                        kind: SignInChallengeKind::Enrolment(authenticator.secret),
                        user_id,
                        session: authenticator.session.unwrap_or(session),
                    }));
                }
                (other, _) => {
                    let source = SecondFactor::from_challenge(other)
                        .ok_or_else(|| ApiError::Challenge(name.clone()))?;
                    return Ok(SignIn::Challenge(SignInChallenge {
                        kind: SignInChallengeKind::Code(source),
                        user_id,
                        session: session.ok_or_else(needs_session)?,
                    }));
                }
            };
            step = self.pool.respond(&name, session.as_ref(), responses).await?;
        }
        Err(ApiError::Protocol("signing in takes too many steps".to_owned()))
    }

    fn proof(&self, proof: &PasswordProof<'_>, parameters: &Value) -> Result<Value, ApiError> {
        let parameter = |name: &str| {
            text(parameters, name).ok_or_else(|| ApiError::Protocol(format!("its challenge lacks {name}")))
        };
        let user_id = parameter("USER_ID_FOR_SRP")?;
        let secret_block = parameter("SECRET_BLOCK")?;
        let now = Timestamp::try_from(proof.clock.now()).unwrap_or_else(|_| Timestamp::now());
        let timestamp = srp::timestamp(now);
        let challenge = SrpChallenge {
            pool_id: &self.pool.pool_id,
            user_id,
            salt: parameter("SALT")?,
            public: parameter("SRP_B")?,
            secret_block,
        };
        let signature = proof
            .srp
            .sign(&challenge, proof.password, &timestamp)
            .map_err(|error| ApiError::Protocol(error.to_string()))?;
        Ok(json!({
            "USERNAME": text(parameters, "USERNAME").unwrap_or(user_id),
            "PASSWORD_CLAIM_SECRET_BLOCK": secret_block,
            "PASSWORD_CLAIM_SIGNATURE": signature,
            "TIMESTAMP": timestamp,
        }))
    }
}

fn text<'a>(parameters: &'a Value, name: &str) -> Option<&'a str> {
    parameters.get(name).and_then(Value::as_str)
}

/// A list encoded as JSON in a string.
fn list(parameters: &Value, name: &str) -> Vec<String> {
    text(parameters, name)
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

/// The authenticator if it is among the choices, else the first choice.
pub(super) fn preferred_mfa(parameters: &Value) -> String {
    let offered = list(parameters, "MFAS_CAN_CHOOSE");
    let (authenticator, _) = SecondFactor::Authenticator.names();
    offered
        .iter()
        .find(|offer| *offer == authenticator)
        .or_else(|| offered.first())
        .cloned()
        .unwrap_or_else(|| authenticator.to_owned())
}

/// Attributes that the pool requires together with the new password; this program has no fields for them.
pub(super) fn required_attributes(parameters: &Value) -> Option<String> {
    let names = list(parameters, "requiredAttributes");
    (!names.is_empty()).then(|| names.join(", ").replace("userAttributes.", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authenticator_is_preferred() {
        let offered = |text: &str| preferred_mfa(&json!({"MFAS_CAN_CHOOSE": text}));
        assert_eq!(
            offered(r#"["SMS_MFA","SOFTWARE_TOKEN_MFA"]"#),
            "SOFTWARE_TOKEN_MFA"
        );
        assert_eq!(offered(r#"["SMS_MFA","EMAIL_OTP"]"#), "SMS_MFA");
        assert_eq!(offered("nonsense"), "SOFTWARE_TOKEN_MFA");
    }

    #[test]
    fn attributes_that_the_pool_requires_are_named() {
        let parameters = json!({"requiredAttributes": r#"["userAttributes.email"]"#});
        assert_eq!(required_attributes(&parameters).as_deref(), Some("email"));
        assert_eq!(required_attributes(&json!({"requiredAttributes": "[]"})), None);
        assert_eq!(required_attributes(&json!({})), None);
    }
}
