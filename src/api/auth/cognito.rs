//! The user pool's dialect: AWS JSON 1.1 over one address, unsigned.

use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::{
    ApiError, Endpoints, SignUp,
    error::shown,
    http::{Answer, Http},
};

/// Tokens as the pool hands them out.
pub(super) struct Tokens {
    pub(super) access: SecretString,
    /// Absent where the one in use stays good.
    pub(super) refresh: Option<SecretString>,
    /// Seconds that the access token lives.
    pub(super) lifetime: i64,
}

/// What an attempt to sign in led to.
pub(super) enum Step {
    Tokens(Tokens),
    Challenge {
        name: String,
        session: Option<SecretString>,
        parameters: Value,
    },
}

/// A refusal of the pool's, before it is put in words for the user.
#[derive(Debug)]
pub(super) enum Refusal {
    /// `__type` and message.
    Pool { kind: String, message: String },
    /// Anything that isn't the pool's own word.
    Other(ApiError),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AuthenticationResult {
    access_token: String,
    refresh_token: Option<String>,
    expires_in: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AuthAnswer {
    challenge_name: Option<String>,
    session: Option<String>,
    #[serde(default)]
    challenge_parameters: Value,
    authentication_result: Option<AuthenticationResult>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SignUpAnswer {
    user_confirmed: bool,
    user_sub: String,
}

/// The shortest life an app client can give its access tokens is five minutes, the usual one an hour.
const USUAL_LIFETIME: i64 = 3_600;

/// A user pool's public operations.
#[derive(Debug, Clone)]
pub(super) struct UserPool {
    http: Http,
    url: String,
    pub(super) pool_id: String,
    client_id: String,
}

impl UserPool {
    pub(super) fn new(http: Http, endpoints: &Endpoints) -> Self {
        Self {
            http,
            url: format!("{}/", endpoints.cognito.trim_end_matches('/')),
            pool_id: endpoints.user_pool_id.clone(),
            client_id: endpoints.client_id.clone(),
        }
    }

    pub(super) async fn sign_up(
        &self,
        username: &str,
        password: &SecretString,
        email: Option<&str>,
    ) -> Result<SignUp, Refusal> {
        let attributes: Vec<Value> = email
            .map(|email| json!({"Name": "email", "Value": email}))
            .into_iter()
            .collect();
        let answer: SignUpAnswer = self
            .call(
                "SignUp",
                &json!({"ClientId": self.client_id, "Username": username,
                    "Password": password.expose_secret(), "UserAttributes": attributes}),
            )
            .await?;
        Ok(SignUp {
            confirmed: answer.user_confirmed,
            sub: answer.user_sub,
        })
    }

    pub(super) async fn confirm_sign_up(&self, username: &str, code: &str) -> Result<(), Refusal> {
        let _: Value = self
            .call(
                "ConfirmSignUp",
                &json!({"ClientId": self.client_id, "Username": username, "ConfirmationCode": code}),
            )
            .await?;
        Ok(())
    }

    pub(super) async fn resend_code(&self, username: &str) -> Result<(), Refusal> {
        let _: Value = self
            .call(
                "ResendConfirmationCode",
                &json!({"ClientId": self.client_id, "Username": username}),
            )
            .await?;
        Ok(())
    }

    pub(super) async fn initiate_srp(&self, username: &str, srp_a: &str) -> Result<Step, Refusal> {
        self.step(
            "InitiateAuth",
            &json!({"AuthFlow": "USER_SRP_AUTH", "ClientId": self.client_id,
                "AuthParameters": {"USERNAME": username, "SRP_A": srp_a}}),
        )
        .await
    }

    pub(super) async fn respond(
        &self,
        challenge: &str,
        session: Option<&SecretString>,
        responses: Value,
    ) -> Result<Step, Refusal> {
        let mut body =
            json!({"ClientId": self.client_id, "ChallengeName": challenge, "ChallengeResponses": responses});
        if let (Some(session), Some(members)) = (session, body.as_object_mut()) {
            members.insert("Session".to_owned(), session.expose_secret().into());
        }
        self.step("RespondToAuthChallenge", &body).await
    }

    /// Works with refresh-token rotation on or off, unlike `REFRESH_TOKEN_AUTH`.
    pub(super) async fn refresh(&self, refresh: &SecretString) -> Result<Tokens, Refusal> {
        let step = self
            .step(
                "GetTokensFromRefreshToken",
                &json!({"ClientId": self.client_id, "RefreshToken": refresh.expose_secret()}),
            )
            .await?;
        match step {
            Step::Tokens(tokens) => Ok(tokens),
            Step::Challenge { name, .. } => Err(Refusal::Other(ApiError::Challenge(name))),
        }
    }

    pub(super) async fn revoke(&self, refresh: &SecretString) -> Result<(), Refusal> {
        let _: Value = self
            .call(
                "RevokeToken",
                &json!({"ClientId": self.client_id, "Token": refresh.expose_secret()}),
            )
            .await?;
        Ok(())
    }

    async fn step(&self, operation: &str, body: &Value) -> Result<Step, Refusal> {
        let answer: AuthAnswer = self.call(operation, body).await?;
        if let Some(result) = answer.authentication_result {
            return Ok(Step::Tokens(Tokens {
                access: result.access_token.into(),
                refresh: result.refresh_token.map(SecretString::from),
                lifetime: result.expires_in.unwrap_or(USUAL_LIFETIME),
            }));
        }
        match answer.challenge_name {
            Some(name) => Ok(Step::Challenge {
                name: shown(&name),
                session: answer.session.map(SecretString::from),
                parameters: answer.challenge_parameters,
            }),
            None => Err(nonsense("it holds neither tokens nor a challenge")),
        }
    }

    /// Calls an operation, again where it certainly hasn't been carried out and may be later. These operations aren't idempotent.
    async fn call<T: for<'de> Deserialize<'de>>(&self, operation: &str, body: &Value) -> Result<T, Refusal> {
        let body = SecretString::from(body.to_string());
        let mut patience = self.http.patience();
        loop {
            let answer = self
                .http
                .post(&self.url, headers(operation)?, body.expose_secret().to_owned())
                .await;
            let (refusal, repeatable) = match answer {
                Ok(answer) if answer.status == 200 => {
                    return serde_json::from_slice(&answer.body).map_err(|_| nonsense("it isn't the pool's"));
                }
                Ok(answer) => {
                    let refusal = refusal(&answer);
                    let repeatable = refusal.is_busy();
                    (refusal, repeatable)
                }
                Err(failure) => {
                    let repeatable = !failure.ambiguous;
                    (Refusal::Other(failure.into()), repeatable)
                }
            };
            if !repeatable || patience.repeats == 0 {
                return Err(refusal);
            }
            patience.repeats -= 1;
            tokio::time::sleep(patience.backoff.next_wait()).await;
        }
    }
}

fn nonsense(detail: &str) -> Refusal {
    Refusal::Other(ApiError::Protocol(detail.to_owned()))
}

fn headers(operation: &str) -> Result<HeaderMap, Refusal> {
    let target = HeaderValue::try_from(format!("AWSCognitoIdentityProviderService.{operation}"))
        .map_err(|_| nonsense("an operation without a name"))?;
    Ok(HeaderMap::from_iter([
        (
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-amz-json-1.1"),
        ),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("x-amz-target"), target),
    ]))
}

/// Reads an error: its code from the header, else from the body, without namespace and trailing address.
fn refusal(answer: &Answer) -> Refusal {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let kind = answer
        .headers
        .get("x-amzn-errortype")
        .and_then(|value| value.to_str().ok())
        .or_else(|| text("code"))
        .or_else(|| text("__type"))
        .unwrap_or_default();
    let kind = kind.split([':', ',']).next().unwrap_or_default();
    let kind = kind.rsplit('#').next().unwrap_or_default();
    let message = shown(text("message").or_else(|| text("Message")).unwrap_or_default());
    match (kind, answer.status) {
        ("", 429 | 500..) => Refusal::Other(ApiError::Busy(format!("HTTP status {}", answer.status))),
        ("", status) => Refusal::Other(ApiError::Protocol(format!(
            "the user pool answered with HTTP status {status}"
        ))),
        (kind, _) => Refusal::Pool {
            kind: shown(kind),
            message,
        },
    }
}

impl Refusal {
    /// Whether the pool was too busy to look at it.
    fn is_busy(&self) -> bool {
        match self {
            Self::Pool { kind, .. } => kind == "TooManyRequestsException",
            Self::Other(error) => matches!(error, ApiError::Busy(_)),
        }
    }

    /// Whether the tokens that were sent are worth nothing any more.
    pub(super) fn ends_session(&self) -> bool {
        match self {
            Self::Pool { kind, .. } => matches!(
                kind.as_str(),
                "NotAuthorizedException" | "RefreshTokenReuseException" | "UserNotFoundException"
            ),
            Self::Other(_) => false,
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let (kind, message) = match refusal {
            Refusal::Other(error) => return error,
            Refusal::Pool { kind, message } => (kind, message),
        };
        let text = if message.is_empty() { kind.clone() } else { message };
        match kind.as_str() {
            "NotAuthorizedException" | "UserNotFoundException" | "ForbiddenException" => {
                Self::Unauthorized(text)
            }
            "UserNotConfirmedException" => Self::NotConfirmed,
            "TooManyRequestsException"
            | "LimitExceededException"
            | "TooManyFailedAttemptsException"
            | "InternalErrorException" => Self::Busy(text),
            "ResourceNotFoundException" => {
                Self::Rejected(format!("the user pool or its client is unknown: {text}"))
            }
            _ => Self::Rejected(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(header: Option<&'static str>, body: &str, status: u16) -> Refusal {
        let mut headers = HeaderMap::new();
        if let Some(header) = header {
            headers.insert("x-amzn-errortype", HeaderValue::from_static(header));
        }
        refusal(&Answer {
            status,
            headers,
            body: body.as_bytes().to_vec(),
        })
    }

    #[test]
    fn the_pools_errors_are_read_in_all_their_spellings() {
        for (header, body) in [
            (
                Some("NotAuthorizedException:"),
                r#"{"message":"Incorrect username or password."}"#,
            ),
            (
                None,
                r#"{"__type":"NotAuthorizedException","message":"Incorrect username or password."}"#,
            ),
            (
                None,
                r#"{"__type":"com.amazonaws#NotAuthorizedException:http://x/","Message":"Incorrect username or password."}"#,
            ),
        ] {
            let refusal = refused(header, body, 400);
            assert!(refusal.ends_session());
            assert_eq!(
                ApiError::from(refusal),
                ApiError::Unauthorized("Incorrect username or password.".to_owned())
            );
        }
    }

    #[test]
    fn an_unconfirmed_user_and_a_busy_pool_are_told_apart_from_refusals() {
        assert_eq!(
            ApiError::from(refused(None, r#"{"__type":"UserNotConfirmedException"}"#, 400)),
            ApiError::NotConfirmed
        );
        let busy = refused(None, r#"{"__type":"TooManyRequestsException"}"#, 400);
        assert!(busy.is_busy() && !busy.ends_session());
        assert!(refused(None, "<html>", 503).is_busy());
        assert!(matches!(
            ApiError::from(refused(None, "", 400)),
            ApiError::Protocol(_)
        ));
        assert_eq!(
            ApiError::from(refused(
                None,
                r#"{"__type":"InvalidPasswordException","message":"weak"}"#,
                400
            )),
            ApiError::Rejected("weak".to_owned())
        );
    }
}
