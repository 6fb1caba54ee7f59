//! The pool's signing keys: one for ID tokens and one for access tokens, as on Cognito.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};
use rsa::{
    RsaPrivateKey,
    pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, LineEnding},
    traits::PublicKeyParts as _,
};
use serde_json::{Value, json};

use super::store::PoolStore;

const BITS: usize = 2_048;

/// A key pair for one kind of token.
pub(super) struct Key {
    /// The key id, `kid` in the headers of its tokens.
    pub(super) kid: String,
    pub(super) signing: EncodingKey,
    pub(super) verifying: DecodingKey,
    jwk: Value,
}

/// The keys for ID and access tokens.
pub(super) struct SigningKeys {
    pub(super) id: Key,
    pub(super) access: Key,
}

impl SigningKeys {
    pub(super) fn find(&self, kid: &str) -> Option<&Key> {
        [&self.id, &self.access].into_iter().find(|key| key.kid == kid)
    }

    /// The public keys in the format of `jwks.json`.
    pub(super) fn jwks(&self) -> Value {
        json!({ "keys": [self.id.jwk, self.access.jwk] })
    }
}

/// The keys, which a background thread loads or creates: creating them takes up to a second, and only their users
/// wait.
#[derive(Clone)]
pub(super) struct Keys {
    made: Arc<OnceLock<Result<SigningKeys, String>>>,
}

impl Keys {
    /// Starts a thread that loads the keys, or creates and stores them.
    pub(super) fn open(store: Arc<Mutex<PoolStore>>) -> std::io::Result<Self> {
        let made = Arc::new(OnceLock::new());
        let cell = Arc::clone(&made);
        std::thread::Builder::new()
            .name("keys".to_owned())
            .spawn(move || {
                let keys = load(&store, "id").and_then(|id| {
                    Ok(SigningKeys {
                        id,
                        access: load(&store, "access")?,
                    })
                });
                // This is the only thread that sets the cell.
                let _ = cell.set(keys);
            })?;
        Ok(Self { made })
    }

    /// Blocks until the keys are loaded or created.
    pub(super) fn wait(&self) -> Result<&SigningKeys, &str> {
        self.made.wait().as_ref().map_err(String::as_str)
    }

    pub(super) fn ready(&self) -> bool {
        self.made.get().is_some()
    }
}

fn load(store: &Mutex<PoolStore>, purpose: &str) -> Result<Key, String> {
    let kept = store
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .key(purpose)
        .map_err(|error| error.to_string())?;
    if let Some((kid, pem)) = kept {
        return parse(kid, &pem);
    }
    let private = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, BITS).map_err(|error| error.to_string())?;
    let pem = private
        .to_pkcs8_pem(LineEnding::LF)
        .map_err(|error| error.to_string())?;
    let kid = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
    let store = store.lock().unwrap_or_else(PoisonError::into_inner);
    store
        .put_key(purpose, &kid, &pem)
        .map_err(|error| error.to_string())?;
    parse(kid, &pem)
}

fn parse(kid: String, pem: &str) -> Result<Key, String> {
    let private = RsaPrivateKey::from_pkcs8_pem(pem).map_err(|error| error.to_string())?;
    let n = URL_SAFE_NO_PAD.encode(private.n().to_bytes_be());
    let e = URL_SAFE_NO_PAD.encode(private.e().to_bytes_be());
    let error = |error: jsonwebtoken::errors::Error| error.to_string();
    Ok(Key {
        signing: EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(error)?,
        verifying: DecodingKey::from_rsa_components(&n, &e).map_err(error)?,
        jwk: json!({ "alg": "RS256", "e": e, "kid": kid, "kty": "RSA", "n": n, "use": "sig" }),
        kid,
    })
}
