//! Operations in the query string of a GET, and the `Host` of a request.

use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::UnixStream,
};

use crate::{CATEGORIES, World, assert_rejected, client::soon};

#[tokio::test(flavor = "multi_thread")]
async fn a_get_can_carry_its_operation_in_the_query_string() {
    let world = World::new().await;
    let token = format!("authorization: {}\r\n", world.user.token);
    let get = async |query: &str| {
        let path = format!("/graphql?{query}");
        world.raw("GET", &path, &token, b"").await
    };
    let (status, head, body) = get("query=%7B__typename%7D").await;
    assert_eq!(
        (status, body),
        (200, json!({ "data": { "__typename": "Query" } }))
    );
    assert!(head.contains("x-amzn-appsync-tokensconsumed: 1"), "{head}");

    // A mutation with variables, and one of several operations.
    let document = "mutation%20C(%24i%3A%20CreateActivityInput!)%20%7BcreateActivity(input%3A%20%24i)%20%7Bid%7D%7D%20query%20Q%20%7B__typename%7D";
    let input = json!({ "i": { "id": "019aaaaa-0000-7000-8000-000000000001", "userid": world.user.sub, "category": "Food", "type": "Lunch" } });
    let variables: String = form_urlencoded::byte_serialize(input.to_string().as_bytes()).collect();
    let whole = format!("query={document}&variables={variables}&operationName=C");
    let (status, _, body) = get(&whole).await;
    assert_eq!(
        (status, &body["data"]["createActivity"]["id"]),
        (200, &input["i"]["id"]),
        "{body}"
    );
    let (_, _, body) = get(&format!("query={document}&operationName=Q&variables=")).await;
    assert_eq!(body, json!({ "data": { "__typename": "Query" } }));

    for (query, what) in [
        ("", "nothing"),
        ("query=", "an empty query"),
        ("query=%7B", "a syntax error"),
        (
            "query=%7B__typename%7D&variables=%5B%5D",
            "variables that are a list",
        ),
        ("query=%7B__typename%7D&variables=x", "variables that are no JSON"),
    ] {
        assert_rejected(&get(query).await, 400, "MalformedHttpRequestException", what);
    }
    let response = world.raw("GET", "/graphql?query=%7B__typename%7D", "", b"").await;
    assert_rejected(&response, 401, "UnauthorizedException", "no token");
    // HEAD must not execute a mutation.
    let (status, _, _) = world.raw("HEAD", &format!("/graphql?{whole}"), &token, b"").await;
    assert_eq!(status, 405);
    world.assert_works().await;
}

/// RFC 9112, section 3.2.
#[tokio::test(flavor = "multi_thread")]
async fn an_http_1_1_request_has_exactly_one_host() {
    let world = World::new().await;
    let body = json!({ "query": CATEGORIES }).to_string();
    let length = body.len();
    for (version, hosts, status) in [
        ("1.1", "host: localhost\r\n", 200),
        ("1.1", "host: localhost\r\nhost: localhost\r\n", 400),
        ("1.1", "host: localhost\r\nHost: evil.example\r\n", 400),
        ("1.1", "host: local host\r\n", 400),
        ("1.1", "", 400),
        ("1.0", "", 200),
    ] {
        let request = format!(
            "POST /graphql HTTP/{version}\r\n{hosts}connection: close\r\ncontent-length: {length}\r\n\
             content-type: application/json\r\nauthorization: {}\r\n\r\n{body}",
            world.user.token
        );
        let response = soon(async {
            let mut stream = UnixStream::connect(&world.the_box.socket).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut response = String::new();
            stream.read_to_string(&mut response).await.unwrap();
            response
        })
        .await;
        assert_eq!(
            response.split(' ').nth(1),
            Some(status.to_string().as_str()),
            "{version} {hosts}: {response}"
        );
    }
    world.assert_works().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_body_is_reported_as_empty() {
    let world = World::new().await;
    let response = world.post("content-type: application/json\r\n", b"").await;
    assert_rejected(&response, 400, "MalformedHttpRequestException", "nothing");
    assert_eq!(response.2["errors"][0]["message"], "Request body is empty.");
}
