//! Frames that are none: told, and the socket goes on.

use serde_json::json;

use crate::{World, client::realtime::Realtime};

#[tokio::test(flavor = "multi_thread")]
async fn frames_that_are_none_are_told_so_and_the_socket_goes_on() {
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
        let answer = socket.next().await;
        assert_eq!(answer["type"], "error", "{text}: {answer}");
        assert_eq!(
            answer["payload"]["errors"][0]["errorType"], "UnsupportedOperation",
            "{text}: {answer}"
        );
    }
    // Frames whose document isn't a text get an error without an id, even if they have one; so do other dialects'
    // frames.
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
        let answer = socket.next().await;
        assert_eq!(
            answer,
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
        let answer = socket.next().await;
        assert_eq!(
            (&answer["type"], &answer["id"]),
            (&json!("error"), &json!(id)),
            "{answer}"
        );
        assert_eq!(
            answer["payload"]["errors"][0]["errorType"], "UnsupportedOperation",
            "{answer}"
        );
    }
    // An unknown id's stop is answered, a second init is ignored.
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
    let answer = socket.next().await;
    assert_eq!(
        answer["payload"]["errors"][0]["errorType"], "DuplicatedOperationError",
        "{answer}"
    );
    // The one that was there goes on.
    let create = "mutation($i: CreateActivityInput!) { createActivity(input: $i) { id userid } }";
    let input = json!({ "i": { "userid": world.user.sub, "category": "Food", "type": "Lunch" } });
    let created = world.user.ask("createActivity", create, input).await;
    assert_eq!(socket.event().await["onCreateActivity"]["id"], created["id"]);
}

/// What is sent before `connection_init` is ignored, whatever it is.
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
