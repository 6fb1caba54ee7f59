//! TLS for the WebSocket, with the certificates that the system trusts, as in the HTTP client.

use std::sync::Arc;

use rustls::{ClientConfig, pki_types::ServerName};
use rustls_platform_verifier::ConfigVerifierExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::transport::{ByteStream, unreachable};
use crate::error::ApiError;

/// The TLS handshake with `host` on a TCP stream.
pub(super) async fn handshake(stream: TcpStream, host: &str) -> Result<Box<dyn ByteStream>, ApiError> {
    let config = ClientConfig::with_platform_verifier().map_err(|error| unreachable(&error))?;
    let name = ServerName::try_from(host.to_owned()).map_err(|error| unreachable(&error))?;
    let stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .map_err(|error| unreachable(&error))?;
    Ok(Box::new(stream))
}
