//! What the user pool refuses, and why.

use serde_json::Value;

use crate::api::{ApiError, error::shown, http::Answer};

/// A refusal of the pool's, before it is put in words for the user.
#[derive(Debug)]
pub(in crate::api::auth) enum Refusal {
    /// `__type` and message.
    Pool { kind: String, message: String },
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
        },
    }
}

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
            Self::Pool { kind, .. } => matches!(
                kind.as_str(),
                "NotAuthorizedException" | "RefreshTokenReuseException" | "UserNotFoundException"
            ),
            Self::Other(_) => false,
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let (kind, message) = match refusal {
            Refusal::Other(error) => return error,
            Refusal::Pool { kind, message } => (kind, message),
        };
        if kind == "InternalErrorException"
            && let Some(error) = Self::of_disk(&message)
        {
            return error;
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
