//! The operators' tool against tables in memory: what it finds, what it repairs, and that it can be stopped at any call.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod backfill;
mod drifts;
mod stopped;
mod tables;
mod world;
