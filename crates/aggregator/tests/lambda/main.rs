//! The Lambda against services on loopback that answer as AWS's do: what it sends, and what it makes of the answers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod appsync;
mod dynamodb;
mod events;
mod handler;
mod service;
mod world;
