//! Begin, limits and end of a connection.

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;

#[tokio::test]
async fn an_unauthenticated_client_gets_a_connection_error_and_is_disconnected() {
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
async fn the_11th_socket_of_a_user_is_rejected_until_one_closes_and_another_users_is_not() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut sockets = Vec::new();
    for _ in 0..10 {
        sockets.push(world.socket(&token).await);
    }
    let mut refused = world.dial(Some(&token)).await.unwrap();
    let error = refused.next().await["payload"]["errors"][0].clone();
    assert_eq!(
        (&error["errorType"], &error["errorCode"]),
        (&json!("LimitExceededError"), &json!(429))
    );
    assert_eq!(refused.maybe_next().await, None);
    world.socket(&format!("user:{YOU}")).await;
    sockets.pop();
    // The box may notice the closed socket later.
    loop {
        let mut next = world.dial(Some(&token)).await.unwrap();
        next.send(json!({ "type": "connection_init" })).await;
        if next.next().await["type"] == "connection_ack" {
            break;
        }
    }
}

#[tokio::test]
async fn frames_before_the_acknowledgement_are_ignored_and_garbage_after_it_is_an_error() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut socket = world.dial(Some(&token)).await.unwrap();
    socket
        .send(json!({ "type": "start", "id": "1", "payload": {} }))
        .await;
    socket.send(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.next().await["type"], json!("connection_ack"));
    assert_eq!(socket.next().await["type"], json!("ka"));
    socket.stream.send(Message::text("not json")).await.unwrap();
    assert_eq!(socket.next().await["type"], json!("error"));
}

/// Also where the client has sent more than the box has read: closing at once would reset the connection and
/// lose the frames.
#[tokio::test]
async fn a_rejected_client_that_continues_to_send_receives_the_reason_and_a_close_frame() {
    let world = World::new();
    let mut socket = world.dial(Some("expired")).await.unwrap();
    for _ in 0..200 {
        let message = json!({ "type": "connection_init", "payload": "x".repeat(500) }).to_string();
        socket.stream.send(Message::text(message)).await.unwrap();
    }
    assert_eq!(socket.next().await["type"], "connection_error");
    let last = tokio::time::timeout(Duration::from_secs(30), socket.stream.next())
        .await
        .expect("a frame within 30 seconds");
    assert!(matches!(last, Some(Ok(Message::Close(_)))), "{last:?}");
}

#[tokio::test]
async fn keep_alives_are_sent_and_the_connection_ends_at_its_maximum_age() {
    let limits = SocketTimes {
        keep_alive: Duration::from_secs(5),
        lifetime: Duration::from_secs(19),
    };
    let world = World::with(limits);
    let mut socket = world.socket(&format!("user:{ME}")).await;
    // From here on, time advances only where the test waits.
    tokio::time::pause();
    for _ in 0..3 {
        assert_eq!(socket.next().await, json!({ "type": "ka" }));
    }
    assert_eq!(socket.maybe_next().await, None);
}

#[tokio::test]
async fn a_client_that_never_reads_is_disconnected_and_delays_no_other() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut slow = world.socket(&token).await;
    // Many frames per event, so that the queue of a slow client soon overflows.
    let subscriptions = 40;
    for id in 0..subscriptions {
        slow.start(&id.to_string(), &token, ON_CREATE, json!({})).await;
    }
    let mut quick = world.socket(&token).await;
    quick.start("1", &token, ON_CREATE, json!({})).await;
    let events = 100;
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
    assert!(
        received < events * subscriptions,
        "the slow client was not disconnected"
    );
}

#[tokio::test]
async fn a_socket_without_an_init_ends_at_the_same_age() {
    let limits = SocketTimes {
        lifetime: Duration::from_millis(50),
        ..SocketTimes::default()
    };
    let world = World::with(limits);
    let mut socket = world.dial(Some(&format!("user:{ME}"))).await.unwrap();
    assert_eq!(socket.maybe_next().await, None);
}

#[tokio::test]
async fn both_paths_accept_upgrades() {
    let world = World::new();
    let token = format!("user:{ME}");
    for path in ["/graphql", "/graphql/realtime"] {
        let object = json!({ "host": "localhost", "Authorization": token });
        let address = format!("ws://localhost{path}");
        let mut socket = world.dial_at(&address, Some(object)).await.unwrap();
        socket.begin().await;
        let ack = socket.start("1", &token, ON_CREATE, json!({})).await;
        assert_eq!(ack["type"], "start_ack", "{path}");
    }
}

#[tokio::test]
async fn a_header_object_for_another_host_is_a_bad_request() {
    let world = World::new();
    let token = format!("user:{ME}");
    for (requested, host, accepted) in [
        ("localhost", json!("localhost"), true),
        ("localhost", json!("127.0.0.1:4000"), true),
        // A socket file can be reached under any name.
        ("box.example", json!("box.example"), true),
        ("box.example", json!("other.example"), false),
        (
            "localhost",
            json!("abc.appsync-api.us-east-1.amazonaws.com"),
            false,
        ),
        ("localhost", json!(null), false),
    ] {
        let object = json!({ "host": host, "Authorization": token });
        let address = format!("ws://{requested}/graphql/realtime");
        let mut socket = world.dial_at(&address, Some(object)).await.unwrap();
        if accepted {
            socket.begin().await;
            continue;
        }
        let refused = socket.next().await;
        assert_eq!(refused["type"], "connection_error", "{host}");
        let error = &refused["payload"]["errors"][0];
        assert_eq!(
            (&error["errorType"], &error["errorCode"]),
            (&json!("BadRequestException"), &json!(400)),
            "{host}"
        );
        assert_eq!(socket.maybe_next().await, None);
    }
}

/// Measured at AppSync: it accepts no protocol and sends nothing, not even a close frame.
#[tokio::test]
async fn a_client_of_graphql_transport_ws_is_disconnected_before_any_frame() {
    let world = World::new();
    let mut stream = world.stream().await;
    let request = format!(
        "GET /graphql/realtime HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         sec-websocket-protocol: graphql-transport-ws\r\nauthorization: user:{ME}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    tokio::time::timeout(Duration::from_secs(30), stream.read_to_string(&mut response))
        .await
        .expect("a frame within 30 seconds")
        .unwrap();
    let (head, frames) = response.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    assert!(
        !head.to_ascii_lowercase().contains("sec-websocket-protocol"),
        "{head}"
    );
    assert_eq!(frames, "");
}

#[tokio::test]
async fn binary_frames_and_frames_above_a_megabyte_are_errors_and_the_socket_stays_open() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut socket = world.dial(Some(&token)).await.unwrap();
    // Before the acknowledgement every frame is ignored.
    socket.stream.send(Message::binary(vec![1])).await.unwrap();
    socket.begin().await;
    let largest = 1 << 20;
    for (message, part) in [
        (
            Message::binary(b"{\"type\":\"stop\",\"id\":\"1\"}".to_vec()),
            "text",
        ),
        (Message::text(" ".repeat(largest + 1)), "1048576 bytes"),
    ] {
        socket.stream.send(message).await.unwrap();
        let frame = socket.next().await;
        assert_eq!((&frame["type"], frame.get("id")), (&json!("error"), None));
        let error = &frame["payload"]["errors"][0];
        assert_eq!(error["errorType"], "BadRequestException", "{frame}");
        assert!(error["message"].as_str().unwrap().contains(part), "{frame}");
    }
    let stop = json!({ "type": "stop", "id": "1" }).to_string();
    let padded = format!("{stop}{}", " ".repeat(largest - stop.len()));
    socket.stream.send(Message::text(padded)).await.unwrap();
    assert_eq!(socket.next().await, json!({ "type": "complete", "id": "1" }));
    assert_eq!(
        socket.start("1", &token, ON_CREATE, json!({})).await["type"],
        "start_ack"
    );
}

/// The box buffers at most two megabytes of a frame.
#[tokio::test]
async fn a_frame_of_many_megabytes_ends_the_socket() {
    let world = World::new();
    let mut socket = world.socket(&format!("user:{ME}")).await;
    // The box may close the socket before all of it is written.
    let _ = socket.stream.send(Message::text(" ".repeat((2 << 20) + 1))).await;
    assert_eq!(socket.maybe_next().await, None);
}

/// A process that releases the box would otherwise leave its clients with sockets that receive nothing.
#[tokio::test]
async fn sockets_end_when_their_api_does() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut sockets = [world.socket(&token).await, world.socket(&token).await];
    world.api.app.end_sockets();
    for socket in &mut sockets {
        assert_eq!(socket.maybe_next().await, None);
    }
    // A socket that connects later ends as well.
    let mut late = world.dial(Some(&token)).await.unwrap();
    assert_eq!(late.maybe_next().await, None);
}
