//! Verifies tokens of the pool.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use jsonwebtoken::{Algorithm, Validation, decode, decode_header, errors::ErrorKind};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::{PoolSettings, keys::SigningKeys};
use caltrack_local_core::identity::CognitoIdentity;

/// Maximum number of cached tokens. Verifying a signature costs far more than a look-up.
const KEPT: usize = 1_024;

/// Why a token is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The token has not three parts of base64 and JSON, or is not signed by RS256.
    #[error("Unable to parse JWT token.")]
    Malformed,
    /// The token has expired.
    #[error("Token has expired.")]
    Expired,
    /// The token is not signed by this pool's keys.
    #[error("the token's signature is not this pool's")]
    WrongSignature,
    /// The token belongs to another pool or app client.
    #[error("the token is another pool's or client's")]
    Foreign,
    /// The token is neither an ID nor an access token.
    #[error("the token is neither an ID nor an access token")]
    WrongUse,
    /// The keys could not be created or read.
    #[error("the pool has no keys")]
    NoKeys,
}

/// A cache of verified tokens by their hash.
#[derive(Default)]
pub(super) struct Verified {
    kept: Mutex<HashMap<[u8; 32], (i64, CognitoIdentity)>>,
}

impl Verified {
    /// The identity of a token that was verified before and has not expired since.
    pub(super) fn find(&self, token: &str, now: i64) -> Option<CognitoIdentity> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&hash(token))
            .filter(|(expires, _)| *expires > now)
            .map(|(_, identity)| identity.clone())
    }

    pub(super) fn keep(&self, token: &str, expires: i64, identity: &CognitoIdentity) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(hash(token), (expires, identity.clone()));
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Verifies signature, time, issuer, audience and use of a token. Returns its expiry and its user.
pub(super) fn verify(
    token: &str,
    keys: &SigningKeys,
    settings: &PoolSettings,
    now: i64,
) -> Result<(i64, CognitoIdentity), TokenError> {
    let header = decode_header(token).map_err(|_| TokenError::Malformed)?;
    if header.alg != Algorithm::RS256 {
        return Err(TokenError::Malformed);
    }
    let key = header
        .kid
        .as_deref()
        .and_then(|kid| keys.find(kid))
        .ok_or(TokenError::WrongSignature)?;
    let mut validation = Validation::new(Algorithm::RS256);
    // Time and audience are checked below: by the pool's clock, and by the claim of this kind of token.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let claims = decode::<Map<String, Value>>(token, &key.verifying, &validation)
        .map_err(|error| match error.kind() {
            ErrorKind::InvalidSignature => TokenError::WrongSignature,
            _ => TokenError::Malformed,
        })?
        .claims;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let expires = claims
        .get("exp")
        .and_then(Value::as_i64)
        .ok_or(TokenError::Malformed)?;
    if expires <= now {
        return Err(TokenError::Expired);
    }
    let issuer = text("iss").ok_or(TokenError::Malformed)?;
    if issuer.rsplit_once('/').map(|(_, pool)| pool) != Some(settings.pool_id.as_str()) {
        return Err(TokenError::Foreign);
    }
    let (client, username, right_key) = match text("token_use") {
        Some("access") => (text("client_id"), text("username"), &keys.access),
        Some("id") => (text("aud"), text("cognito:username"), &keys.id),
        _ => return Err(TokenError::WrongUse),
    };
    if key.kid != right_key.kid || client.is_none_or(|client| settings.client(client).is_none()) {
        return Err(TokenError::Foreign);
    }
    let groups = claims.get("cognito:groups").and_then(Value::as_array);
    let identity = CognitoIdentity {
        sub: text("sub").ok_or(TokenError::Malformed)?.to_owned(),
        username: username.ok_or(TokenError::Malformed)?.to_owned(),
        issuer: issuer.to_owned(),
        groups: groups.map(|groups| {
            groups
                .iter()
                .filter_map(|group| group.as_str().map(str::to_owned))
                .collect()
        }),
        claims,
        source_ip: Vec::new(),
    };
    Ok((expires, identity))
}
