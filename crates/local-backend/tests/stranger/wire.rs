//! Handwritten requests and frames, and the status and headers of the responses.

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

#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Status line and headers, in lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }
}

/// Sends a query to the API, with a token or without.
pub(crate) async fn send_query(
    socket: &Path,
    token: Option<&str>,
    query: &str,
    variables: &Value,
) -> Response {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let mut headers = vec![("host", "localhost"), ("content-type", "application/json")];
    headers.extend(token.map(|token| ("authorization", token)));
    let headers: Vec<(String, String)> = headers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    send(socket, "/graphql", &headers, &body).await
}

/// Sends a POST with these headers.
pub(crate) async fn send(socket: &Path, path: &str, headers: &[(String, String)], body: &str) -> Response {
    let mut head = format!(
        "POST {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    soon(async {
        let mut stream = UnixStream::connect(socket).await.unwrap();
        let request = format!("{head}\r\n{body}");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).await.unwrap();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        Response {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    })
    .await
}

/// The three ways to authenticate when a socket is opened.
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
    /// Opens a socket. The error is the status of a rejected upgrade.
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
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens a socket with a header object, and sends the init.
    pub(crate) async fn dial_with(socket: &Path, object: &Value) -> Self {
        let mut request = "ws://localhost/graphql/realtime".into_client_request().unwrap();
        let encoded = BASE64_URL_SAFE_NO_PAD.encode(object.to_string());
        let protocols = format!("graphql-ws, header-{encoded}");
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocols.parse().unwrap());
        let stream = UnixStream::connect(socket).await.unwrap();
        let (stream, _) = soon(client_async(request, stream)).await.unwrap();
        let mut socket = Self { stream };
        socket.send(&json!({ "type": "connection_init" })).await;
        socket
    }

    /// As [`Socket::dial_with`], and waits for the acknowledgement.
    pub(crate) async fn open_with(socket: &Path, object: &Value) -> Self {
        let mut socket = Self::dial_with(socket, object).await;
        let frame = socket.next().await.unwrap();
        assert_eq!(frame["type"], "connection_ack", "{frame}");
        socket
    }

    /// Sends a `start` with a header object and returns the response to it.
    pub(crate) async fn start_with(&mut self, id: &str, data: &str, object: &Value) -> Value {
        let extensions = json!({ "authorization": object });
        self.send(
            &json!({ "id": id, "type": "start", "payload": { "data": data, "extensions": extensions } }),
        )
        .await;
        let response = self.next().await.expect("a response");
        assert_eq!(response["id"], id, "{response}");
        response
    }

    /// Opens a socket and waits for the acknowledgement.
    pub(crate) async fn open(socket: &Path, token: &str) -> Self {
        let mut socket = Self::dial(socket, Way::Protocol, Some(token)).await.unwrap();
        socket.send(&json!({ "type": "connection_init" })).await;
        let frame = socket.next().await.unwrap();
        assert_eq!(frame["type"], "connection_ack", "{frame}");
        socket
    }

    /// Sends a `start` and returns the response to it.
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
        let response = self.next().await.expect("a response");
        assert_eq!(response["id"], id, "{response}");
        response
    }

    pub(crate) async fn send(&mut self, frame: &Value) {
        // A rejected socket may be closed already; the next read shows it.
        let _ = self.stream.send(Message::text(frame.to_string())).await;
    }

    /// The next frame that isn't a keep-alive; `None` once the socket is closed.
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
