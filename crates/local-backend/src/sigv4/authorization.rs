//! The `Authorization` header of a signed request.

use caltrack_local_core::authenticator::SignatureError;

/// The algorithm that clients sign with; AWS has no other for a single region.
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Its parts, as sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Authorization {
    pub(super) access_key_id: String,
    /// `YYYYMMDD`, region, service, `aws4_request`.
    pub(super) scope: [String; 4],
    /// Lower case, in the order that was sent.
    pub(super) signed_headers: Vec<String>,
    /// Hexadecimal.
    pub(super) signature: String,
}

impl Authorization {
    /// Reads it; `dated` says whether the request has an `X-Amz-Date`.
    pub(super) fn parse(text: &str, dated: bool) -> Result<Self, SignatureError> {
        let Some(rest) = text
            .strip_prefix(ALGORITHM)
            .filter(|rest| rest.starts_with(char::is_whitespace))
        else {
            return Err(SignatureError::Incomplete(format!(
                "Authorization header requires the algorithm '{ALGORITHM}'."
            )));
        };
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        for part in rest.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let place = match part.split_once('=') {
                Some(("Credential", value)) => credential.replace(value),
                Some(("SignedHeaders", value)) => signed_headers.replace(value),
                Some(("Signature", value)) => signature.replace(value),
                _ => {
                    return Err(SignatureError::Incomplete(
                        "Authorization header has a part that is none of 'Credential', 'SignedHeaders' and 'Signature'."
                            .to_owned(),
                    ));
                }
            };
            if place.is_some() {
                return Err(SignatureError::Incomplete(
                    "Authorization header has a parameter twice.".to_owned(),
                ));
            }
        }
        let (Some(credential), Some(signed_headers), Some(signature), true) =
            (credential, signed_headers, signature, dated)
        else {
            let missing = [
                ("'Credential' parameter", credential.is_none()),
                ("'Signature' parameter", signature.is_none()),
                ("'SignedHeaders' parameter", signed_headers.is_none()),
                ("existence of an 'X-Amz-Date' header", !dated),
            ];
            let sentences: Vec<String> = missing
                .iter()
                .filter(|(_, missing)| *missing)
                .map(|(what, _)| format!("Authorization header requires {what}."))
                .collect();
            return Err(SignatureError::Incomplete(sentences.join(" ")));
        };
        Self::of(credential, signed_headers, signature)
    }

    fn of(credential: &str, signed_headers: &str, signature: &str) -> Result<Self, SignatureError> {
        let parts: Vec<&str> = credential.split('/').collect();
        let &[access_key_id, date, region, service, terminator] = parts.as_slice() else {
            return Err(SignatureError::Incomplete(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term".to_owned(),
            ));
        };
        let signed_headers: Vec<String> = signed_headers.split(';').map(str::to_ascii_lowercase).collect();
        for (needed, sentence) in [
            (
                "host",
                "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
            ),
            (
                "x-amz-date",
                "'X-Amz-Date' must be a 'SignedHeader' in the AWS Authorization.",
            ),
        ] {
            if !signed_headers.iter().any(|name| name == needed) {
                return Err(SignatureError::Invalid(sentence.to_owned()));
            }
        }
        Ok(Self {
            access_key_id: access_key_id.to_owned(),
            scope: [date, region, service, terminator].map(str::to_owned),
            signed_headers,
            signature: signature.to_owned(),
        })
    }
}

/// Whether an `Authorization` is a signature rather than a token.
pub(crate) fn is_signature(authorization: &str) -> bool {
    authorization.trim_start().starts_with(ALGORITHM)
}
