//! The operators' tool: recounts users' days from the activity table, reports where the stored totals drift from that, and
//! repairs them on request.
//!
//! Aggregation counts exactly once, so drifts have causes outside of it: a record in the failure queue, a table restored from a
//! backup, totals of the workshop's own function. The steps:
//!
//! 1. [`survey`]: both tables are scanned and compared. Writes during the scan make suspects of correct days.
//! 2. [`reading`]: each suspect is read on its own.
//! 3. With `--repair`, each is read again ten minutes later. A drift with the same totals and version cannot be caused by
//!    records in flight if the function isn't behind its stream ([`age`]).
//! 4. [`repair`]: the recount is written on the condition that the row is unchanged, and published.
//!
//! Rows that an older function wrote have kcal only. They don't drift: what is absent is unknown. With `--backfill` they are
//! suspects too, and [`fill`] writes what is absent at an unchanged version.
//!
//! A file keeps the progress ([`state`]), so it may be stopped at any moment and resumed.

pub mod age;
pub mod fill;
mod finding;
pub mod reading;
pub mod repair;
pub mod state;
pub mod survey;
mod tables;
mod work;

pub use finding::{Counted, Finding, Resolution};
pub use reading::{Figure, StoredTotals};
pub use tables::{ReconcileStore, Scope};
pub use work::{Monitor, Options, Summary, WorkError, work};
