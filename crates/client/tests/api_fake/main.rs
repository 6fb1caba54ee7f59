//! The client against a backend that misbehaves on demand.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail the test"
)]

mod burst;
mod calls;
mod challenges;
mod commands;
mod fake;
mod live;
mod local_account;
mod peer;
mod sessions;
mod signatures;
mod silence;
