//! Strangers at the box: a second user, forged tokens and signatures, at every field, over HTTP and over sockets.
//!
//! No data of the owner's is read or changed, and no error reveals more than the request contained.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../client/mod.rs"]
mod client;
mod events;
mod fields;
mod forged;
mod forged_keys;
mod matrix;
mod signatures;
mod signed;
#[path = "../client/the_box.rs"]
mod the_box;
mod wire;
mod world;
