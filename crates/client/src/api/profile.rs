//! The user's profile.

use caltrack_domain::Profile;

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
}
