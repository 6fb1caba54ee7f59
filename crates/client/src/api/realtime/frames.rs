//! AppSync's WebSocket frames: JSON texts with a `type`.
//!
//! Unknown types are ignored (AWS adds some), and errors are read in all three forms that servers have used.
//!
//! Source: AWS AppSync developer guide, "Building a real-time WebSocket client"; recorded frames of Amplify.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{error::shown, session::rejects_proof};

/// The timeout that AWS sends; also used if an acknowledgement has none.
const DEFAULT_TIMEOUT: Duration = Duration::from_mins(5);
/// A shorter timeout would end the connection between two keep-alives of the server.
const MIN_TIMEOUT: Duration = Duration::from_secs(1);

/// A frame from the server.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ServerFrame {
    /// The connection is accepted; without a frame for `timeout` it is dead.
    ConnectionAck { timeout: Duration },
    /// Sent regularly, so that the client knows that the connection works.
    KeepAlive,
    /// The subscription is live.
    StartAck { id: String },
    /// An event, by the name of its root field.
    Data { id: String, data: Map<String, Value> },
    /// A subscription failed; without an id, all that are pending.
    Error {
        id: Option<String>,
        errors: Vec<FrameError>,
    },
    /// The connection was rejected.
    ConnectionError { errors: Vec<FrameError> },
    /// The server ended a subscription.
    Complete { id: String },
    /// A frame of an unknown type.
    Unknown { kind: String },
}

/// An error inside a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FrameError {
    pub(super) kind: String,
    pub(super) message: String,
    pub(super) code: Option<i64>,
}

/// A message that is no frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an invalid frame: {0}")]
pub(super) struct FrameParseError(String);

#[derive(Deserialize)]
struct Raw {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    id: Value,
    #[serde(default)]
    payload: Value,
}

/// The first frame of a connection.
pub(super) fn connection_init() -> String {
    json!({"type": "connection_init"}).to_string()
}

/// Starts a subscription. `body` is the operation as JSON text, which is sent as a string.
pub(super) fn start(id: &str, body: &str, authorization: &Value) -> String {
    json!({"id": id, "type": "start",
        "payload": {"data": body, "extensions": {"authorization": authorization}}})
    .to_string()
}

pub(super) fn parse(text: &str) -> Result<ServerFrame, FrameParseError> {
    let raw: Raw = serde_json::from_str(text).map_err(|error| FrameParseError(error.to_string()))?;
    let given = raw.id.as_str().map(str::to_owned);
    let id = || {
        given
            .clone()
            .ok_or_else(|| FrameParseError(format!("`{}` without an id", shown(&raw.kind))))
    };
    Ok(match raw.kind.as_str() {
        "connection_ack" => ServerFrame::ConnectionAck {
            timeout: raw
                .payload
                .get("connectionTimeoutMs")
                .and_then(Value::as_u64)
                .map_or(DEFAULT_TIMEOUT, Duration::from_millis)
                .max(MIN_TIMEOUT),
        },
        "ka" => ServerFrame::KeepAlive,
        "start_ack" => ServerFrame::StartAck { id: id()? },
        "complete" => ServerFrame::Complete { id: id()? },
        "data" => ServerFrame::Data {
            id: id()?,
            data: match raw.payload {
                Value::Object(mut payload) => match payload.remove("data") {
                    Some(Value::Object(data)) => data,
                    Some(_) | None => Map::new(),
                },
                _ => Map::new(),
            },
        },
        "error" => ServerFrame::Error {
            id: given,
            errors: errors(&raw.payload),
        },
        "connection_error" => ServerFrame::ConnectionError {
            errors: errors(&raw.payload),
        },
        other => ServerFrame::Unknown { kind: shown(other) },
    })
}

/// The errors of a payload, at least one: `errors` is a list, or one object (older servers), or the payload is the error.
fn errors(payload: &Value) -> Vec<FrameError> {
    let listed: Vec<FrameError> = match payload.get("errors") {
        Some(Value::Array(errors)) => errors.iter().map(frame_error).collect(),
        Some(error @ Value::Object(_)) => vec![frame_error(error)],
        Some(_) | None => Vec::new(),
    };
    if listed.is_empty() {
        vec![frame_error(payload)]
    } else {
        listed
    }
}

fn frame_error(error: &Value) -> FrameError {
    let text = |name: &str| shown(error.get(name).and_then(Value::as_str).unwrap_or_default());
    FrameError {
        kind: text("errorType"),
        message: text("message"),
        code: error.get("errorCode").and_then(Value::as_i64),
    }
}

impl FrameError {
    /// For logs and notices.
    pub(super) fn text(&self) -> String {
        match (self.kind.is_empty(), self.message.is_empty()) {
            (false, false) => format!("{}: {}", self.kind, self.message),
            (false, true) => self.kind.clone(),
            (true, false) => self.message.clone(),
            (true, true) => "an error without a message".to_owned(),
        }
    }

    /// Whether the token may be the cause, so that another one may help. The type may have a namespace.
    pub(super) fn is_about_token(&self) -> bool {
        rejects_proof(&self.kind) || self.code == Some(401)
    }

    /// Whether the subscription would fail again with any token: a denied field, or an invalid document.
    pub(super) fn is_permanent(&self) -> bool {
        !self.is_about_token()
            && (self.kind.is_empty()
                || matches!(
                    self.kind.as_str(),
                    "Unauthorized" | "BadRequest" | "BadRequestException" | "UnsupportedOperation"
                ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDED: &str = include_str!("../../../../../tests/fixtures/appsync/amplify-6.22.1.jsonl");

    fn recorded(dir: &str) -> Vec<Value> {
        RECORDED
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .filter(|line| line["dir"] == dir && line["kind"] == "frame")
            .map(|line| line["frame"].clone())
            .collect()
    }

    #[test]
    fn recorded_server_frames_are_read() {
        let frames: Vec<ServerFrame> = recorded("simulator")
            .iter()
            .map(|frame| parse(&frame.to_string()).unwrap())
            .collect();
        let id = "d8a6e96d-99e7-4eb0-8386-6e456c369d85".to_owned();
        assert_eq!(frames.len(), 4);
        assert_eq!(
            frames[0],
            ServerFrame::ConnectionAck {
                timeout: DEFAULT_TIMEOUT
            }
        );
        assert_eq!(frames[1], ServerFrame::StartAck { id: id.clone() });
        let ServerFrame::Data { data, .. } = &frames[2] else {
            panic!("{frames:?}")
        };
        assert_eq!(data["onCreateActivity"]["caloriesConsumed"], 77);
        assert_eq!(frames[3], ServerFrame::Complete { id });
    }

    #[test]
    fn our_frames_are_built_like_amplifys() {
        let frames = recorded("client");
        assert_eq!(
            serde_json::from_str::<Value>(&connection_init()).unwrap(),
            frames[0]
        );
        let theirs = &frames[1];
        let ours: Value = serde_json::from_str(&start(
            theirs["id"].as_str().unwrap(),
            theirs["payload"]["data"].as_str().unwrap(),
            &theirs["payload"]["extensions"]["authorization"],
        ))
        .unwrap();
        assert_eq!(&ours, theirs);
    }

    #[test]
    fn an_acknowledgement_sets_the_watchdog() {
        let parsed = parse(r#"{"type":"connection_ack","payload":{"connectionTimeoutMs":60000}}"#).unwrap();
        assert_eq!(
            parsed,
            ServerFrame::ConnectionAck {
                timeout: Duration::from_mins(1)
            }
        );
        assert_eq!(parse(r#"{"type":"ka"}"#).unwrap(), ServerFrame::KeepAlive);
    }

    #[test]
    fn errors_are_read_in_all_their_forms() {
        for (text, kind, code) in [
            (
                r#"{"type":"connection_error","payload":{"errors":[{"errorType":"UnauthorizedException","message":"Token has expired.","errorCode":401}]}}"#,
                "UnauthorizedException",
                Some(401),
            ),
            (
                r#"{"type":"connection_error","payload":{"errors":{"errorType":"UnauthorizedException"}}}"#,
                "UnauthorizedException",
                None,
            ),
            (
                r#"{"type":"connection_error","payload":{"errorType":"Unauthorized","errorCode":401}}"#,
                "Unauthorized",
                Some(401),
            ),
            (
                r#"{"type":"connection_error","payload":{"errors":[{"errorType":"com.amazonaws.deepdish.graphql.auth#UnauthorizedException","errorCode":400}]}}"#,
                "com.amazonaws.deepdish.graphql.auth#UnauthorizedException",
                Some(400),
            ),
        ] {
            let ServerFrame::ConnectionError { errors } = parse(text).unwrap() else {
                panic!("{text}")
            };
            assert_eq!((errors[0].kind.as_str(), errors[0].code), (kind, code));
            assert!(errors[0].is_about_token(), "{text}");
        }
    }

    #[test]
    fn a_denied_field_is_permanent_and_a_full_connection_is_not() {
        let error = |text: &str| match parse(text).unwrap() {
            ServerFrame::Error { id, errors } => (id, errors[0].clone()),
            other => panic!("{other:?}"),
        };
        let (id, denied) = error(
            r#"{"type":"error","id":"1","payload":{"errors":[{"errorType":"Unauthorized","message":"Not Authorized to access onX on type Subscription"}]}}"#,
        );
        assert_eq!(id.as_deref(), Some("1"));
        assert!(denied.is_permanent() && !denied.is_about_token());
        let (_, invalid) = error(
            r#"{"type":"error","id":"1","payload":{"errors":[{"message":"Validation error of type UnknownType"}]}}"#,
        );
        assert!(invalid.is_permanent());
        let (_, full) = error(
            r#"{"type":"error","id":"1","payload":{"errors":{"errorType":"MaxSubscriptionsReachedError","message":"Max number of 50 subscriptions reached"}}}"#,
        );
        assert!(!full.is_permanent());
        let (none, limit) = error(
            r#"{"type":"error","payload":{"errors":[{"errorType":"LimitExceededError","message":"Rate limit exceeded"}]}}"#,
        );
        assert!(none.is_none() && !limit.is_permanent());
    }

    #[test]
    fn unknown_types_are_ignored_and_invalid_frames_are_errors() {
        assert!(matches!(
            parse(r#"{"type":"starting","id":"1"}"#).unwrap(),
            ServerFrame::Unknown { .. }
        ));
        for bad in ["", "[]", "{}", r#"{"type":"start_ack"}"#, r#"{"type":5}"#] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        let ServerFrame::Data { data, .. } = parse(r#"{"type":"data","id":"1","payload":null}"#).unwrap()
        else {
            panic!()
        };
        assert!(data.is_empty());
    }
}
