//! Every field × every stranger × both transports.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    client::cognito,
    fields::{Row, Stranger, fields_of, rows},
    forged::{credentials, genuine},
    wire::{Response, Socket, WAYS, send_query},
    world::{DATE, World},
};

/// The text of a request, which its response may echo.
fn request_text(row: &Row, world: &World) -> String {
    format!("{} {}", row.document, (row.variables)(world))
}

async fn send_as_ben(world: &World, row: &Row) -> Response {
    let ben = &world.ben.session;
    send_query(
        &ben.socket,
        Some(&ben.token),
        row.document,
        &(row.variables)(world),
    )
    .await
}

/// Sends the request of a row as Anna, with her id in place of Ben's.
async fn send_as_anna(world: &World, row: &Row) -> Response {
    let (anna, ben) = (&world.anna.session, &world.ben.session);
    let variables = (row.variables)(world).to_string().replace(&ben.sub, &anna.sub);
    let variables = serde_json::from_str(&variables).unwrap();
    send_query(&anna.socket, Some(&anna.token), row.document, &variables).await
}

fn only_error(response: &Value) -> &Value {
    let errors = response["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 1, "{response}");
    &errors[0]
}

/// The control: the same requests reveal data to the owner.
#[tokio::test(flavor = "multi_thread")]
async fn the_owner_receives_what_a_stranger_does_not() {
    let world = World::new().await;
    let anna = &world.anna.session;
    let mut revealing = 0;
    for row in rows().iter().filter(|row| row.is_query()) {
        if let Stranger::Public = row.stranger {
            continue;
        }
        let request = request_text(row, &world);
        let response = send_as_anna(&world, row).await;
        assert_eq!(
            response.json().get("errors"),
            None,
            "{request}: {}",
            response.body
        );
        revealing += usize::from(world.reveals_something(&request, &response.body));
    }
    assert!(revealing >= 4, "{revealing}");
    let mut socket = Socket::open(&anna.socket, &anna.token).await;
    for (number, row) in rows().iter().filter(|row| row.is_subscription()).enumerate() {
        let id = number.to_string();
        let response = socket
            .start(&id, Some(&anna.token), row.document, &(row.variables)(&world))
            .await;
        assert_eq!(response["type"], "start_ack", "{}: {response}", row.field);
    }
}

/// The control of the changes: the mutations that fail for a stranger change the owner's data. The rest needs a role:
/// admins change categories, the aggregator publishes totals.
#[tokio::test(flavor = "multi_thread")]
async fn the_owner_changes_what_a_stranger_cannot_and_neither_changes_categories() {
    let world = World::new().await;
    let before = world.anna.everything().await;
    let mut refused = BTreeSet::new();
    let mut changed = BTreeSet::new();
    for row in rows().iter().filter(|row| row.field.starts_with("Mutation.")) {
        let response = match row.field {
            // The row has an invalid day, since with a valid one a stranger would set their own weight.
            "Mutation.setWeight" => {
                let anna = &world.anna.session;
                send_query(
                    &anna.socket,
                    Some(&anna.token),
                    row.document,
                    &json!({ "d": DATE }),
                )
                .await
            }
            _ => send_as_anna(&world, row).await,
        };
        let body = response.json();
        if body["data"][row.name()].is_object() {
            assert_eq!(body.get("errors"), None, "{}: {body}", row.field);
            changed.insert(row.name());
        } else if only_error(&body)["errorType"] == "Unauthorized" {
            refused.insert(row.name());
        }
    }
    assert_ne!(before, world.anna.everything().await);
    let needing_a_role = [
        "createActivityCategory",
        "deleteActivityCategory",
        "publishUserAggregate",
        "updateActivityCategory",
    ];
    assert_eq!(refused, BTreeSet::from(needing_a_role));
    let all = fields_of("Mutation").len();
    assert_eq!(changed.len(), all - needing_a_role.len(), "{changed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_user_reads_and_changes_nothing_over_http() {
    let world = World::new().await;
    let before = [world.anna.everything().await, world.ben.everything().await];
    for row in rows() {
        let request = request_text(&row, &world);
        let response = send_as_ben(&world, &row).await;
        let (body, context) = (response.json(), format!("{}: {}", row.field, response.body));
        assert_eq!(response.status, 200, "{context}");
        world.assert_reveals_nothing(&request, &response.body);
        match row.stranger {
            _ if row.is_subscription() => {
                assert_eq!(body["data"], Value::Null, "{context}");
                assert_eq!(
                    only_error(&body)["errorType"],
                    "UnsupportedOperation",
                    "{context}"
                );
            }
            Stranger::Reads(data) => {
                let data: Value = serde_json::from_str(data).unwrap();
                assert_eq!(body, json!({ "data": data }), "{context}");
            }
            Stranger::Refused(kind) => {
                assert_eq!(body["data"], json!({ row.name(): null }), "{context}");
                let error = only_error(&body);
                assert_eq!(error["errorType"], kind, "{context}");
                assert_eq!(error["path"], json!([row.name()]), "{context}");
                assert_eq!(
                    [&error["data"], &error["errorInfo"]],
                    [&Value::Null; 2],
                    "{context}"
                );
            }
            Stranger::Public => assert_eq!(body.get("errors"), None, "{context}"),
            Stranger::Silence => unreachable!("{context}"),
        }
        let after = [world.anna.everything().await, world.ben.everything().await];
        assert_eq!(before, after, "{} changed something", row.field);
    }
    let World { the_box, anna, .. } = world;
    let _the_box = the_box.restarted().await;
    assert_eq!(before[0], anna.everything().await, "the stored data differs");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_user_reads_and_changes_nothing_over_a_socket() {
    let world = World::new().await;
    let ben = &world.ben.session;
    let before = [world.anna.everything().await, everything_of_ben(&world).await];
    let mut socket = Socket::open(&ben.socket, &ben.token).await;
    for (number, row) in rows().iter().enumerate() {
        let id = number.to_string();
        let response = socket
            .start(&id, Some(&ben.token), row.document, &(row.variables)(&world))
            .await;
        let context = format!("{}: {response}", row.field);
        world.assert_reveals_nothing(&request_text(row, &world), &response.to_string());
        let kind = match row.stranger {
            _ if !row.is_subscription() => "UnsupportedOperation",
            Stranger::Refused(kind) => kind,
            Stranger::Silence | Stranger::Public => {
                assert_eq!(response["type"], "start_ack", "{context}");
                continue;
            }
            Stranger::Reads(_) => unreachable!("{context}"),
        };
        assert_eq!(response["type"], "error", "{context}");
        assert_eq!(only_error(&response["payload"])["errorType"], kind, "{context}");
    }
    assert_eq!(
        before,
        [world.anna.everything().await, everything_of_ben(&world).await]
    );
}

async fn everything_of_ben(world: &World) -> String {
    world.ben.everything().await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_forged_token_gives_access_to_any_field_over_http() {
    let world = World::new().await;
    let before = world.anna.everything().await;
    for credential in credentials(&world).await {
        for row in rows() {
            let request = request_text(&row, &world);
            let response = send_query(
                &world.the_box.socket,
                credential.token.as_deref(),
                row.document,
                &(row.variables)(&world),
            )
            .await;
            let context = format!("{} at {}: {}", credential.what, row.field, response.body);
            assert_eq!(response.status, 401, "{context}");
            let expected = json!({ "errors": [
                { "errorType": "UnauthorizedException", "message": credential.message } ] });
            assert_eq!(response.json(), expected, "{context}");
            assert!(
                response.head.contains("x-amzn-errortype: unauthorizedexception"),
                "{}",
                response.head
            );
            world.assert_reveals_nothing(&request, &response.body);
        }
        assert_eq!(before, world.anna.everything().await, "{}", credential.what);
    }
}

/// The control: a valid token from the code of the forged ones is accepted, so those are not rejected for
/// their format.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_with_the_pools_signature_is_accepted() {
    let world = World::new().await;
    for (purpose, claim) in [("id", "jti"), ("access", "jti")] {
        for prefix in ["", "Bearer "] {
            let token = format!("{prefix}{}", genuine(&world, purpose, claim, "of-the-forger"));
            let response = send_query(
                &world.the_box.socket,
                Some(&token),
                "query($id: String!) { getUser(id: $id) { id } }",
                &json!({ "id": world.anna.session.sub }),
            )
            .await;
            assert_eq!(
                response.json()["data"]["getUser"]["id"],
                json!(world.anna.session.sub),
                "{}",
                response.body
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_forged_token_opens_a_socket() {
    let world = World::new().await;
    for credential in credentials(&world).await {
        for way in WAYS {
            let context = format!("{} by {way:?}", credential.what);
            let token = credential.token.as_deref();
            let mut socket = match Socket::dial(&world.the_box.socket, way, token).await {
                Ok(socket) => socket,
                Err(status) => {
                    assert!(credential.token.is_none(), "{context}");
                    assert_eq!(status, 401, "{context}");
                    continue;
                }
            };
            // A client that doesn't wait for the response gets no further either.
            socket.send(&json!({ "type": "connection_init" })).await;
            for row in rows().iter().filter(|row| row.is_subscription()) {
                let data = json!({ "query": row.document, "variables": (row.variables)(&world) }).to_string();
                socket
                    .send(&json!({ "id": row.field, "type": "start", "payload": { "data": data } }))
                    .await;
            }
            let frame = socket.next().await.expect(&context);
            let expected = json!({ "type": "connection_error", "payload": { "errors": [
                { "errorType": "UnauthorizedException", "message": credential.message, "errorCode": 401 } ] } });
            assert_eq!(frame, expected, "{context}");
            assert_eq!(socket.next().await, None, "{context}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_forged_token_starts_a_subscription_on_an_open_socket() {
    let world = World::new().await;
    let before = world.anna.everything().await;
    let ben = &world.ben.session;
    let mut socket = Socket::open(&ben.socket, &ben.token).await;
    for (first, credential) in credentials(&world).await.iter().enumerate() {
        for (second, row) in rows().iter().enumerate() {
            let id = format!("{first}-{second}");
            let variables = (row.variables)(&world);
            let response = socket
                .start(&id, credential.token.as_deref(), row.document, &variables)
                .await;
            let expected = json!({ "type": "error", "payload": { "errors": [
                { "errorType": "UnauthorizedException", "message": credential.message } ] }, "id": id });
            assert_eq!(response, expected, "{} at {}", credential.what, row.field);
        }
    }
    assert_eq!(before, world.anna.everything().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_user_pool_rejects_every_forged_token() {
    let world = World::new().await;
    for credential in credentials(&world).await {
        let Some(token) = &credential.token else { continue };
        for operation in ["GetUser", "GlobalSignOut"] {
            let refused = cognito(&world.the_box.socket, operation, json!({ "AccessToken": token }))
                .await
                .expect_err(credential.what);
            let kind = refused["__type"].as_str().unwrap();
            let known = ["NotAuthorizedException", "InvalidParameterException"];
            assert!(known.contains(&kind), "{}: {refused}", credential.what);
            world.assert_reveals_nothing(token, &refused.to_string());
        }
    }
    // Anna's session is still valid.
    let refresh = json!({ "RefreshToken": world.anna.refresh_token, "ClientId": crate::client::CLIENT_ID });
    cognito(&world.the_box.socket, "GetTokensFromRefreshToken", refresh)
        .await
        .unwrap();
}
