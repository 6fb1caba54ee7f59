//! `nextToken`: the position at which a list continues, valid for one caller and field.
//!
//! AppSync's tokens are encrypted. These contain the key in the clear (it is the caller's own) and a MAC by a key of the
//! data directory: a token that was changed, or belongs to another caller or field, is rejected; a token of an earlier
//! host of the directory is accepted.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use serde_json::Value;
use sha2::Sha256;

/// Separates this key from others that are derived from the same secret.
const LABEL: &[u8] = b"caltrack nextToken 1";

/// Issues and verifies tokens.
#[derive(Debug, Clone)]
pub(super) struct Tokens {
    key: [u8; 32],
}

/// The token was not issued by this backend, or is for another caller or field.
pub(super) struct InvalidToken;

impl Tokens {
    /// Derives the key of tokens from a persistent secret.
    pub(super) fn of(secret: &str) -> Self {
        let mac = keyed(secret.as_bytes()).chain_update(LABEL);
        Self {
            key: mac.finalize().into_bytes().into(),
        }
    }

    /// Issues a token for a `LastEvaluatedKey`.
    pub(super) fn make(&self, bound_to: &str, last_key: &Value) -> String {
        let payload = last_key.to_string();
        let mac = self.mac(bound_to, &payload).finalize().into_bytes();
        format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(payload),
            URL_SAFE_NO_PAD.encode(mac)
        )
    }

    /// The `ExclusiveStartKey` of a request's `nextToken`; `None` if the token is absent, null or empty.
    ///
    /// # Errors
    ///
    /// [`InvalidToken`] unless it was issued by this backend for this caller and field.
    pub(super) fn start(&self, bound_to: &str, token: Option<Value>) -> Result<Option<Value>, InvalidToken> {
        match token {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(token)) if token.is_empty() => Ok(None),
            Some(token) => {
                let key = token.as_str().and_then(|token| self.read(bound_to, token));
                key.map(Some).ok_or(InvalidToken)
            }
        }
    }

    fn read(&self, bound_to: &str, token: &str) -> Option<Value> {
        let (payload, mac) = token.split_once('.')?;
        let payload = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        self.mac(bound_to, &payload).verify_slice(&mac).ok()?;
        serde_json::from_str(&payload).ok()
    }

    fn mac(&self, bound_to: &str, payload: &str) -> Hmac<Sha256> {
        let mut mac = keyed(&self.key);
        mac.update(bound_to.as_bytes());
        mac.update(&[0]);
        mac.update(payload.as_bytes());
        mac
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    Hmac::<Sha256>::new_from_slice(key).expect("any length")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_token_is_for_its_caller_and_field_alone() {
        let tokens = Tokens::of("secret");
        let key = json!({ "id": { "S": "a" } });
        let token = tokens.make("Query.list#me", &key);
        assert_eq!(tokens.read("Query.list#me", &token), Some(key));
        assert_eq!(tokens.read("Query.list#you", &token), None);
        assert_eq!(tokens.read("Query.other#me", &token), None);
        assert_eq!(tokens.read("Query.list#me", &format!("x{token}")), None);
        assert_eq!(tokens.read("Query.list#me", ""), None);
        assert_eq!(Tokens::of("another").read("Query.list#me", &token), None);
    }

    #[test]
    fn a_token_holds_wherever_the_secret_is_the_same() {
        let key = json!({ "id": { "S": "a" } });
        let token = Tokens::of("secret").make("Query.list#me", &key);
        assert_eq!(Tokens::of("secret").read("Query.list#me", &token), Some(key));
        // The secret itself is not the key: a signature made with it is invalid.
        assert_ne!(Tokens::of("secret").key.as_slice(), b"secret");
    }
}
