//! The aggregator with an in-memory DynamoDB and a recording publisher: its rules one by one, and random histories.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod batches;
mod breaker;
mod counts;
mod duplicates;
mod effects;
mod faults;
mod histories;
mod poison;
mod publishing;
mod records;
mod support;
mod time_limits;
