//! The quick line over the program's tables.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod amounts;
mod any_line;
mod forms;
mod fuzz;
mod lines;
mod own;
mod support;
