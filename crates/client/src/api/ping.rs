//! The smallest query: whether the API responds.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::ExposeSecret as _;

use crate::{
    endpoints::Endpoints,
    http::{HttpClient, HttpResponse, TransportError},
    session::Auth,
};

/// A type's name, which needs no resolver.
const QUERY: &str = r#"{"query":"query Reach { __typename }"}"#;

/// Sends the smallest query, with the session's token if there is one. Never retries.
pub(super) async fn ping(
    endpoints: &Endpoints,
    http: &HttpClient,
    auth: &Auth,
) -> Result<HttpResponse, TransportError> {
    let mut headers = HeaderMap::from_iter([(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=UTF-8"),
    )]);
    if let Ok(credentials) = auth.credentials().await
        && let Ok(mut token) = HeaderValue::try_from(credentials.access.expose_secret())
    {
        token.set_sensitive(true);
        headers.insert(AUTHORIZATION, token);
    }
    http.post(&endpoints.graphql, headers, QUERY.to_owned()).await
}
