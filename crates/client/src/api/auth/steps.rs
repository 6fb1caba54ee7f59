//! Signing in, which may take several steps: the password, then whatever else the user pool asks for.
//!
//! Source: Amazon Cognito's API reference, `RespondToAuthChallenge`.

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::{
    Auth,
    cognito::{Caller, Step},
    srp::{self, ClientSrp},
};
use crate::api::{Account, ApiError};

/// What an attempt to sign in led to.
#[derive(Debug, Clone)]
pub enum SignIn {
    /// The session stands.
    Done(Account),
    /// The pool wants to know more.
    Asked(Challenge),
}

/// A step of signing in. It is good for some minutes, and for one answer.
#[derive(Debug, Clone)]
pub struct Challenge {
    /// What the pool wants.
    pub wanted: Wanted,
    /// The pool's name of the user.
    pub user_id: String,
    /// What ties the answer to the attempt.
    pub session: SecretString,
}

/// What the pool wants besides the password.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// A password of the user's own, instead of the one that an administrator gave.
    NewPassword,
    /// A code of six digits.
    Code(CodeBy),
    /// An authenticator has to be set up: it gets this secret (base32), and the answer is its first code.
    Enrolment(SecretString),
}

/// Where a code comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeBy {
    /// An authenticator, such as a phone's.
    Authenticator,
    /// A text message.
    Sms,
    /// An e-mail.
    Email,
}

impl CodeBy {
    /// Its challenge's name, and the name of the answer.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Authenticator => ("SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA_CODE"),
            Self::Sms => ("SMS_MFA", "SMS_MFA_CODE"),
            Self::Email => ("EMAIL_OTP", "EMAIL_OTP_CODE"),
        }
    }

    fn of(challenge: &str) -> Option<Self> {
        [Self::Authenticator, Self::Sms, Self::Email]
            .into_iter()
            .find(|by| by.names().0 == challenge)
    }
}

/// More steps than any sign-in takes: a pool that never ends must not be asked for ever.
const MOST_STEPS: usize = 8;

impl Auth {
    /// Proves the password by SRP; only the proof travels.
    pub(crate) async fn sign_in(&self, username: &str, password: &SecretString) -> Result<SignIn, ApiError> {
        let srp = ClientSrp::new();
        let step = self.pool.initiate_srp(username, &srp.srp_a()).await?;
        let outcome = self.go_on(username, step, Some((&srp, password))).await?;
        self.keep_password(username, password);
        Ok(outcome)
    }

    /// Answers a challenge: with the new password, or with a code.
    pub(crate) async fn answer(
        &self,
        challenge: &Challenge,
        answer: &SecretString,
    ) -> Result<SignIn, ApiError> {
        let user = challenge.user_id.as_str();
        let mut session = challenge.session.clone();
        let (name, responses) = match &challenge.wanted {
            Wanted::NewPassword => (
                "NEW_PASSWORD_REQUIRED",
                json!({"USERNAME": user, "NEW_PASSWORD": answer.expose_secret()}),
            ),
            Wanted::Code(by) => {
                let (name, member) = by.names();
                (
                    name,
                    json!({"USERNAME": user, member: answer.expose_secret().trim()}),
                )
            }
            Wanted::Enrolment(_) => {
                let code = answer.expose_secret().trim();
                let next = self.pool.verify_token(Caller::Session(&session), code).await?;
                session = next.unwrap_or(session);
                ("MFA_SETUP", json!({"USERNAME": user}))
            }
        };
        let step = self.pool.respond(name, Some(&session), responses).await?;
        self.go_on(user, step, None).await
    }

    /// Takes the steps that need nobody, until one does.
    async fn go_on(
        &self,
        username: &str,
        mut step: Step,
        proof: Option<(&ClientSrp, &SecretString)>,
    ) -> Result<SignIn, ApiError> {
        for _ in 0..MOST_STEPS {
            let (name, session, parameters) = match step {
                Step::Tokens(tokens) => return Ok(SignIn::Done(self.keep_new(tokens).await?)),
                Step::Challenge {
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
                ("PASSWORD_VERIFIER", Some((srp, password))) => self.proof(srp, &parameters, password)?,
                ("SELECT_MFA_TYPE", _) => json!({"USERNAME": user_id, "ANSWER": choice(&parameters)}),
                ("NEW_PASSWORD_REQUIRED", _) => {
                    if let Some(lacking) = required(&parameters) {
                        return Err(ApiError::Challenge(format!("{name} with {lacking}")));
                    }
                    return Ok(SignIn::Asked(Challenge {
                        wanted: Wanted::NewPassword,
                        user_id,
                        session: session.ok_or_else(needs_session)?,
                    }));
                }
                ("MFA_SETUP", _) => {
                    let session = session.ok_or_else(needs_session)?;
                    let made = self.pool.associate_token(Caller::Session(&session)).await?;
                    return Ok(SignIn::Asked(Challenge {
                        wanted: Wanted::Enrolment(made.secret),
                        user_id,
                        session: made.session.unwrap_or(session),
                    }));
                }
                (other, _) => {
                    let by = CodeBy::of(other).ok_or_else(|| ApiError::Challenge(name.clone()))?;
                    return Ok(SignIn::Asked(Challenge {
                        wanted: Wanted::Code(by),
                        user_id,
                        session: session.ok_or_else(needs_session)?,
                    }));
                }
            };
            step = self.pool.respond(&name, session.as_ref(), responses).await?;
        }
        Err(ApiError::Protocol("it asks for more and more".to_owned()))
    }

    fn proof(&self, srp: &ClientSrp, parameters: &Value, password: &SecretString) -> Result<Value, ApiError> {
        let parameter = |name: &str| {
            text(parameters, name).ok_or_else(|| ApiError::Protocol(format!("its challenge lacks {name}")))
        };
        let user_id = parameter("USER_ID_FOR_SRP")?;
        let secret_block = parameter("SECRET_BLOCK")?;
        let timestamp = srp::timestamp(Timestamp::now());
        let challenge = srp::Challenge {
            pool_id: &self.pool.pool_id,
            user_id,
            salt: parameter("SALT")?,
            public: parameter("SRP_B")?,
            secret_block,
        };
        let signature = srp
            .answer(&challenge, password, &timestamp)
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

/// A list that travels as JSON in a text.
fn list(parameters: &Value, name: &str) -> Vec<String> {
    text(parameters, name)
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

/// The authenticator, where it is among the choices.
fn choice(parameters: &Value) -> String {
    let offered = list(parameters, "MFAS_CAN_CHOOSE");
    let (authenticator, _) = CodeBy::Authenticator.names();
    offered
        .iter()
        .find(|offer| *offer == authenticator)
        .or_else(|| offered.first())
        .cloned()
        .unwrap_or_else(|| authenticator.to_owned())
}

/// Attributes that the pool wants to be filled in together with the new password; this program has no fields for them.
fn required(parameters: &Value) -> Option<String> {
    let names = list(parameters, "requiredAttributes");
    (!names.is_empty()).then(|| names.join(", ").replace("userAttributes.", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authenticator_is_chosen_where_there_is_a_choice() {
        let offered = |text: &str| choice(&json!({"MFAS_CAN_CHOOSE": text}));
        assert_eq!(
            offered(r#"["SMS_MFA","SOFTWARE_TOKEN_MFA"]"#),
            "SOFTWARE_TOKEN_MFA"
        );
        assert_eq!(offered(r#"["SMS_MFA","EMAIL_OTP"]"#), "SMS_MFA");
        assert_eq!(offered("nonsense"), "SOFTWARE_TOKEN_MFA");
    }

    #[test]
    fn attributes_that_a_new_password_must_bring_along_are_named() {
        let asked = json!({"requiredAttributes": r#"["userAttributes.email"]"#});
        assert_eq!(required(&asked).as_deref(), Some("email"));
        assert_eq!(required(&json!({"requiredAttributes": "[]"})), None);
        assert_eq!(required(&json!({})), None);
    }
}
