//! Sync: keeps the replica equal to the backend, and the screens informed about the day that they show.
//!
//! [`plan`] decides which requests that needs, as a state machine in virtual time. [`SyncDriver`] performs them. The replica has a
//! thread of its own ([`start`]), through which every change goes, so that reports have the order of the transactions.

mod catch_up;
mod clock;
mod driver;
mod overview;
pub mod plan;
mod report;
mod requests;
mod retry;
mod shown;
mod worker;

pub use catch_up::catch_up;
pub use clock::Clock;
pub use driver::{Commands, Readiness, SyncDriver, Watched};
pub use plan::Progress;
pub use report::{DayChange, Report};
pub use worker::{ReplicaHandle, ReplicaThread, start, start_on_clock};
