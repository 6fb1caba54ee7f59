//! Recorded frames of real clients, sent to the box: its responses match the record.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[expect(dead_code, reason = "the record's frames are sent by hand")]
mod client;
#[path = "client/the_box.rs"]
#[expect(dead_code, reason = "no box is restarted here")]
mod the_box;

use base64::{Engine as _, prelude::BASE64_STANDARD, prelude::BASE64_URL_SAFE_NO_PAD};
use client::{Session, post, soon, srp};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use the_box::{PASSWORD, TheBox};
use tokio::net::UnixStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

/// aws-amplify 6.22.1 on Node 20: a query by API key, the upgrade, a subscription, a mutation, the end. The token is
/// replaced. The server was npm's simulator, which differs from AWS in `connection_ack` and in empty payloads.
const AMPLIFY: &str = include_str!("fixtures/wire/amplify-6.22.1.jsonl");
const RECORDED_TOKEN: &str = "<JWT access token>";
const RECORDED_USER: &str = "9d9ff859-8d9c-4cf6-9e34-0f45c05fbb9f";
const RECORDED_HOST: &str = "localhost:18103";

/// A mutation with the recorded event; the record lacks its body.
const CREATE: &str = "mutation M($i: CreateActivityInput!) {
    createActivity(input: $i) { id userid type caloriesConsumed category } }";

struct Socket(WebSocketStream<UnixStream>);

impl Socket {
    async fn dial(session: &Session, query: &str, protocols: &str) -> Self {
        let mut request = format!("ws://{RECORDED_HOST}/graphql/realtime{query}")
            .into_client_request()
            .unwrap();
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocols.parse().unwrap());
        let stream = UnixStream::connect(&session.socket).await.unwrap();
        let (socket, response) = soon(client_async(request, stream)).await.unwrap();
        assert_eq!(response.headers()["sec-websocket-protocol"], "graphql-ws");
        Self(socket)
    }

    async fn send(&mut self, frame: &Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
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
}

/// A user with an access token, which Amplify sends.
async fn user(the_box: &TheBox) -> Session {
    the_box.sign_up("anna").await;
    let session = Session::sign_in(&the_box.socket, "anna", PASSWORD).await.unwrap();
    let tokens = srp::sign_in(&the_box.socket, "anna", PASSWORD).await.unwrap();
    Session {
        token: tokens["AccessToken"].as_str().unwrap().to_owned(),
        ..session
    }
}

fn create(session: &Session, id: &Value) -> Value {
    json!({ "query": CREATE, "variables": { "i": {
        "id": id, "userid": session.sub, "category": "Food", "type": "Soup", "caloriesConsumed": 77,
    }}})
}

#[tokio::test(flavor = "multi_thread")]
async fn amplifys_frames_get_the_recorded_responses() {
    let the_box = TheBox::start().await;
    let session = user(&the_box).await;
    // Tokens have neither quotes nor backslashes, so nested JSON needs no escaping.
    let record: Vec<Value> = AMPLIFY
        .replace(RECORDED_TOKEN, &session.token)
        .replace(RECORDED_USER, &session.sub)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let event = record
        .iter()
        .find(|line| line["frame"]["type"] == "data")
        .unwrap();
    let created = &event["frame"]["payload"]["data"]["onCreateActivity"]["id"];
    let mut socket = None;
    let mut compared = 0;
    for line in &record {
        match (line["dir"].as_str().unwrap(), line["kind"].as_str().unwrap()) {
            ("client", "http") => {
                let headers: Vec<(&str, &str)> = line["headers"]
                    .as_object()
                    .unwrap()
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
                    .filter(|(name, _)| !["host", "connection", "content-length"].contains(name))
                    .collect();
                let signed_in = line["headers"].get("authorization").is_some();
                let path = line["path"].as_str().unwrap();
                let (status, response) =
                    post(&session.socket, path, &headers, &create(&session, created)).await;
                if signed_in {
                    assert_eq!((status, response.get("errors")), (200, None), "{response}");
                } else {
                    // The box has no API keys.
                    assert_eq!(status, 401, "{response}");
                }
            }
            ("client", "upgrade") => {
                let object = json!({ "Authorization": session.token, "host": RECORDED_HOST });
                let object = BASE64_URL_SAFE_NO_PAD.encode(object.to_string());
                let protocols = format!("graphql-ws,header-{object}");
                socket = Some(Socket::dial(&session, "", &protocols).await);
            }
            ("client", "frame") => socket.as_mut().unwrap().send(&line["frame"]).await,
            ("simulator", "frame") => {
                let found = socket.as_mut().unwrap().next().await;
                let expected = &line["frame"];
                assert_eq!(
                    (&found["type"], found.get("id")),
                    (&expected["type"], expected.get("id")),
                    "{found}"
                );
                if expected["type"] == "data" {
                    assert_eq!(found, *expected);
                } else if expected["type"] == "connection_ack" {
                    assert_eq!(found["payload"], json!({ "connectionTimeoutMs": 300_000 }));
                }
                compared += 1;
            }
            other => panic!("the record has a line of another kind: {other:?}"),
        }
    }
    assert_eq!(compared, 4);
}

/// gql 4.4.0: the header in the query as it comes out of base64, `connection_init` with a payload, ids that count from 1.
#[tokio::test(flavor = "multi_thread")]
async fn frames_of_the_gql_library_get_the_responses_that_it_expects() {
    let the_box = TheBox::start().await;
    let session = user(&the_box).await;
    let authorization = json!({ "host": RECORDED_HOST, "Authorization": session.token });
    let header = BASE64_STANDARD.encode(authorization.to_string());
    let query = format!("?header={header}&payload=e30=");
    let mut socket = Socket::dial(&session, &query, "graphql-ws").await;
    socket
        .send(&json!({ "type": "connection_init", "payload": {} }))
        .await;
    assert_eq!(socket.next().await["type"], "connection_ack");
    let data = json!({ "query": "subscription ($u: String) {\n  onCreateActivity(userid: $u) {\n    type\n  }\n}", "variables": { "u": session.sub } });
    for id in ["1", "2"] {
        socket
            .send(&json!({ "id": id, "type": "start", "payload": {
                "data": data.to_string(), "extensions": { "authorization": authorization },
            }}))
            .await;
        let response = socket.next().await;
        assert_eq!(
            (&response["type"], &response["id"]),
            (&json!("start_ack"), &json!(id))
        );
    }
    let headers = [
        ("content-type", "application/json"),
        ("authorization", session.token.as_str()),
    ];
    let (status, _) = post(
        &session.socket,
        "/graphql",
        &headers,
        &create(&session, &Value::Null),
    )
    .await;
    assert_eq!(status, 200);
    let mut events = [socket.next().await, socket.next().await];
    events.sort_by_key(|frame| frame["id"].to_string());
    for (frame, id) in events.iter().zip(["1", "2"]) {
        let event = json!({ "onCreateActivity": { "type": "Soup" } });
        assert_eq!(
            *frame,
            json!({ "type": "data", "id": id, "payload": { "data": event } })
        );
    }
    socket.send(&json!({ "id": "1", "type": "stop" })).await;
    assert_eq!(socket.next().await, json!({ "type": "complete", "id": "1" }));
}
