//! The headers of a request to the API.

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use crate::{error::ApiError, session::ApiCredentials};

/// The media type of a request, which a signature covers.
const JSON: &str = "application/json; charset=UTF-8";

/// The headers without authorisation.
pub(super) fn plain_headers() -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(JSON))])
}

/// The headers that authorise a request with this body.
pub(super) fn json_headers(
    credentials: &ApiCredentials,
    url: &str,
    body: &str,
) -> Result<HeaderMap, ApiError> {
    let unusable = || ApiError::SignedOut("the session's token can't be sent".to_owned());
    let mut headers = plain_headers();
    for (name, value) in credentials.headers(url, &[(CONTENT_TYPE.as_str(), JSON)], body)? {
        let name = HeaderName::try_from(name).map_err(|_| unusable())?;
        let mut value = HeaderValue::try_from(value).map_err(|_| unusable())?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(headers)
}
