//! Folds the activity table's stream into per-day totals, exactly once, and publishes them.
//!
//! A batch of stream records goes through four steps, each a module:
//!
//! 1. [`record`]: raw JSON of DynamoDB Streams → images. Invalid records are reported.
//! 2. [`change`]: new image − old image, booked on the activity's own day.
//! 3. [`fold`]: all changes of one user and day → transactions of at most 99 records.
//! 4. [`apply`]: one `TransactWriteItems` each, with a marker per record; then the stored total is published, by a
//!    [`CircuitBreaker`] where the API is another service.
//!
//! Streams deliver at least once. The markers make a repeat harmless, so a batch may be redelivered after any
//! failure, in whole or in part.

mod amounts;
pub mod apply;
#[cfg(feature = "aws")]
pub mod aws;
pub mod breaker;
pub mod change;
pub mod fold;
#[cfg(test)]
mod fuzz;
#[cfg(feature = "lambda")]
pub mod lambda;
mod outcome;
mod ports;
mod publish;
#[cfg(feature = "reconcile")]
pub mod reconcile;
pub mod record;
mod recount;

pub use amounts::Amounts;
pub use apply::{Settings, process_batch};
pub use breaker::CircuitBreaker;
pub use outcome::{BatchOutcome, Poison};
pub use ports::{CancellationReason, PublishError, Publisher, Store, StoreError};
pub use publish::{PUBLISH_DOCUMENT, UserAggregate, publish_variables};
pub use recount::{Recount, recount};

/// The table of per-day totals and of the markers.
pub const AGGREGATE_TABLE: &str = "caltrack_user_aggregate_table";
