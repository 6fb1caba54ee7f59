//! Request headers that resolvers copy, and response headers that they set.

use caltrack_local_appsync::GraphQlResponse;
use serde_json::json;

use super::*;

#[tokio::test]
async fn a_resolver_sets_headers_of_the_response() {
    let code = "// datasource: NoneSource
        import { util } from '@aws-appsync/utils';
        export const request = () => ({});
        export function response() { util.http.addResponseHeader('X-Left', '3'); util.http.addResponseHeader('Set-Cookie', 'a'); return null; }";
    let api = api_with(&[("Query.getUser", code)]);
    let request = GraphQlRequest {
        query: format!("{{ getUser(id: \"{ME}\") {{ id }} }}"),
        ..GraphQlRequest::default()
    };
    let response = api.app.execute(&request, &user(ME)).await.unwrap();
    assert_eq!(response.headers.get("x-left").map(String::as_str), Some("3"));
}

/// The response to `getUser`, whose response handler has this body.
async fn response_with_handler(body: &str) -> GraphQlResponse {
    let code = format!(
        "// datasource: NoneSource
        export const request = () => ({{}});
        export function response() {{ {body} return null; }}"
    );
    let api = api_with(&[("Query.getUser", &code)]);
    let request = GraphQlRequest {
        query: format!("{{ a: getUser(id: \"{ME}\") {{ id }} }}"),
        ..GraphQlRequest::default()
    };
    api.app.execute(&request, &user(ME)).await.unwrap()
}

#[tokio::test]
async fn headers_of_the_connection_are_not_copied() {
    let body = "const copied = util.http.copyHeaders({ Accept: 'x', Host: 'h', TE: 't', 'Keep-Alive': 'k', 'x-amz-date': 'd', 'content-length': '1' });
        util.http.addResponseHeader('copied', Object.keys(copied).join(' '));";
    assert_eq!(
        response_with_handler(body).await.headers["copied"],
        "Accept x-amz-date"
    );
}

#[tokio::test]
async fn several_headers_are_set_at_once_and_the_last_value_of_a_name_wins() {
    let body = "util.http.addResponseHeaders({ 'X-Number': 12, 'x-text': 'a', 'x-object': { a: 1 } });
        util.http.addResponseHeader('X-Text', 'b');";
    let response = response_with_handler(body).await;
    let headers: Vec<(&str, &str)> = response
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        headers,
        [("x-number", "12"), ("x-object", r#"{"a":1}"#), ("x-text", "b")]
    );
}

#[tokio::test]
async fn reserved_headers_are_left_out_and_reported() {
    for name in [
        "x-amzn-RequestId",
        "X-Amz-Security-Token",
        "Access-Control-Allow-Origin",
        "access-control-allow-credentials",
        "access-control-expose-headers",
        "access-control-max-age",
        "access-control-allow-methods",
        "access-control-allow-headers",
        "Vary",
        "Content-Type",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "Upgrade",
        "",
    ] {
        let body = format!(
            "util.http.addResponseHeader('{name}', 'x'); util.http.addResponseHeader('x-mine', 'y');"
        );
        let response = response_with_handler(&body).await;
        let names: Vec<&String> = response.headers.keys().collect();
        assert_eq!(names, ["x-mine"], "{name}");
        assert_eq!(
            response.body["errors"][0]["errorType"], "ResponseHeaderError",
            "{name}"
        );
        assert_eq!(response.body["errors"][0]["path"], json!(["a"]), "{name}");
    }
    let null = response_with_handler("util.http.addResponseHeader('x-mine', null);").await;
    assert_eq!(null.headers.len(), 0);
    assert_eq!(null.body["errors"][0]["errorType"], "ResponseHeaderError");
}

#[tokio::test]
async fn the_headers_of_one_operation_are_limited_to_4_kb() {
    // Four headers, each with a name of 3 bytes and a value of 1,021.
    let value = "v".repeat(1021);
    let kilobytes = format!(
        "['x-a', 'x-b', 'x-c', 'x-d'].forEach((name) => util.http.addResponseHeader(name, '{value}'));"
    );
    let full = response_with_handler(&kilobytes).await;
    assert_eq!(
        full.headers
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum::<usize>(),
        4096
    );
    assert_eq!(full.body.get("errors"), None);
    let more = response_with_handler(&format!("{kilobytes} util.http.addResponseHeader('x', '');")).await;
    assert_eq!(more.headers.len(), 4);
    assert_eq!(more.body["errors"][0]["errorType"], "ResponseHeaderError");
    let again = response_with_handler(&format!(
        "{kilobytes} util.http.addResponseHeader('x-a', 'short');"
    ))
    .await;
    assert_eq!(
        again.headers["x-a"].len(),
        1021,
        "a repeated name counts again towards the limit"
    );
}
