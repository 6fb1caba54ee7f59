//! Checks of a backend that change nothing.

use serde_json::Value;

use super::{client::Client, ping::ping, realtime};
use crate::{error::ApiError, http::clock_skew};

/// A backend's response to a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeResult {
    /// Whether it rejected the request for its token. Also true without a session, whose requests have no token.
    pub token_rejected: bool,
    /// Seconds by which its clock is ahead of this computer's; `None` if the response has no `Date`.
    pub clock_skew: Option<i64>,
}

impl Client {
    /// Checks that the API responds, and whether it accepts the session's token.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unreachable`], or [`ApiError::Protocol`] if something other than the API responds.
    pub async fn reach_api(&self) -> Result<ProbeResult, ApiError> {
        let (endpoints, http, auth) = self.parts();
        let response = ping(endpoints, http, auth).await?;
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let is_graphql = body.get("data").is_some() || body.get("errors").is_some();
        if !is_graphql || response.status == 404 {
            return Err(ApiError::Protocol(format!(
                "{} is not a GraphQL API (HTTP status {})",
                endpoints.graphql, response.status
            )));
        }
        Ok(ProbeResult {
            token_rejected: response.status != 200,
            clock_skew: clock_skew(&response.headers),
        })
    }

    /// Checks that there is a token or a key for the API: renews the session, or requests keys of the identity pool.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub async fn reach_credentials(&self) -> Result<(), ApiError> {
        let (_, _, auth) = self.parts();
        auth.api_credentials().await.map(drop)
    }

    /// Checks that the user pool responds and lets its app client sign in by SRP, by starting a sign-in for a user who
    /// doesn't exist.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unreachable`], or the pool's reason: an unknown client, a client with a secret, one without SRP.
    pub async fn reach_pool(&self) -> Result<ProbeResult, ApiError> {
        let (_, _, auth) = self.parts();
        Ok(ProbeResult {
            token_rejected: false,
            clock_skew: auth.probe().await?,
        })
    }

    /// Checks that a live connection can be opened with all its subscriptions; returns the server's notices, such as a
    /// rejected subscription.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unreachable`] if it can't be opened, [`ApiError::Unauthorized`] if the token is rejected.
    pub async fn reach_realtime(&self) -> Result<Vec<String>, ApiError> {
        let (endpoints, _, auth) = self.parts();
        realtime::try_once(endpoints, auth).await
    }
}
