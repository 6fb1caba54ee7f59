//! Checks of requests on a TCP port, which web pages can reach.
//!
//! A page of any site can send requests to a loopback port, and its site's name can be made to resolve to it (DNS
//! rebinding). So requests must name a loopback host, and pages need an allowed origin.

use std::time::Duration;

use axum::{
    Extension, Router,
    body::Body,
    http::{HeaderName, HeaderValue, Method, Request, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
};
use caltrack_local_core::host_header::{is_loopback, without_port};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use super::{errors::HttpError, headers::one_host};

/// How long a browser may cache the response to a preflight request.
const REMEMBERED: Duration = Duration::from_mins(10);

/// The response headers that pages may read, as on AppSync.
const EXPOSED: [&str; 6] = [
    "x-amzn-requestid",
    "x-amzn-errortype",
    "x-amz-user-agent",
    "x-amzn-errormessage",
    "date",
    "x-amz-schema-version",
];

/// The scheme of the port's URLs; tokens have it in their issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// HTTP and WebSocket without TLS.
    Http,
    /// HTTPS and wss.
    Https,
}

impl Scheme {
    /// The scheme of requests: `http` or `https`.
    pub const fn http(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The scheme of sockets: `ws` or `wss`.
    pub const fn web_socket(self) -> &'static str {
        match self {
            Self::Http => "ws",
            Self::Https => "wss",
        }
    }
}

/// The web origins whose pages may use the box, such as `http://localhost:5173`. None by default; `*` is any.
#[derive(Debug, Clone, Default)]
pub struct Origins(Vec<HeaderValue>);

impl Origins {
    /// Parses origins.
    ///
    /// # Errors
    ///
    /// The first text that is no origin: neither `*` nor `http(s)://host[:port]` without a path.
    pub fn parse(given: impl IntoIterator<Item = String>) -> Result<Self, String> {
        given
            .into_iter()
            .map(|origin| {
                let rest = origin
                    .strip_prefix("http://")
                    .or_else(|| origin.strip_prefix("https://"));
                let plausible =
                    origin == "*" || rest.is_some_and(|rest| !rest.is_empty() && !rest.contains('/'));
                match HeaderValue::from_str(&origin) {
                    Ok(value) if plausible => Ok(value),
                    _ => Err(origin),
                }
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn any(&self) -> bool {
        self.0.iter().any(|origin| origin == "*")
    }

    fn allows(&self, origin: &HeaderValue) -> bool {
        self.any() || self.0.contains(origin)
    }
}

/// Adds the checks of a TCP port to the routes.
pub fn for_port(routes: Router, scheme: Scheme, origins: Origins) -> Router {
    let allowed = if origins.any() {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.0.clone())
    };
    let cors = CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(EXPOSED.map(HeaderName::from_static))
        .max_age(REMEMBERED);
    routes
        .layer(Extension(scheme))
        .layer(cors)
        .layer(from_fn_with_state(origins, guard))
        .layer(from_fn(one_host))
}

/// Rejects hosts other than loopback, and pages without an allowed origin.
async fn guard(
    axum::extract::State(origins): axum::extract::State<Origins>,
    request: Request<Body>,
    next: Next,
) -> Response {
    let host = request.uri().host().map(str::to_owned).or_else(|| {
        let value = request.headers().get(header::HOST)?.to_str().ok()?;
        Some(without_port(value).to_owned())
    });
    if !host.as_deref().is_some_and(is_loopback) {
        return forbidden("The Host must be a loopback name: localhost, 127.0.0.1 or [::1].");
    }
    if let Some(origin) = request.headers().get(header::ORIGIN)
        && !origins.allows(origin)
    {
        return forbidden("Pages of this origin may not use this port; start it with --allow-origin.");
    }
    next.run(request).await
}

fn forbidden(message: &str) -> Response {
    HttpError::new(StatusCode::FORBIDDEN, "AccessDeniedException", message).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_no_path() {
        let parse = |origin: &str| Origins::parse([origin.to_owned()]);
        for origin in ["*", "http://localhost:5173", "https://app.example"] {
            assert!(parse(origin).is_ok(), "{origin}");
        }
        for origin in [
            "",
            "localhost",
            "http://",
            "http://localhost/",
            "ftp://x",
            "http://a\nb",
        ] {
            assert_eq!(parse(origin).unwrap_err(), origin);
        }
    }
}
