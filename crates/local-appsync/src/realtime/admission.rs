//! The port for the limits of sockets.

use std::any::Any;

use async_trait::async_trait;
use caltrack_local_core::identity::Identity;

/// Decides whether an authenticated caller may have a WebSocket.
#[async_trait]
pub trait Admission: Send + Sync {
    /// Admits a caller's WebSocket until the returned permit is dropped.
    ///
    /// # Errors
    ///
    /// [`SocketLimitError`] if the caller or the whole server has too many sockets.
    fn admit(&self, identity: &Identity) -> Result<SocketPermit, SocketLimitError>;

    /// Completes when the socket must be closed in favour of another connection, if ever.
    async fn evicted(&self);
}

/// What an admitted socket holds until it ends.
pub type SocketPermit = Box<dyn Any + Send + Sync>;

/// A WebSocket was not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SocketLimitError {
    /// The caller has as many sockets as a caller may have.
    #[error("A user may have {0} sockets here; close one of them.")]
    Caller(usize),
    /// The server has as many sockets as it serves.
    #[error("There are too many sockets; try again later.")]
    Server,
}
