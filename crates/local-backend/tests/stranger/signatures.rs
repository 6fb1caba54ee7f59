//! Signed requests: a user's keys have the access of that user's tokens, and no other key or signature has any.

use serde_json::{Value, json};

use crate::{
    client::{cognito, realtime::Realtime},
    fields::{Row, Stranger, rows},
    forged::credentials,
    signed::{IDENTITY_POOL, Keys, identity_pool, logins},
    wire::{Response, Socket, send},
    world::World,
};

const ME: &str = "query($id: String!) { getUser(id: $id) { id username } }";

pub(crate) async fn keys_of_anna(world: &World) -> Keys {
    Keys::of(&world.the_box.socket, &world.anna.session.token).await
}

/// Whether keys give access to Anna's profile.
pub(crate) async fn read_anna(world: &World, keys: &Keys) -> Response {
    let id = json!({ "id": world.anna.session.sub });
    keys.query(&world.the_box.socket, ME, &id).await
}

pub(crate) fn kind(response: &Response) -> String {
    let errors = response.json()["errors"].clone();
    errors[0]["errorType"].as_str().unwrap_or_default().to_owned()
}

/// The control: the owner's keys read the owner's data, and start subscriptions that receive it.
#[tokio::test(flavor = "multi_thread")]
async fn the_owners_keys_have_the_access_of_the_owners_tokens() {
    let world = World::new().await;
    let keys = keys_of_anna(&world).await;
    let mut revealing = 0;
    for row in rows().iter().filter(|row| row.is_query()) {
        let variables = anna_variables(&world, row);
        let by_keys = keys.query(&world.the_box.socket, row.document, &variables).await;
        assert_eq!(by_keys.status, 200, "{}", by_keys.body);
        assert_eq!(
            by_keys.json().get("errors"),
            None,
            "{}: {}",
            row.field,
            by_keys.body
        );
        let request = format!("{} {variables}", row.document);
        revealing += usize::from(world.reveals_something(&request, &by_keys.body));
    }
    assert!(revealing >= 4, "{revealing}");

    let mut socket = Socket::open_with(
        &world.the_box.socket,
        &keys.header_object("/graphql/connect", "{}"),
    )
    .await;
    let data =
        json!({ "query": "subscription { onCreateActivity { id userid } }", "variables": {} }).to_string();
    let start = socket
        .start_with("1", &data, &keys.header_object("/graphql", &data))
        .await;
    assert_eq!(start["type"], "start_ack", "{start}");
    let create = "mutation($i: CreateActivityInput!) { createActivity(input: $i) { id userid } }";
    let lunch = json!({ "i": { "userid": world.anna.session.sub, "category": "Food", "type": "Lunch" } });
    let created = world
        .anna
        .session
        .execute("createActivity", create, lunch.clone())
        .await;
    let event = socket.next().await.unwrap();
    assert_eq!(
        event["payload"]["data"]["onCreateActivity"]["id"], created["id"],
        "{event}"
    );

    // What keys write reaches a subscriber by tokens.
    let mut by_token = Realtime::connect(&world.anna.session).await;
    by_token
        .subscribe("subscription { onCreateActivity { id userid } }", json!({}))
        .await
        .unwrap();
    let written = keys.query(&world.the_box.socket, create, &lunch).await.json();
    let event = by_token.event().await;
    assert_eq!(
        event["onCreateActivity"]["id"], written["data"]["createActivity"]["id"],
        "{written}"
    );
}

fn anna_variables(world: &World, row: &Row) -> Value {
    let (anna, ben) = (&world.anna.session, &world.ben.session);
    let variables = (row.variables)(world).to_string().replace(&ben.sub, &anna.sub);
    serde_json::from_str(&variables).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_users_keys_read_and_change_nothing() {
    let world = World::new().await;
    let before = [world.anna.everything().await, world.ben.everything().await];
    let keys = Keys::of(&world.the_box.socket, &world.ben.session.token).await;
    let mut socket = Socket::open_with(
        &world.the_box.socket,
        &keys.header_object("/graphql/connect", "{}"),
    )
    .await;
    for (number, row) in rows().iter().enumerate() {
        let variables = (row.variables)(&world);
        let request = format!("{} {variables}", row.document);
        let response = keys.query(&world.the_box.socket, row.document, &variables).await;
        let context = format!("{}: {}", row.field, response.body);
        assert_eq!(response.status, 200, "{context}");
        world.assert_reveals_nothing(&request, &response.body);
        match row.stranger {
            _ if row.is_subscription() => assert_eq!(kind(&response), "UnsupportedOperation", "{context}"),
            Stranger::Reads(data) => {
                let data: Value = serde_json::from_str(data).unwrap();
                assert_eq!(response.json(), json!({ "data": data }), "{context}");
            }
            Stranger::Refused(refusal) => assert_eq!(kind(&response), refusal, "{context}"),
            Stranger::Public => assert_eq!(response.json().get("errors"), None, "{context}"),
            Stranger::Silence => unreachable!("{context}"),
        }
        let data = json!({ "query": row.document, "variables": variables }).to_string();
        let id = number.to_string();
        let started = socket
            .start_with(&id, &data, &keys.header_object("/graphql", &data))
            .await;
        world.assert_reveals_nothing(&request, &started.to_string());
        let is_own = matches!(row.stranger, Stranger::Silence);
        assert_eq!(started["type"] == "start_ack", is_own, "{}: {started}", row.field);
        let after = [world.anna.everything().await, world.ben.everything().await];
        assert_eq!(before, after, "{} changed something", row.field);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_identity_pool_gives_keys_for_the_callers_own_id_token_only() {
    let world = World::new().await;
    let socket = &world.the_box.socket;
    let anna = keys_of_anna(&world).await;
    let again = keys_of_anna(&world).await;
    assert_eq!(anna.identity_id, again.identity_id, "one id for each sign-in");
    assert_ne!(anna.id, again.id);
    let refused = async |operation: &str, body: Value| {
        let refusal = identity_pool(socket, operation, body).await.unwrap_err();
        world.assert_reveals_nothing("", &refusal.to_string());
        refusal["__type"].as_str().unwrap().to_owned()
    };
    let ben = &world.ben.session.token;
    let id = |logins: Value| json!({ "IdentityPoolId": IDENTITY_POOL, "Logins": logins });
    let keys = |logins: Value| json!({ "IdentityId": anna.identity_id, "Logins": logins });
    for operation in ["GetId", "GetCredentialsForIdentity"] {
        let body = |logins: Value| {
            if operation == "GetId" {
                id(logins)
            } else {
                keys(logins)
            }
        };
        for (what, logins) in [
            ("a guest", json!({})),
            ("no logins", Value::Null),
            ("an access token", logins(&world.anna.access_token)),
            (
                "another provider",
                json!({ "accounts.google.com": world.anna.session.token }),
            ),
            (
                "another pool",
                json!({ "cognito-idp.us-east-1.amazonaws.com/us-east-1_OTHER": world.anna.session.token }),
            ),
            (
                "two logins",
                json!({ "accounts.google.com": "x", crate::signed::PROVIDER: world.anna.session.token }),
            ),
        ] {
            assert_eq!(
                refused(operation, body(logins)).await,
                "NotAuthorizedException",
                "{what}"
            );
        }
        for credential in credentials(&world).await {
            let token = credential.token.unwrap_or_default();
            let kind = refused(operation, body(logins(&token))).await;
            assert_eq!(
                kind, "NotAuthorizedException",
                "{} at {operation}",
                credential.what
            );
        }
    }
    assert_eq!(
        refused("GetCredentialsForIdentity", keys(logins(ben))).await,
        "NotAuthorizedException"
    );
    let elsewhere = json!({ "IdentityPoolId": "us-east-1:other", "Logins": logins(ben) });
    assert_eq!(refused("GetId", elsewhere).await, "ResourceNotFoundException");
    assert_eq!(
        refused("GetOpenIdToken", id(logins(ben))).await,
        "UnknownOperationException"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_end_with_their_user() {
    let world = World::new().await;
    let keys = keys_of_anna(&world).await;
    assert_eq!(read_anna(&world, &keys).await.status, 200);
    let token = json!({ "AccessToken": world.anna.access_token });
    cognito(&world.the_box.socket, "DeleteUser", token).await.unwrap();
    let response = read_anna(&world, &keys).await;
    assert_eq!(
        (response.status, kind(&response).as_str()),
        (403, "UnrecognizedClientException"),
        "{}",
        response.body
    );
    // A later user of the same name is another user.
    world.the_box.sign_up(crate::world::ANNA).await;
    assert_eq!(read_anna(&world, &keys).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_is_for_one_request_and_opens_no_other() {
    let world = World::new().await;
    let socket = &world.the_box.socket;
    let keys = keys_of_anna(&world).await;
    let body = json!({ "query": ME, "variables": { "id": world.anna.session.sub } }).to_string();
    let media = [("content-type", "application/json")];
    let signed = keys.sign("/graphql", &media, &body);
    assert_eq!(send(socket, "/graphql", &signed, &body).await.status, 200);
    let without = |name: &str| -> Vec<(String, String)> {
        signed
            .iter()
            .filter(|(found, _)| found != name)
            .cloned()
            .collect()
    };
    let with = |name: &str, value: &str| {
        let mut headers = without(name);
        headers.push((name.to_owned(), value.to_owned()));
        headers
    };
    let authorization = &signed.iter().find(|(name, _)| name == "authorization").unwrap().1;
    let other = body.replace("username", "weight");
    for (what, path, headers, body) in [
        (
            "replayed with another body",
            "/graphql",
            signed.clone(),
            other.as_str(),
        ),
        (
            "replayed at another path",
            "/graphql?x=1",
            signed.clone(),
            body.as_str(),
        ),
        (
            "signed for a connection",
            "/graphql",
            keys.sign("/graphql/connect", &media, &body),
            body.as_str(),
        ),
        (
            "another date",
            "/graphql",
            with("x-amz-date", "20200307T080509Z"),
            body.as_str(),
        ),
        (
            "another media type",
            "/graphql",
            with("content-type", "text/plain"),
            body.as_str(),
        ),
        ("no date", "/graphql", without("x-amz-date"), body.as_str()),
        (
            "a changed signature",
            "/graphql",
            with("authorization", &format!("{authorization}0")),
            body.as_str(),
        ),
        (
            "another key's id",
            "/graphql",
            with(
                "authorization",
                &authorization.replace(&keys.id, "ASIACALTRACKAAAAAAAA"),
            ),
            body.as_str(),
        ),
    ] {
        let response = send(socket, path, &headers, body).await;
        assert_eq!(response.status, 403, "{what}: {}", response.body);
        world.assert_reveals_nothing(body, &response.body);
    }
    // A presigned query string is no signature here, though it is right.
    let presigned = keys.presign("/graphql", &media, &body);
    assert!(presigned.contains("X-Amz-Signature="), "{presigned}");
    let host = [
        ("host".to_owned(), "localhost".to_owned()),
        ("content-type".to_owned(), media[0].1.to_owned()),
    ];
    assert_eq!(send(socket, &presigned, &host, &body).await.status, 401);
}
