//! AppSync's WebSocket protocol.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::UnixStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use super::{Session, soon};

/// A connection; [`Realtime::connect`] waits for its acknowledgement.
pub(crate) struct Realtime {
    socket: WebSocketStream<UnixStream>,
    authorization: Value,
    started: u32,
}

impl Realtime {
    pub(crate) async fn connect(session: &Session) -> Self {
        let mut realtime = Self::dial(session).await;
        realtime.send(json!({ "type": "connection_init" })).await;
        assert_eq!(realtime.next().await["type"], "connection_ack");
        realtime
    }

    /// Opens a socket and sends no frame.
    pub(crate) async fn dial(session: &Session) -> Self {
        let authorization = json!({ "host": "localhost", "Authorization": session.token });
        let header = BASE64_URL_SAFE_NO_PAD.encode(authorization.to_string());
        let mut request = "ws://localhost/graphql/realtime".into_client_request().unwrap();
        request.headers_mut().insert(
            "sec-websocket-protocol",
            format!("graphql-ws, header-{header}").parse().unwrap(),
        );
        let stream = UnixStream::connect(&session.socket).await.unwrap();
        let (socket, response) = soon(client_async(request, stream)).await.unwrap();
        assert_eq!(response.headers()["sec-websocket-protocol"], "graphql-ws");
        Self {
            socket,
            authorization,
            started: 0,
        }
    }

    /// Subscribes and returns the id of the acknowledged subscription. The error is the error frame.
    pub(crate) async fn subscribe(&mut self, query: &str, variables: Value) -> Result<String, Value> {
        self.started += 1;
        let id = format!("subscription-{}", self.started);
        let data = json!({ "query": query, "variables": variables }).to_string();
        let extensions = json!({ "authorization": self.authorization });
        self.send(
            json!({ "id": id, "type": "start", "payload": { "data": data, "extensions": extensions } }),
        )
        .await;
        let response = self.next().await;
        assert_eq!(response["id"], json!(id), "{response}");
        if response["type"] == "start_ack" {
            Ok(id)
        } else {
            Err(response)
        }
    }

    /// The data of the next event. Panics if the event has errors.
    pub(crate) async fn event(&mut self) -> Value {
        let frame = self.next().await;
        assert_eq!(frame["type"], "data", "{frame}");
        assert_eq!(frame["payload"].get("errors"), None, "{frame}");
        frame["payload"]["data"].clone()
    }

    pub(crate) async fn send(&mut self, frame: Value) {
        self.send_text(&frame.to_string()).await;
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    /// The next frame that isn't a keep-alive. Panics after a minute without one.
    pub(crate) async fn next(&mut self) -> Value {
        soon(async {
            loop {
                let message = self.socket.next().await.expect("an open socket").unwrap();
                if let Message::Text(text) = message {
                    let frame: Value = serde_json::from_str(&text).unwrap();
                    if frame["type"] != "ka" {
                        return frame;
                    }
                }
            }
        })
        .await
    }
}
