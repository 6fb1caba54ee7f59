//! The host and other headers of a request.

use axum::{
    body::Body,
    http::{HeaderMap, Request, Uri, Version, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::errors::HttpError;

/// A request of HTTP/1.1 names the host that it is for, and one alone (RFC 9112, section 3.2).
pub(super) async fn one_host(request: Request<Body>, next: Next) -> Response {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (first, second) = (hosts.next(), hosts.next());
    let readable = first.is_none_or(|host| host.is_empty() || Authority::try_from(host.as_bytes()).is_ok());
    if second.is_some() || !readable || (first.is_none() && request.version() == Version::HTTP_11) {
        return HttpError::malformed("A request has one Host header, the name and port that it is for.")
            .into_response();
    }
    next.run(request).await
}

/// Headers that are text, for signatures. HTTP/2 has the host in its address alone.
pub(super) fn readable_headers<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Vec<(&'a str, &'a str)> {
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
pub(super) fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let named = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    named.or_else(|| Some(uri.authority()?.as_str()))
}
