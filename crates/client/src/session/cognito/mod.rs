//! The public APIs of user pool and identity pool: AWS JSON 1.1 over one address each, unsigned.
//!
//! Source: Amazon Cognito user pools API reference.

mod calls;
mod client;
mod error;
#[cfg(test)]
mod fuzz;
mod identity_pool;
mod operations;

pub(super) use self::{
    client::{AuthStep, IssuedTokens, UserPoolClient},
    error::PoolError,
    identity_pool::{IdentityPoolClient, IssuedKeys},
    operations::TokenOwner,
};
