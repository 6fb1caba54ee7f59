//! Sockets against the deployed schema and resolvers, over a socket file.

mod connection;
mod delivery;
mod starts;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use caltrack_local_appsync::{GraphQlRequest, realtime::SocketTimes};
use caltrack_local_backend::server::{ApiState, CallerLimits, api_routes, finish};
use caltrack_local_core::{
    authenticator::{AuthError, Authenticator, Signed},
    identity::Identity,
};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::UnixStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use crate::{
    Stored, api_with,
    support::{Api, ME, YOU, user},
};

/// Accepts `user:<sub>` as the token of that user. `expired` is expired, and so is every token once
/// `all_expired` is set.
#[derive(Default)]
struct FakeTokens {
    all_expired: AtomicBool,
}

#[async_trait]
impl Authenticator for FakeTokens {
    async fn authenticate(&self, request: &Signed<'_>) -> Result<Identity, AuthError> {
        match request.header("authorization") {
            None => Err(AuthError::Missing),
            Some("expired") => Err(AuthError::Expired),
            Some(_) if self.all_expired.load(Ordering::Relaxed) => Err(AuthError::Expired),
            Some(token) => match token.strip_prefix("user:") {
                Some(sub) => Ok(user(sub).identity),
                None => Err(AuthError::Unparsable),
            },
        }
    }
}

struct World {
    api: Stored<Api>,
    tokens: Arc<FakeTokens>,
    directory: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        Self::with(SocketTimes::default())
    }

    fn with(limits: SocketTimes) -> Self {
        Self::of(api_with(&[]), limits)
    }

    fn of(api: Stored<Api>, limits: SocketTimes) -> Self {
        let world = Self {
            api,
            tokens: Arc::default(),
            directory: tempfile::tempdir().unwrap(),
        };
        let listener = tokio::net::UnixListener::bind(world.directory.path().join("s")).unwrap();
        let server = ApiState {
            app: world.api.app.clone(),
            authenticator: Arc::clone(&world.tokens) as Arc<dyn Authenticator>,
            limits,
            callers: Some(CallerLimits::default()),
        };
        tokio::spawn(async move { axum::serve(listener, finish(api_routes(server))).await });
        world
    }

    async fn stream(&self) -> UnixStream {
        UnixStream::connect(self.directory.path().join("s"))
            .await
            .unwrap()
    }

    async fn dial(&self, token: Option<&str>) -> Result<Socket, String> {
        let object = token.map(|token| json!({ "host": "localhost", "Authorization": token }));
        self.dial_at("ws://localhost/graphql/realtime", object).await
    }

    /// Opens a socket, with a header object in its sub-protocol or without.
    async fn dial_at(&self, address: &str, object: Option<Value>) -> Result<Socket, String> {
        let mut request = address.into_client_request().unwrap();
        let mut protocols = "graphql-ws".to_owned();
        if let Some(object) = object {
            protocols = format!(
                "graphql-ws, header-{}",
                URL_SAFE_NO_PAD.encode(object.to_string())
            );
        }
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocols.parse().unwrap());
        let (stream, response) = client_async(request, self.stream().await)
            .await
            .map_err(|error| error.to_string())?;
        assert_eq!(response.headers()["sec-websocket-protocol"], "graphql-ws");
        Ok(Socket { stream })
    }

    /// An acknowledged connection.
    async fn socket(&self, token: &str) -> Socket {
        let mut socket = self.dial(Some(token)).await.unwrap();
        socket.begin().await;
        socket
    }

    async fn execute(&self, sub: &str, query: &str) -> Value {
        let request = GraphQlRequest {
            query: query.to_owned(),
            ..GraphQlRequest::default()
        };
        self.api.app.execute(&request, &user(sub)).await.unwrap().body
    }

    async fn create(&self, sub: &str, kcal: i32, selected: &str) {
        let query = format!(
            "mutation {{ createActivity(input: {{ userid: \"{sub}\", category: \"Food\", type: \"Lunch\", caloriesConsumed: {kcal} }}) {{ {selected} }} }}"
        );
        let body = self.execute(sub, &query).await;
        assert!(body.get("errors").is_none(), "{body}");
    }
}

struct Socket {
    stream: WebSocketStream<UnixStream>,
}

impl Socket {
    /// Sends the init and waits for the acknowledgement.
    async fn begin(&mut self) {
        self.send(json!({ "type": "connection_init" })).await;
        assert_eq!(
            self.next().await,
            json!({ "type": "connection_ack", "payload": { "connectionTimeoutMs": 300_000 } })
        );
        assert_eq!(self.next().await, json!({ "type": "ka" }));
    }

    async fn send(&mut self, frame: Value) {
        self.stream.send(Message::text(frame.to_string())).await.unwrap();
    }

    async fn start(&mut self, id: &str, token: &str, query: &str, variables: Value) -> Value {
        let authorization = json!({ "host": "localhost", "Authorization": token });
        self.start_as(id, &authorization, query, variables).await
    }

    async fn start_as(&mut self, id: &str, authorization: &Value, query: &str, variables: Value) -> Value {
        self.send(json!({ "id": id, "type": "start", "payload": {
            "data": json!({ "query": query, "variables": variables }).to_string(),
            "extensions": { "authorization": authorization },
        }}))
        .await;
        self.next().await
    }

    async fn next(&mut self) -> Value {
        self.maybe_next().await.expect("a frame")
    }

    /// The next frame; `None` once the socket is closed.
    async fn maybe_next(&mut self) -> Option<Value> {
        let frame = tokio::time::timeout(Duration::from_secs(30), self.stream.next())
            .await
            .expect("a frame within 30 seconds");
        match frame {
            Some(Ok(Message::Text(text))) => Some(serde_json::from_str(&text).unwrap()),
            _ => None,
        }
    }
}

const ON_CREATE: &str = "subscription S($u: String) { onCreateActivity(userid: $u) { id kcal: caloriesConsumed userid __typename } }";
