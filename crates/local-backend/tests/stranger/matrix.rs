//! Every field × every stranger × both transports.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    client::cognito,
    fields::{Row, Stranger, fields_of, rows},
    forged::{credentials, genuine},
    wire::{Answer, Socket, WAYS, ask},
    world::{DATE, World},
};

/// What was asked, as the answer may echo it.
fn question(row: &Row, world: &World) -> String {
    format!("{} {}", row.document, (row.variables)(world))
}

async fn ask_as_ben(world: &World, row: &Row) -> Answer {
    let ben = &world.ben.session;
    ask(
        &ben.socket,
        Some(&ben.token),
        row.document,
        &(row.variables)(world),
    )
    .await
}

/// As Anna would ask it: her own name where Ben put his.
async fn ask_as_anna(world: &World, row: &Row) -> Answer {
    let (anna, ben) = (&world.anna.session, &world.ben.session);
    let variables = (row.variables)(world).to_string().replace(&ben.sub, &anna.sub);
    let variables = serde_json::from_str(&variables).unwrap();
    ask(&anna.socket, Some(&anna.token), row.document, &variables).await
}

fn only_error(answer: &Value) -> &Value {
    let errors = answer["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 1, "{answer}");
    &errors[0]
}

/// The control: without the checks, the questions would tell.
#[tokio::test(flavor = "multi_thread")]
async fn the_owner_is_told_what_a_stranger_is_not() {
    let world = World::new().await;
    let anna = &world.anna.session;
    let mut told = 0;
    for row in rows().iter().filter(|row| row.is_query()) {
        if let Stranger::Public = row.stranger {
            continue;
        }
        let question = question(row, &world);
        let answer = ask_as_anna(&world, row).await;
        assert_eq!(answer.json().get("errors"), None, "{question}: {}", answer.body);
        told += usize::from(world.tells_something(&question, &answer.body));
    }
    assert!(told >= 4, "{told}");
    let mut socket = Socket::open(&anna.socket, &anna.token).await;
    for (number, row) in rows().iter().filter(|row| row.is_subscription()).enumerate() {
        let id = number.to_string();
        let answer = socket
            .start(&id, Some(&anna.token), row.document, &(row.variables)(&world))
            .await;
        assert_eq!(answer["type"], "start_ack", "{}: {answer}", row.field);
    }
}

/// The control of the changes: the documents that a stranger is refused with change what the owner has. What is left is of
/// nobody who is in no group: categories are the admins', announcements the aggregator's.
#[tokio::test(flavor = "multi_thread")]
async fn the_owner_changes_what_a_stranger_does_not_and_whoever_is_in_no_group_no_category() {
    let world = World::new().await;
    let before = world.anna.everything().await;
    let mut refused = BTreeSet::new();
    let mut changed = BTreeSet::new();
    for row in rows().iter().filter(|row| row.field.starts_with("Mutation.")) {
        let answer = match row.field {
            // The stranger's day is none, since a good one would be the stranger's own.
            "Mutation.setWeight" => {
                let anna = &world.anna.session;
                ask(
                    &anna.socket,
                    Some(&anna.token),
                    row.document,
                    &json!({ "d": DATE }),
                )
                .await
            }
            _ => ask_as_anna(&world, row).await,
        };
        let body = answer.json();
        if body["data"][row.name()].is_object() {
            assert_eq!(body.get("errors"), None, "{}: {body}", row.field);
            changed.insert(row.name());
        } else if only_error(&body)["errorType"] == "Unauthorized" {
            refused.insert(row.name());
        }
    }
    assert_ne!(before, world.anna.everything().await);
    let of_others = [
        "createActivityCategory",
        "deleteActivityCategory",
        "publishUserAggregate",
        "updateActivityCategory",
    ];
    assert_eq!(refused, BTreeSet::from(of_others));
    let all = fields_of("Mutation").len();
    assert_eq!(changed.len(), all - of_others.len(), "{changed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_user_reads_and_changes_nothing_over_http() {
    let world = World::new().await;
    let before = [world.anna.everything().await, world.ben.everything().await];
    for row in rows() {
        let question = question(&row, &world);
        let answer = ask_as_ben(&world, &row).await;
        let (body, context) = (answer.json(), format!("{}: {}", row.field, answer.body));
        assert_eq!(answer.status, 200, "{context}");
        world.tells_nothing(&question, &answer.body);
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
    assert_eq!(
        before[0],
        anna.everything().await,
        "the disk knows something else"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_user_reads_and_changes_nothing_over_a_socket() {
    let world = World::new().await;
    let ben = &world.ben.session;
    let before = [world.anna.everything().await, ben_has(&world).await];
    let mut socket = Socket::open(&ben.socket, &ben.token).await;
    for (number, row) in rows().iter().enumerate() {
        let id = number.to_string();
        let answer = socket
            .start(&id, Some(&ben.token), row.document, &(row.variables)(&world))
            .await;
        let context = format!("{}: {answer}", row.field);
        world.tells_nothing(&question(row, &world), &answer.to_string());
        let kind = match row.stranger {
            _ if !row.is_subscription() => "UnsupportedOperation",
            Stranger::Refused(kind) => kind,
            Stranger::Silence | Stranger::Public => {
                assert_eq!(answer["type"], "start_ack", "{context}");
                continue;
            }
            Stranger::Reads(_) => unreachable!("{context}"),
        };
        assert_eq!(answer["type"], "error", "{context}");
        assert_eq!(only_error(&answer["payload"])["errorType"], kind, "{context}");
    }
    assert_eq!(before, [world.anna.everything().await, ben_has(&world).await]);
}

async fn ben_has(world: &World) -> String {
    world.ben.everything().await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_made_up_token_opens_any_field_over_http() {
    let world = World::new().await;
    let before = world.anna.everything().await;
    for credential in credentials(&world).await {
        for row in rows() {
            let question = question(&row, &world);
            let answer = ask(
                &world.the_box.socket,
                credential.token.as_deref(),
                row.document,
                &(row.variables)(&world),
            )
            .await;
            let context = format!("{} at {}: {}", credential.what, row.field, answer.body);
            assert_eq!(answer.status, 401, "{context}");
            let expected = json!({ "errors": [
                { "errorType": "UnauthorizedException", "message": credential.refusal } ] });
            assert_eq!(answer.json(), expected, "{context}");
            assert!(
                answer.head.contains("x-amzn-errortype: unauthorizedexception"),
                "{}",
                answer.head
            );
            world.tells_nothing(&question, &answer.body);
        }
        assert_eq!(before, world.anna.everything().await, "{}", credential.what);
    }
}

/// The control: a token that differs from the forged ones only in being right is taken, so they are not refused for a slip
/// of the forger's hand.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_pool_could_have_signed_is_taken() {
    let world = World::new().await;
    for (purpose, claim) in [("id", "jti"), ("access", "jti")] {
        for prefix in ["", "Bearer "] {
            let token = format!("{prefix}{}", genuine(&world, purpose, claim, "of-the-forger"));
            let answer = ask(
                &world.the_box.socket,
                Some(&token),
                "query($id: String!) { getUser(id: $id) { id } }",
                &json!({ "id": world.anna.session.sub }),
            )
            .await;
            assert_eq!(
                answer.json()["data"]["getUser"]["id"],
                json!(world.anna.session.sub),
                "{}",
                answer.body
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_made_up_token_opens_a_socket() {
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
            // Whoever doesn't wait for the answer gets no further either.
            socket.send(&json!({ "type": "connection_init" })).await;
            for row in rows().iter().filter(|row| row.is_subscription()) {
                let data = json!({ "query": row.document, "variables": (row.variables)(&world) }).to_string();
                socket
                    .send(&json!({ "id": row.field, "type": "start", "payload": { "data": data } }))
                    .await;
            }
            let refusal = socket.next().await.expect(&context);
            let expected = json!({ "type": "connection_error", "payload": { "errors": [
                { "errorType": "UnauthorizedException", "message": credential.refusal, "errorCode": 401 } ] } });
            assert_eq!(refusal, expected, "{context}");
            assert_eq!(socket.next().await, None, "{context}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_made_up_token_starts_anything_on_a_socket_that_is_open() {
    let world = World::new().await;
    let before = world.anna.everything().await;
    let ben = &world.ben.session;
    let mut socket = Socket::open(&ben.socket, &ben.token).await;
    for (first, credential) in credentials(&world).await.iter().enumerate() {
        for (second, row) in rows().iter().enumerate() {
            let id = format!("{first}-{second}");
            let variables = (row.variables)(&world);
            let answer = socket
                .start(&id, credential.token.as_deref(), row.document, &variables)
                .await;
            let expected = json!({ "type": "error", "payload": { "errors": [
                { "errorType": "UnauthorizedException", "message": credential.refusal } ] }, "id": id });
            assert_eq!(answer, expected, "{} at {}", credential.what, row.field);
        }
    }
    assert_eq!(before, world.anna.everything().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_made_up_token_means_anything_to_the_user_pool() {
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
            world.tells_nothing(token, &refused.to_string());
        }
    }
    // Nobody was signed out.
    let refresh = json!({ "RefreshToken": world.anna.refresh_token, "ClientId": crate::client::CLIENT_ID });
    cognito(&world.the_box.socket, "GetTokensFromRefreshToken", refresh)
        .await
        .unwrap();
}
