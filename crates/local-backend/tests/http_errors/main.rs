//! Status, type and format of the errors for bad requests, as AppSync has them, over HTTP and over sockets.
//!
//! An error is JSON with `x-amzn-errortype` and `x-amzn-requestid`, and the box continues to serve.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod address;
mod callers;
#[path = "../client/mod.rs"]
mod client;
mod frames;
#[path = "../client/the_box.rs"]
#[expect(dead_code, reason = "no box is restarted here")]
mod the_box;

use client::{CLIENT_ID, Session, cognito, soon};
use serde_json::{Value, json};
use the_box::{PASSWORD, TheBox};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::UnixStream,
};

const MEGABYTE: usize = 1 << 20;
const CATEGORIES: &str = "{ listActivityCategories { nextToken } }";

struct World {
    the_box: TheBox,
    user: Session,
}

impl World {
    async fn new() -> Self {
        let the_box = TheBox::start().await;
        the_box.sign_up("anna").await;
        let user = Session::sign_in(&the_box.socket, "anna", PASSWORD).await.unwrap();
        Self { the_box, user }
    }

    /// Sends a request and returns status, headers in lower case and body.
    async fn raw(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> (u16, String, Value) {
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n"
        );
        soon(async {
            let mut stream = UnixStream::connect(&self.the_box.socket).await.unwrap();
            // The box may reject the request and close the connection before all of it is written.
            let _ = stream.write_all(&[head.as_bytes(), body].concat()).await;
            let mut response = String::new();
            let _ = stream.read_to_string(&mut response).await;
            let (head, body) = response.split_once("\r\n\r\n").unwrap_or((&response, ""));
            let status = head.split(' ').nth(1).expect(&response).parse().unwrap();
            (
                status,
                head.to_ascii_lowercase(),
                serde_json::from_str(body).unwrap_or_default(),
            )
        })
        .await
    }

    async fn post(&self, headers: &str, body: &[u8]) -> (u16, String, Value) {
        let headers = format!("authorization: {}\r\n{headers}", self.user.token);
        self.raw("POST", "/graphql", &headers, body).await
    }

    async fn graphql(&self, body: &Value) -> (u16, Value) {
        let (status, _, response) = self
            .post("content-type: application/json\r\n", body.to_string().as_bytes())
            .await;
        (status, response)
    }

    /// Panics unless the box executes a query.
    async fn assert_works(&self) {
        let (status, body) = self.graphql(&json!({ "query": CATEGORIES })).await;
        assert_eq!(
            (status, body),
            (
                200,
                json!({ "data": { "listActivityCategories": { "nextToken": null } } })
            )
        );
    }
}

/// Asserts that the response is one error with type and message only.
fn assert_rejected(response: &(u16, String, Value), status: u16, kind: &str, what: &str) {
    let (found, head, body) = response;
    assert_eq!(*found, status, "{what}: {head} {body}");
    let error = &body["errors"][0];
    assert_eq!(error["errorType"], kind, "{what}: {body}");
    assert!(!error["message"].as_str().unwrap().is_empty(), "{what}: {body}");
    assert_eq!(
        (
            body.as_object().unwrap().len(),
            body["errors"].as_array().unwrap().len(),
            error.as_object().unwrap().len()
        ),
        (1, 1, 2),
        "{what}: {body}"
    );
    let kind = kind.to_ascii_lowercase();
    for header in [
        format!("x-amzn-errortype: {kind}"),
        "x-amzn-requestid: ".to_owned(),
        "content-type: application/json;charset=utf-8".to_owned(),
    ] {
        assert!(head.contains(&header), "{what}: {head}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_not_a_request_is_malformed() {
    let world = World::new().await;
    let json = "content-type: application/json\r\n";
    let nested = format!("{{\"query\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    for (what, body) in [
        ("an empty body", ""),
        ("no JSON", "query { x }"),
        ("half of JSON", "{\"query\": \"{ listActivityCategories"),
        ("no object", "\"{ listActivityCategories { nextToken } }\""),
        ("a list of requests", "[{\"query\":\"{ __typename }\"}]"),
        ("no query", "{}"),
        ("a null query", "{\"query\":null}"),
        ("an empty query", "{\"query\":\"\"}"),
        ("a blank query", "{\"query\":\" \\n \"}"),
        ("a query that is a number", "{\"query\":1}"),
        (
            "variables that are a list",
            "{\"query\":\"{ __typename }\",\"variables\":[]}",
        ),
        (
            "a name that is a number",
            "{\"query\":\"{ __typename }\",\"operationName\":1}",
        ),
        ("a syntax error", "{\"query\":\"{ listActivityCategories {\"}"),
        ("a comment alone", "{\"query\":\"# nothing\"}"),
        ("deeply nested JSON", nested.as_str()),
    ] {
        let response = world.post(json, body.as_bytes()).await;
        assert_rejected(&response, 400, "MalformedHttpRequestException", what);
    }
    let response = world.post(json, b"{\"query\":\"\xff\xfe\"}").await;
    assert_rejected(&response, 400, "MalformedHttpRequestException", "no UTF-8");
    world.assert_works().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_has_at_most_a_megabyte() {
    let world = World::new().await;
    let json = "content-type: application/json\r\n";
    let mut body = json!({ "query": CATEGORIES }).to_string().into_bytes();
    body.resize(MEGABYTE, b' ');
    let (status, _, response) = world.post(json, &body).await;
    assert_eq!(status, 200, "{response}");
    body.push(b' ');
    let response = world.post(json, &body).await;
    assert_rejected(&response, 413, "RequestEntityTooLargeException", "a byte more");
    world.assert_works().await;
}

/// AWS's examples send the same JSON with both media types.
#[tokio::test(flavor = "multi_thread")]
async fn a_json_body_is_accepted_with_any_media_type() {
    let world = World::new().await;
    let body = json!({ "query": CATEGORIES, "unknown": 1, "extensions": {} }).to_string();
    for kind in [
        "application/json",
        "application/json; charset=UTF-8",
        "application/graphql",
    ] {
        let (status, _, response) = world
            .post(&format!("content-type: {kind}\r\n"), body.as_bytes())
            .await;
        assert_eq!(
            (status, response.get("errors")),
            (200, None),
            "{kind}: {response}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_without_a_media_type_is_malformed() {
    let world = World::new().await;
    let body = json!({ "query": CATEGORIES }).to_string();
    let response = world.post("", body.as_bytes()).await;
    assert_rejected(&response, 400, "MalformedHttpRequestException", "no type");
    world.assert_works().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_and_methods_are_rejected() {
    let world = World::new().await;
    let token = format!("authorization: {}\r\n", world.user.token);
    for path in ["/nothing", "/graphql/", "/graphql/other", "/graphql/../x", "/%00"] {
        let response = world.raw("POST", path, &token, b"{}").await;
        assert_rejected(&response, 404, "NotFoundException", path);
    }
    for (method, path) in [
        ("DELETE", "/graphql"),
        ("PUT", "/graphql"),
        ("POST", "/graphql/realtime"),
        ("PATCH", "/"),
    ] {
        let response = world.raw(method, path, &token, b"").await;
        assert_rejected(&response, 405, "MethodNotAllowedException", method);
    }
    world.assert_works().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_large_headers_are_rejected() {
    let world = World::new().await;
    let long = format!("x-long: {}\r\n", "a".repeat(2 * MEGABYTE));
    assert_eq!(world.post(&long, b"{}").await.0, 431);
    let many = "x-many: a\r\n".repeat(2_000);
    assert_eq!(world.post(&many, b"{}").await.0, 431);
    world.assert_works().await;
}

/// These errors are in a GraphQL response without data.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_does_not_match_the_schema_is_reported_with_status_200() {
    let world = World::new().await;
    let two = "query A { __typename } query B { listActivityCategories { nextToken } }";
    for (body, part) in [
        (
            json!({ "query": "{ nothing }" }),
            "Validation error of type FieldUndefined",
        ),
        (
            json!({ "query": "{ getUser(id: \"x\") { nothing } }" }),
            "Validation error of type FieldUndefined",
        ),
        (
            json!({ "query": "{ getUser { id } }" }),
            "Validation error of type MissingFieldArgument",
        ),
        (
            json!({ "query": "{ getUser(id: 1) { id } }" }),
            "Validation error of type WrongType",
        ),
        (
            json!({ "query": "{ getUser(id: \"x\", other: 1) { id } }" }),
            "Validation error of type UnknownArgument",
        ),
        (
            json!({ "query": "{ getUser(id: \"x\") }" }),
            "Validation error of type SubSelectionRequired",
        ),
        (
            json!({ "query": "query($x: Nothing) { getUser(id: $x) { id } }" }),
            "Validation error of type",
        ),
        (json!({ "query": two }), "operation"),
        (json!({ "query": two, "operationName": "C" }), "C"),
        (json!({ "query": CATEGORIES, "operationName": "C" }), "C"),
        (
            json!({ "query": "query($id: String!) { getUser(id: $id) { id } }" }),
            "Variable 'id' has coerced Null value for NonNull type 'String!'",
        ),
        (
            json!({ "query": "query($id: String!) { getUser(id: $id) { id } }", "variables": { "id": null } }),
            "Variable 'id' has coerced Null value for NonNull type 'String!'",
        ),
        (
            json!({ "query": "query($n: Int) { listActivityCategories(limit: $n) { nextToken } }", "variables": { "n": 1.5 } }),
            "n",
        ),
        (
            json!({ "query": "query($n: Int) { listActivityCategories(limit: $n) { nextToken } }", "variables": { "n": 3_000_000_000_u32 } }),
            "n",
        ),
        (
            json!({ "query": "query($n: Int) { listActivityCategories(limit: $n) { nextToken } }", "variables": { "n": "one" } }),
            "Variable 'n' has an invalid value. Expected type 'Int' but was 'String'.",
        ),
        (
            json!({ "query": "mutation($i: DeleteActivityInput!) { deleteActivity(input: $i) { id } }", "variables": { "i": { "id": "x", "more": 1 } } }),
            "a field that is not defined for input object type 'DeleteActivityInput'",
        ),
        (
            json!({ "query": "mutation($i: DeleteActivityInput!) { deleteActivity(input: $i) { id } }", "variables": { "i": "x" } }),
            "i",
        ),
        (
            json!({ "query": "subscription { onCreateActivity { id } }" }),
            "real-time",
        ),
        (json!({ "query": "type Query { x: Int }" }), ""),
        (json!({ "query": "fragment F on Activity { id }" }), ""),
    ] {
        let (status, response) = world.graphql(&body).await;
        assert_eq!(status, 200, "{body}: {response}");
        assert_eq!(response.get("data"), Some(&Value::Null), "{body}: {response}");
        let error = &response["errors"][0];
        assert!(
            error["message"].as_str().unwrap().contains(part),
            "{body}: {response}"
        );
        assert_eq!(error["path"], Value::Null, "{body}: {response}");
        assert!(error.get("locations").is_some(), "{body}: {response}");
    }
    let (_, chosen) = world
        .graphql(&json!({ "query": two, "operationName": "A" }))
        .await;
    assert_eq!(chosen, json!({ "data": { "__typename": "Query" } }));
    world.assert_works().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_user_pool_rejects_unknown_operations_and_bad_input() {
    let world = World::new().await;
    for (operation, body, kind) in [
        ("Nothing", json!({}), "UnknownOperationException"),
        ("InitiateAuth", json!([]), "InvalidParameterException"),
        (
            "InitiateAuth",
            json!({ "ClientId": CLIENT_ID }),
            "InvalidParameterException",
        ),
        (
            "GetUser",
            json!({ "AccessToken": "garbage" }),
            "NotAuthorizedException",
        ),
        (
            "GetUser",
            json!({ "AccessToken": 5 }),
            "InvalidParameterException",
        ),
    ] {
        let refused = cognito(&world.the_box.socket, operation, body).await.unwrap_err();
        assert_eq!(refused["__type"], kind, "{operation}: {refused}");
    }
    let target = "x-amz-target: AWSCognitoIdentityProviderService.SignUp\r\n";
    let (status, head, body) = world.raw("POST", "/", target, b"{").await;
    assert_eq!(
        (status, &body["__type"]),
        (400, &json!("SerializationException")),
        "{body}"
    );
    assert!(
        head.contains("x-amzn-errortype: serializationexception:"),
        "{head}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_to_the_user_pool_has_at_most_a_megabyte() {
    let world = World::new().await;
    let target = "x-amz-target: AWSCognitoIdentityProviderService.GetUser\r\n";
    let mut body = json!({ "AccessToken": "garbage" }).to_string().into_bytes();
    body.resize(MEGABYTE, b' ');
    let (status, _, response) = world.raw("POST", "/", target, &body).await;
    assert_eq!(
        (status, &response["__type"]),
        (400, &json!("NotAuthorizedException"))
    );
    body.push(b' ');
    let (status, head, response) = world.raw("POST", "/", target, &body).await;
    assert_eq!(
        (status, response),
        (
            413,
            json!({ "__type": "RequestEntityTooLargeException", "message": "The request body is larger than 1 MB." })
        )
    );
    for header in [
        "x-amzn-errortype: requestentitytoolargeexception:",
        "content-type: application/x-amz-json-1.1",
        "x-amzn-requestid: ",
    ] {
        assert!(head.contains(header), "{head}");
    }
    world.assert_works().await;
}
