//! Identifies callers by a token or by a signature.

use async_trait::async_trait;
use caltrack_local_cognito::{TokenError, UserPool};
use caltrack_local_core::{
    authenticator::{AuthError, Authenticator, Signed},
    identity::{IamIdentity, Identity},
};

use crate::sigv4::{Keyring, Principal, Service, is_signature, verify};

/// The pool's users by their tokens or their temporary keys, and the aggregator by its signature.
#[derive(Debug, Clone)]
pub(crate) struct LocalAuthenticator {
    pool: UserPool,
    keyring: Keyring,
}

impl LocalAuthenticator {
    /// Authenticates the users of a pool, and the principals of a keyring. The exposed key has no permission.
    pub(crate) fn new(pool: UserPool, keyring: Keyring) -> Self {
        Self { pool, keyring }
    }
}

#[async_trait]
impl Authenticator for LocalAuthenticator {
    async fn authenticate(&self, request: &Signed<'_>) -> Result<Identity, AuthError> {
        if request.header("x-api-key").is_some() {
            return Err(AuthError::ApiKey);
        }
        let authorization = request.header("authorization").ok_or(AuthError::Missing)?;
        if is_signature(authorization) {
            let principal = verify(request, Service::AppSync, &self.keyring, jiff::Timestamp::now())?;
            return match self.keyring.existing(principal).await? {
                Principal::Aggregator => Ok(Identity::Iam(IamIdentity::aggregator())),
                Principal::User(key) => Ok(Identity::Iam(IamIdentity::user(&key.sub, &key.identity_id))),
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
