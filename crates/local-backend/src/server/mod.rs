//! The box's HTTP: GraphQL, real time, Cognito, keys.

mod errors;
mod graphql;
mod outside;
mod realtime;
mod user_pool;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, Request, StatusCode, header},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};

use self::errors::HttpError;
pub use self::outside::{Origins, Scheme, for_outside};
use crate::{
    appsync::{AppSync, realtime::Limits},
    auth::Authenticator,
    cognito::UserPool,
};

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
}

impl std::fmt::Debug for ApiServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiServer")
            .field("app", &self.app)
            .finish_non_exhaustive()
    }
}

/// Everything that the box speaks over HTTP.
pub fn router(api: ApiServer, pool: UserPool) -> Router {
    finish(api_routes(api).merge(pool_routes(pool)))
}

/// The API alone, for tests of it.
#[cfg(test)]
pub(crate) fn api_only(api: ApiServer) -> Router {
    finish(api_routes(api))
}

/// AppSync's part.
fn api_routes(api: ApiServer) -> Router {
    let realtime = get(realtime::upgrade);
    Router::new()
        .route("/graphql", post(graphql::execute).merge(realtime.clone()))
        .route("/graphql/realtime", realtime)
        .with_state(api)
}

/// Cognito's part.
fn pool_routes(pool: UserPool) -> Router {
    Router::new()
        .route("/", post(user_pool::call))
        .route("/{pool}/.well-known/jwks.json", get(user_pool::keys))
        .with_state(pool)
}

fn finish(routes: Router) -> Router {
    routes
        .fallback(async || {
            HttpError::new(
                StatusCode::NOT_FOUND,
                "NotFoundException",
                "There is nothing at this path.",
            )
        })
        .method_not_allowed_fallback(async || {
            HttpError::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "MethodNotAllowedException",
                "This path does not answer to this method.",
            )
        })
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn(number_requests))
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

/// A JSON answer of AppSync's media type.
fn json(status: StatusCode, body: &serde_json::Value) -> Response {
    let media_type = HeaderValue::from_static("application/json;charset=UTF-8");
    (status, [(header::CONTENT_TYPE, media_type)], body.to_string()).into_response()
}
