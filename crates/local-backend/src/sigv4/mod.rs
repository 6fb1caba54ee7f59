//! Verifies requests by AWS Signature Version 4.
//!
//! Only the `Authorization` header is read; presigned URLs have none and are rejected. Verifying means signing the
//! request again, by AWS's own crate, with the secret of the key that it names. Source: "Signature Version 4 for API
//! requests" of the IAM guide; the wording of errors is DynamoDB's and Cognito's.

mod authorization;
mod claim;
mod keys;
#[cfg(test)]
mod tests;
mod verify;

pub use self::keys::{KeyFileError, KeyPair};
pub(crate) use self::{
    authorization::is_signature,
    claim::{Claim, verify},
    keys::{Keyring, Principal},
    verify::Service,
};
