//! Time, scope and the signature itself.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningParams, SigningSettings, sign},
    sign::v4,
};
use aws_smithy_runtime_api::client::identity::Identity;
use caltrack_local_core::{
    account::REGION,
    authenticator::{SignatureError, Signed, header},
};
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use subtle::ConstantTimeEq as _;

use super::{authorization::Authorization, keys::KeyPair};

/// ISO 8601's basic format: `20260307T080509Z`.
const FORMAT: &str = "%Y%m%dT%H%M%SZ";
/// How far the signer's clock may be off, in seconds either way.
const TOLERANCE: i64 = 300;

/// A service that requests are signed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// GraphQL.
    AppSync,
    /// Tables.
    DynamoDb,
    /// The user pool's administration.
    CognitoIdp,
}

impl Service {
    /// As the credential's scope has it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::AppSync => "appsync",
            Self::DynamoDb => "dynamodb",
            Self::CognitoIdp => "cognito-idp",
        }
    }
}

/// The signature is that of another request, or by another key.
fn mismatch() -> SignatureError {
    SignatureError::Invalid(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
         Key and signing method. Consult the service documentation for details."
            .to_owned(),
    )
}

/// When it was signed, where that is near enough to now.
pub(super) fn check_time(date: &str, now: Timestamp) -> Result<SystemTime, SignatureError> {
    let signed_at = DateTime::strptime(FORMAT, date)
        .and_then(|date| date.to_zoned(TimeZone::UTC))
        .map_err(|_| {
            SignatureError::Incomplete(format!("Date must be in ISO-8601 'basic format'. Got '{date}'."))
        })?
        .timestamp();
    let limit = SignedDuration::from_secs(TOLERANCE);
    let off = now.duration_since(signed_at);
    let print = |at: Timestamp| at.strftime(FORMAT).to_string();
    let minutes = TOLERANCE / 60;
    let bound = |limit: SignedDuration| now.checked_add(limit).map(print).unwrap_or_default();
    if off > limit {
        return Err(SignatureError::Invalid(format!(
            "Signature expired: {date} is now earlier than {} ({} - {minutes} min.)",
            bound(-limit),
            print(now)
        )));
    }
    if off < -limit {
        return Err(SignatureError::Invalid(format!(
            "Signature not yet current: {date} is still later than {} ({} + {minutes} min.)",
            bound(limit),
            print(now)
        )));
    }
    Ok(SystemTime::from(signed_at))
}

/// Whether it was signed for this service, here, on the day of its date.
pub(super) fn check_scope(
    authorization: &Authorization,
    service: Service,
    date: &str,
) -> Result<(), SignatureError> {
    let [day, region, scoped_service, terminator] = &authorization.scope;
    let mut faults = Vec::new();
    if terminator != "aws4_request" {
        faults.push(format!(
            "Credential should be scoped with a valid terminator: 'aws4_request', not '{terminator}'."
        ));
    }
    if region != REGION {
        faults.push(format!(
            "Credential should be scoped to a valid region, not '{region}'."
        ));
    }
    if scoped_service != service.name() {
        faults.push(format!(
            "Credential should be scoped to correct service: '{}'.",
            service.name()
        ));
    }
    let day_signed = date.get(..8).unwrap_or_default();
    if day != day_signed {
        faults.push(format!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{day}' != \
             '{day_signed}', from '{date}'."
        ));
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(SignatureError::Invalid(faults.join(" ")))
    }
}

/// Signs again what arrived, and compares in constant time.
pub(super) fn check_signature(
    key: &KeyPair,
    authorization: &Authorization,
    signed: (&str, SystemTime),
    request: &Signed<'_>,
) -> Result<(), SignatureError> {
    let signature = signature(key, authorization, signed, request).ok_or_else(mismatch)?;
    let given = authorization.signature.as_bytes();
    if bool::from(signature.as_bytes().ct_eq(given)) {
        Ok(())
    } else {
        Err(mismatch())
    }
}

/// The signature that the key's holder would have made; none where the request can't be signed at all.
pub(super) fn signature(
    key: &KeyPair,
    authorization: &Authorization,
    (date, signed_at): (&str, SystemTime),
    request: &Signed<'_>,
) -> Option<String> {
    // The crate puts in a date of its own, and a list of names that is sorted and holds each once: a request that
    // differs there was not signed as it says.
    let mut dates = request
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("x-amz-date"));
    let names = &authorization.signed_headers;
    if !dates.all(|(_, value)| value.trim() == date) || !names.is_sorted_by(|a, b| a < b) {
        return None;
    }
    // Without a header of that name it would take the URL's.
    header(request.headers, "host")?;
    let identity: Identity =
        Credentials::new(key.access_key_id(), key.secret(), None, None, "caltrack").into();
    let mut settings = SigningSettings::default();
    // The signer decided what is signed.
    settings.excluded_headers = None;
    let [_, region, service, _] = &authorization.scope;
    let params: SigningParams<'_> = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(service)
        .time(signed_at)
        .settings(settings)
        .build()
        .ok()?
        .into();
    let headers = request
        .headers
        .iter()
        .copied()
        .filter(|(name, _)| names.iter().any(|signed| signed.eq_ignore_ascii_case(name)));
    // The host that is signed is the header's; the crate merely wants a whole URL.
    let url = format!("http://localhost{}", request.path);
    let signable =
        SignableRequest::new(request.method, url, headers, SignableBody::Bytes(request.body)).ok()?;
    sign(signable, &params)
        .ok()
        .map(|output| output.signature().to_owned())
}
