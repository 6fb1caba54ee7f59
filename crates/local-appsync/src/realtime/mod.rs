//! Subscriptions: AppSync's `WebSocket` protocol, and the delivery of events.
//!
//! Source: AppSync guide, "Building a real-time `WebSocket` client"; the protocol descends from Apollo's
//! `subscriptions-transport-ws`.

mod admission;
mod arguments;
mod filter;
mod frame_queue;
mod frames;
mod handshake;
mod hub;
mod incoming;
mod rejection;
mod socket;

pub(super) use self::hub::Hub;
pub use self::{
    admission::{Admission, SocketLimitError, SocketPermit},
    handshake::{Handshake, HandshakeError},
    socket::{SocketTimes, serve},
};
