//! The backend as this program sees it: GraphQL over HTTP, Cognito's sign-in, and AppSync's real-time frames.
//!
//! Nothing outside this module knows that any of them exist. It shares no types with the backend in the box: both are tested
//! against the same recorded frames instead.

mod activities;
mod auth;
mod backoff;
mod call;
mod checkup;
mod client;
mod convert;
mod data;
mod day;
mod endpoints;
mod error;
#[expect(
    unreachable_pub,
    unused_imports,
    clippy::upper_case_acronyms,
    reason = "it is as the generator writes it"
)]
mod generated;
mod graphql;
mod http;
mod model;
mod operations;
mod pages;
mod profile;
mod realtime;
mod silence;

pub use auth::{Challenge, CodeBy, LocalAccount, SessionFile, SignIn, Wanted};
pub use checkup::Reached;
pub use client::Client;
pub use endpoints::Endpoints;
pub use error::ApiError;
pub use model::{
    Account, ChangeKind, ConnectionState, Day, NewProfile, Profile, ProfilePatch, RealtimeEvent, SignUp,
};
pub use realtime::realtime_url;
pub use silence::{Silence, SilenceWatch};

/// Gives TLS its cryptography (ring), as every [`Client`] does; for whoever uses TLS before there is one. A repeat does nothing.
pub fn install_crypto() {
    // An error only says that somebody has installed one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
