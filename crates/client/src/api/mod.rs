//! The backend as this program sees it: GraphQL over HTTP, sign-in at the user pool, and AppSync's subscriptions.
//!
//! Nothing outside this crate knows the protocols. The crate shares no types with the backend in the box: both are tested
//! against the same recorded frames instead.

mod activities;
mod call;
mod client;
mod command;
mod convert;
mod data;
mod day;
mod doctor;
mod erase;
#[cfg(test)]
mod fuzz;
#[expect(
    unreachable_pub,
    unused_imports,
    clippy::upper_case_acronyms,
    reason = "generated code"
)]
mod generated;
mod graphql;
mod model;
mod operations;
mod pages;
mod ping;
mod profile;
mod realtime;
mod request_headers;

pub use crate::{
    endpoints::{ApiAuthorization, Endpoints, IdentityPool},
    error::{ApiError, MAKE_ROOM},
    http::{Silence, SilenceWatch},
    realtime_url::realtime_url,
    session::{
        LocalAccount, SecondFactor, SessionFile, SignIn, SignInChallenge, SignInChallengeKind, SignUp,
    },
};
pub use client::{Client, install_crypto};
pub use doctor::ProbeResult;
pub use model::{ConnectionState, ListPage, RealtimeEvent};
pub use profile::UserRow;
