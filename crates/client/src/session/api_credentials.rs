//! What authorises a request to the API: a token, or a signature.

use caltrack_domain::Account;
use caltrack_sigv4::{Keys, Signer, UnsignedPost};
use http::Uri;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};

use super::clock::ServerClock;
use crate::error::ApiError;

/// The service's name in signatures.
const SERVICE: &str = "appsync";

/// The headers of a real-time client's signed requests, which are never sent as such.
///
/// Source: AWS AppSync developer guide, "Building a real-time WebSocket client".
const REALTIME_HEADERS: [(&str, &str); 3] = [
    ("accept", "application/json, text/javascript"),
    ("content-encoding", "amz-1.0"),
    ("content-type", "application/json; charset=UTF-8"),
];

/// What authorises requests to the API.
#[derive(Debug, Clone)]
pub(crate) struct ApiCredentials {
    account: Option<Account>,
    proof: Proof,
}

#[derive(Debug, Clone)]
enum Proof {
    Token(SecretString),
    Keys {
        id: String,
        signer: Signer,
        clock: ServerClock,
    },
}

impl ApiCredentials {
    /// Sends the access token of a user.
    pub(super) fn of_token(account: Account, token: SecretString) -> Self {
        Self {
            account: Some(account),
            proof: Proof::Token(token),
        }
    }

    /// Signs requests with these keys; `account` is `None` for an operator's.
    pub(super) fn of_keys(account: Option<Account>, keys: Keys, region: &str, clock: &ServerClock) -> Self {
        Self {
            account,
            proof: Proof::Keys {
                id: keys.id().to_owned(),
                signer: Signer::new(keys, region),
                clock: clock.clone(),
            },
        }
    }

    /// The user that the credentials belong to.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unauthorized`] for an operator's keys.
    pub(crate) fn account(&self) -> Result<&Account, ApiError> {
        self.account.as_ref().ok_or_else(needs_owner)
    }

    /// The token; `None` of keys.
    pub(super) fn token(&self) -> Option<&SecretString> {
        match &self.proof {
            Proof::Token(token) => Some(token),
            Proof::Keys { .. } => None,
        }
    }

    /// The id of the keys; `None` of a token.
    pub(super) fn key_id(&self) -> Option<&str> {
        match &self.proof {
            Proof::Token(_) => None,
            Proof::Keys { id, .. } => Some(id),
        }
    }

    /// The headers that authorise a `POST` with these headers and this body.
    pub(crate) fn headers(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Vec<(String, String)>, ApiError> {
        match &self.proof {
            // AppSync accepts the token with or without `Bearer`; Amplify sends it without.
            Proof::Token(token) => Ok(vec![(
                "Authorization".to_owned(),
                token.expose_secret().to_owned(),
            )]),
            Proof::Keys { signer, clock, .. } => {
                let request = UnsignedPost {
                    service: SERVICE,
                    url,
                    headers,
                    body: body.as_bytes(),
                };
                signer
                    .sign(request, clock.now())
                    .map_err(|error| ApiError::Rejected(error.to_string()))
            }
        }
    }

    /// The header object that authorises a connection (`suffix` is `/connect`) or a subscription (none) of the API at
    /// `graphql`. A signature in it signs a `POST` to that path with this body.
    pub(crate) fn header_object(&self, graphql: &str, suffix: &str, body: &str) -> Result<Value, ApiError> {
        let uri: Uri = graphql
            .parse()
            .map_err(|_| ApiError::Rejected(format!("`{graphql}` is not an address")))?;
        let host = uri.authority().map_or("", |authority| authority.as_str());
        let constant: &[(&str, &str)] = match &self.proof {
            Proof::Token(_) => &[],
            Proof::Keys { .. } => &REALTIME_HEADERS,
        };
        let added = self.headers(&format!("{graphql}{suffix}"), constant, body)?;
        let given = constant
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let object: Map<String, Value> = std::iter::once(("host".to_owned(), host.to_owned()))
            .chain(given)
            .chain(added)
            .map(|(name, value)| (name, Value::String(value)))
            .collect();
        Ok(Value::Object(object))
    }
}

/// The error of an operator's call that needs the owner of a log.
pub(super) fn needs_owner() -> ApiError {
    ApiError::Unauthorized(
        "this profile signs with an operator's keys, which own no log; use a profile with --identity-pool-id, or with \
         tokens (`configure`)"
            .to_owned(),
    )
}

/// Whether an error's type means that the token or the signature was rejected, so that another one may be accepted.
pub(crate) fn rejects_proof(kind: &str) -> bool {
    [
        "UnauthorizedException",
        "UnrecognizedClientException",
        "ExpiredToken",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
    ]
    .iter()
    .any(|rejection| kind.contains(rejection))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operator() -> ApiCredentials {
        let keys = Keys::new("ASIAEXAMPLE", "secret", Some("TOKENEXAMPLE"));
        ApiCredentials::of_keys(None, keys, "eu-west-1", &ServerClock::default())
    }

    #[test]
    fn a_handshake_and_a_subscription_are_signed_with_the_headers_that_the_guide_names() {
        let graphql = "https://abcdefghijklmnopqrstuvwxyz.appsync-api.eu-west-1.amazonaws.com/graphql";
        let connect = operator().header_object(graphql, "/connect", "{}").unwrap();
        let start = operator().header_object(graphql, "", r#"{"query":"x"}"#).unwrap();
        assert_eq!(
            connect["host"],
            "abcdefghijklmnopqrstuvwxyz.appsync-api.eu-west-1.amazonaws.com"
        );
        assert_eq!(connect["x-amz-security-token"], "TOKENEXAMPLE");
        let authorization = connect["authorization"].as_str().unwrap();
        let signed =
            "SignedHeaders=accept;content-encoding;content-type;host;x-amz-date;x-amz-security-token,";
        assert!(authorization.contains(signed), "{authorization}");
        assert!(
            authorization.contains("/eu-west-1/appsync/aws4_request"),
            "{authorization}"
        );
        assert_ne!(connect["authorization"], start["authorization"]);
    }

    #[test]
    fn an_operator_owns_no_log() {
        let error = operator().account().unwrap_err();
        assert!(error.to_string().contains("own no log"), "{error}");
    }

    #[test]
    fn a_rejected_signature_is_told_from_a_denied_call() {
        for kind in [
            "com.amazonaws.appsync#UnauthorizedException",
            "UnrecognizedClientException",
            "ExpiredTokenException",
            "InvalidSignatureException",
        ] {
            assert!(rejects_proof(kind), "{kind}");
        }
        for kind in [
            "Unauthorized",
            "AccessDeniedException",
            "WAFForbiddenException",
            "",
        ] {
            assert!(!rejects_proof(kind), "{kind}");
        }
    }
}
