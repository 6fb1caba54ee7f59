//! Rejections of connections and subscriptions.

use caltrack_local_core::authenticator::AuthError;

use super::{admission::SocketLimitError, handshake::HandshakeError};

/// Why a connection or `start` is rejected.
#[derive(Debug, thiserror::Error)]
pub(super) enum SocketRejection {
    #[error(transparent)]
    Handshake(#[from] HandshakeError),
    #[error(transparent)]
    Auth(#[from] AuthError),
    #[error(transparent)]
    SocketLimitError(#[from] SocketLimitError),
}

impl SocketRejection {
    /// AppSync's error type and code.
    pub(super) fn kind(&self) -> (&'static str, u16) {
        match self {
            Self::Handshake(_) => ("BadRequestException", 400),
            Self::Auth(_) => ("UnauthorizedException", 401),
            // Temporary: clients reconnect after all codes except 400, 401 and 403.
            Self::SocketLimitError(_) => ("LimitExceededError", 429),
        }
    }
}
