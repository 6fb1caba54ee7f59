//! Cognito's JSON 1.1 protocol, and the pool's keys.

use axum::{
    Extension,
    body::Bytes,
    extract::{FromRequest as _, Path, Request, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use caltrack_local_cognito::{CognitoError, Transport, UserPool};
use serde_json::{Value, json};

use super::{
    aws::{AwsApis, Target},
    errors::HttpError,
    outside::Scheme,
};

pub(super) const TARGET: &str = "AWSCognitoIdentityProviderService.";

/// What answers `POST /`.
#[derive(Debug, Clone)]
pub(super) struct Front {
    pub(super) pool: UserPool,
    /// Where `--expose-aws` was given.
    pub(super) aws: Option<AwsApis>,
}

/// `POST /`, the operation in `X-Amz-Target`.
pub(super) async fn call(
    State(front): State<Front>,
    scheme: Option<Extension<Scheme>>,
    request: Request,
) -> Response {
    if let Some(aws) = &front.aws
        && let Some(target) = Target::of(request.headers())
    {
        return aws.call(target, request).await;
    }
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    match Bytes::from_request(request, &()).await {
        Ok(body) => {
            // Only routes of a TCP port have a scheme.
            let transport = if scheme.is_some() {
                Transport::Port
            } else {
                Transport::SocketFile
            };
            let issuer = issuer_base(scheme, &uri, &headers);
            call_pool(&front.pool, &issuer, transport, &headers, &body).await
        }
        Err(rejection) => unreadable(&rejection),
    }
}

/// A body that is too large, or that broke off.
fn unreadable(rejection: &BytesRejection) -> Response {
    if rejection.status() != StatusCode::PAYLOAD_TOO_LARGE {
        let message = "The request body could not be read.";
        return answer(Err(CognitoError::new("SerializationException", message)));
    }
    let message = "The request body is larger than 1 MB.";
    let mut response = answer(Err(CognitoError::new("RequestEntityTooLargeException", message)));
    *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
    response
}

async fn call_pool(
    user_pool: &UserPool,
    issuer: &str,
    transport: Transport,
    headers: &HeaderMap,
    body: &Bytes,
) -> Response {
    let target = headers
        .get("x-amz-target")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let answer = match (target.strip_prefix(TARGET), serde_json::from_slice::<Value>(body)) {
        (None, _) => Err(CognitoError::new(
            "UnknownOperationException",
            "There is no such operation here.",
        )),
        (Some(_), Err(error)) => Err(CognitoError::new("SerializationException", error.to_string())),
        (Some(operation), Ok(body)) => user_pool.call(operation, body, issuer, transport).await,
    };
    self::answer(answer)
}

/// In Cognito's dialect.
pub(super) fn answer(answer: Result<Value, CognitoError>) -> Response {
    match answer {
        Ok(body) => amz_json(StatusCode::OK, &body),
        Err(error) => {
            let status = if error.kind == "InternalErrorException" {
                StatusCode::INTERNAL_SERVER_ERROR
            } else {
                StatusCode::BAD_REQUEST
            };
            let mut response = amz_json(status, &json!({ "__type": error.kind, "message": error.message }));
            let kind = HeaderValue::from_str(&format!("{}:", error.kind));
            let message = HeaderValue::from_str(&error.message);
            for (name, value) in [("x-amzn-errortype", kind), ("x-amzn-errormessage", message)] {
                // A message that can't be a header stands in the body alone.
                if let Ok(value) = value {
                    response
                        .headers_mut()
                        .insert(HeaderName::from_static(name), value);
                }
            }
            response
        }
    }
}

/// `GET /<pool id>/.well-known/jwks.json`.
pub(super) async fn keys(
    State(Front { pool: user_pool, .. }): State<Front>,
    Path(pool): Path<String>,
) -> Result<Response, HttpError> {
    if pool == user_pool.pool_id() {
        Ok(super::json(StatusCode::OK, &user_pool.jwks().await))
    } else {
        Err(no_such_pool())
    }
}

/// `GET /<pool id>/.well-known/openid-configuration`: what a verifier of tokens needs. There are no pages to sign in on here, so
/// no endpoints of theirs are told.
pub(super) async fn discovery(
    State(Front { pool: user_pool, .. }): State<Front>,
    scheme: Option<Extension<Scheme>>,
    Path(pool): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    if pool != user_pool.pool_id() {
        return Err(no_such_pool());
    }
    let issuer = format!("{}/{pool}", issuer_base(scheme, &uri, &headers));
    let document = json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "id_token_signing_alg_values_supported": ["RS256"],
        "subject_types_supported": ["public"],
    });
    Ok(super::json(StatusCode::OK, &document))
}

fn no_such_pool() -> HttpError {
    HttpError::new(
        StatusCode::NOT_FOUND,
        "ResourceNotFoundException",
        "There is no such user pool here.",
    )
}

/// Tokens are issued under the address that was asked.
fn issuer_base(scheme: Option<Extension<Scheme>>, uri: &Uri, headers: &HeaderMap) -> String {
    let scheme = scheme.map_or(Scheme::Http, |Extension(scheme)| scheme);
    let host = super::host(uri, headers).unwrap_or("localhost");
    format!("{}://{host}", scheme.http())
}

fn amz_json(status: StatusCode, body: &Value) -> Response {
    let media_type = HeaderValue::from_static("application/x-amz-json-1.1");
    (status, [(header::CONTENT_TYPE, media_type)], body.to_string()).into_response()
}
