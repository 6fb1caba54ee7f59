//! The backend in a box: AppSync, Cognito and DynamoDB in one process.
//!
//! It executes the files that are deployed: `graphql/schema.graphql`, `graphql/resolvers/*.js` and the aggregation
//! library. The services are crates of their own; this one assembles and serves them.

mod authenticator;
mod backend;
mod datadir;
mod load;
mod publisher;
pub mod remains;
mod seed;
pub mod serve;
pub mod server;
mod settled;
pub mod sigv4;
pub mod snapshots;
mod stream;
pub mod tls;
mod upgrade;

pub use backend::{Backend, BackendOptions, StartError, TcpOptions};
pub use caltrack_local_cognito::{CodeFile, CodeSink, Delivery, KnownAccount};
pub use caltrack_local_core::account;
pub use load::{WrittenLog, write_log};
