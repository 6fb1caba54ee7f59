//! AWS's JSON protocol: the operation in `X-Amz-Target`, errors in the body's `__type`.
//!
//! Source: Smithy, "AWS JSON 1.0 protocol" (DynamoDB) and "AWS JSON 1.1 protocol" (Cognito).

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use caltrack_local_cognito::CognitoError;
use caltrack_local_core::tables::DynamoError;
use serde_json::{Value, json};

/// What `X-Amz-Target` has before the names of DynamoDB's operations.
pub(super) const TABLES: &str = "DynamoDB_20120810.";
/// What `X-Amz-Target` has before the names of Cognito's operations.
pub(super) const USER_POOL: &str = "AWSCognitoIdentityProviderService.";

/// What `X-Amz-Target` has before the names of the identity pool's operations.
pub(super) const IDENTITY_POOL: &str = "AWSCognitoIdentityService.";

/// The request's `X-Amz-Target`.
pub(super) fn target(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-amz-target")?.to_str().ok()
}

/// Cognito's response: protocol 1.1, with the error in headers as well.
pub(super) fn user_pool_response(result: Result<Value, CognitoError>) -> Response {
    match result {
        Ok(body) => amz_json(StatusCode::OK, &body),
        Err(error) => {
            let status = if error.kind == "InternalErrorException" {
                StatusCode::INTERNAL_SERVER_ERROR
            } else {
                StatusCode::BAD_REQUEST
            };
            let mut response = amz_json(status, &json!({ "__type": error.kind, "message": error.message }));
            let kind = HeaderValue::from_str(&format!("{}:", error.kind));
            let message = HeaderValue::from_str(&error.message);
            for (name, value) in [("x-amzn-errortype", kind), ("x-amzn-errormessage", message)] {
                // A message that is no valid header value is in the body alone.
                if let Ok(value) = value {
                    response
                        .headers_mut()
                        .insert(HeaderName::from_static(name), value);
                }
            }
            response
        }
    }
}

/// DynamoDB's response: protocol 1.0, with a checksum that clients check.
pub(super) fn tables_response(result: Result<Value, DynamoError>) -> Response {
    const CHECKSUM: HeaderName = HeaderName::from_static("x-amz-crc32");
    let (status, body) = match result {
        Ok(body) => (StatusCode::OK, body),
        Err(error) if error.kind == "InternalServerError" => (StatusCode::INTERNAL_SERVER_ERROR, error.body),
        Err(error) => (StatusCode::BAD_REQUEST, error.body),
    };
    let body = body.to_string();
    let checksum = HeaderValue::from(crc32fast::hash(body.as_bytes()));
    let media_type = HeaderValue::from_static("application/x-amz-json-1.0");
    (
        status,
        [(header::CONTENT_TYPE, media_type), (CHECKSUM, checksum)],
        body,
    )
        .into_response()
}

fn amz_json(status: StatusCode, body: &Value) -> Response {
    let media_type = HeaderValue::from_static("application/x-amz-json-1.1");
    (status, [(header::CONTENT_TYPE, media_type)], body.to_string()).into_response()
}
