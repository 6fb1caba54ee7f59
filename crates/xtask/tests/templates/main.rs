//! What the templates must say so that the deployed program works and stays safe, and what no emulator shows: each of these fails on an account alone.

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
