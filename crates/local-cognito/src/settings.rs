//! Settings of a pool.

use std::sync::Arc;

use caltrack_local_core::account::{CLIENT_ID, OWN_USERNAME, POOL_ID, ROTATING_CLIENT_ID};

use super::codes::CodeSink;

/// Returns the time in seconds since 1970.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Seconds that a rotated refresh token stays valid for retries, as deployed.
const RETRY_GRACE: i64 = 60;

/// An app client. All are public, without a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientSettings {
    /// The app client's id, the `aud` of id tokens.
    pub id: String,
    /// If refresh tokens rotate: seconds that the old one stays valid, 0 to 60. `None` if they don't.
    pub rotation: Option<i64>,
}

/// The settings of a pool.
#[derive(Clone)]
pub struct PoolSettings {
    /// The pool's id, `<region>_<name>`.
    pub pool_id: String,
    /// The app clients of the pool.
    pub clients: Vec<ClientSettings>,
    /// User names, in lower case, that can't be signed up over a TCP port.
    pub reserved: Vec<String>,
    /// The sink of codes, in place of e-mail.
    pub codes: Arc<dyn CodeSink>,
    /// The clock for tokens, codes and lock-outs.
    pub clock: Clock,
}

impl PoolSettings {
    /// The settings of the embedded backend's pool.
    pub fn local(codes: Arc<dyn CodeSink>) -> Self {
        Self {
            pool_id: POOL_ID.to_owned(),
            clients: vec![
                ClientSettings {
                    id: CLIENT_ID.to_owned(),
                    rotation: None,
                },
                ClientSettings {
                    id: ROTATING_CLIENT_ID.to_owned(),
                    rotation: Some(RETRY_GRACE),
                },
            ],
            reserved: vec![OWN_USERNAME.to_owned()],
            codes,
            clock: Arc::new(|| jiff::Timestamp::now().as_second()),
        }
    }

    /// The part of the pool's id after the underscore, which SRP hashes.
    pub(super) fn pool_name(&self) -> &str {
        self.pool_id
            .split_once('_')
            .map_or(self.pool_id.as_str(), |(_, name)| name)
    }

    pub(super) fn client(&self, id: &str) -> Option<&ClientSettings> {
        self.clients.iter().find(|client| client.id == id)
    }
}

impl std::fmt::Debug for PoolSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PoolSettings")
            .field("pool_id", &self.pool_id)
            .finish_non_exhaustive()
    }
}
