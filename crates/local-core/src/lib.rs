//! What the services of the embedded backend share, so that none of them depends on another.

pub mod account;
pub mod authenticator;
pub mod fair_queue;
pub mod host_header;
pub mod identity;
pub mod tables;
