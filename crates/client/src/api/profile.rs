//! The user's profile.

use caltrack_domain::{Profile, outbox::Library};

use super::{client::Client, operations};
use crate::error::ApiError;

impl Client {
    /// The profile of the signed-in user; `None` until it is created.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn profile(&self) -> Result<Option<Profile>, ApiError> {
        let operation = operations::user(&self.signed_in()?.sub);
        match self.graphql().read(&operation).await {
            Ok(data) => Ok(data.get_user.map(Profile::try_from).transpose()?),
            Err(ApiError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The library of the signed-in user; empty until there is one.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query; [`ApiError::Protocol`] for a library that is no JSON object.
    pub async fn library(&self) -> Result<Library, ApiError> {
        let operation = operations::library(&self.signed_in()?.sub);
        let stored = match self.graphql().read(&operation).await {
            Ok(data) => data.get_user.and_then(|user| user.library),
            Err(ApiError::NotFound(_)) => None,
            Err(error) => return Err(error),
        };
        stored.map_or_else(
            || Ok(Library::default()),
            |text| {
                serde_json::from_str(&text)
                    .map_err(|error| ApiError::Protocol(format!("the library can't be read ({error})")))
            },
        )
    }
}
