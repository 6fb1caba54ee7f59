//! Strangers at the box: a second user, and tokens that somebody made up, at every field, over HTTP and over sockets.
//!
//! Nothing of the owner's is read, nothing is changed, and no refusal tells more than whoever asked knew already.

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
mod matrix;
#[path = "../client/the_box.rs"]
mod the_box;
mod wire;
mod world;
