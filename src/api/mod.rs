//! The backend as this program sees it: GraphQL over HTTP, Cognito's sign-in, and AppSync's real-time frames.
//!
//! Nothing outside this module knows that any of them exist. It shares no types with the backend in the box: both are tested
//! against the same recorded frames instead.

mod auth;
mod client;
mod endpoints;
mod error;
mod model;

pub use auth::SessionFile;
pub use client::Client;
pub use endpoints::Endpoints;
pub use error::ApiError;
pub use model::{
    Account, ChangeKind, ConnectionState, DEFAULT_TARGET, Day, NewProfile, Profile, ProfilePatch,
    RealtimeEvent, SignUp,
};

/// Gives TLS its cryptography (ring). To be called once, before the first [`Client`]; a repeat does nothing.
pub fn install_crypto() {
    // An error only says that somebody has installed one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
