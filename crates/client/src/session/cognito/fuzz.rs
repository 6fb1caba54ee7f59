//! Responses of a user pool that sends anything.

use reqwest::header::{HeaderMap, HeaderValue};
use secrecy::ExposeSecret as _;

use super::{
    calls::read,
    client::{AuthResponse, AuthStep},
    error::PoolError,
};
use crate::{
    error::{ApiError, assert_is_shown},
    http::HttpResponse,
    session::{sign_in, token},
};

const STATUSES: [u16; 4] = [200, 400, 429, 500];

/// The first byte chooses the status. The first line is the header with the error's type; without it, that is in the body.
#[test]
fn any_response_of_the_user_pool_is_read_or_refused() {
    caltrack_fuzz::fuzz(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/cognito"), |bytes| {
        let Some((first, rest)) = bytes.split_first() else {
            return;
        };
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let (header, body) = rest.split_at(end);
        let mut headers = HeaderMap::new();
        if !header.is_empty()
            && let Ok(value) = HeaderValue::from_bytes(header)
        {
            headers.insert("x-amzn-errortype", value.clone());
            headers.insert("date", value);
        }
        let response = HttpResponse {
            status: STATUSES[usize::from(*first) % STATUSES.len()],
            headers,
            body: body.to_vec(),
        };
        match read::<AuthResponse>(&response).and_then(AuthStep::try_from) {
            Ok(AuthStep::Tokens(tokens)) => {
                let _ = token::account(tokens.access.expose_secret());
            }
            Ok(AuthStep::Challenge { name, parameters, .. }) => {
                assert_is_shown(&name);
                assert!(!sign_in::preferred_mfa(&parameters).is_empty() || parameters.is_object());
                let _ = sign_in::required_attributes(&parameters);
            }
            Err(error) => {
                assert!(response.status != 200 || matches!(error, PoolError::Other(_)));
                let _ = error.ends_session();
                let error = ApiError::from(error);
                assert_is_shown(&error.to_string());
                assert!(error.advice().is_none_or(|advice| !advice.is_empty()));
            }
        }
    });
}
