//! Live changes: AppSync's GraphQL subscriptions over WebSocket.
//!
//! Events published while a connection is down are not delivered later. Therefore the state `Live` is reported only after
//! every subscription is acknowledged: a query after that misses nothing.
//!
//! The server checks the token when a connection opens and when a subscription starts, not for each event: an open
//! connection outlives its token, and every new one uses a fresh token.

mod connection;
mod dial;
mod frames;
#[cfg(test)]
mod fuzz;
mod listener;
mod network;
mod probe;
mod reporter;
mod signals;
mod subscriptions;
mod tls;
mod transport;
mod wake;

pub(super) use listener::{listen, try_once};
