//! A client of the box that shares no code with it: HTTP, Cognito's SRP, and AppSync's WebSocket protocol, on a
//! socket file.

pub(crate) mod realtime;
pub(crate) mod srp;

use std::{path::Path, time::Duration};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::UnixStream,
};

pub(crate) const POOL_ID: &str = "us-east-1_CALTRACK0";
pub(crate) const CLIENT_ID: &str = "caltrack0local0client00000";

pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_mins(1), future)
        .await
        .expect("finished within a minute")
}

/// Sends a POST and returns status and body.
pub(crate) async fn post(socket: &Path, path: &str, headers: &[(&str, &str)], body: &Value) -> (u16, Value) {
    let body = body.to_string();
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        request.extend([name, ": ", value, "\r\n"]);
    }
    request.push_str("\r\n");
    request.push_str(&body);
    let response = soon(async {
        let mut stream = UnixStream::connect(socket).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).await.unwrap();
        response
    })
    .await;
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

/// Calls an operation of the user pool. The error is the body of the response.
pub(crate) async fn cognito(socket: &Path, operation: &str, body: Value) -> Result<Value, Value> {
    let target = format!("AWSCognitoIdentityProviderService.{operation}");
    let headers = [
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", target.as_str()),
    ];
    match post(socket, "/", &headers, &body).await {
        (200, body) => Ok(body),
        (_, body) => Err(body),
    }
}

/// A signed-in user.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) socket: std::path::PathBuf,
    pub(crate) token: String,
    pub(crate) sub: String,
}

impl Session {
    /// Signs in with SRP, which doesn't send the password.
    pub(crate) async fn sign_in(socket: &Path, username: &str, password: &str) -> Result<Self, Value> {
        let tokens = srp::sign_in(socket, username, password).await?;
        let token = tokens["IdToken"].as_str().unwrap().to_owned();
        let sub = claims(&token)["sub"].as_str().unwrap().to_owned();
        Ok(Self {
            socket: socket.to_owned(),
            token,
            sub,
        })
    }

    /// Executes a document and returns the body of the response.
    pub(crate) async fn graphql(&self, query: &str, variables: Value) -> Value {
        let headers = [
            ("content-type", "application/json"),
            ("authorization", self.token.as_str()),
        ];
        let body = json!({ "query": query, "variables": variables });
        let (status, response) = post(&self.socket, "/graphql", &headers, &body).await;
        assert_eq!(status, 200, "{response}");
        response
    }

    /// Executes a document and returns a field of the data. Panics if the response has errors.
    pub(crate) async fn execute(&self, field: &str, query: &str, variables: Value) -> Value {
        let response = self.graphql(query, variables).await;
        assert_eq!(response.get("errors"), None, "{response}");
        response["data"][field].clone()
    }
}

fn claims(token: &str) -> Value {
    use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}
