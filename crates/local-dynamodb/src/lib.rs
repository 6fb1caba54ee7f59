//! DynamoDB's API on four tables in one `SQLite` file, and the stream of one of them.
//!
//! [`Tables`] executes calls, [`Stream`] reads the activity table's changes in commit order. The crate knows the tables'
//! keys and indexes, but not what their items mean.

mod engine;
mod error;
mod observer;
#[cfg(feature = "record")]
mod recorder;
mod request;
mod request_tokens;
mod schema;
mod stream;
mod stream_record;
mod sweep;
mod sync;
mod tables;
#[cfg(test)]
mod tests;
mod worker;

pub use self::{
    error::OpenError,
    stream::{Stream, StreamBatch},
    stream_record::StreamRecord,
    tables::Tables,
};
