//! Who a token belongs to.

use async_trait::async_trait;

use crate::appsync::identity::Identity;

/// Why a caller is refused; the texts are AppSync's, with HTTP 401.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// Nothing was sent.
    #[error("Missing authorization header")]
    Missing,
    /// It is no JSON web token.
    #[error("Unable to parse JWT token.")]
    Unparsable,
    /// Its time is over.
    #[error("Token has expired.")]
    Expired,
    /// It is a token, but not one of this pool's, or not for this use.
    #[error("Valid authorization header not provided.")]
    Invalid,
}

/// Tells who a caller is.
#[async_trait]
pub trait Authenticator: Send + Sync {
    /// The caller of an `Authorization` header: a token, with or without `Bearer`.
    ///
    /// # Errors
    ///
    /// [`AuthError`] where nobody of this pool is calling.
    async fn authenticate(&self, authorization: Option<&str>) -> Result<Identity, AuthError>;
}

#[async_trait]
impl Authenticator for crate::cognito::UserPool {
    async fn authenticate(&self, authorization: Option<&str>) -> Result<Identity, AuthError> {
        use crate::cognito::TokenError;
        let authorization = authorization
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .ok_or(AuthError::Missing)?;
        let token = authorization
            .strip_prefix("Bearer ")
            .unwrap_or(authorization)
            .trim();
        match self.verify(token).await {
            Ok(identity) => Ok(Identity::Cognito(identity)),
            Err(TokenError::Malformed) => Err(AuthError::Unparsable),
            Err(TokenError::Expired) => Err(AuthError::Expired),
            Err(
                TokenError::WrongSignature | TokenError::Foreign | TokenError::WrongUse | TokenError::NoKeys,
            ) => Err(AuthError::Invalid),
        }
    }
}
