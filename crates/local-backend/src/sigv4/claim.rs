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
pub(crate) struct Claim<'k> {
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
    pub(crate) fn read(
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
    pub(crate) fn verify(&self, request: &Signed<'_>) -> Result<Principal, SignatureError> {
        check_signature(
            self.key,
            &self.authorization,
            (&self.date, self.signed_at),
            request,
        )?;
        Ok(self.principal)
    }
}

/// Both steps of a verification, where the body is there already.
///
/// # Errors
///
/// [`SignatureError`]: nobody known signed this request for this service now.
pub(crate) fn verify(
    request: &Signed<'_>,
    service: Service,
    keyring: &Keyring,
    now: jiff::Timestamp,
) -> Result<Principal, SignatureError> {
    Claim::read(request.headers, service, keyring, now)?.verify(request)
}
