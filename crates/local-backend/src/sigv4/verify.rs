//! Checks of a signature: time, scope, and the signature itself.

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
/// Maximum difference of the signer's clock in seconds, in either direction.
const TOLERANCE: i64 = 300;

/// A service that requests are signed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// Signatures for the service `appsync`.
    AppSync,
    /// Signatures for the service `dynamodb`.
    DynamoDb,
    /// The user pool's operations for administrators.
    CognitoIdp,
}

impl Service {
    /// The service's name in the credential scope.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::AppSync => "appsync",
            Self::DynamoDb => "dynamodb",
            Self::CognitoIdp => "cognito-idp",
        }
    }
}

/// The error of a signature for another request, or by another key.
fn mismatch() -> SignatureError {
    SignatureError::Invalid(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
         Key and signing method. Consult the service documentation for details."
            .to_owned(),
    )
}

/// The time of the signature, if it is within [`TOLERANCE`] of now.
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

/// Checks that the scope names this region and service, and the day of the request's date.
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

/// Signs the request again, and compares in constant time.
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

/// The signature of the request by this key; none if the request can't be signed as it claims.
pub(super) fn signature(
    key: &KeyPair,
    authorization: &Authorization,
    (date, signed_at): (&str, SystemTime),
    request: &Signed<'_>,
) -> Option<String> {
    // The crate adds a date of its own, and sorts the names without duplicates: a request that differs there was
    // not signed as it claims.
    let mut dates = request
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("x-amz-date"));
    let names = &authorization.signed_headers;
    if !dates.all(|(_, value)| value.trim() == date) || !names.is_sorted_by(|a, b| a < b) {
        return None;
    }
    // Without this header, the crate would sign the URL's host.
    header(request.headers, "host")?;
    let identity: Identity =
        Credentials::new(key.access_key_id(), key.secret(), None, None, "caltrack").into();
    let mut settings = SigningSettings::default();
    // The client decided which headers are signed.
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
    // The header's host is signed; the crate only requires an absolute URL.
    let url = format!("http://localhost{}", request.path);
    let signable =
        SignableRequest::new(request.method, url, headers, SignableBody::Bytes(request.body)).ok()?;
    sign(signable, &params)
        .ok()
        .map(|output| output.signature().to_owned())
}
