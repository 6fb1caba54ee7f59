//! The protocol's frames as JSON text.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::request::GraphQlRequest;

/// How long a client waits for a frame before it reconnects.
const CONNECTION_TIMEOUT_MS: u64 = 300_000;

/// A frame from a client.
#[derive(Debug, Deserialize)]
pub(super) struct ClientFrame {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) id: Option<String>,
    #[serde(default)]
    payload: Value,
}

impl ClientFrame {
    pub(super) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The request of a `start`: `payload.data` is a string that holds JSON.
    pub(super) fn request(&self) -> Option<GraphQlRequest> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Data {
            query: String,
            variables: Option<Map<String, Value>>,
            operation_name: Option<String>,
        }
        let data: Data = serde_json::from_str(self.data()?).ok()?;
        Some(GraphQlRequest {
            query: data.query,
            variables: data.variables.unwrap_or_default(),
            operation_name: data.operation_name,
        })
    }

    /// The request as sent, which the signature of a `start` covers.
    pub(super) fn data(&self) -> Option<&str> {
        self.payload.get("data")?.as_str()
    }

    /// The header object of a `start`.
    pub(super) fn authorization(&self) -> Map<String, Value> {
        let found = self
            .payload
            .pointer("/extensions/authorization")
            .and_then(Value::as_object);
        found.cloned().unwrap_or_default()
    }
}

pub(super) fn connection_ack() -> String {
    json!({ "type": "connection_ack", "payload": { "connectionTimeoutMs": CONNECTION_TIMEOUT_MS } })
        .to_string()
}

pub(super) fn keep_alive() -> String {
    json!({ "type": "ka" }).to_string()
}

pub(super) fn start_ack(id: &str) -> String {
    json!({ "type": "start_ack", "id": id }).to_string()
}

pub(super) fn complete(id: &str) -> String {
    json!({ "type": "complete", "id": id }).to_string()
}

/// `connection_error`: the server closes the connection after it.
pub(super) fn connection_error(error_type: &str, message: &str, code: u16) -> String {
    let error = json!({ "errorType": error_type, "message": message, "errorCode": code });
    json!({ "type": "connection_error", "payload": { "errors": [error] } }).to_string()
}

/// `error`: ends the subscription, if there is one.
pub(super) fn error(id: Option<&str>, errors: &[Value]) -> String {
    let mut frame = json!({ "type": "error", "payload": { "errors": errors } });
    if let (Some(frame), Some(id)) = (frame.as_object_mut(), id) {
        frame.insert("id".to_owned(), Value::from(id));
    }
    frame.to_string()
}

/// The response to a frame that is not an operation of the protocol. AppSync's response has no id, even if the frame
/// has one.
pub(super) fn unsupported() -> String {
    error(None, &[problem("UnsupportedOperation", UNSUPPORTED)])
}

pub(super) const UNSUPPORTED: &str = "unknown not supported through the realtime channel";

/// One error of an `error` frame.
pub(super) fn problem(error_type: &str, message: &str) -> Value {
    json!({ "errorType": error_type, "message": message })
}
