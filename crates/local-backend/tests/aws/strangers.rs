//! Callers without a key, with a wrong key, or with a key for something else.

use std::time::{Duration, SystemTime};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use caltrack_local_backend::sigv4::KeyPair;
use serde_json::{Value, json};

use crate::{
    client::{POOL_ID, Session, post},
    signer::{Request, Scope},
    the_box::{PASSWORD, sign_up},
    world::World,
};

const SECRET_ITEM: &str = "a-secret-of-the-owner";

/// Turns an unsigned request into the request of a stranger.
type Make<'a> = Box<dyn Fn(Request) -> Request + 'a>;

/// Strangers at a service: name, kind of the error, and request. One of them signs for the target `elsewhere`.
fn strangers<'a>(
    world: &'a World,
    service: &'static str,
    elsewhere: &'a str,
) -> Vec<(&'static str, &'static str, Make<'a>)> {
    let wrong_secret = KeyPair::new(world.exposed.access_key_id(), "A".repeat(40));
    let unknown = KeyPair::new("AKIACALTRACKAAAAAAAA", world.exposed.secret());
    let now = Scope::now(service);
    let at = move |at: SystemTime| Scope { at, ..now };
    let age = Duration::from_mins(10);
    let good = &world.exposed;
    vec![
        ("unsigned", "MissingAuthenticationTokenException", Box::new(|r| r)),
        (
            "a user's token",
            "IncompleteSignatureException",
            Box::new(|r| r.with("authorization", "a.b.c")),
        ),
        (
            "an unknown key",
            "UnrecognizedClientException",
            Box::new(move |r| r.signed_for(&unknown, now)),
        ),
        (
            "a wrong secret",
            "InvalidSignatureException",
            Box::new(move |r| r.signed_for(&wrong_secret, now)),
        ),
        (
            "long ago",
            "InvalidSignatureException",
            Box::new(move |r| r.signed_for(good, at(now.at - age))),
        ),
        (
            "not yet",
            "InvalidSignatureException",
            Box::new(move |r| r.signed_for(good, at(now.at + age))),
        ),
        (
            "another service",
            "InvalidSignatureException",
            Box::new(move |r| r.signed_for(good, Scope::now("appsync"))),
        ),
        (
            "another region",
            "InvalidSignatureException",
            Box::new(move |r| {
                r.signed_for(
                    good,
                    Scope {
                        region: "eu-west-1",
                        ..now
                    },
                )
            }),
        ),
        (
            "another body",
            "InvalidSignatureException",
            Box::new(move |r| {
                let mut signed = r.signed_for(good, now);
                signed.body.push(' ');
                signed
            }),
        ),
        (
            "another target",
            "InvalidSignatureException",
            Box::new(move |r| r.signed_for(good, now).with("x-amz-target", elsewhere)),
        ),
        (
            "another host",
            "InvalidSignatureException",
            Box::new(move |r| r.signed_for(good, now).with("host", "localhost")),
        ),
        (
            "a session's token",
            "UnrecognizedClientException",
            Box::new(move |r| r.signed_for(good, now).with("x-amz-security-token", "t")),
        ),
        (
            "the aggregator",
            "AccessDeniedException",
            Box::new(move |r| r.signed_for(&world.aggregator, now)),
        ),
    ]
}

/// Each stranger's get and put is rejected with its error; nothing is written or revealed.
#[tokio::test(flavor = "multi_thread")]
async fn strangers_neither_read_nor_write_tables() {
    let world = World::exposed().await;
    let key = json!({ "id": { "S": "someone" } });
    let item = json!({ "id": { "S": "someone" }, "username": { "S": SECRET_ITEM } });
    let put = json!({ "TableName": "caltrack_user_table", "Item": item });
    assert_eq!(world.dynamodb("PutItem", &put).await.status, 200);

    let change = json!({ "TableName": "caltrack_user_table", "Item": { "id": { "S": "someone" }, "username": { "S": "x" } } });
    let get = json!({ "TableName": "caltrack_user_table", "Key": key });
    for (who, kind, make) in strangers(&world, "dynamodb", "DynamoDB_20120810.Scan") {
        for (operation, body) in [("GetItem", &get), ("PutItem", &change), ("NoSuchThing", &get)] {
            let request = make(world.call(&format!("DynamoDB_20120810.{operation}"), body));
            let response = world.send(&request).await;
            assert_eq!(
                (response.status, response.kind()),
                (400, kind),
                "{who}: {response:?}"
            );
            assert!(!response.bytes.contains(SECRET_ITEM), "{who}: {response:?}");
        }
        // The signature is verified before the body is parsed.
        let mut request = world.call("DynamoDB_20120810.GetItem", &get);
        request.body = "{".to_owned();
        assert_eq!(world.send(&make(request)).await.kind(), kind, "{who}");
    }
    let response = world.dynamodb("GetItem", &get).await;
    assert_eq!(response.body["Item"], item);
}

const COGNITO: &str = "AWSCognitoIdentityProviderService.";
const NEW_PASSWORD: &str = "Correct-Horse-9!";

/// Operations of administrators on a user.
fn administration(name: &str) -> [(&'static str, Value); 7] {
    let pool = POOL_ID;
    let named = json!([{ "Name": "name", "Value": "Mallory" }]);
    [
        (
            "AdminCreateUser",
            json!({ "UserPoolId": pool, "Username": format!("{name}-made"), "TemporaryPassword": NEW_PASSWORD }),
        ),
        (
            "AdminSetUserPassword",
            json!({ "UserPoolId": pool, "Username": name, "Password": NEW_PASSWORD, "Permanent": true }),
        ),
        (
            "AdminAddUserToGroup",
            json!({ "UserPoolId": pool, "Username": name, "GroupName": "admin" }),
        ),
        (
            "AdminUpdateUserAttributes",
            json!({ "UserPoolId": pool, "Username": name, "UserAttributes": named }),
        ),
        ("AdminGetUser", json!({ "UserPoolId": pool, "Username": name })),
        ("ListUsers", json!({ "UserPoolId": pool })),
        (
            "AdminDeleteUser",
            json!({ "UserPoolId": pool, "Username": format!("{name}-made") }),
        ),
    ]
}

/// Whether the user's next token has the group `admin`.
async fn is_admin(world: &World, name: &str, password: &str) -> bool {
    let session = Session::sign_in(&world.socket, name, password).await.unwrap();
    let claims = session.token.split('.').nth(1).unwrap();
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    claims["cognito:groups"] == json!(["admin"])
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_cannot_administer_users() {
    let world = World::exposed().await;
    sign_up(&world.socket, "anna").await;
    for (operation, body) in administration("anna") {
        let elsewhere = match operation {
            "AdminCreateUser" => "AdminSetUserPassword",
            _ => "AdminCreateUser",
        };
        let elsewhere = format!("{COGNITO}{elsewhere}");
        for (who, kind, make) in strangers(&world, "cognito-idp", &elsewhere) {
            let request = make(world.call(&format!("{COGNITO}{operation}"), &body));
            let response = world.send(&request).await;
            assert_eq!(
                (response.status, response.kind()),
                (400, kind),
                "{operation} by {who}: {response:?}"
            );
            let header = format!("x-amzn-errortype: {}:", kind.to_ascii_lowercase());
            assert!(response.head.contains(&header), "{who}: {}", response.head);
            // The signature is verified before the body is parsed.
            let mut request = world.call(&format!("{COGNITO}{operation}"), &body);
            request.body = "{".to_owned();
            assert_eq!(world.send(&make(request)).await.kind(), kind, "{who}");
        }
    }
    assert!(!is_admin(&world, "anna", PASSWORD).await);
    let refused = Session::sign_in(&world.socket, "anna", NEW_PASSWORD)
        .await
        .unwrap_err();
    assert_eq!(refused["__type"], "NotAuthorizedException");

    // The exposed key may call each operation. `AdminCreateUser` would fail if a stranger had made the user.
    for (operation, body) in administration("anna") {
        let request = world.call(&format!("{COGNITO}{operation}"), &body);
        let response = world.send(&request.signed(&world.exposed, "cognito-idp")).await;
        assert_eq!(response.status, 200, "{operation}: {response:?}");
        assert!(
            response
                .head
                .contains("content-type: application/x-amz-json-1.1\r\n"),
            "{}",
            response.head
        );
    }
    assert!(is_admin(&world, "anna", NEW_PASSWORD).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_flag_and_on_the_socket_file_the_operations_of_administrators_are_unknown() {
    let closed = World::closed().await;
    let open = World::exposed().await;
    for (world, exposed) in [(&closed, false), (&open, true)] {
        sign_up(&world.socket, "anna").await;
        for (operation, body) in administration("anna") {
            let target = format!("{COGNITO}{operation}");
            let request = world.call(&target, &body).signed(&world.exposed, "cognito-idp");
            if !exposed {
                let response = world.send(&request).await;
                assert_eq!(
                    (response.status, response.kind()),
                    (400, "UnknownOperationException"),
                    "{operation}: {response:?}"
                );
            }
            let headers: Vec<(&str, &str)> = request
                .headers
                .iter()
                .filter(|(name, _)| name != "host")
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            let (status, response) = post(&world.socket, "/", &headers, &body).await;
            assert_eq!(
                (status, &response["__type"]),
                (400, &json!("UnknownOperationException")),
                "{operation}"
            );
        }
        assert!(!is_admin(world, "anna", PASSWORD).await);
    }
}

/// Only the aggregator's key authenticates at the API.
#[tokio::test(flavor = "multi_thread")]
async fn the_exposed_key_and_strangers_are_rejected_at_the_api() {
    let world = World::exposed().await;
    let query = json!({ "query": "{ listActivityCategories { nextToken } }" });
    let request = || {
        Request::new(world.address, "/graphql", query.to_string()).with("content-type", "application/json")
    };
    let unknown = KeyPair::new("AKIACALTRACKAAAAAAAA", "x");
    let wrong_secret = KeyPair::new(world.aggregator.access_key_id(), "x");
    let long_ago = Scope {
        at: SystemTime::now() - Duration::from_mins(10),
        ..Scope::now("appsync")
    };
    let mut tampered = request().signed(&world.aggregator, "appsync");
    tampered.body.push(' ');
    for (who, request, status, kind) in [
        (
            "the exposed key",
            request().signed(&world.exposed, "appsync"),
            401,
            "UnauthorizedException",
        ),
        (
            "an unknown key",
            request().signed(&unknown, "appsync"),
            403,
            "UnrecognizedClientException",
        ),
        (
            "a wrong secret",
            request().signed(&wrong_secret, "appsync"),
            403,
            "InvalidSignatureException",
        ),
        (
            "long ago",
            request().signed_for(&world.aggregator, long_ago),
            403,
            "InvalidSignatureException",
        ),
        (
            "another service",
            request().signed(&world.aggregator, "dynamodb"),
            403,
            "InvalidSignatureException",
        ),
        ("another body", tampered, 403, "InvalidSignatureException"),
        (
            "half a header",
            request().with("authorization", "AWS4-HMAC-SHA256 Credential=x"),
            403,
            "IncompleteSignatureException",
        ),
    ] {
        let response = world.send(&request).await;
        assert_eq!(
            (response.status, response.kind()),
            (status, kind),
            "{who}: {response:?}"
        );
        let header = format!("x-amzn-errortype: {}", kind.to_ascii_lowercase());
        assert!(response.head.contains(&header), "{who}: {}", response.head);
        assert_eq!(response.body.get("data"), None, "{who}: {response:?}");
    }
}
