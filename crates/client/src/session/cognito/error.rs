//! Errors of the user pool.

use serde_json::Value;

use crate::{
    error::{ApiError, shown},
    http::{HttpResponse, clock_skew},
};

/// A failed call of the user pool.
#[derive(Debug)]
pub(in crate::session) enum PoolError {
    /// An error that the pool reports: `__type`, message, and the clock skew in seconds.
    Service {
        kind: String,
        message: String,
        skew: Option<i64>,
    },
    /// No response, or one that isn't the pool's.
    Other(ApiError),
}

/// Reads an error response: its code from the header, else from the body, without namespace and trailing address.
pub(super) fn pool_error(response: &HttpResponse) -> PoolError {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let kind = response
        .headers
        .get("x-amzn-errortype")
        .and_then(|value| value.to_str().ok())
        .or_else(|| text("code"))
        .or_else(|| text("__type"))
        .unwrap_or_default();
    let kind = kind.split([':', ',']).next().unwrap_or_default();
    let kind = kind.rsplit('#').next().unwrap_or_default();
    let message = shown(text("message").or_else(|| text("Message")).unwrap_or_default());
    match (kind, response.status) {
        ("", 429 | 500..) => PoolError::Other(ApiError::Busy(format!("HTTP status {}", response.status))),
        ("", status) => PoolError::Other(ApiError::Protocol(format!(
            "the user pool responded with HTTP status {status}"
        ))),
        (kind, _) => PoolError::Service {
            kind: shown(kind),
            message,
            skew: clock_skew(&response.headers),
        },
    }
}

/// The pool's message for a user who is locked after too many wrong passwords. The exception is that of a wrong password
/// (Cognito developer guide, "Lockout behavior for failed sign-in attempts").
const LOCKED: &str = "Password attempts exceeded";
/// The pool's message for a wrong password, and for a proof whose timestamp is too far from the pool's clock.
const WRONG_PASSWORD: &str = "Incorrect username or password";
/// Seconds by which a proof's timestamp may be off: the box's limit, which is below Cognito's.
const MAX_CLOCK_SKEW: u64 = 300;

impl PoolError {
    /// Whether the pool was too busy to execute the call.
    pub(super) fn is_busy(&self) -> bool {
        match self {
            Self::Service { kind, .. } => kind == "TooManyRequestsException",
            Self::Other(error) => matches!(error, ApiError::Busy(_)),
        }
    }

    /// Whether the tokens that were sent are no longer valid.
    pub(in crate::session) fn ends_session(&self) -> bool {
        match self {
            Self::Service { kind, message, .. } => {
                let ends = matches!(
                    kind.as_str(),
                    "NotAuthorizedException" | "RefreshTokenReuseException" | "UserNotFoundException"
                );
                ends && !message.starts_with(LOCKED)
            }
            Self::Other(_) => false,
        }
    }
}

impl From<PoolError> for ApiError {
    fn from(error: PoolError) -> Self {
        let (kind, message, skew) = match error {
            PoolError::Other(error) => return error,
            PoolError::Service { kind, message, skew } => (kind, message, skew),
        };
        if kind == "InternalErrorException"
            && let Some(error) = Self::disk_failure(&message)
        {
            return error;
        }
        if kind == "NotAuthorizedException" && message.starts_with(LOCKED) {
            return Self::Locked;
        }
        // The password may be right.
        if kind == "NotAuthorizedException"
            && message.starts_with(WRONG_PASSWORD)
            && let Some(skew) = skew.filter(|skew| skew.unsigned_abs() > MAX_CLOCK_SKEW)
        {
            return Self::Clock(skew);
        }
        let text = if message.is_empty() { kind.clone() } else { message };
        match kind.as_str() {
            "NotAuthorizedException" | "UserNotFoundException" | "ForbiddenException" => {
                Self::Unauthorized(text)
            }
            "UserNotConfirmedException" => Self::NotConfirmed,
            // The call itself was valid.
            "TooManyRequestsException"
            | "CodeDeliveryFailureException"
            | "LimitExceededException"
            | "TooManyFailedAttemptsException"
            | "InternalErrorException" => Self::Busy(text),
            "ResourceNotFoundException" => {
                Self::Rejected(format!("the user pool or its client is unknown: {text}"))
            }
            _ => Self::Rejected(text),
        }
    }
}

/// A response that isn't the pool's protocol.
pub(super) fn invalid(detail: &str) -> PoolError {
    PoolError::Other(ApiError::Protocol(detail.to_owned()))
}

#[cfg(test)]
mod tests {
    use caltrack_domain::FailureKind;
    use reqwest::header::{HeaderMap, HeaderValue};

    use super::*;

    fn refused(header: Option<&'static str>, body: &str, status: u16) -> PoolError {
        let mut headers = HeaderMap::new();
        if let Some(header) = header {
            headers.insert("x-amzn-errortype", HeaderValue::from_static(header));
        }
        pool_error(&HttpResponse {
            status,
            headers,
            body: body.as_bytes().to_vec(),
        })
    }

    #[test]
    fn errors_are_read_in_all_spellings_of_the_pool() {
        for (header, body) in [
            (
                Some("NotAuthorizedException:"),
                r#"{"message":"Incorrect username or password."}"#,
            ),
            (
                None,
                r#"{"__type":"NotAuthorizedException","message":"Incorrect username or password."}"#,
            ),
            (
                None,
                r#"{"__type":"com.amazonaws#NotAuthorizedException:http://x/","Message":"Incorrect username or password."}"#,
            ),
        ] {
            let error = refused(header, body, 400);
            assert!(error.ends_session());
            assert_eq!(
                ApiError::from(error),
                ApiError::Unauthorized("Incorrect username or password.".to_owned())
            );
        }
    }

    #[test]
    fn a_locked_user_is_not_a_wrong_password_and_keeps_the_session() {
        for message in ["Password attempts exceeded", "Password attempts exceeded."] {
            let body =
                serde_json::json!({ "__type": "NotAuthorizedException", "message": message }).to_string();
            assert!(!refused(None, &body, 400).ends_session());
            let error = ApiError::from(refused(None, &body, 400));
            assert_eq!((&error, error.kind()), (&ApiError::Locked, FailureKind::Busy));
        }
    }

    #[test]
    fn a_wrong_clock_is_not_a_wrong_password() {
        let by = |seconds: i64| {
            let there = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
            let date = jiff::fmt::rfc2822::DateTimePrinter::new()
                .timestamp_to_rfc9110_string(&there)
                .unwrap();
            let headers =
                HeaderMap::from_iter([(reqwest::header::DATE, HeaderValue::try_from(date).unwrap())]);
            let body = br#"{"__type":"NotAuthorizedException","message":"Incorrect username or password."}"#;
            ApiError::from(pool_error(&HttpResponse {
                status: 400,
                headers,
                body: body.to_vec(),
            }))
        };
        assert!(matches!(by(86_400), ApiError::Clock(86_000..)));
        assert!(matches!(by(-86_400), ApiError::Clock(..=-86_000)));
        assert!(matches!(by(60), ApiError::Unauthorized(_)));
        assert!(by(-7_200).to_string().contains("2 hours ahead"), "{}", by(-7_200));
    }

    #[test]
    fn an_unconfirmed_user_and_a_busy_pool_have_errors_of_their_own() {
        assert_eq!(
            ApiError::from(refused(None, r#"{"__type":"UserNotConfirmedException"}"#, 400)),
            ApiError::NotConfirmed
        );
        let busy = refused(None, r#"{"__type":"TooManyRequestsException"}"#, 400);
        assert!(busy.is_busy() && !busy.ends_session());
        assert!(refused(None, "<html>", 503).is_busy());
        assert!(matches!(
            ApiError::from(refused(None, "", 400)),
            ApiError::Protocol(_)
        ));
        assert_eq!(
            ApiError::from(refused(
                None,
                r#"{"__type":"InternalErrorException","message":"The disk is full. Make room, then try again."}"#,
                500
            )),
            ApiError::DiskFull
        );
        assert_eq!(
            ApiError::from(refused(
                None,
                r#"{"__type":"InvalidPasswordException","message":"weak"}"#,
                400
            )),
            ApiError::Rejected("weak".to_owned())
        );
    }
}
