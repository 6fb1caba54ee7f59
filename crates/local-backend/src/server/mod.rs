//! The box's HTTP: GraphQL, real time, Cognito, keys.

mod aws;
mod errors;
mod graphql;
mod limits;
mod outside;
mod realtime;
mod user_pool;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, Uri, Version, header, uri::Authority},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use caltrack_local_appsync::{AppSync, realtime::Limits};
use caltrack_local_cognito::UserPool;
use caltrack_local_core::authenticator::Authenticator;

pub(crate) use self::aws::AwsApis;
pub use self::limits::CallerLimits;
pub use self::outside::{Origins, Scheme, for_outside};
use self::{errors::HttpError, user_pool::Front};

/// AppSync refuses larger bodies.
const LARGEST_BODY: usize = 1 << 20;

/// What the API's routes work on.
#[derive(Clone)]
pub struct ApiServer {
    /// The API.
    pub app: AppSync,
    /// Who callers are.
    pub authenticator: Arc<dyn Authenticator>,
    /// Times of real-time connections.
    pub limits: Limits,
    /// Limits per caller; `None`: unlimited.
    pub callers: Option<CallerLimits>,
}

impl std::fmt::Debug for ApiServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiServer")
            .field("app", &self.app)
            .finish_non_exhaustive()
    }
}

/// AppSync's routes.
pub fn api_routes(api: ApiServer) -> Router {
    Router::new()
        .route(
            "/graphql",
            post(graphql::execute).get(graphql::execute_or_upgrade),
        )
        .route("/graphql/realtime", get(realtime::upgrade))
        .with_state(api)
}

/// The routes of operations that `X-Amz-Target` names: Cognito's, and if given those of `--expose-aws`.
pub(crate) fn front_routes(pool: UserPool, aws: Option<AwsApis>) -> Router {
    Router::new()
        .route("/", post(user_pool::call))
        .route("/{pool}/.well-known/jwks.json", get(user_pool::keys))
        .route(
            "/{pool}/.well-known/openid-configuration",
            get(user_pool::discovery),
        )
        .with_state(Front { pool, aws })
}

/// A server of these routes, with what all of AWS's servers do: request ids, errors for other paths and methods.
pub fn finish(routes: Router) -> Router {
    routes
        .fallback(async || {
            HttpError::new(
                StatusCode::NOT_FOUND,
                "NotFoundException",
                "There is nothing at this path.",
            )
        })
        .method_not_allowed_fallback(async || method_not_allowed())
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn(one_host))
        .layer(from_fn(number_requests))
}

fn method_not_allowed() -> HttpError {
    HttpError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "MethodNotAllowedException",
        "This path does not answer to this method.",
    )
}

/// A request of HTTP/1.1 names the host that it is for, and one alone (RFC 9112, section 3.2).
async fn one_host(request: Request<axum::body::Body>, next: Next) -> Response {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (first, second) = (hosts.next(), hosts.next());
    let readable = first.is_none_or(|host| host.is_empty() || Authority::try_from(host.as_bytes()).is_ok());
    if second.is_some() || !readable || (first.is_none() && request.version() == Version::HTTP_11) {
        return HttpError::malformed("A request has one Host header, the name and port that it is for.")
            .into_response();
    }
    next.run(request).await
}

/// Every answer carries a request id, as AWS's do.
async fn number_requests(request: Request<axum::body::Body>, next: Next) -> Response {
    const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
    let mut response = next.run(request).await;
    if let Ok(id) = HeaderValue::from_str(&uuid::Uuid::new_v4().to_string()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// Headers that are text, for signatures. HTTP/2 has the host in its address alone.
fn readable_headers<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Vec<(&'a str, &'a str)> {
    let address = host(uri, headers)
        .filter(|_| !headers.contains_key(header::HOST))
        .map(|host| ("host", host));
    headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
        .chain(address)
        .collect()
}

/// The host that was asked, with its port: of the header, or of HTTP/2's address.
fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let named = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    named.or_else(|| Some(uri.authority()?.as_str()))
}

/// A JSON answer of AppSync's media type.
fn json(status: StatusCode, body: &serde_json::Value) -> Response {
    let media_type = HeaderValue::from_static("application/json;charset=UTF-8");
    (status, [(header::CONTENT_TYPE, media_type)], body.to_string()).into_response()
}
