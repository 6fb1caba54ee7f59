//! The identity pool: changes an ID token for temporary keys.
//!
//! Source: Amazon Cognito federated identities API reference.

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{calls::AmzCalls, error::PoolError};
use crate::{endpoints::Endpoints, http::HttpClient};

/// Temporary keys as the pool issues them.
pub(in crate::session) struct IssuedKeys {
    pub(in crate::session) id: String,
    pub(in crate::session) secret: SecretString,
    pub(in crate::session) session_token: SecretString,
    /// In seconds.
    pub(in crate::session) lifetime: i64,
    /// Seconds by which the pool's clock is ahead, if its response has a date.
    pub(in crate::session) skew: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IdResponse {
    identity_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeysResponse {
    credentials: KeysJson,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeysJson {
    access_key_id: String,
    secret_key: String,
    session_token: String,
    /// Seconds since 1970, with a fraction.
    expiration: f64,
}

/// The operations of one identity pool for users of one user pool.
#[derive(Debug, Clone)]
pub(in crate::session) struct IdentityPoolClient {
    calls: AmzCalls,
    id: String,
    /// The name of the user pool as a provider.
    provider: String,
}

impl IdentityPoolClient {
    /// `None` if requests to the API aren't signed with keys of an identity pool.
    pub(in crate::session) fn new(http: HttpClient, endpoints: &Endpoints) -> Option<Self> {
        let pool = endpoints.identity_pool()?;
        Some(Self {
            calls: AmzCalls::new(http, &pool.address, "AWSCognitoIdentityService"),
            id: pool.id.clone(),
            provider: provider(&endpoints.user_pool_id),
        })
    }

    fn logins(&self, token: &SecretString) -> Value {
        json!({ self.provider.as_str(): token.expose_secret() })
    }

    /// The user's id in the pool.
    pub(in crate::session) async fn get_id(&self, token: &SecretString) -> Result<String, PoolError> {
        let body = json!({"IdentityPoolId": self.id, "Logins": self.logins(token)});
        let response: IdResponse = self.calls.call("GetId", &body).await?;
        Ok(response.identity_id)
    }

    /// New keys of the user.
    pub(in crate::session) async fn get_keys(
        &self,
        identity_id: &str,
        token: &SecretString,
    ) -> Result<IssuedKeys, PoolError> {
        let body = json!({"IdentityId": identity_id, "Logins": self.logins(token)});
        let (response, skew): (KeysResponse, _) =
            self.calls.call_dated("GetCredentialsForIdentity", &body).await?;
        let keys = response.credentials;
        let now = jiff::Timestamp::now().as_second() + skew.unwrap_or_default();
        #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970")]
        let expiration = keys.expiration as i64;
        Ok(IssuedKeys {
            id: keys.access_key_id,
            secret: keys.secret_key.into(),
            session_token: keys.session_token.into(),
            lifetime: expiration.saturating_sub(now).max(0),
            skew,
        })
    }
}

/// The user pool's name in an identity pool: its issuer without the scheme. China's regions have a domain of their own.
fn provider(user_pool_id: &str) -> String {
    let region = user_pool_id.split_once('_').map_or("", |(region, _)| region);
    let china = if region.starts_with("cn-") { ".cn" } else { "" };
    format!("cognito-idp.{region}.amazonaws.com{china}/{user_pool_id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_pool_is_named_by_its_issuer() {
        assert_eq!(
            provider("eu-west-1_AbC"),
            "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC"
        );
        assert_eq!(
            provider("cn-north-1_A"),
            "cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_A"
        );
    }
}
