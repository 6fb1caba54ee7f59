//! Sockets against the deployed schema and resolvers, over a socket file.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::UnixStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use super::Limits;
use crate::{
    appsync::{
        GraphQlRequest,
        identity::Identity,
        tests::{Api, ME, YOU, user},
    },
    auth::{AuthError, Authenticator},
    server::{ApiServer, api_only},
    sigv4::Signed,
};

/// `user:<sub>` is that user; `expired` was one.
struct Names;

#[async_trait]
impl Authenticator for Names {
    async fn authenticate(&self, request: &Signed<'_>) -> Result<Identity, AuthError> {
        match request.header("authorization") {
            None => Err(AuthError::Missing),
            Some("expired") => Err(AuthError::Expired),
            Some(token) => match token.strip_prefix("user:") {
                Some(sub) => Ok(user(sub).identity),
                None => Err(AuthError::Unparsable),
            },
        }
    }
}

struct World {
    api: Api,
    directory: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        Self::with(Limits::default())
    }

    fn with(limits: Limits) -> Self {
        Self::of(Api::new(), limits)
    }

    fn of(api: Api, limits: Limits) -> Self {
        let world = Self {
            api,
            directory: tempfile::tempdir().unwrap(),
        };
        let listener = tokio::net::UnixListener::bind(world.directory.path().join("s")).unwrap();
        let server = ApiServer {
            app: world.api.app.clone(),
            authenticator: Arc::new(Names),
            limits,
        };
        tokio::spawn(async move { axum::serve(listener, api_only(server)).await });
        world
    }

    async fn dial(&self, token: Option<&str>) -> Result<Socket, String> {
        let stream = UnixStream::connect(self.directory.path().join("s"))
            .await
            .unwrap();
        let mut request = "ws://localhost/graphql/realtime".into_client_request().unwrap();
        let mut protocols = "graphql-ws".to_owned();
        if let Some(token) = token {
            let object = json!({ "host": "localhost", "Authorization": token }).to_string();
            protocols = format!("graphql-ws, header-{}", URL_SAFE_NO_PAD.encode(object));
        }
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocols.parse().unwrap());
        let (stream, answer) = client_async(request, stream)
            .await
            .map_err(|error| error.to_string())?;
        assert_eq!(answer.headers()["sec-websocket-protocol"], "graphql-ws");
        Ok(Socket { stream })
    }

    /// Connected and acknowledged.
    async fn socket(&self, token: &str) -> Socket {
        let mut socket = self.dial(Some(token)).await.unwrap();
        socket.send(json!({ "type": "connection_init" })).await;
        assert_eq!(
            socket.next().await,
            json!({ "type": "connection_ack", "payload": { "connectionTimeoutMs": 300_000 } })
        );
        assert_eq!(socket.next().await, json!({ "type": "ka" }));
        socket
    }

    async fn create(&self, sub: &str, kcal: i32, selected: &str) {
        let query = format!(
            "mutation {{ createActivity(input: {{ userid: \"{sub}\", category: \"Food\", type: \"Lunch\", caloriesConsumed: {kcal} }}) {{ {selected} }} }}"
        );
        let request = GraphQlRequest {
            query,
            ..GraphQlRequest::default()
        };
        let body = self.api.app.execute(&request, &user(sub)).await.unwrap().body;
        assert!(body.get("errors").is_none(), "{body}");
    }
}

struct Socket {
    stream: WebSocketStream<UnixStream>,
}

impl Socket {
    async fn send(&mut self, frame: Value) {
        self.stream.send(Message::text(frame.to_string())).await.unwrap();
    }

    async fn start(&mut self, id: &str, token: &str, query: &str, variables: Value) -> Value {
        self.send(json!({ "id": id, "type": "start", "payload": {
            "data": json!({ "query": query, "variables": variables }).to_string(),
            "extensions": { "authorization": { "host": "localhost", "Authorization": token } },
        }}))
        .await;
        self.next().await
    }

    async fn next(&mut self) -> Value {
        self.maybe_next().await.expect("a frame")
    }

    /// None where the socket was closed.
    async fn maybe_next(&mut self) -> Option<Value> {
        let frame = tokio::time::timeout(Duration::from_secs(30), self.stream.next())
            .await
            .expect("in time");
        match frame {
            Some(Ok(Message::Text(text))) => Some(serde_json::from_str(&text).unwrap()),
            _ => None,
        }
    }
}

const ON_CREATE: &str = "subscription S($u: String) { onCreateActivity(userid: $u) { id kcal: caloriesConsumed userid __typename } }";

#[tokio::test]
async fn a_subscriber_gets_its_own_events_by_its_own_selection() {
    let world = World::new();
    let mut socket = world.socket(&format!("user:{ME}")).await;
    let ack = socket
        .start("1", &format!("user:{ME}"), ON_CREATE, json!({ "u": ME }))
        .await;
    assert_eq!(ack, json!({ "type": "start_ack", "id": "1" }));
    world.create(YOU, 1, "id userid caloriesConsumed").await;
    world.create(ME, 2, "renamed: caloriesConsumed userid").await;
    let event = socket.next().await;
    assert_eq!(
        event,
        json!({ "type": "data", "id": "1", "payload": {
            "data": { "onCreateActivity": null },
            "errors": [event["payload"]["errors"][0].clone()],
        }}),
        "id is not null for subscribers, and the mutation did not select it"
    );
    world.create(ME, 3, "id caloriesConsumed userid").await;
    let event = socket.next().await;
    let activity = &event["payload"]["data"]["onCreateActivity"];
    assert_eq!(
        (&activity["kcal"], &activity["userid"], &activity["__typename"]),
        (&json!(3), &json!(ME), &json!("Activity"))
    );
}

#[tokio::test]
async fn where_a_mutation_selects_no_owner_nobody_is_told() {
    let world = World::new();
    let mut socket = world.socket(&format!("user:{ME}")).await;
    socket
        .start("1", &format!("user:{ME}"), ON_CREATE, json!({}))
        .await;
    world.create(ME, 1, "id caloriesConsumed").await;
    world.create(ME, 2, "id caloriesConsumed userid").await;
    assert_eq!(
        socket.next().await["payload"]["data"]["onCreateActivity"]["kcal"],
        json!(2)
    );
}

#[tokio::test]
async fn awsjson_reaches_a_subscriber_as_the_string_that_the_mutation_answered() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    let query = "subscription { onCreateUser { library height } }";
    let ack = socket.start("1", &token, query, json!({})).await;
    assert_eq!(ack["type"], json!("start_ack"), "{ack}");
    let library = r#"{"foods":["kvass"]}"#;
    let request = GraphQlRequest {
        query: "mutation($i: CreateUserInput!) { createUser(input: $i) { id library height } }".to_owned(),
        variables: json!({ "i": { "username": "a", "height": 170, "weight": 65, "caloriesTargetPerDay": 1900, "library": library } })
            .as_object()
            .cloned()
            .unwrap(),
        operation_name: None,
    };
    let body = world.api.app.execute(&request, &user(ME)).await.unwrap().body;
    assert_eq!(body["data"]["createUser"]["library"], json!(library), "{body}");
    let event = socket.next().await["payload"]["data"]["onCreateUser"].clone();
    assert_eq!(event, json!({ "library": library, "height": 170.0 }));
}

#[tokio::test]
async fn a_strangers_owner_argument_is_refused() {
    let world = World::new();
    let mut socket = world.socket(&format!("user:{ME}")).await;
    let refused = socket
        .start("1", &format!("user:{ME}"), ON_CREATE, json!({ "u": YOU }))
        .await;
    assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!("1")));
    assert_eq!(
        refused["payload"]["errors"][0]["errorType"],
        json!("Unauthorized")
    );
}

#[tokio::test]
async fn stop_is_answered_and_ends_the_events() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    socket.start("1", &token, ON_CREATE, json!({})).await;
    socket.send(json!({ "id": "1", "type": "stop" })).await;
    assert_eq!(socket.next().await, json!({ "type": "complete", "id": "1" }));
    world.create(ME, 1, "id caloriesConsumed userid").await;
    assert_eq!(
        socket.start("1", &token, ON_CREATE, json!({})).await["type"],
        json!("start_ack")
    );
}

#[tokio::test]
async fn bad_starts_are_told_why_and_the_connection_goes_on() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    socket.start("1", &token, ON_CREATE, json!({})).await;
    for (id, token, query, kind) in [
        ("1", token.as_str(), ON_CREATE, "DuplicatedOperationError"),
        (
            "2",
            token.as_str(),
            "{ listActivityCategories { nextToken } }",
            "UnsupportedOperation",
        ),
        ("3", token.as_str(), "subscription {", "UnsupportedOperation"),
        (
            "4",
            token.as_str(),
            "subscription { onNothing { id } }",
            "ValidationError",
        ),
        ("5", "expired", ON_CREATE, "UnauthorizedException"),
        ("6", "garbage", ON_CREATE, "UnauthorizedException"),
    ] {
        let refused = socket.start(id, token, query, json!({})).await;
        assert_eq!(
            (&refused["type"], &refused["id"]),
            (&json!("error"), &json!(id)),
            "{refused}"
        );
        assert_eq!(
            refused["payload"]["errors"][0]["errorType"],
            json!(kind),
            "{refused}"
        );
    }
    assert_eq!(
        socket.start("7", &token, ON_CREATE, json!({})).await["type"],
        json!("start_ack")
    );
}

#[tokio::test]
async fn the_hundred_and_first_subscription_is_refused() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    for n in 0..100 {
        assert_eq!(
            socket.start(&n.to_string(), &token, ON_CREATE, json!({})).await["type"],
            json!("start_ack")
        );
    }
    let refused = socket.start("100", &token, ON_CREATE, json!({})).await;
    assert_eq!(
        refused["payload"]["errors"][0]["errorType"],
        json!("MaxSubscriptionsReachedError")
    );
}

#[tokio::test]
async fn whoever_is_nobody_gets_a_connection_error_and_the_end() {
    let world = World::new();
    for (token, message) in [
        ("expired", "Token has expired."),
        ("x", "Unable to parse JWT token."),
    ] {
        let mut socket = world.dial(Some(token)).await.unwrap();
        let refused = socket.next().await;
        assert_eq!(
            refused,
            json!({ "type": "connection_error", "payload": { "errors": [
                { "errorType": "UnauthorizedException", "message": message, "errorCode": 401 } ] } })
        );
        assert_eq!(socket.maybe_next().await, None);
    }
    let refused = world.dial(None).await.err().unwrap();
    assert!(refused.contains("401"), "{refused}");
}

#[tokio::test]
async fn frames_before_the_acknowledgement_are_ignored_and_garbage_after_it_is_told() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut socket = world.dial(Some(&token)).await.unwrap();
    socket
        .send(json!({ "type": "start", "id": "1", "payload": {} }))
        .await;
    socket.send(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.next().await["type"], json!("connection_ack"));
    assert_eq!(socket.next().await["type"], json!("ka"));
    socket.send(json!({ "type": "of-another-dialect" })).await;
    socket.stream.send(Message::text("not json")).await.unwrap();
    assert_eq!(socket.next().await["type"], json!("error"));
}

#[tokio::test]
async fn keep_alives_come_and_the_connection_ends_at_its_age() {
    let limits = Limits {
        keep_alive: Duration::from_millis(20),
        lifetime: Duration::from_millis(500),
    };
    let world = World::with(limits);
    let mut socket = world.socket(&format!("user:{ME}")).await;
    assert_eq!(socket.next().await, json!({ "type": "ka" }));
    while socket.maybe_next().await.is_some() {}
}

#[tokio::test]
async fn a_reader_that_never_reads_is_cut_off_and_holds_up_nobody() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut slow = world.socket(&token).await;
    slow.start("1", &token, ON_CREATE, json!({})).await;
    let mut quick = world.socket(&token).await;
    quick.start("1", &token, ON_CREATE, json!({})).await;
    let events = 4_000;
    let counted = tokio::spawn(async move {
        for _ in 0..events {
            quick.next().await;
        }
    });
    for n in 0..events {
        world.create(ME, n, "id caloriesConsumed userid").await;
    }
    counted.await.unwrap();
    let mut received = 0;
    while slow.maybe_next().await.is_some() {
        received += 1;
    }
    assert!(received < events, "it was never cut off");
}

#[tokio::test]
async fn an_invalidation_ends_the_subscriptions_whose_filter_it_passes_and_no_others() {
    let subscribing = "// datasource: NoneSource
        import { extensions } from '@aws-appsync/utils';
        export const request = () => ({});
        export function response(ctx) {
            const rule = { fieldName: 'kcal', operator: 'gt', value: ctx.args.caloriesConsumed };
            extensions.setSubscriptionInvalidationFilter({ filterGroup: [{ filters: [rule] }] });
            return null;
        }";
    let deleting = "// datasource: NoneSource
        import { extensions } from '@aws-appsync/utils';
        export const request = () => ({});
        export function response() {
            extensions.invalidateSubscriptions({ subscriptionField: 'onCreateActivity', payload: { kcal: 5 } });
            return null;
        }";
    let api = Api::with(&[
        ("Subscription.onCreateActivity", subscribing),
        ("Mutation.deleteActivity", deleting),
    ]);
    let world = World::of(api, Limits::default());
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    let query = "subscription S($n: Int) { onCreateActivity(caloriesConsumed: $n) { id } }";
    for (id, n) in [("low", 1), ("high", 9)] {
        assert_eq!(
            socket.start(id, &token, query, json!({ "n": n })).await["type"],
            "start_ack"
        );
    }
    let request = GraphQlRequest {
        query: "mutation { deleteActivity(input: { id: \"x\" }) { id } }".to_owned(),
        ..GraphQlRequest::default()
    };
    world.api.app.execute(&request, &user(ME)).await.unwrap();
    assert_eq!(socket.next().await, json!({ "type": "complete", "id": "low" }));
    assert_eq!(
        socket.start("low", &token, query, json!({ "n": 1 })).await["type"],
        "start_ack",
        "its id is free again"
    );
    assert_eq!(
        socket.start("high", &token, query, json!({ "n": 1 })).await["payload"]["errors"][0]["errorType"],
        "DuplicatedOperationError"
    );
}

#[tokio::test]
async fn a_field_that_a_mutation_selects_twice_is_told_once() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    socket.start("1", &token, ON_CREATE, json!({})).await;
    let create = |kcal: i32| {
        format!(
            "createActivity(input: {{ userid: \"{ME}\", category: \"Food\", type: \"Lunch\", caloriesConsumed: {kcal} }})"
        )
    };
    let request = GraphQlRequest {
        query: format!(
            "mutation {{ {one} {{ id userid }} {one} {{ caloriesConsumed }} other: {two} {{ id userid caloriesConsumed }} }}",
            one = create(1),
            two = create(2)
        ),
        ..GraphQlRequest::default()
    };
    world.api.app.execute(&request, &user(ME)).await.unwrap();
    for kcal in [1, 2] {
        assert_eq!(
            socket.next().await["payload"]["data"]["onCreateActivity"]["kcal"],
            json!(kcal)
        );
    }
}

#[tokio::test]
async fn an_event_above_240_kb_is_dropped_without_a_word() {
    let large = "// datasource: NoneSource
        export const request = (ctx) => ({ payload: ctx.args.input });
        export function response(ctx) {
            let name = 'x';
            for (const doubling of [...'0123456789abcdef12']) name = name + name;
            return { ...ctx.result, id: 'i', caloriesConsumed: ctx.args.input.caloriesConsumed, name: ctx.args.input.caloriesConsumed ? '' : name };
        }";
    let world = World::of(
        Api::with(&[("Mutation.createActivity", large)]),
        Limits::default(),
    );
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    let query = "subscription { onCreateActivity { caloriesConsumed name } }";
    socket.start("1", &token, query, json!({})).await;
    for kcal in [0, 7] {
        world.create(ME, kcal, "id name caloriesConsumed userid").await;
    }
    assert_eq!(
        socket.next().await["payload"]["data"]["onCreateActivity"]["caloriesConsumed"],
        json!(7)
    );
}
