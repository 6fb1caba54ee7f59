//! A client of the original workshop at this API: whatever was valid there is valid here, and does what it did.
//!
//! `interface.graphql` carries what such a client relies on; it is compared with `graphql/schema.graphql`, and every operation
//! that it allows is executed.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../client/mod.rs"]
mod client;
mod filters;
mod interface;
mod operations;
#[path = "../aws/signer.rs"]
#[expect(dead_code, reason = "only one request is signed here")]
mod signer;
#[path = "../client/the_box.rs"]
#[expect(dead_code, reason = "this box serves a port as well")]
mod the_box;
#[path = "../aws/world.rs"]
#[expect(dead_code, reason = "only one request is signed here")]
mod world;
