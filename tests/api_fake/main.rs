//! The program against a backend whose responses the test chooses.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail the test"
)]

#[path = "../../crates/client/tests/api_fake/fake.rs"]
#[expect(dead_code, reason = "the client's tests use all of it")]
mod fake;
mod local_account;
#[path = "../../crates/client/tests/api_fake/peer.rs"]
#[expect(dead_code, reason = "the client's tests use all of it")]
mod peer;
mod requests;
#[path = "../support/terminal.rs"]
#[expect(dead_code, reason = "only some tests look at the screens")]
mod terminal;
