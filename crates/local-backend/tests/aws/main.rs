//! The box on a TCP port with `--expose-aws`: requests that AWS's own signer signed, and those that it didn't.

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
#[expect(dead_code, reason = "this box serves a port as well")]
mod the_box;
mod world;
