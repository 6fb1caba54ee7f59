//! The user pool's public API: AWS JSON 1.1 over one address, unsigned.
//!
//! Source: Amazon Cognito user pools API reference.

mod client;
mod error;
#[cfg(test)]
mod fuzz;
mod operations;

pub(super) use self::{
    client::{AuthStep, IssuedTokens, UserPoolClient},
    operations::TokenOwner,
};
