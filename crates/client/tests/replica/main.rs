//! The replica and its sync: by rules on a model and on the tables, in virtual time, and on files.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod cloud;
mod files;
mod lag;
mod model;
mod plan;
mod simulation;
mod tables;
