//! Errors of a whole request: `{"errors": [{"errorType", "message"}]}` and the header `x-amzn-errortype`.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use caltrack_local_core::authenticator::AuthError;
use serde_json::{Value, json};

/// The request was not executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HttpError {
    status: StatusCode,
    kind: &'static str,
    message: String,
}

impl HttpError {
    pub(super) fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            message: message.into(),
        }
    }

    pub(super) fn malformed(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "MalformedHttpRequestException", message)
    }

    pub(super) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowedException",
            "This path does not support this method.",
        )
    }
}

impl From<AuthError> for HttpError {
    fn from(error: AuthError) -> Self {
        let (status, kind) = match &error {
            AuthError::Signature(error) => (StatusCode::FORBIDDEN, error.kind()),
            _ => (StatusCode::UNAUTHORIZED, "UnauthorizedException"),
        };
        Self::new(status, kind, error.to_string())
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
        let body = json!({ "errors": [{ "errorType": self.kind, "message": self.message }] });
        let mut response = json_response(self.status, &body);
        response
            .headers_mut()
            .insert(ERROR_TYPE, HeaderValue::from_static(self.kind));
        response
    }
}

/// A JSON response with AppSync's media type.
pub(super) fn json_response(status: StatusCode, body: &Value) -> Response {
    let media_type = HeaderValue::from_static("application/json;charset=UTF-8");
    (status, [(header::CONTENT_TYPE, media_type)], body.to_string()).into_response()
}
