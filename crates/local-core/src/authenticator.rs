//! The port through which a service learns who calls it.

use async_trait::async_trait;

use crate::identity::Identity;

/// A request as its signature covers it (AWS Signature Version 4); a token is one of its headers.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// The HTTP method in upper case.
    pub method: &'a str,
    /// Path and query, as sent.
    pub path: &'a str,
    /// All headers; names in any case.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body, byte for byte.
    pub body: &'a [u8],
}

impl<'a> Signed<'a> {
    /// A header's value; none where it is absent or blank.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        header(self.headers, name)
    }
}

/// The trimmed value of the first header of a name, in any case; none where it is absent or blank.
pub fn header<'a>(headers: &[(&'a str, &'a str)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
        .filter(|value| !value.is_empty())
}

/// Why a signature is rejected; the wording is DynamoDB's and Cognito's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The request has no signature.
    #[error("Request is missing Authentication Token")]
    Missing,
    /// Part of the signature is missing or can't be parsed.
    #[error("{0}")]
    Incomplete(String),
    /// The access key is unknown, its session token isn't that of the key, or its user was deleted.
    #[error("The security token included in the request is invalid.")]
    UnknownKey,
    /// The temporary keys have expired.
    #[error("The security token included in the request is expired")]
    Expired,
    /// The signature is for another request, service, region or time.
    #[error("{0}")]
    Invalid(String),
}

impl SignatureError {
    /// The name of the exception in AWS's responses.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Missing => "MissingAuthenticationTokenException",
            Self::Incomplete(_) => "IncompleteSignatureException",
            Self::UnknownKey => "UnrecognizedClientException",
            Self::Expired => "ExpiredTokenException",
            Self::Invalid(_) => "InvalidSignatureException",
        }
    }
}

/// Why a caller is rejected; the texts are AppSync's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// The request has no credentials.
    #[error("Missing authorization header")]
    Missing,
    /// The request has an API key; the backend has none.
    #[error("You are not authorized to make this call.")]
    ApiKey,
    /// The token is no JSON web token.
    #[error("Unable to parse JWT token.")]
    Unparsable,
    /// The token has expired.
    #[error("Token has expired.")]
    Expired,
    /// The token belongs to another user pool, or is not for this use.
    #[error("Valid authorization header not provided.")]
    Invalid,
    /// The signature doesn't match the request or a known key.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The signature is valid, but its key has no permission.
    #[error("Permission denied")]
    Denied,
}

/// Determines who sent a request.
#[async_trait]
pub trait Authenticator: Send + Sync {
    /// The caller of a request: by the token of its `Authorization` header, with or without `Bearer`, or by its
    /// signature. An API key takes precedence over both, valid or not, as on AppSync.
    ///
    /// # Errors
    ///
    /// [`AuthError`] if the credentials are missing, invalid or without permission.
    async fn authenticate(&self, request: &Signed<'_>) -> Result<Identity, AuthError>;
}
