//! Questions that change nothing, for whoever wants to know what works.

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderValue};
use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::{
    ApiError, Client, Endpoints,
    auth::{Auth, Credentials},
    http::{Answer, Http, NoAnswer},
    realtime,
};

/// The smallest query there is: a type's name, which needs no resolver.
const QUESTION: &str = r#"{"query":"query Reach { __typename }"}"#;

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// Whether it refused the session's token. Without a session it refuses everything, which is as it should be.
    pub refused: bool,
    /// Seconds that its clock is ahead of this computer's, where it tells the time.
    pub ahead: Option<i64>,
}

/// Asks the API the smallest question, with the session's token where there is one. Never repeats it.
pub(super) async fn ask(endpoints: &Endpoints, http: &Http, auth: &Auth) -> Result<Answer, NoAnswer> {
    let mut headers = HeaderMap::from_iter([(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=UTF-8"),
    )]);
    let credentials: Option<Credentials> = auth.credentials().await.ok();
    if let Some(credentials) = credentials
        && let Ok(mut token) = HeaderValue::try_from(credentials.access.expose_secret())
    {
        token.set_sensitive(true);
        headers.insert(AUTHORIZATION, token);
    }
    http.post(&endpoints.graphql, headers, QUESTION.to_owned()).await
}

/// Seconds that a server is ahead, by its `Date`.
pub(super) fn ahead(headers: &HeaderMap) -> Option<i64> {
    let date = headers.get(DATE)?.to_str().ok()?;
    let there = rfc2822::parse(date).ok()?.timestamp();
    Some(there.as_second() - Timestamp::now().as_second())
}

impl Client {
    /// Whether the API answers, and takes the session's token.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unreachable`], or [`ApiError::Protocol`] where something else answers at its address.
    pub async fn reach_api(&self) -> Result<Reached, ApiError> {
        let (endpoints, http, auth) = self.parts();
        let answer = ask(endpoints, http, auth).await?;
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let speaks = body.get("data").is_some() || body.get("errors").is_some();
        if !speaks || answer.status == 404 {
            return Err(ApiError::Protocol(format!(
                "something else than a GraphQL API answers at {} (HTTP status {})",
                endpoints.graphql, answer.status
            )));
        }
        Ok(Reached {
            refused: answer.status != 200,
            ahead: ahead(&answer.headers),
        })
    }

    /// Whether the user pool answers and lets its client sign in by SRP: an attempt is begun for a user whom nobody has, and left.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unreachable`], or the pool's reason: an unknown client, a client with a secret, one without SRP.
    pub async fn reach_pool(&self) -> Result<Reached, ApiError> {
        let (_, _, auth) = self.parts();
        let ahead = auth.probe().await?;
        Ok(Reached {
            refused: false,
            ahead,
        })
    }

    /// Whether a live connection stands with all its subscriptions; what the server refused on the way.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unreachable`] where none comes to be, [`ApiError::Unauthorized`] where the token is refused.
    pub async fn reach_realtime(&self) -> Result<Vec<String>, ApiError> {
        let (endpoints, _, auth) = self.parts();
        realtime::try_once(endpoints, auth).await
    }
}
