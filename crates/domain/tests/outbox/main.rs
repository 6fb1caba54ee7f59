//! The outbox by its public API: a simulation in virtual time, and the rules one by one.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail the test"
)]

mod answers;
mod device;
mod history;
mod oracle;
mod schedule;
mod server;
mod simulation;
mod support;
