//! The backend in a box: AppSync, Cognito and DynamoDB in one process.
//!
//! It executes the very files that are deployed: `graphql/schema.graphql`, `graphql/resolvers/*.js` and the
//! aggregation library.

mod authenticator;
pub mod backend;
pub mod datadir;
mod publisher;
pub mod seed;
pub mod serve;
pub mod server;
mod settled;
pub mod sigv4;
pub mod stream;
pub mod tls;

pub use backend::{Backend, BackendOptions, StartError, TcpOptions};
pub use caltrack_local_cognito::{CodeFile, CodeSink, Delivery, KnownAccount};
pub use caltrack_local_core::account;
