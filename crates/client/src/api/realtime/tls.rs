//! TLS for the WebSocket, trusting what the system trusts, as the HTTP client does.

use std::sync::Arc;

use rustls::{ClientConfig, pki_types::ServerName};
use rustls_platform_verifier::ConfigVerifierExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::dial::{Transport, unreachable};
use crate::api::ApiError;

/// Wraps a TCP stream.
pub(super) async fn wrap(stream: TcpStream, host: &str) -> Result<Box<dyn Transport>, ApiError> {
    let config = ClientConfig::with_platform_verifier().map_err(|error| unreachable(&error))?;
    let name = ServerName::try_from(host.to_owned()).map_err(|error| unreachable(&error))?;
    let stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .map_err(|error| unreachable(&error))?;
    Ok(Box::new(stream))
}
