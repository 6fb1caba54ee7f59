//! ID and access tokens with Cognito's claims, and opaque refresh tokens.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, Header, encode};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    CognitoError, attributes,
    keys::{Key, SigningKeys},
    store::{Session, User},
};

/// Validity of ID and access tokens in seconds: Cognito's default.
pub(super) const LIFETIME: i64 = 3_600;
/// Validity of a refresh token in seconds: Cognito's default of 30 days.
pub(super) const REFRESH_LIFETIME: i64 = 30 * 86_400;

/// The issuer and time of new tokens.
pub(super) struct Issue<'a> {
    pub(super) keys: &'a SigningKeys,
    pub(super) issuer: &'a str,
    pub(super) now: i64,
}

impl Issue<'_> {
    /// The `AuthenticationResult`, with a refresh token if there is a new one.
    pub(super) fn result(
        &self,
        user: &User,
        session: &Session,
        refresh: Option<&str>,
    ) -> Result<Value, CognitoError> {
        let mut result = json!({
            "AccessToken": sign(&self.keys.access, &self.access_claims(user, session))?,
            "IdToken": sign(&self.keys.id, &self.id_claims(user, session))?,
            "ExpiresIn": LIFETIME,
            "TokenType": "Bearer",
        });
        if let (Some(result), Some(refresh)) = (result.as_object_mut(), refresh) {
            result.insert("RefreshToken".to_owned(), Value::from(refresh));
        }
        Ok(result)
    }

    fn access_claims(&self, user: &User, session: &Session) -> Map<String, Value> {
        let mut claims = self.common(user, session, "access");
        claims.insert("client_id".to_owned(), Value::from(session.client.as_str()));
        claims.insert("scope".to_owned(), Value::from("aws.cognito.signin.user.admin"));
        claims.insert("username".to_owned(), Value::from(user.username.as_str()));
        claims
    }

    fn id_claims(&self, user: &User, session: &Session) -> Map<String, Value> {
        let mut claims = self.common(user, session, "id");
        claims.insert("aud".to_owned(), Value::from(session.client.as_str()));
        claims.insert("cognito:username".to_owned(), Value::from(user.username.as_str()));
        claims.extend(attributes::claims(user).map(|(name, claim)| (name.to_owned(), claim)));
        claims
    }

    fn common(&self, user: &User, session: &Session, token_use: &str) -> Map<String, Value> {
        let mut claims = json!({
            "sub": user.sub,
            "iss": self.issuer,
            "token_use": token_use,
            "origin_jti": session.id,
            "event_id": uuid::Uuid::new_v4().to_string(),
            "auth_time": session.auth_time,
            "iat": self.now,
            "exp": self.now + LIFETIME,
            "jti": uuid::Uuid::new_v4().to_string(),
        });
        // Without groups, the claim is absent.
        if let (false, Some(claims)) = (user.groups.is_empty(), claims.as_object_mut()) {
            claims.insert("cognito:groups".to_owned(), json!(user.groups));
        }
        claims.as_object().cloned().unwrap_or_default()
    }
}

fn sign(key: &Key, claims: &Map<String, Value>) -> Result<String, CognitoError> {
    let mut header = Header::new(Algorithm::RS256);
    // Cognito's tokens have no `typ`.
    header.typ = None;
    header.kid = Some(key.kid.clone());
    encode(&header, claims, &key.signing).map_err(|error| CognitoError::internal(&error))
}

/// A new refresh token, and the hash that is stored in its place.
pub(super) fn new_refresh() -> (String, [u8; 32]) {
    let token = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 48]>());
    let hash = refresh_hash(&token);
    (token, hash)
}

pub(super) fn refresh_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
