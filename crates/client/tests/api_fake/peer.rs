//! The server's end of a client's WebSocket.

use axum::extract::ws::{Message, WebSocket};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::fake::{SUB, soon};

/// The server's end of a connection.
pub(crate) struct Peer {
    protocols: String,
    pub(crate) socket: WebSocket,
}

impl Peer {
    pub(crate) const fn new(protocols: String, socket: WebSocket) -> Self {
        Self { protocols, socket }
    }

    pub(crate) async fn receive(&mut self) -> Value {
        loop {
            match soon(self.socket.recv()).await.expect("open").expect("a frame") {
                Message::Text(text) => return serde_json::from_str(text.as_str()).unwrap(),
                Message::Close(_) => panic!("closed"),
                Message::Binary(_) | Message::Ping(_) | Message::Pong(_) => {}
            }
        }
    }

    pub(crate) async fn send(&mut self, frame: Value) {
        self.socket.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// The object that authorises the connection, from its sub-protocol.
    pub(crate) fn authorization(&self) -> Value {
        let header = self.protocols.strip_prefix("graphql-ws, header-").unwrap();
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()
    }

    /// Acknowledges the connection and collects the starts: field and id.
    pub(crate) async fn accept(&mut self) -> Vec<(String, String)> {
        self.send(json!({"type": "connection_ack", "payload": {"connectionTimeoutMs": 300_000}}))
            .await;
        self.send(json!({"type": "ka"})).await;
        let mut starts = Vec::new();
        for _ in 0..5 {
            let start = self.receive().await;
            assert_eq!(start["type"], "start");
            assert_eq!(
                start["payload"]["extensions"]["authorization"],
                self.authorization()
            );
            let body: Value = serde_json::from_str(start["payload"]["data"].as_str().unwrap()).unwrap();
            let name = body["operationName"].as_str().unwrap().to_owned();
            let owner = if name == "OnUpdateUser" { "id" } else { "userid" };
            assert_eq!(body["variables"], json!({owner: SUB}));
            starts.push((name, start["id"].as_str().unwrap().to_owned()));
        }
        starts
    }

    pub(crate) async fn acknowledge(&mut self, id: &str) {
        self.send(json!({"type": "start_ack", "id": id})).await;
    }

    /// Reads, and so answers pings, until the connection ends.
    pub(crate) async fn answer_pings(mut self) {
        while let Some(Ok(_)) = self.socket.recv().await {}
    }

    /// Accepts everything.
    pub(crate) async fn go_live(&mut self) -> Vec<(String, String)> {
        let starts = self.accept().await;
        for (_, id) in &starts {
            self.acknowledge(id).await;
        }
        starts
    }
}
