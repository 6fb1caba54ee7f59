//! The verification of a request, in two steps: the headers first, then the body.

use std::time::SystemTime;

use caltrack_local_core::authenticator::{SignatureError, Signed, header};

use super::{
    authorization::Authorization,
    keys::{KeyPair, Keyring, Principal},
    verify::{Service, check_scope, check_signature, check_time},
};

/// What the headers of a signed request claim; the body decides whether it is true.
#[derive(Debug)]
pub(crate) struct Claim {
    authorization: Authorization,
    date: String,
    signed_at: SystemTime,
    key: KeyPair,
    principal: Principal,
}

impl Claim {
    /// Checks key, scope and time of the headers, without the body.
    ///
    /// # Errors
    ///
    /// [`SignatureError`] if no body could make the signature valid.
    pub(crate) fn read(
        headers: &[(&str, &str)],
        service: Service,
        keyring: &Keyring,
        now: jiff::Timestamp,
    ) -> Result<Self, SignatureError> {
        let text = header(headers, "authorization").ok_or(SignatureError::Missing)?;
        let date = header(headers, "x-amz-date");
        let authorization = Authorization::parse(text, date.is_some())?;
        let session_token = header(headers, "x-amz-security-token");
        let (principal, key) = keyring.find(&authorization.access_key_id, session_token)?;
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

    /// The signer, if the signature matches the request.
    ///
    /// # Errors
    ///
    /// [`SignatureError::Invalid`] if it doesn't match.
    pub(crate) fn verify(self, request: &Signed<'_>) -> Result<Principal, SignatureError> {
        check_signature(
            &self.key,
            &self.authorization,
            (&self.date, self.signed_at),
            request,
        )?;
        Ok(self.principal)
    }
}

/// Verifies a request whose body has arrived already.
///
/// # Errors
///
/// [`SignatureError`] unless a known key signed this request for this service in time.
pub(crate) fn verify(
    request: &Signed<'_>,
    service: Service,
    keyring: &Keyring,
    now: jiff::Timestamp,
) -> Result<Principal, SignatureError> {
    Claim::read(request.headers, service, keyring, now)?.verify(request)
}
