//! AWS over HTTP: signed requests, DynamoDB, and the API that totals are published to.

pub(crate) mod account;
mod appsync;
mod client;
mod dynamodb;

pub use account::{Account, EnvironmentError};
pub use appsync::AppSync;
pub use client::{Answer, Aws, Call, TransportError};
pub use dynamodb::DynamoDb;
