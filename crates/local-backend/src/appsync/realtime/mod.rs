//! Subscriptions: AppSync's `WebSocket` dialect, and who gets which event.
//!
//! Source: AppSync guide, "Building a real-time `WebSocket` client"; it descends from Apollo's `subscriptions-transport-ws`.

mod arguments;
mod filter;
mod frames;
mod handshake;
mod hub;
mod outbox;
mod socket;
#[cfg(test)]
mod tests;

pub(super) use self::hub::Hub;
pub(crate) use self::socket::serve;
pub use self::{
    handshake::{Handshake, HandshakeError},
    socket::Limits,
};
