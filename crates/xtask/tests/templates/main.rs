//! What the templates must contain and no emulator checks: a mistake in it would show on an AWS account only.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod alarms;
mod api;
mod cfn;
mod function;
mod roles;
mod tables;
