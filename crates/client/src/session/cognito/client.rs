//! Calls of the user pool.

use secrecy::SecretString;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    calls::AmzCalls,
    error::{PoolError, invalid, pool_error},
};
use crate::{
    endpoints::Endpoints,
    error::shown,
    http::{HttpClient, clock_skew},
};

/// Tokens as the pool issues them.
pub(in crate::session) struct IssuedTokens {
    pub(in crate::session) access: SecretString,
    pub(in crate::session) id: Option<SecretString>,
    /// Absent where the present one stays valid.
    pub(in crate::session) refresh: Option<SecretString>,
    /// Lifetime of the access token in seconds.
    pub(in crate::session) lifetime: i64,
}

/// The pool's response to one step of signing in.
pub(in crate::session) enum AuthStep {
    Tokens(IssuedTokens),
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
    id_token: Option<String>,
    refresh_token: Option<String>,
    expires_in: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AuthResponse {
    challenge_name: Option<String>,
    session: Option<String>,
    #[serde(default)]
    challenge_parameters: Value,
    authentication_result: Option<AuthenticationResult>,
}

impl TryFrom<AuthResponse> for AuthStep {
    type Error = PoolError;

    fn try_from(response: AuthResponse) -> Result<Self, PoolError> {
        if let Some(result) = response.authentication_result {
            return Ok(Self::Tokens(IssuedTokens {
                access: result.access_token.into(),
                id: result.id_token.map(SecretString::from),
                refresh: result.refresh_token.map(SecretString::from),
                lifetime: result.expires_in.unwrap_or(DEFAULT_LIFETIME),
            }));
        }
        match response.challenge_name {
            Some(name) => Ok(Self::Challenge {
                name: shown(&name),
                session: response.session.map(SecretString::from),
                parameters: response.challenge_parameters,
            }),
            None => Err(invalid("it has neither tokens nor a challenge")),
        }
    }
}

/// Cognito's default lifetime of access tokens, in seconds; app clients may set 5 minutes to a day.
const DEFAULT_LIFETIME: i64 = 3_600;

/// The public operations of one user pool, for one of its app clients.
#[derive(Debug, Clone)]
pub(in crate::session) struct UserPoolClient {
    pub(super) calls: AmzCalls,
    pub(in crate::session) pool_id: String,
    pub(super) client_id: String,
}

impl UserPoolClient {
    pub(in crate::session) fn new(http: HttpClient, endpoints: &Endpoints) -> Self {
        Self {
            calls: AmzCalls::new(http, &endpoints.cognito, "AWSCognitoIdentityProviderService"),
            pool_id: endpoints.user_pool_id.clone(),
            client_id: endpoints.client_id.clone(),
        }
    }

    pub(super) async fn step(&self, operation: &str, body: &Value) -> Result<AuthStep, PoolError> {
        let response: AuthResponse = self.call(operation, body).await?;
        response.try_into()
    }

    /// Begins an SRP sign-in for a user who doesn't exist, without retries. Returns the clock skew of the pool in seconds.
    ///
    /// A pool that hides which users exist responds with a challenge, another pool with an error that there is no such
    /// user: both show that the app client may sign in by SRP.
    pub(in crate::session) async fn probe(&self, srp_a: &str) -> Result<Option<i64>, PoolError> {
        let nobody = uuid::Uuid::new_v4().to_string();
        let body = self.srp_attempt(&nobody, srp_a).to_string();
        let response = self
            .calls
            .attempt("InitiateAuth", body)
            .await?
            .map_err(|error| PoolError::Other(error.into()))?;
        let skew = clock_skew(&response.headers);
        if response.status == 200 {
            return Ok(skew);
        }
        match pool_error(&response) {
            PoolError::Service { kind, .. } if kind == "UserNotFoundException" => Ok(skew),
            error => Err(error),
        }
    }

    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        operation: &str,
        body: &Value,
    ) -> Result<T, PoolError> {
        self.calls.call(operation, body).await
    }
}
