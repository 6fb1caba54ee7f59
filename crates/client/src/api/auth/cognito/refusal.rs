//! What the user pool refuses, and why.

use serde_json::Value;

use crate::api::{ApiError, checkup::ahead, error::shown, http::Answer};

/// A refusal of the pool's, before it is put in words for the user.
#[derive(Debug)]
pub(in crate::api::auth) enum Refusal {
    /// `__type` and message; seconds that the pool's clock is ahead, where it tells the time.
    Pool {
        kind: String,
        message: String,
        ahead: Option<i64>,
    },
    /// Anything that isn't the pool's own word.
    Other(ApiError),
}

/// Reads an error: its code from the header, else from the body, without namespace and trailing address.
pub(super) fn refusal(answer: &Answer) -> Refusal {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let kind = answer
        .headers
        .get("x-amzn-errortype")
        .and_then(|value| value.to_str().ok())
        .or_else(|| text("code"))
        .or_else(|| text("__type"))
        .unwrap_or_default();
    let kind = kind.split([':', ',']).next().unwrap_or_default();
    let kind = kind.rsplit('#').next().unwrap_or_default();
    let message = shown(text("message").or_else(|| text("Message")).unwrap_or_default());
    match (kind, answer.status) {
        ("", 429 | 500..) => Refusal::Other(ApiError::Busy(format!("HTTP status {}", answer.status))),
        ("", status) => Refusal::Other(ApiError::Protocol(format!(
            "the user pool answered with HTTP status {status}"
        ))),
        (kind, _) => Refusal::Pool {
            kind: shown(kind),
            message,
            ahead: ahead(&answer.headers),
        },
    }
}

/// The pool's words for a name that has to wait after too many wrong passwords. The exception is that of a wrong password
/// (Cognito developer guide, "Lockout behavior for failed sign-in attempts").
const LOCKED: &str = "Password attempts exceeded";
/// The pool's words for a wrong password, and for a proof of a time that is too far from its own.
const WRONG_PASSWORD: &str = "Incorrect username or password";
/// Seconds by which the time of a proof may be off: the box's limit, and less than Cognito's.
const CLOCK_SKEW: u64 = 300;

impl Refusal {
    /// Whether the pool was too busy to look at it.
    pub(super) fn is_busy(&self) -> bool {
        match self {
            Self::Pool { kind, .. } => kind == "TooManyRequestsException",
            Self::Other(error) => matches!(error, ApiError::Busy(_)),
        }
    }

    /// Whether the tokens that were sent are worth nothing any more.
    pub(in crate::api::auth) fn ends_session(&self) -> bool {
        match self {
            Self::Pool { kind, message, .. } => {
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

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let (kind, message, ahead) = match refusal {
            Refusal::Other(error) => return error,
            Refusal::Pool { kind, message, ahead } => (kind, message, ahead),
        };
        if kind == "InternalErrorException"
            && let Some(error) = Self::of_disk(&message)
        {
            return error;
        }
        if kind == "NotAuthorizedException" && message.starts_with(LOCKED) {
            return Self::Locked;
        }
        // The password may well be right.
        if kind == "NotAuthorizedException"
            && message.starts_with(WRONG_PASSWORD)
            && let Some(ahead) = ahead.filter(|ahead| ahead.unsigned_abs() > CLOCK_SKEW)
        {
            return Self::Clock(ahead);
        }
        let text = if message.is_empty() { kind.clone() } else { message };
        match kind.as_str() {
            "NotAuthorizedException" | "UserNotFoundException" | "ForbiddenException" => {
                Self::Unauthorized(text)
            }
            "UserNotConfirmedException" => Self::NotConfirmed,
            // Nothing is wrong with what was asked.
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

pub(super) fn nonsense(detail: &str) -> Refusal {
    Refusal::Other(ApiError::Protocol(detail.to_owned()))
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderValue};

    use super::*;

    fn refused(header: Option<&'static str>, body: &str, status: u16) -> Refusal {
        let mut headers = HeaderMap::new();
        if let Some(header) = header {
            headers.insert("x-amzn-errortype", HeaderValue::from_static(header));
        }
        refusal(&Answer {
            status,
            headers,
            body: body.as_bytes().to_vec(),
        })
    }

    #[test]
    fn the_pools_errors_are_read_in_all_their_spellings() {
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
            let refusal = refused(header, body, 400);
            assert!(refusal.ends_session());
            assert_eq!(
                ApiError::from(refusal),
                ApiError::Unauthorized("Incorrect username or password.".to_owned())
            );
        }
    }

    #[test]
    fn a_name_that_has_to_wait_is_not_a_wrong_password_and_ends_no_session() {
        for message in ["Password attempts exceeded", "Password attempts exceeded."] {
            let body =
                serde_json::json!({ "__type": "NotAuthorizedException", "message": message }).to_string();
            assert!(!refused(None, &body, 400).ends_session());
            let error = ApiError::from(refused(None, &body, 400));
            assert_eq!((&error, error.kind()), (&ApiError::Locked, "busy"));
        }
    }

    #[test]
    fn a_clock_that_differs_is_not_a_wrong_password() {
        let by = |seconds: i64| {
            let there = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
            let date = jiff::fmt::rfc2822::DateTimePrinter::new()
                .timestamp_to_rfc9110_string(&there)
                .unwrap();
            let headers =
                HeaderMap::from_iter([(reqwest::header::DATE, HeaderValue::try_from(date).unwrap())]);
            let body = br#"{"__type":"NotAuthorizedException","message":"Incorrect username or password."}"#;
            ApiError::from(refusal(&Answer {
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
    fn an_unconfirmed_user_and_a_busy_pool_are_told_apart_from_refusals() {
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
