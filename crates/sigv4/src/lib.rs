//! Signs requests by AWS Signature Version 4, with AWS's own crate. The client and the aggregator's programs share it.
//!
//! Source: IAM guide, "Signature Version 4 for API requests".

mod shared_credentials;

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningParams, SigningSettings, sign},
    sign::v4,
};
use aws_smithy_runtime_api::client::identity::Identity;

pub use shared_credentials::keys_in_shared_file;

/// Access keys: temporary ones have a session token. `Debug` shows no secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys(Credentials);

impl Keys {
    /// The id of the keys, which is public, their secret, and the session token of temporary keys.
    pub fn new(id: &str, secret: &str, session_token: Option<&str>) -> Self {
        Self(Credentials::new(
            id,
            secret,
            session_token.map(str::to_owned),
            None,
            "caltrack",
        ))
    }

    /// The public id: `AKIA…`, or `ASIA…` of temporary keys.
    pub fn id(&self) -> &str {
        self.0.access_key_id()
    }

    /// The secret that signatures are made with.
    pub fn secret(&self) -> &str {
        self.0.secret_access_key()
    }

    /// The session token; `None` if the keys aren't temporary.
    pub fn session_token(&self) -> Option<&str> {
        self.0.session_token()
    }
}

/// Signs requests to the services of one region.
#[derive(Debug, Clone)]
pub struct Signer {
    identity: Identity,
    region: String,
}

/// A `POST` request before it is signed.
#[derive(Debug, Clone, Copy)]
pub struct UnsignedPost<'a> {
    /// The service's name in signatures, such as `appsync`.
    pub service: &'a str,
    /// Absolute, with its scheme. The header `host` is taken from it.
    pub url: &'a str,
    /// All of them are signed, so they must be sent unchanged.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body, byte for byte.
    pub body: &'a [u8],
}

/// The request can't be signed: its URL or a header is malformed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the request can't be signed: {0}")]
pub struct SigningError(String);

impl SigningError {
    fn of(error: &dyn std::error::Error) -> Self {
        let mut text = error.to_string();
        let mut next = error.source();
        while let Some(cause) = next {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            next = cause.source();
        }
        Self(text)
    }
}

impl Signer {
    /// A signer with these keys.
    pub fn new(keys: Keys, region: &str) -> Self {
        Self {
            identity: keys.0.into(),
            region: region.to_owned(),
        }
    }

    /// The headers that the signature adds, by name in lower case: `x-amz-date`, `authorization` and, of temporary keys,
    /// `x-amz-security-token`. A signature is valid for five minutes from `at`.
    ///
    /// # Errors
    ///
    /// [`SigningError`] for a malformed URL or header.
    pub fn sign(
        &self,
        request: UnsignedPost<'_>,
        at: SystemTime,
    ) -> Result<Vec<(String, String)>, SigningError> {
        // The signing crate panics without a host.
        let address: http::Uri = request
            .url
            .parse()
            .map_err(|error: http::uri::InvalidUri| SigningError::of(&error))?;
        if address.scheme().is_none() || address.host().is_none() {
            return Err(SigningError(format!("`{}` is no address", request.url)));
        }
        let params: SigningParams<'_> = v4::SigningParams::builder()
            .identity(&self.identity)
            .region(&self.region)
            .name(request.service)
            .time(at)
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| SigningError::of(&error))?
            .into();
        let signable = SignableRequest::new(
            "POST",
            request.url,
            request.headers.iter().copied(),
            SignableBody::Bytes(request.body),
        )
        .map_err(|error| SigningError::of(&error))?;
        let (instructions, _) = sign(signable, &params)
            .map_err(|error| SigningError::of(&error))?
            .into_parts();
        let added = instructions.headers();
        Ok(added
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rstest::rstest;

    use super::*;

    const RT: [(&str, &str); 3] = [
        ("accept", "application/json, text/javascript"),
        ("content-encoding", "amz-1.0"),
        ("content-type", "application/json; charset=UTF-8"),
    ];
    const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

    /// Vectors made by botocore 1.43.11 for 2026-03-07T08:05:09Z.
    #[rstest]
    #[case("/graphql/connect", "{}", &RT, None, "de22484ac41be76f67548b15908b1e4d154c1a0378075299bf825bf7a9f0b2ad")]
    #[case("/graphql/connect", "{}", &RT, Some("TOKENEXAMPLE"), "c9fbc552a5e81aefef5a9e134c81711f2874122d3409851ca0243e2d0f9cb5f2")]
    #[case("/graphql", r#"{"query":"subscription S { onX { id } }","variables":{}}"#, &RT, Some("TOKENEXAMPLE"), "a71b619ba8510e287916d6b3f660cadfbd599b0fd3885b5ebc91340b5e30477e")]
    #[case("/graphql", r#"{"query":"mutation M { m { id } }"}"#, &JSON, Some("TOKENEXAMPLE"), "f19108304d82193ad6359a20ec8cc3f8177baee65db769a27e22ad29558d183d")]
    fn signatures_equal_those_of_aws_s_own_tools(
        #[case] path: &str,
        #[case] body: &str,
        #[case] headers: &[(&str, &str)],
        #[case] token: Option<&str>,
        #[case] signature: &str,
    ) {
        let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
        let signer = Signer::new(Keys::new("AKIDEXAMPLE", secret, token), "eu-west-1");
        let url = format!("https://abcdefghijklmnopqrstuvwxyz.appsync-api.eu-west-1.amazonaws.com{path}");
        let request = UnsignedPost {
            service: "appsync",
            url: &url,
            headers,
            body: body.as_bytes(),
        };
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_772_870_709);
        let added = signer.sign(request, at).unwrap();
        let sent = |name: &str| {
            let mut found = added.iter().filter(|(added, _)| added == name);
            found.next().map(|(_, value)| value.as_str())
        };
        assert_eq!(sent("x-amz-date"), Some("20260307T080509Z"));
        assert_eq!(sent("x-amz-security-token"), token);
        let authorization = sent("authorization").unwrap();
        assert!(
            authorization.ends_with(&format!("Signature={signature}")),
            "{authorization}"
        );
    }

    #[test]
    fn secrets_are_not_shown() {
        let keys = Keys::new("AKIDEXAMPLE", "the-secret", Some("the-token"));
        let text = format!("{keys:?} {:?}", Signer::new(keys.clone(), "eu-west-1"));
        assert!(
            !text.contains("the-secret") && !text.contains("the-token"),
            "{text}"
        );
    }

    #[test]
    fn an_address_that_is_none_is_an_error() {
        let signer = Signer::new(Keys::new("AKIDEXAMPLE", "x", None), "eu-west-1");
        let request = UnsignedPost {
            service: "appsync",
            url: "nonsense",
            headers: &[],
            body: b"",
        };
        assert!(signer.sign(request, SystemTime::UNIX_EPOCH).is_err());
    }
}
