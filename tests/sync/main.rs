//! Two devices of one user on the box in this process: their replicas become what the backend has, and requests are counted.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a broken assumption ends a test"
)]

mod clock;
mod converging;
mod device;
mod library;
mod proxy;
mod the_box;
mod unverified;
