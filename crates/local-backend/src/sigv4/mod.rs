//! AWS Signature Version 4, the verifying end: who signed a request, and whether it is the one that was signed.
//!
//! Only the `Authorization` header is read; a presigned URL has none and so is refused. Verifying is signing once more,
//! by AWS's own crate, with the secret of the key that the request names, over what arrived. Source: "Signature Version 4
//! for API requests" of the IAM guide; the wording of refusals is what DynamoDB and Cognito answer.

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
