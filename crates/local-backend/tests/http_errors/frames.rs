//! Malformed frames get an error, and the socket stays open.

use serde_json::json;

use crate::{World, client::realtime::Realtime};

#[tokio::test(flavor = "multi_thread")]
async fn malformed_frames_get_an_error_and_the_socket_stays_open() {
    let world = World::new().await;
    let mut socket = Realtime::connect(&world.user).await;
    for text in [
        "",
        "{",
        "[]",
        "\"start\"",
        "null",
        "{}",
        "{\"type\":1}",
        "{\"type\":\"start\",\"id\":1}",
    ] {
        socket.send_text(text).await;
        let response = socket.next().await;
        assert_eq!(response["type"], "error", "{text}: {response}");
        assert_eq!(
            response["payload"]["errors"][0]["errorType"], "UnsupportedOperation",
            "{text}: {response}"
        );
    }
    // Frames whose document isn't a string get an error without an id, even if they have one; so do frames of other
    // protocols.
    for frame in [
        json!({ "type": "start", "id": "1", "payload": null }),
        json!({ "type": "start", "id": "1", "payload": "x" }),
        json!({ "type": "start", "id": "1", "payload": {} }),
        json!({ "type": "start", "id": "1", "payload": { "query": "subscription { onCreateActivity { id } }" } }),
        json!({ "type": "start", "id": "1", "payload": { "data": { "query": "subscription { onCreateActivity { id } }" } } }),
        json!({ "type": "start", "id": "1" }),
        json!({ "type": "start", "payload": {} }),
        json!({ "type": "subscribe", "id": "1", "payload": { "query": "subscription { onCreateActivity { id } }" } }),
        json!({ "type": "connection_terminate" }),
        json!({ "type": "ping" }),
        json!({ "type": "stop" }),
    ] {
        socket.send(frame.clone()).await;
        let response = socket.next().await;
        assert_eq!(
            response,
            json!({ "type": "error", "payload": { "errors": [{ "errorType": "UnsupportedOperation",
                "message": "unknown not supported through the realtime channel" }] } }),
            "{frame}"
        );
    }
    for (number, payload) in [
        json!({ "data": "" }),
        json!({ "data": "{" }),
        json!({ "data": "{}" }),
        json!({ "data": "{\"query\":1}" }),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("bad-{number}");
        socket
            .send(json!({ "type": "start", "id": id, "payload": payload }))
            .await;
        let response = socket.next().await;
        assert_eq!(
            (&response["type"], &response["id"]),
            (&json!("error"), &json!(id)),
            "{response}"
        );
        assert_eq!(
            response["payload"]["errors"][0]["errorType"], "UnsupportedOperation",
            "{response}"
        );
    }
    // The stop of an unknown id is acknowledged, a second init is ignored.
    socket.send(json!({ "type": "connection_init" })).await;
    socket.send(json!({ "type": "stop", "id": "unknown" })).await;
    assert_eq!(
        socket.next().await,
        json!({ "type": "complete", "id": "unknown" })
    );

    let own = json!({ "userid": world.user.sub });
    let on_create = "subscription($userid: String) { onCreateActivity(userid: $userid) { id } }";
    let id = socket.subscribe(on_create, own).await.unwrap();
    socket.send(json!({ "type": "start", "id": id, "payload": { "data": "{\"query\":\"subscription { onCreateActivity { id } }\"}" } })).await;
    let response = socket.next().await;
    assert_eq!(
        response["payload"]["errors"][0]["errorType"], "DuplicatedOperationError",
        "{response}"
    );
    // The first subscription continues.
    let create = "mutation($i: CreateActivityInput!) { createActivity(input: $i) { id userid } }";
    let input = json!({ "i": { "userid": world.user.sub, "category": "Food", "type": "Lunch" } });
    let created = world.user.execute("createActivity", create, input).await;
    assert_eq!(socket.event().await["onCreateActivity"]["id"], created["id"]);
}

/// Every frame before `connection_init` is ignored.
#[tokio::test(flavor = "multi_thread")]
async fn a_start_before_the_init_is_ignored() {
    let world = World::new().await;
    let mut socket = Realtime::dial(&world.user).await;
    socket.send_text("{").await;
    socket
        .send(json!({ "type": "start", "id": "early", "payload": {} }))
        .await;
    socket.send(json!({ "type": "stop", "id": "early" })).await;
    socket.send(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.next().await["type"], "connection_ack");
    socket.send(json!({ "type": "stop", "id": "late" })).await;
    assert_eq!(socket.next().await, json!({ "type": "complete", "id": "late" }));
}
