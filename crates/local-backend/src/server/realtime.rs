//! `GET /graphql/realtime`: the upgrade to a socket.

use axum::{
    extract::{RawQuery, State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::{ApiServer, errors::HttpError};
use crate::{
    appsync::realtime::{Handshake, HandshakeError, serve},
    auth::AuthError,
};

/// The only sub-protocol that is spoken.
const PROTOCOL: &str = "graphql-ws";

/// What a socket reads and writes at once. The library's own 128 KiB make 10,000 idle sockets 1.4 GB.
const BUFFER: usize = 4 << 10;

pub(super) async fn upgrade(
    State(server): State<ApiServer>,
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
    // With nothing at all the upgrade is refused; all else is told on the socket.
    if handshake == Err(HandshakeError::Missing) {
        return Err(AuthError::Missing.into());
    }
    Ok(upgrade
        .protocols([PROTOCOL])
        .max_message_size(super::LARGEST_BODY)
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .on_upgrade(move |socket| serve(socket, server.app, server.authenticator, handshake, server.limits)))
}
