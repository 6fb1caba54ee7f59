//! A client of the original workshop at this API: its requests are still valid and have the same effects.
//!
//! `interface.graphql` has the types that such a client depends on. It is compared with `graphql/schema.graphql`, and
//! every operation in it is executed.

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
#[expect(dead_code, reason = "this box serves a port too")]
mod the_box;
#[path = "../aws/world.rs"]
#[expect(dead_code, reason = "only one request is signed here")]
mod world;
