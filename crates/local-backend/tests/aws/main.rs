//! The box on a TCP port with `--expose-aws`: requests that AWS's signer signed, and unsigned or wrongly signed ones.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../client/mod.rs"]
mod client;
mod publishing;
mod realtime;
mod signer;
mod strangers;
mod tables;
#[path = "../client/the_box.rs"]
#[expect(dead_code, reason = "this box serves a port too")]
mod the_box;
mod world;
