//! The identity pool: gives the users of this user pool temporary keys, with which they sign requests.
//!
//! Source: Amazon Cognito federated identities API reference, `GetId` and `GetCredentialsForIdentity`. Guests get no keys.
//! Keys are not stored: the session token holds their user and expiry under a MAC, and the secret is derived from it.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use caltrack_local_core::account::{IDENTITY_POOL_ID, USER_POOL_PROVIDER};
use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{
    CognitoError, TokenError, UserPool,
    fields::{optional, required},
    pool::Inner,
    store::User,
};

/// Lifetime of temporary keys in seconds.
const LIFETIME: i64 = 3_600;
/// Ids start like those of temporary keys on AWS, but can't be mistaken for a real account's.
const PREFIX: &str = "ASIACALTRACK";
/// The alphabet of AWS's key ids.
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The content of a session token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct KeyClaims {
    /// The id of the key that the token belongs to.
    key: String,
    username: String,
    sub: String,
    /// Seconds since 1970.
    expires: i64,
}

/// Temporary keys of a user, by a session token that the pool has issued for them.
#[derive(Clone, PartialEq, Eq)]
pub struct TemporaryKey {
    /// The secret that signatures are made with.
    pub secret: String,
    /// The user's id in the user pool.
    pub sub: String,
    /// The user's id in the identity pool.
    pub identity_id: String,
    username: String,
}

impl std::fmt::Debug for TemporaryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TemporaryKey")
            .field("identity_id", &self.identity_id)
            .finish_non_exhaustive()
    }
}

/// Why a session token is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SessionTokenError {
    /// The token was not issued by this pool, or for another key.
    #[error("the session token is not of this pool and key")]
    Foreign,
    /// The keys have expired.
    #[error("the keys have expired")]
    Expired,
}

impl UserPool {
    /// Calls an operation of the identity pool, `GetId` or `GetCredentialsForIdentity`.
    ///
    /// # Errors
    ///
    /// [`CognitoError`], as Cognito reports it.
    pub async fn call_identity_pool(&self, operation: &str, body: Value) -> Result<Value, CognitoError> {
        let inner = self.inner();
        let operation = operation.to_owned();
        let work = tokio::task::spawn_blocking(move || match operation.as_str() {
            "GetId" => inner.get_id(&body),
            "GetCredentialsForIdentity" => inner.get_credentials_for_identity(&body),
            other => Err(CognitoError::new(
                "UnknownOperationException",
                format!("The operation {other} is not supported."),
            )),
        });
        work.await.map_err(|error| CognitoError::internal(&error))?
    }

    /// The keys of an id and its session token.
    ///
    /// # Errors
    ///
    /// [`SessionTokenError`] unless the pool has issued both together and they have not expired.
    pub fn temporary_key(&self, id: &str, session_token: &str) -> Result<TemporaryKey, SessionTokenError> {
        self.inner().temporary_key(id, session_token)
    }

    /// Whether the user of temporary keys still exists: keys end with their user.
    pub async fn has_user_of(&self, key: &TemporaryKey) -> bool {
        let (inner, key) = (self.inner(), key.clone());
        let found = tokio::task::spawn_blocking(move || match inner.store().user(&key.username) {
            Ok(user) => user.is_some_and(|user| user.sub == key.sub),
            Err(error) => {
                tracing::error!(%error, "the user pool failed");
                false
            }
        });
        found.await.unwrap_or(false)
    }
}

impl Inner {
    fn get_id(&self, body: &Value) -> Result<Value, CognitoError> {
        let pool = required(body, "IdentityPoolId")?;
        if pool != IDENTITY_POOL_ID {
            let message = format!("IdentityPool '{pool}' not found.");
            return Err(CognitoError::new("ResourceNotFoundException", message));
        }
        let user = self.user_of_login(body)?;
        Ok(json!({ "IdentityId": self.identity_id(&user.sub) }))
    }

    fn get_credentials_for_identity(&self, body: &Value) -> Result<Value, CognitoError> {
        let identity = required(body, "IdentityId")?;
        let user = self.user_of_login(body)?;
        if identity != self.identity_id(&user.sub) {
            return Err(CognitoError::not_authorized(
                "Logins don't match. Please include at least one valid login for this identity or identity pool.",
            ));
        }
        if optional(body, "CustomRoleArn").is_some() {
            return Err(CognitoError::not_authorized(
                "The custom role is not allowed for this identity.",
            ));
        }
        let letters = rand::random::<[u8; 8]>();
        let letters = letters
            .iter()
            .filter_map(|byte| LETTERS.get(usize::from(byte % 32)))
            .map(|letter| char::from(*letter));
        let claims = KeyClaims {
            key: PREFIX.chars().chain(letters).collect(),
            username: user.username,
            sub: user.sub,
            expires: self.now().saturating_add(LIFETIME),
        };
        let payload = serde_json::to_vec(&claims).map_err(|error| CognitoError::internal(&error))?;
        let mac = self.mac("session token", &payload);
        Ok(json!({
            "IdentityId": identity,
            "Credentials": {
                "AccessKeyId": claims.key,
                "SecretKey": self.secret_of(&payload),
                "SessionToken": format!("{}.{}", URL_SAFE_NO_PAD.encode(&payload), URL_SAFE_NO_PAD.encode(mac)),
                "Expiration": claims.expires,
            },
        }))
    }

    fn temporary_key(&self, id: &str, session_token: &str) -> Result<TemporaryKey, SessionTokenError> {
        let parts = session_token.split_once('.').and_then(|(payload, mac)| {
            Some((
                URL_SAFE_NO_PAD.decode(payload).ok()?,
                URL_SAFE_NO_PAD.decode(mac).ok()?,
            ))
        });
        let (payload, mac) = parts.ok_or(SessionTokenError::Foreign)?;
        self.keyed("session token", &payload)
            .verify_slice(&mac)
            .map_err(|_| SessionTokenError::Foreign)?;
        let claims: KeyClaims = serde_json::from_slice(&payload).map_err(|_| SessionTokenError::Foreign)?;
        if claims.key != id {
            return Err(SessionTokenError::Foreign);
        }
        if claims.expires <= self.now() {
            return Err(SessionTokenError::Expired);
        }
        Ok(TemporaryKey {
            secret: self.secret_of(&payload),
            identity_id: self.identity_id(&claims.sub),
            sub: claims.sub,
            username: claims.username,
        })
    }

    /// The user of a request's `Logins`: exactly one, an ID token of this user pool whose session is not revoked, as with
    /// `ServerSideTokenCheck`.
    fn user_of_login(&self, body: &Value) -> Result<User, CognitoError> {
        let logins = body.get("Logins").and_then(Value::as_object);
        let mut logins = logins.into_iter().flatten();
        let (Some((provider, token)), None) = (logins.next(), logins.next()) else {
            return Err(CognitoError::not_authorized(
                "Unauthenticated access is not supported for this identity pool.",
            ));
        };
        let invalid = |why: &str| CognitoError::not_authorized(&format!("Invalid login token. {why}"));
        let identity = self
            .verify(token.as_str().unwrap_or_default())
            .map_err(|error| match error {
                TokenError::Expired => invalid("Token expired."),
                TokenError::Foreign => invalid("Issuer doesn't match providerName"),
                TokenError::WrongSignature => invalid("Token signature invalid."),
                _ => invalid("Not a valid OpenId Connect identity token."),
            })?;
        // Amplify names a pool by the issuer of its tokens, which contains the address that the client requested.
        let issuer = identity.issuer.split_once("://").map(|(_, issuer)| issuer);
        if provider != USER_POOL_PROVIDER && Some(provider.as_str()) != issuer {
            return Err(CognitoError::not_authorized(
                "Token is not from a supported provider of this identity pool.",
            ));
        }
        if identity.claims.get("token_use").and_then(Value::as_str) != Some("id") {
            return Err(invalid("Not a valid OpenId Connect identity token."));
        }
        self.user_of_session(&identity)?
            .ok_or_else(|| invalid("Token was revoked."))
    }

    /// The user's id in the identity pool: the same for each sign-in.
    fn identity_id(&self, sub: &str) -> String {
        let mac = self.mac("identity", sub.as_bytes());
        let mut bytes = [0; 16];
        for (byte, random) in bytes.iter_mut().zip(mac) {
            *byte = random;
        }
        let uuid = uuid::Builder::from_random_bytes(bytes).into_uuid();
        let region = IDENTITY_POOL_ID.split(':').next().unwrap_or_default();
        format!("{region}:{uuid}")
    }

    fn secret_of(&self, payload: &[u8]) -> String {
        STANDARD.encode(self.mac("secret", payload))
    }

    fn mac(&self, label: &str, data: &[u8]) -> Vec<u8> {
        self.keyed(label, data).finalize().into_bytes().to_vec()
    }

    fn keyed(&self, label: &str, data: &[u8]) -> Hmac<Sha256> {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mac = Hmac::<Sha256>::new_from_slice(&self.identity_secret).expect("any length");
        mac.chain_update(label.as_bytes())
            .chain_update([0])
            .chain_update(data)
    }
}
