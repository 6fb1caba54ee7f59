//! Messages of clients.

use axum::extract::ws::{Message, WebSocket};
use futures_util::{StreamExt as _, stream::SplitStream};

/// AppSync's maximum size of a request, in bytes.
const MAX_FRAME_BYTES: usize = 1 << 20;

/// A message from the client.
pub(super) enum Incoming {
    Text(String),
    /// A binary message or a text of more than [`MAX_FRAME_BYTES`], with the error message for the client.
    Unreadable(&'static str),
}

/// The next message; none at the end. axum replies to pings.
pub(super) async fn next_frame(stream: &mut SplitStream<WebSocket>) -> Option<Incoming> {
    loop {
        return Some(match stream.next().await? {
            Ok(Message::Text(text)) if text.len() > MAX_FRAME_BYTES => {
                Incoming::Unreadable("a frame has at most 1048576 bytes")
            }
            Ok(Message::Text(text)) => Incoming::Text(text.to_string()),
            Ok(Message::Binary(_)) => Incoming::Unreadable("frames are text, not binary"),
            Ok(Message::Ping(_) | Message::Pong(_)) => continue,
            Ok(Message::Close(_)) | Err(_) => return None,
        });
    }
}
