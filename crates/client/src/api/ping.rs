//! The smallest query: whether the API responds.

use super::request_headers::{json_headers, plain_headers};
use crate::{
    endpoints::Endpoints,
    http::{HttpClient, HttpResponse, TransportError},
    session::Auth,
};

/// A type's name, which needs no resolver.
const QUERY: &str = r#"{"query":"query Reach { __typename }"}"#;

/// Sends the smallest query, with the session's token or signature if there is one. Repeats it only where the signature
/// had the date of a wrong clock.
pub(super) async fn ping(
    endpoints: &Endpoints,
    http: &HttpClient,
    auth: &Auth,
) -> Result<HttpResponse, TransportError> {
    let url = &endpoints.graphql;
    let credentials = auth.api_credentials().await.ok();
    let headers = || {
        let authorised = |credentials| json_headers(credentials, url, QUERY).ok();
        credentials
            .as_ref()
            .and_then(authorised)
            .unwrap_or_else(plain_headers)
    };
    let response = http.post(url, headers(), QUERY.to_owned()).await?;
    let corrected = auth
        .signing_clock()
        .is_some_and(|clock| clock.observe(&response.headers));
    if corrected && response.status != 200 {
        return http.post(url, headers(), QUERY.to_owned()).await;
    }
    Ok(response)
}
