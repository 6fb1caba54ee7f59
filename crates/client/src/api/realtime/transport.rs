//! The byte stream under a WebSocket.

use tokio::io::{AsyncRead, AsyncWrite};

use crate::error::{ApiError, shown};

/// A byte stream in both directions: a socket file, TCP or TLS.
pub(super) trait ByteStream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> ByteStream for T {}

pub(super) fn unreachable(error: &dyn std::error::Error) -> ApiError {
    ApiError::Unreachable(shown(&error.to_string()))
}
