//! The user pool's dialect: AWS JSON 1.1 over one address, unsigned.

mod operations;
mod refusal;

use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

use self::refusal::{nonsense, refusal};
pub(super) use self::{operations::Caller, refusal::Refusal};
use crate::api::{
    Endpoints,
    checkup::ahead,
    error::shown,
    http::{Http, Patience},
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

    /// Begins an SRP attempt for a user whom nobody has, once; seconds that the pool's clock is ahead.
    ///
    /// A pool that hides who exists answers with a challenge all the same, another says that there is no such user: either shows that
    /// the client may sign in by SRP.
    pub(super) async fn probe(&self, srp_a: &str) -> Result<Option<i64>, Refusal> {
        let nobody = uuid::Uuid::new_v4().to_string();
        let body = self.srp_attempt(&nobody, srp_a).to_string();
        let answer = self
            .http
            .post(&self.url, headers("InitiateAuth")?, body)
            .await
            .map_err(|failure| Refusal::Other(failure.into()))?;
        let ahead = ahead(&answer.headers);
        if answer.status == 200 {
            return Ok(ahead);
        }
        match refusal(&answer) {
            Refusal::Pool { kind, .. } if kind == "UserNotFoundException" => Ok(ahead),
            refusal => Err(refusal),
        }
    }

    /// Calls an operation, again where it certainly hasn't been carried out and may be later. These operations aren't idempotent.
    async fn call<T: for<'de> Deserialize<'de>>(&self, operation: &str, body: &Value) -> Result<T, Refusal> {
        let patience = self.http.patience();
        let attempts = self.attempts(operation, body, patience.clone());
        tokio::time::timeout(patience.total, attempts)
            .await
            .unwrap_or_else(|_| Err(Refusal::Other(patience.exhausted())))
    }

    async fn attempts<T: for<'de> Deserialize<'de>>(
        &self,
        operation: &str,
        body: &Value,
        mut patience: Patience,
    ) -> Result<T, Refusal> {
        let body = SecretString::from(body.to_string());
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
