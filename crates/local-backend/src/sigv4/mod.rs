//! AWS Signature Version 4, the verifying end: who signed a request, and whether it is the one that was signed.
//!
//! Only the `Authorization` header is read; a presigned URL has none and so is refused. Verifying is signing once more,
//! by AWS's own crate, with the secret of the key that the request names, over what arrived. Source: "Signature Version 4
//! for API requests" of the IAM guide; the wording of refusals is what DynamoDB and Cognito answer.

mod authorization;
mod keys;
#[cfg(test)]
mod tests;
mod verify;

use std::time::SystemTime;

use caltrack_local_core::authenticator::{SignatureError, Signed, header};

pub use self::keys::{KeyFileError, KeyPair, Keyring};
use self::{
    authorization::Authorization,
    verify::{check_scope, check_signature, check_time},
};

/// How far the signer's clock may be off, in seconds either way.
const TOLERANCE: i64 = 300;

/// A service that requests are signed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// GraphQL.
    AppSync,
    /// Tables.
    DynamoDb,
    /// The user pool's administration.
    CognitoIdp,
}

impl Service {
    /// As the credential's scope has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AppSync => "appsync",
            Self::DynamoDb => "dynamodb",
            Self::CognitoIdp => "cognito-idp",
        }
    }
}

/// Whose key signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Principal {
    /// The aggregator, as its Lambda would.
    Aggregator,
    /// Whoever was given the file of `--expose-aws`.
    Exposed,
}

/// The signature is that of another request, or by another key.
fn mismatch() -> SignatureError {
    SignatureError::Invalid(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
         Key and signing method. Consult the service documentation for details."
            .to_owned(),
    )
}

/// A claim to be somebody that is plausible and in time; the body decides whether it is true.
#[derive(Debug)]
pub struct Claim<'k> {
    authorization: Authorization,
    date: String,
    signed_at: SystemTime,
    key: &'k KeyPair,
    principal: Principal,
}

impl<'k> Claim<'k> {
    /// Reads what the headers say, without a body: whose key, for what, and when.
    ///
    /// # Errors
    ///
    /// [`SignatureError`] where no body could make it right.
    pub fn read(
        headers: &[(&str, &str)],
        service: Service,
        keyring: &'k Keyring,
        now: jiff::Timestamp,
    ) -> Result<Self, SignatureError> {
        let text = header(headers, "authorization").ok_or(SignatureError::Missing)?;
        let date = header(headers, "x-amz-date");
        let authorization = Authorization::parse(text, date.is_some())?;
        let (principal, key) = keyring
            .find(&authorization.access_key_id)
            .ok_or(SignatureError::UnknownKey)?;
        if header(headers, "x-amz-security-token").is_some() {
            return Err(SignatureError::UnknownKey);
        }
        let date = date.unwrap_or_default();
        let signed_at = check_time(date, now)?;
        check_scope(&authorization, service, date)?;
        Ok(Self {
            authorization,
            date: date.to_owned(),
            signed_at,
            key,
            principal,
        })
    }

    /// Whose it is, where the signature is this request's.
    ///
    /// # Errors
    ///
    /// [`SignatureError::Invalid`] where it isn't.
    pub fn verify(&self, request: &Signed<'_>) -> Result<Principal, SignatureError> {
        check_signature(self, request)?;
        Ok(self.principal)
    }
}

/// Both steps of a verification, where the body is there already.
///
/// # Errors
///
/// [`SignatureError`]: nobody known signed this request for this service now.
pub fn verify(
    request: &Signed<'_>,
    service: Service,
    keyring: &Keyring,
    now: jiff::Timestamp,
) -> Result<Principal, SignatureError> {
    Claim::read(request.headers, service, keyring, now)?.verify(request)
}

/// Whether an `Authorization` is a signature rather than a token.
pub fn is_signature(authorization: &str) -> bool {
    authorization.trim_start().starts_with(authorization::ALGORITHM)
}
