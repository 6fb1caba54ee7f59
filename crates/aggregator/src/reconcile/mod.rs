//! The operators' tool: recounts users' days from the activity table, reports where the stored totals drift from that, and
//! repairs them on request.
//!
//! Aggregation counts exactly once, so there is nothing to repair until something from outside came between: a record that went to
//! the failure queue, a restore from a backup, a store that the workshop's own function had filled. In order:
//!
//! 1. [`survey`]: both tables are scanned and compared. What was written meanwhile makes suspects of days that are right.
//! 2. [`reading`]: each suspect is read on its own.
//! 3. With `--repair`, ten minutes later, each is read again. A drift that stands unchanged, version and all, while the stream is
//!    worked off ([`age`]), cannot be caused by records in flight.
//! 4. [`repair`]: the recount is written under the condition that the row is what was read, and announced.
//!
//! Where it has come to is kept in a file ([`state`]), so it may be stopped at any moment and started again.

pub mod age;
pub mod reading;
pub mod repair;
pub mod state;
pub mod survey;
mod tables;
mod work;

pub use reading::{Figure, Stored};
pub use tables::{Scope, Tables};
pub use work::{Finding, Options, Summary, Verdict, Waiting, WorkError, work};
