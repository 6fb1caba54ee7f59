//! The client against a backend that misbehaves on demand: what no healthy backend would show.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail the test"
)]

mod calls;
mod challenges;
mod fake;
mod live;
mod local_account;
mod requests;
mod sessions;
#[path = "../support/terminal.rs"]
#[expect(dead_code, reason = "only some look at the screens")]
mod terminal;
