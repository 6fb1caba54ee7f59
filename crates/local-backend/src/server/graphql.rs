//! `POST /graphql`, and `GET /graphql` with the operation in the address.

use std::time::Duration;

use axum::{
    Extension,
    body::Bytes,
    extract::{Request, State, rejection::BytesRejection},
    handler::Handler as _,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header, uri::PathAndQuery},
    response::{IntoResponse as _, Response},
};
use caltrack_local_appsync::{Caller, GraphQlRequest};
use caltrack_local_core::{authenticator::Signed, identity::Identity};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    errors::{HttpError, json_response},
    headers::readable_headers,
    realtime,
    state::ApiState,
};
use crate::serve::{Peer, Place};

/// AppSync's own limit.
const TIME_LIMIT: Duration = Duration::from_secs(30);

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    query: Option<String>,
    variables: Option<Map<String, Value>>,
    operation_name: Option<String>,
}

impl Body {
    fn request(self) -> Result<GraphQlRequest, HttpError> {
        Ok(GraphQlRequest {
            query: self
                .query
                .filter(|query| !query.trim().is_empty())
                .ok_or_else(unparsable)?,
            variables: self.variables.unwrap_or_default(),
            operation_name: self.operation_name,
        })
    }

    /// Of an address, whose variables are JSON.
    fn of_address(uri: &Uri) -> Result<Self, HttpError> {
        let mut body = Self::default();
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            match &*name {
                "query" => body.query = Some(value.into_owned()),
                "operationName" => {
                    body.operation_name = Some(value.into_owned()).filter(|name| !name.is_empty());
                }
                "variables" if !value.is_empty() => {
                    body.variables = serde_json::from_str(&value).map_err(|_| unparsable())?;
                }
                _ => {}
            }
        }
        Ok(body)
    }
}

/// An operation in the address, a mutation too, as AppSync takes it (graphql-over-http #81, by AppSync's team); or the upgrade to a
/// socket.
pub(super) async fn execute_or_upgrade(
    State(server): State<ApiState>,
    peer: Peer,
    place: Option<Extension<Place>>,
    request: Request,
) -> Response {
    if request.headers().contains_key(header::UPGRADE) {
        return realtime::upgrade.call(request, server).await;
    }
    // HEAD comes here as well, and wants nothing done.
    if request.method() != Method::GET {
        return HttpError::method_not_allowed().into_response();
    }
    execute_address(&server, peer, place, request.uri(), request.headers())
        .await
        .into_response()
}

async fn execute_address(
    server: &ApiState,
    peer: Peer,
    place: Option<Extension<Place>>,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Response, HttpError> {
    let signed = Signed {
        method: "GET",
        path: uri.path_and_query().map_or("/", PathAndQuery::as_str),
        headers: &readable_headers(uri, headers),
        body: &[],
    };
    let identity = server.authenticator.authenticate(&signed).await?;
    let request = Body::of_address(uri)?.request()?;
    run(server, &request, identity, peer, place, headers).await
}

/// Authenticates, reads, executes, in that order.
pub(super) async fn execute(
    State(server): State<ApiState>,
    peer: Peer,
    place: Option<Extension<Place>>,
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
    if body.is_empty() {
        return Err(HttpError::malformed("Request body is empty."));
    }
    let body: Body = serde_json::from_slice(&body).map_err(|_| unparsable())?;
    run(&server, &body.request()?, identity, peer, place, &headers).await
}

/// Executes a request, in its caller's turn.
async fn run(
    server: &ApiState,
    request: &GraphQlRequest,
    identity: Identity,
    peer: Peer,
    place: Option<Extension<Place>>,
    headers: &HeaderMap,
) -> Result<Response, HttpError> {
    let caller = Caller {
        identity: identity.calling_from(peer.source_ip(headers)),
        headers: plain_headers(headers),
    };
    let answer = async {
        let _counted = match &server.callers {
            Some(callers) => {
                let place = place.as_ref().map(|Extension(place)| place);
                callers.request(&caller.identity, place).await
            }
            None => None,
        };
        server.app.execute(request, &caller).await
    };
    match tokio::time::timeout(TIME_LIMIT, answer).await {
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
    let mut response = json_response(StatusCode::OK, body);
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
