//! Requests and sockets with nothing left out: status, headers, and frames of whoever writes them by hand.

use std::{fmt::Write as _, path::Path};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::UnixStream,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest as _},
};

use crate::client::soon;

/// An HTTP answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Status line and headers, in lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }
}

/// Asks the API, with a token or without.
pub(crate) async fn ask(socket: &Path, token: Option<&str>, query: &str, variables: &Value) -> Answer {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let mut head = format!(
        "POST /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n",
        body.len()
    );
    if let Some(token) = token {
        write!(head, "authorization: {token}\r\n").unwrap();
    }
    soon(async {
        let mut stream = UnixStream::connect(socket).await.unwrap();
        let request = format!("{head}\r\n{body}");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    })
    .await
}

/// The three ways to say who one is when a socket is opened.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way {
    Protocol,
    Query,
    Header,
}

pub(crate) const WAYS: [Way; 3] = [Way::Protocol, Way::Query, Way::Header];

/// An open socket, not yet acknowledged.
pub(crate) struct Socket {
    stream: WebSocketStream<UnixStream>,
}

impl Socket {
    /// Opens a socket; the status where the upgrade was refused.
    pub(crate) async fn dial(socket: &Path, way: Way, token: Option<&str>) -> Result<Self, u16> {
        let object = authorization(token);
        let encoded = BASE64_URL_SAFE_NO_PAD.encode(object.to_string());
        let (path, protocols) = match way {
            Way::Protocol => (String::new(), format!("graphql-ws, header-{encoded}")),
            Way::Query => (format!("?header={encoded}&payload=e30="), "graphql-ws".to_owned()),
            Way::Header => (String::new(), "graphql-ws".to_owned()),
        };
        let mut request = format!("ws://localhost/graphql/realtime{path}")
            .into_client_request()
            .unwrap();
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", protocols.parse().unwrap());
        if let (Way::Header, Some(token)) = (way, token) {
            headers.insert("authorization", token.parse().unwrap());
        }
        let stream = UnixStream::connect(socket).await.unwrap();
        match soon(client_async(request, stream)).await {
            Ok((stream, _)) => Ok(Self { stream }),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// A socket that is acknowledged.
    pub(crate) async fn open(socket: &Path, token: &str) -> Self {
        let mut socket = Self::dial(socket, Way::Protocol, Some(token)).await.unwrap();
        socket.send(&json!({ "type": "connection_init" })).await;
        let frame = socket.next().await.unwrap();
        assert_eq!(frame["type"], "connection_ack", "{frame}");
        socket
    }

    /// Sends a `start` and returns the answer to it.
    pub(crate) async fn start(
        &mut self,
        id: &str,
        token: Option<&str>,
        query: &str,
        variables: &Value,
    ) -> Value {
        self.send(&json!({ "id": id, "type": "start", "payload": {
            "data": json!({ "query": query, "variables": variables }).to_string(),
            "extensions": { "authorization": authorization(token) },
        }}))
        .await;
        let answer = self.next().await.expect("an answer");
        assert_eq!(answer["id"], id, "{answer}");
        answer
    }

    pub(crate) async fn send(&mut self, frame: &Value) {
        // A socket that was refused may be gone already; reading tells.
        let _ = self.stream.send(Message::text(frame.to_string())).await;
    }

    /// The next frame that is no sign of life; none at the end.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        soon(async {
            loop {
                match self.stream.next().await? {
                    Ok(Message::Text(text)) => {
                        let frame: Value = serde_json::from_str(&text).unwrap();
                        if frame["type"] != "ka" {
                            return Some(frame);
                        }
                    }
                    Ok(Message::Close(_)) | Err(_) => return None,
                    Ok(_) => {}
                }
            }
        })
        .await
    }
}

fn authorization(token: Option<&str>) -> Value {
    let mut object = json!({ "host": "localhost" });
    if let Some(token) = token {
        object["Authorization"] = json!(token);
    }
    object
}
