//! AWS over HTTP: signed requests, DynamoDB, and the API that totals are published to.

mod appsync;
mod client;
pub(crate) mod config;
mod dynamodb;

pub use appsync::AppSyncPublisher;
pub use client::{Aws, AwsRequest, AwsResponse, TransportError};
pub use config::{AwsConfig, EnvironmentError};
pub use dynamodb::DynamoDb;
