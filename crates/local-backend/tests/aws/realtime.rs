//! Signed sockets: the handshake is signed as a `POST` to `/graphql/connect`, each `start` as one to `/graphql`.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use caltrack_local_backend::sigv4::KeyPair;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use crate::{
    client::{Session, soon},
    signer::Request,
    the_box::{PASSWORD, sign_up},
    world::World,
};

const START: &str = r#"{"query":"subscription { onCreateActivity { id } }","variables":{}}"#;

fn signed(world: &World, key: &KeyPair, path: &str, body: &str) -> Request {
    Request::new(world.address, path, body.to_owned())
        .with("accept", "application/json, text/javascript")
        .with("content-encoding", "amz-1.0")
        .with("content-type", "application/json; charset=UTF-8")
        .signed(key, "appsync")
}

struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// Opens a socket with a header object in the sub-protocol, or with plain headers, and sends the init.
    async fn dial(world: &World, headers: &Request, plain: bool) -> Self {
        let mut request = format!("ws://{}/graphql/realtime", world.address)
            .into_client_request()
            .unwrap();
        let mut protocols = "graphql-ws".to_owned();
        if plain {
            for (name, value) in &headers.headers {
                let name: tokio_tungstenite::tungstenite::http::HeaderName = name.parse().unwrap();
                request.headers_mut().insert(name, value.parse().unwrap());
            }
        } else {
            let object = BASE64_URL_SAFE_NO_PAD.encode(headers.header_object().to_string());
            protocols = format!("{protocols}, header-{object}");
        }
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocols.parse().unwrap());
        let stream = TcpStream::connect(world.address).await.unwrap();
        let (socket, _) = soon(client_async(request, stream)).await.unwrap();
        let mut socket = Self(socket);
        socket.send(&json!({ "type": "connection_init" })).await;
        socket
    }

    async fn send(&mut self, frame: &Value) {
        // A rejected socket may be closed already.
        let _ = self.0.send(Message::text(frame.to_string())).await;
    }

    async fn next(&mut self) -> Value {
        soon(async {
            loop {
                if let Message::Text(text) = self.0.next().await.expect("an open socket").unwrap() {
                    let frame: Value = serde_json::from_str(&text).unwrap();
                    if frame["type"] != "ka" {
                        return frame;
                    }
                }
            }
        })
        .await
    }

    async fn start(&mut self, id: &str, data: &str, authorization: &Request) -> Value {
        let extensions = json!({ "authorization": authorization.header_object() });
        self.send(
            &json!({ "id": id, "type": "start", "payload": { "data": data, "extensions": extensions } }),
        )
        .await;
        let response = self.next().await;
        assert_eq!(response["id"], id, "{response}");
        response["payload"]["errors"][0].clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handshake_is_signed_as_a_post_that_is_never_sent() {
    let world = World::closed().await;
    for plain in [false, true] {
        let connect = signed(&world, &world.aggregator, "/graphql/connect", "{}");
        let mut socket = Socket::dial(&world, &connect, plain).await;
        assert_eq!(socket.next().await["type"], "connection_ack", "{plain}");
        // The aggregator has no access to this field; a signature of another request is not valid.
        let start = signed(&world, &world.aggregator, "/graphql", START);
        let error = socket.start("1", START, &start).await;
        assert_eq!(error["errorType"], "Unauthorized", "{error}");
        let error = socket.start("2", &START.replace("id", "note"), &start).await;
        assert_eq!(error["errorType"], "UnauthorizedException", "{error}");
        let error = socket.start("3", START, &connect).await;
        assert_eq!(error["errorType"], "UnauthorizedException", "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handshake_with_another_signature_is_rejected() {
    let world = World::exposed().await;
    let aggregator = &world.aggregator;
    let wrong_secret = KeyPair::new(aggregator.access_key_id(), "x");
    for (what, request) in [
        ("another path", signed(&world, aggregator, "/graphql", "{}")),
        (
            "the socket's path",
            signed(&world, aggregator, "/graphql/realtime", "{}"),
        ),
        ("another body", signed(&world, aggregator, "/graphql/connect", "")),
        (
            "a wrong secret",
            signed(&world, &wrong_secret, "/graphql/connect", "{}"),
        ),
        (
            "the exposed key",
            signed(&world, &world.exposed, "/graphql/connect", "{}"),
        ),
        (
            "another host",
            signed(&world, aggregator, "/graphql/connect", "{}").with("host", "localhost"),
        ),
    ] {
        let mut socket = Socket::dial(&world, &request, false).await;
        let frame = socket.next().await;
        assert_eq!(frame["type"], "connection_error", "{what}: {frame}");
        let error = &frame["payload"]["errors"][0];
        assert_eq!(
            (&error["errorType"], &error["errorCode"]),
            (&json!("UnauthorizedException"), &json!(401)),
            "{what}: {frame}"
        );
    }
}

/// A user's token starts subscriptions on a signed connection, and a signature is verified on a user's connection.
#[tokio::test(flavor = "multi_thread")]
async fn a_start_can_use_another_authorization_than_its_connection() {
    let world = World::closed().await;
    sign_up(&world.socket, "anna").await;
    let anna = Session::sign_in(&world.socket, "anna", PASSWORD).await.unwrap();
    let by_token =
        Request::new(world.address, "/graphql", START.to_owned()).with("authorization", &anna.token);
    let by_signature = signed(&world, &world.aggregator, "/graphql", START);

    let connect = signed(&world, &world.aggregator, "/graphql/connect", "{}");
    let mut socket = Socket::dial(&world, &connect, false).await;
    assert_eq!(socket.next().await["type"], "connection_ack");
    let error = socket.start("1", START, &by_signature).await;
    assert_eq!(error["errorType"], "Unauthorized", "{error}");
    let error = socket.start("2", START, &by_token).await;
    assert_eq!(error, Value::Null);
    let create = "mutation($i: CreateActivityInput!) { createActivity(input: $i) { id userid } }";
    let input = json!({ "i": { "userid": anna.sub, "category": "Food", "type": "Lunch" } });
    let created = anna.execute("createActivity", create, input).await;
    let event = socket.next().await;
    assert_eq!(
        (&event["id"], &event["payload"]["data"]["onCreateActivity"]["id"]),
        (&json!("2"), &created["id"])
    );

    let mut socket = Socket::dial(&world, &by_token, false).await;
    assert_eq!(socket.next().await["type"], "connection_ack");
    // The signer is known and has no access to this field; a signature of another request is not valid.
    let error = socket.start("1", START, &by_signature).await;
    assert_eq!(error["errorType"], "Unauthorized", "{error}");
    let error = socket.start("2", START, &connect).await;
    assert_eq!(error["errorType"], "UnauthorizedException", "{error}");
    let error = socket.start("3", START, &by_token).await;
    assert_eq!(error, Value::Null);
}
