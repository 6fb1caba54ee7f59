//! The user pool: Cognito's sign-up, sign-in by SRP, tokens and sessions; and the identity pool of its users.
//!
//! Source: Amazon Cognito user pools API reference, and AWS's clients. Of each password, only a salt and a verifier are
//! stored.

mod admin;
mod attributes;
mod challenges;
mod code_file;
mod codes;
mod errors;
mod fields;
mod identity_pool;
mod keys;
mod listing;
mod lockout;
mod passwords;
mod pool;
mod profile;
mod refresh;
mod request;
mod restore;
mod settings;
mod sign_in;
mod sign_up;
mod srp;
mod store;
#[cfg(test)]
mod tests;
mod timestamp;
mod tokens;
mod totp;
mod verify;

pub use self::{
    code_file::CodeFile,
    codes::{CodeSink, Delivery, Purpose},
    errors::{CognitoError, OpenError},
    identity_pool::{SessionTokenError, TemporaryKey},
    pool::UserPool,
    request::Transport,
    restore::KnownAccount,
    settings::{ClientSettings, Clock, PoolSettings},
    verify::TokenError,
};
