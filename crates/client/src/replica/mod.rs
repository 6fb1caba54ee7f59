//! The replica: this computer's copy of the log in a SQLite file, with an index of names and a search index.
//!
//! Everything in it can be fetched from the backend again. Rows belong to a profile and a user (`sub`), are kept after a
//! sign-out, and are never shown to another user.

mod day_row;
mod days;
mod documents;
mod entries;
mod error;
mod forget;
mod migration;
mod names;
mod open;
#[cfg(test)]
mod power_cut;
mod proof;
mod rows;
mod rules;
mod schema;
mod search;
mod search_index;
mod shares;
mod table;

pub use day_row::{CopyState, DayRow, MAX_TRIES};
pub use days::{DayCopy, DaySummary};
pub use error::ReplicaError;
pub use names::{NameUse, NamedEntry};
pub use open::{OpenReplica, Owner, Replica};
pub use proof::Proof;
pub use rows::{Found, Held, Rows};
pub use rules::{Change, Changes, DayStatus, Listing, Verdict};
pub use schema::sqlite_version;
