//! `POST /graphql`.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header, uri::PathAndQuery},
    response::Response,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{ApiServer, Peer, errors::HttpError, readable_headers};
use crate::{
    appsync::{Caller, GraphQlRequest},
    sigv4::Signed,
};

/// AppSync's own limit.
const TIME_LIMIT: Duration = Duration::from_secs(30);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    query: Option<String>,
    variables: Option<Map<String, Value>>,
    operation_name: Option<String>,
}

/// Authenticates, reads, executes, in that order.
pub(super) async fn execute(
    State(server): State<ApiServer>,
    peer: Peer,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, HttpError> {
    // A body that could not be read was not signed either: a signature fails, a token doesn't care.
    let signed = Signed {
        method: "POST",
        path: uri.path_and_query().map_or("/", PathAndQuery::as_str),
        headers: &readable_headers(&uri, &headers),
        body: body.as_deref().unwrap_or_default(),
    };
    let identity = server.authenticator.authenticate(&signed).await?;
    // Which type it is doesn't matter.
    if !headers.contains_key(header::CONTENT_TYPE) {
        return Err(HttpError::malformed("Request headers are invalid."));
    }
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => HttpError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLargeException",
            "The request body is larger than 1 MB.",
        ),
        _ => HttpError::malformed("The request body could not be read."),
    })?;
    let body: Body =
        serde_json::from_slice(&body).map_err(|_| HttpError::malformed("Unable to parse GraphQL query."))?;
    let request = GraphQlRequest {
        query: body
            .query
            .filter(|query| !query.trim().is_empty())
            .ok_or_else(unparsable)?,
        variables: body.variables.unwrap_or_default(),
        operation_name: body.operation_name,
    };
    let caller = Caller {
        identity: identity.calling_from(peer.source_ip(&headers)),
        headers: plain_headers(&headers),
    };
    let answer = tokio::time::timeout(TIME_LIMIT, server.app.execute(&request, &caller)).await;
    match answer {
        Ok(Ok(answer)) => {
            let mut response = executed(&answer.body);
            for (name, value) in answer.headers {
                // What can't be a header is left out, as it could not be sent.
                if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                    response.headers_mut().insert(name, value);
                }
            }
            Ok(response)
        }
        Ok(Err(_)) => Err(unparsable()),
        Err(_) => {
            let error = json!({ "errorType": "ExecutionTimeout", "message": "Execution timed out." });
            Ok(executed(&json!({ "data": null, "errors": [error] })))
        }
    }
}

/// What came of an operation. It cost a token of the API's quota, as almost any does; here there is no quota.
fn executed(body: &Value) -> Response {
    const TOKENS: HeaderName = HeaderName::from_static("x-amzn-appsync-tokensconsumed");
    let mut response = super::json(StatusCode::OK, body);
    response
        .headers_mut()
        .insert(TOKENS, HeaderValue::from_static("1"));
    response
}

fn unparsable() -> HttpError {
    HttpError::malformed("Unable to parse GraphQL query.")
}

/// Headers as resolvers see them: lower-case names, repeated ones as lists, no cookies and no credentials.
fn plain_headers(headers: &HeaderMap) -> Map<String, Value> {
    let names = headers
        .keys()
        .filter(|name| **name != header::COOKIE && **name != header::AUTHORIZATION);
    names
        .map(|name| {
            let mut values: Vec<Value> = headers
                .get_all(name)
                .iter()
                .filter_map(|value| value.to_str().ok().map(Value::from))
                .collect();
            let value = if values.len() == 1 {
                values.pop().unwrap_or_default()
            } else {
                Value::Array(values)
            };
            (name.to_string(), value)
        })
        .collect()
}
