//! Reading whose an access token is, without verifying it: the backend does that.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use caltrack_domain::Account;
use serde::Deserialize;

use crate::error::ApiError;

#[derive(Deserialize)]
struct Claims {
    sub: String,
    username: String,
}

/// The user of an access token.
pub(super) fn account(access: &str) -> Result<Account, ApiError> {
    let claims: Option<Claims> = access
        .split('.')
        .nth(1)
        .and_then(|payload| BASE64_URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok())
        .and_then(|payload| serde_json::from_slice(&payload).ok());
    let claims = claims.ok_or_else(|| ApiError::Protocol("its access token names no user".to_owned()))?;
    Ok(Account {
        username: claims.username,
        sub: claims.sub,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_user_and_anything_else_is_an_error() {
        let payload = BASE64_URL_SAFE_NO_PAD.encode(r#"{"sub":"s","username":"ada","exp":1}"#);
        assert_eq!(account(&format!("h.{payload}.s")).unwrap().sub, "s");
        for bad in ["", "a.b.c", "a", "a.e30.c"] {
            assert!(matches!(account(bad), Err(ApiError::Protocol(_))), "{bad}");
        }
    }
}
