//! The client's own SQLite file: the data of the first frame, before anything was fetched over a network.
//!
//! Everything in it can be fetched from the backend again. Rows belong to a profile and a user (`sub`), are kept after a
//! sign-out, and are never shown to another user.

mod cache;
mod days;
mod documents;
mod error;
mod schema;

pub use cache::{Cache, OpenCache, Owner};
pub use error::CacheError;
