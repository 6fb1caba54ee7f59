//! `GET /graphql/realtime`: the upgrade to a WebSocket.

use std::sync::Arc;

use async_trait::async_trait;
use axum::{
    Extension,
    extract::{RawQuery, State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use caltrack_local_appsync::realtime::{Handshake, HandshakeError, serve};
use caltrack_local_core::{
    authenticator::{AuthError, Authenticator, Signed},
    identity::Identity,
};

use super::{
    errors::HttpError,
    limits::{MAX_BODY_BYTES, PortAdmission},
    state::ApiState,
};
use crate::serve::{Peer, Place};

/// The sub-protocol of AppSync's real-time API.
const PROTOCOL: &str = "graphql-ws";

/// Bytes of a socket's read and write buffers. With the library's default of 128 KiB, 10,000 idle sockets take 1.4 GB.
const BUFFER: usize = 4 << 10;

/// Maximum size of a message in bytes. [`serve`] rejects frames above AppSync's limit; above this one, the socket closes
/// without an error, since the rest of the message can't be skipped.
const LARGEST_MESSAGE: usize = 2 * MAX_BODY_BYTES;

/// Authenticates the callers of one socket, and adds its remote address.
struct Located {
    authenticator: Arc<dyn Authenticator>,
    source_ip: Vec<String>,
}

#[async_trait]
impl Authenticator for Located {
    async fn authenticate(&self, request: &Signed<'_>) -> Result<Identity, AuthError> {
        let identity = self.authenticator.authenticate(request).await?;
        Ok(identity.calling_from(self.source_ip.clone()))
    }
}

pub(super) async fn upgrade(
    State(server): State<ApiState>,
    peer: Peer,
    place: Option<Extension<Place>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, HttpError> {
    let upgrade = upgrade.map_err(|rejection| {
        HttpError::new(
            StatusCode::BAD_REQUEST,
            "BadRequestException",
            rejection.to_string(),
        )
    })?;
    let handshake = Handshake::read(&headers, query.as_deref());
    match handshake {
        // Without any credentials, the upgrade itself is rejected.
        Err(HandshakeError::Missing) => return Err(AuthError::Missing.into()),
        // Clients of another protocol would not understand an error frame.
        Err(HandshakeError::OtherProtocol) => return Ok(upgrade.on_upgrade(|socket| async { drop(socket) })),
        // Other errors are reported on the socket.
        Ok(_) | Err(_) => {}
    }
    let authenticator = Arc::new(Located {
        authenticator: server.authenticator,
        source_ip: peer.source_ip(&headers),
    });
    let admission = Arc::new(PortAdmission::new(
        server.callers,
        place.map(|Extension(place)| place),
    ));
    Ok(upgrade
        .protocols([PROTOCOL])
        .max_frame_size(LARGEST_MESSAGE)
        .max_message_size(LARGEST_MESSAGE)
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .on_upgrade(move |socket| {
            serve(
                socket,
                server.app,
                authenticator,
                handshake,
                server.limits,
                admission,
            )
        }))
}
