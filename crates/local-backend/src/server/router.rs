//! The routes, and what is common to all of them.

use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderName, HeaderValue, StatusCode},
    middleware::{Next, from_fn},
    response::Response,
    routing::{get, post},
};
use caltrack_local_cognito::UserPool;

use super::{
    aws::{AwsApis, Target},
    errors::HttpError,
    graphql,
    headers::one_host,
    limits::MAX_BODY_BYTES,
    port::Scheme,
    realtime,
    state::ApiState,
    user_pool,
};

/// AppSync's routes.
pub fn api_routes(api: ApiState) -> Router {
    Router::new()
        .route(
            "/graphql",
            post(graphql::execute).get(graphql::execute_or_upgrade),
        )
        .route("/graphql/realtime", get(realtime::upgrade))
        .with_state(api)
}

/// What `POST /` works on.
#[derive(Debug, Clone)]
struct AmzState {
    pool: UserPool,
    /// None without `--expose-aws`.
    aws: Option<AwsApis>,
}

/// The routes of the user pool, and of `--expose-aws` if given.
pub(crate) fn amz_routes(pool: UserPool, aws: Option<AwsApis>) -> Router {
    let keys = Router::new()
        .route("/{pool}/.well-known/jwks.json", get(user_pool::keys))
        .route(
            "/{pool}/.well-known/openid-configuration",
            get(user_pool::discovery),
        )
        .with_state(pool.clone());
    Router::new()
        .route("/", post(call))
        .with_state(AmzState { pool, aws })
        .merge(keys)
}

/// `POST /`, the operation in `X-Amz-Target`.
async fn call(
    State(state): State<AmzState>,
    scheme: Option<Extension<Scheme>>,
    request: Request,
) -> Response {
    match (state.aws, Target::of(request.headers())) {
        (Some(aws), Some(target)) => aws.call(target, request).await,
        _ => user_pool::call(&state.pool, scheme, request).await,
    }
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
        .method_not_allowed_fallback(async || HttpError::method_not_allowed())
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn(one_host))
        .layer(from_fn(number_requests))
}

/// Every answer carries a request id, as AWS's do.
async fn number_requests(request: Request, next: Next) -> Response {
    const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
    let mut response = next.run(request).await;
    if let Ok(id) = HeaderValue::from_str(&uuid::Uuid::new_v4().to_string()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
