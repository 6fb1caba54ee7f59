//! The backend in a box: AppSync, Cognito and DynamoDB in one process.
//!
//! It executes the very files that are deployed: `graphql/schema.graphql`, `graphql/resolvers/*.js` and the
//! aggregation library.

pub mod appsync;
pub mod auth;
pub mod backend;
pub mod cognito;
pub mod datadir;
pub mod dynamodb;
mod fair_queue;
mod hosts;
mod letters;
mod publisher;
pub mod seed;
pub mod serve;
pub mod server;
pub mod sigv4;
pub mod stream;
pub mod tls;

pub use backend::{Backend, BackendOptions, Outside, StartError};
pub use cognito::KnownAccount;
pub use letters::CodeFile;
