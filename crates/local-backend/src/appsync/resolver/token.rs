//! `nextToken`: where a list goes on, for the caller and the field that it was made for.
//!
//! AppSync's tokens are encrypted. Ours carry the key in the clear (it is the caller's own) and a MAC under a key of this
//! process: a token that is changed, somebody else's, or another field's is refused; so is one of an earlier process.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use serde_json::Value;
use sha2::Sha256;

/// Makes and reads tokens.
#[derive(Debug, Clone)]
pub(super) struct Tokens {
    key: [u8; 32],
}

impl Tokens {
    pub(super) fn new() -> Self {
        Self { key: rand::random() }
    }

    /// A token for a `LastEvaluatedKey`.
    pub(super) fn make(&self, bound_to: &str, last_key: &Value) -> String {
        let payload = last_key.to_string();
        let mac = self.mac(bound_to, &payload).finalize().into_bytes();
        format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(payload),
            URL_SAFE_NO_PAD.encode(mac)
        )
    }

    /// The `ExclusiveStartKey` of a token; `None` where it isn't one of ours for this caller and field.
    pub(super) fn read(&self, bound_to: &str, token: &str) -> Option<Value> {
        let (payload, mac) = token.split_once('.')?;
        let payload = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        self.mac(bound_to, &payload).verify_slice(&mac).ok()?;
        serde_json::from_str(&payload).ok()
    }

    fn mac(&self, bound_to: &str, payload: &str) -> Hmac<Sha256> {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("any length");
        mac.update(bound_to.as_bytes());
        mac.update(&[0]);
        mac.update(payload.as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_token_is_for_its_caller_and_field_alone() {
        let tokens = Tokens::new();
        let key = json!({ "id": { "S": "a" } });
        let token = tokens.make("Query.list#me", &key);
        assert_eq!(tokens.read("Query.list#me", &token), Some(key));
        assert_eq!(tokens.read("Query.list#you", &token), None);
        assert_eq!(tokens.read("Query.other#me", &token), None);
        assert_eq!(tokens.read("Query.list#me", &format!("x{token}")), None);
        assert_eq!(tokens.read("Query.list#me", ""), None);
        assert_eq!(Tokens::new().read("Query.list#me", &token), None);
    }
}
