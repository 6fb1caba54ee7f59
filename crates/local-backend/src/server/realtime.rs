//! `GET /graphql/realtime`: the upgrade to a socket.

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

/// The only sub-protocol that is spoken.
const PROTOCOL: &str = "graphql-ws";

/// What a socket reads and writes at once. The library's own 128 KiB make 10,000 idle sockets 1.4 GB.
const BUFFER: usize = 4 << 10;

/// What is read whole. Above AppSync's bound for a request a frame is refused by [`serve`]; above this the socket ends without
/// a word, since it can't be read on.
const LARGEST_MESSAGE: usize = 2 * MAX_BODY_BYTES;

/// Callers of one socket, and where they call from.
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
        // With nothing at all the upgrade is refused.
        Err(HandshakeError::Missing) => return Err(AuthError::Missing.into()),
        // Clients of another dialect are told nothing: they know no frame of ours.
        Err(HandshakeError::OtherProtocol) => return Ok(upgrade.on_upgrade(|socket| async { drop(socket) })),
        // All else is told on the socket.
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
