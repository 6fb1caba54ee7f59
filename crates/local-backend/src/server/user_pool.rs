//! The operations of user pool and identity pool that need no signature, and the user pool's public keys.

use axum::{
    Extension,
    body::Bytes,
    extract::{FromRequest as _, Path, Request, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use caltrack_local_cognito::{CognitoError, Transport, UserPool};
use serde_json::{Value, json};

use super::{
    amz_json::{IDENTITY_POOL, USER_POOL, target, user_pool_response},
    errors::{HttpError, json_response},
    headers::host,
    port::Scheme,
};

/// `POST /`, an operation that needs no signature.
pub(super) async fn call(
    user_pool: &UserPool,
    scheme: Option<Extension<Scheme>>,
    request: Request,
) -> Response {
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
            call_pool(user_pool, &issuer, transport, &headers, &body).await
        }
        Err(rejection) => unreadable(&rejection),
    }
}

/// The error of a body that is too large or was cut off.
fn unreadable(rejection: &BytesRejection) -> Response {
    if rejection.status() != StatusCode::PAYLOAD_TOO_LARGE {
        let message = "The request body could not be read.";
        return user_pool_response(Err(CognitoError::new("SerializationException", message)));
    }
    let message = "The request body is larger than 1 MB.";
    let mut response = user_pool_response(Err(CognitoError::new("RequestEntityTooLargeException", message)));
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
    let target = target(headers).unwrap_or_default();
    let operations = (target.strip_prefix(USER_POOL), target.strip_prefix(IDENTITY_POOL));
    let result = match (operations, serde_json::from_slice::<Value>(body)) {
        ((None, None), _) => Err(CognitoError::new(
            "UnknownOperationException",
            "There is no such operation here.",
        )),
        (_, Err(error)) => Err(CognitoError::new("SerializationException", error.to_string())),
        ((Some(operation), _), Ok(body)) => user_pool.call(operation, body, issuer, transport).await,
        ((None, Some(operation)), Ok(body)) => user_pool.call_identity_pool(operation, body).await,
    };
    user_pool_response(result)
}

/// `GET /<pool id>/.well-known/jwks.json`: the pool's public keys.
pub(super) async fn keys(
    State(user_pool): State<UserPool>,
    Path(pool): Path<String>,
) -> Result<Response, HttpError> {
    if pool == user_pool.pool_id() {
        Ok(json_response(StatusCode::OK, &user_pool.jwks().await))
    } else {
        Err(no_such_pool())
    }
}

/// `GET /<pool id>/.well-known/openid-configuration`: what a verifier of tokens needs. There are no hosted pages for
/// signing in, so their endpoints are absent.
pub(super) async fn discovery(
    State(user_pool): State<UserPool>,
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
    Ok(json_response(StatusCode::OK, &document))
}

fn no_such_pool() -> HttpError {
    HttpError::new(
        StatusCode::NOT_FOUND,
        "ResourceNotFoundException",
        "There is no such user pool here.",
    )
}

/// The base of tokens' issuer: the URL that the client requested.
fn issuer_base(scheme: Option<Extension<Scheme>>, uri: &Uri, headers: &HeaderMap) -> String {
    let scheme = scheme.map_or(Scheme::Http, |Extension(scheme)| scheme);
    let host = host(uri, headers).unwrap_or("localhost");
    format!("{}://{host}", scheme.http())
}
