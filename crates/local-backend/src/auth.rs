//! Who a caller is, by a token or by a signature.

use async_trait::async_trait;

use crate::{
    appsync::identity::{IamIdentity, Identity},
    cognito::{TokenError, UserPool},
    sigv4::{Keyring, Principal, Service, SignatureError, Signed, is_signature, verify},
};

/// Why a caller is refused; the texts are AppSync's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// Nothing was sent.
    #[error("Missing authorization header")]
    Missing,
    /// It is an API key, and there are none here.
    #[error("You are not authorized to make this call.")]
    ApiKey,
    /// It is no JSON web token.
    #[error("Unable to parse JWT token.")]
    Unparsable,
    /// Its time is over.
    #[error("Token has expired.")]
    Expired,
    /// It is a token, but not one of this pool's, or not for this use.
    #[error("Valid authorization header not provided.")]
    Invalid,
    /// It is a signature, but not one of this request by a key that is known here.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// Somebody known signed it, who may do nothing here.
    #[error("Permission denied")]
    Denied,
}

/// Tells who a caller is.
#[async_trait]
pub trait Authenticator: Send + Sync {
    /// The caller of a request: by the token of its `Authorization` header, with or without `Bearer`, or by its
    /// signature. An API key goes before either, good or not, as on AppSync.
    ///
    /// # Errors
    ///
    /// [`AuthError`] where nobody who may call is calling.
    async fn authenticate(&self, request: &Signed<'_>) -> Result<Identity, AuthError>;
}

/// The pool's users by their tokens, and the aggregator by its signature.
#[derive(Debug, Clone)]
pub struct Gate {
    pool: UserPool,
    keyring: Keyring,
}

impl Gate {
    /// Lets the users of a pool in, and the aggregator of a keyring: whoever else has a key there has no permission.
    pub fn new(pool: UserPool, keyring: Keyring) -> Self {
        Self { pool, keyring }
    }
}

#[async_trait]
impl Authenticator for Gate {
    async fn authenticate(&self, request: &Signed<'_>) -> Result<Identity, AuthError> {
        if request.header("x-api-key").is_some() {
            return Err(AuthError::ApiKey);
        }
        let authorization = request.header("authorization").ok_or(AuthError::Missing)?;
        if is_signature(authorization) {
            return match verify(request, Service::AppSync, &self.keyring, jiff::Timestamp::now())? {
                Principal::Aggregator => Ok(Identity::Iam(IamIdentity::aggregator())),
                Principal::Exposed => Err(AuthError::Denied),
            };
        }
        let token = authorization
            .strip_prefix("Bearer ")
            .unwrap_or(authorization)
            .trim();
        match self.pool.verify(token).await {
            Ok(identity) => Ok(Identity::Cognito(identity)),
            Err(TokenError::Malformed) => Err(AuthError::Unparsable),
            Err(TokenError::Expired) => Err(AuthError::Expired),
            Err(
                TokenError::WrongSignature | TokenError::Foreign | TokenError::WrongUse | TokenError::NoKeys,
            ) => Err(AuthError::Invalid),
        }
    }
}
