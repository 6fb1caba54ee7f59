//! Opening the WebSocket: over a socket file, TCP or TLS.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{HeaderValue, Uri, header::SEC_WEBSOCKET_PROTOCOL};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{client::IntoClientRequest, handshake::client::Request, protocol::WebSocketConfig},
};

use super::{
    tls,
    transport::{ByteStream, unreachable},
};
use crate::{endpoints::Endpoints, error::ApiError};

pub(super) type Socket = WebSocketStream<Box<dyn ByteStream>>;

/// Bytes of a message; AppSync drops events over 240 kB.
const MAX_MESSAGE: usize = 1024 * 1024;

/// Opens the connection with `authorization` as a sub-protocol, as Amplify sends it.
pub(super) async fn dial(endpoints: &Endpoints, authorization: &Value) -> Result<Socket, ApiError> {
    let request = request(&endpoints.realtime, authorization)?;
    let transport = transport(endpoints, request.uri()).await?;
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE))
        .max_frame_size(Some(MAX_MESSAGE));
    let (socket, _response) = client_async_with_config(request, transport, Some(config))
        .await
        .map_err(|error| unreachable(&error))?;
    Ok(socket)
}

/// The upgrade request. The header's `host` is the GraphQL host, never the real-time one.
fn request(realtime: &str, authorization: &Value) -> Result<Request, ApiError> {
    let mut request = realtime
        .into_client_request()
        .map_err(|error| unreachable(&error))?;
    let header = BASE64_URL_SAFE_NO_PAD.encode(authorization.to_string());
    let mut protocols = HeaderValue::try_from(format!("graphql-ws, header-{header}"))
        .map_err(|_| ApiError::Protocol("the token can't be sent".to_owned()))?;
    protocols.set_sensitive(true);
    request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, protocols);
    Ok(request)
}

async fn transport(endpoints: &Endpoints, uri: &Uri) -> Result<Box<dyn ByteStream>, ApiError> {
    if let Some(path) = &endpoints.socket {
        return through_socket(path).await;
    }
    // No proxy is used, even if the environment names one: the handshake contains the token.
    let host = uri.host().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let secure = uri.scheme_str() == Some("wss");
    let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let stream = TcpStream::connect((bare, port))
        .await
        .map_err(|error| unreachable(&error))?;
    // Frames are small, and each one is awaited.
    stream.set_nodelay(true).map_err(|error| unreachable(&error))?;
    if secure {
        tls::handshake(stream, bare).await
    } else {
        Ok(Box::new(stream))
    }
}

#[cfg(unix)]
async fn through_socket(path: &std::path::Path) -> Result<Box<dyn ByteStream>, ApiError> {
    let stream = tokio::net::UnixStream::connect(path)
        .await
        .map_err(|error| unreachable(&error))?;
    Ok(Box::new(stream))
}

#[cfg(not(unix))]
async fn through_socket(_path: &std::path::Path) -> Result<Box<dyn ByteStream>, ApiError> {
    Err(ApiError::Rejected("socket files need a Unix system".to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_token_is_sent_as_a_sub_protocol_without_padding() {
        let authorization = json!({"Authorization": "a.b.c", "host": "localhost:18103"});
        let request = request("ws://localhost:18103/graphql/realtime", &authorization).unwrap();
        assert!(request.headers()[SEC_WEBSOCKET_PROTOCOL].is_sensitive());
        let value = request.headers()[SEC_WEBSOCKET_PROTOCOL].to_str().unwrap();
        let header = value.strip_prefix("graphql-ws, header-").unwrap();
        assert!(!header.contains(['=', '+', '/']));
        let decoded: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
        assert_eq!(decoded, authorization);
        assert_eq!(request.uri().query(), None);
    }
}
