//! The user's profile.

use caltrack_domain::{Profile, ProfilePatch};

use super::{
    client::{Client, expect_row},
    operations,
};
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

    /// Creates the profile of the signed-in user, with the members that are set and the default target.
    ///
    /// # Errors
    ///
    /// [`ApiError::Conflict`] if there is one, [`ApiError::Rejected`] for values out of range.
    pub async fn create_profile(&self, patch: &ProfilePatch) -> Result<Profile, ApiError> {
        let operation = operations::create_user(&self.signed_in()?.username, patch);
        let data = self.graphql().read(&operation).await?;
        Ok(Profile::try_from(expect_row(data.create_user)?)?)
    }

    /// Edits the profile of the signed-in user; with `expected_rev` only if that is its present revision.
    ///
    /// # Errors
    ///
    /// [`ApiError::NotFound`] if there is none, [`ApiError::Conflict`], [`ApiError::Rejected`] for values out of range.
    pub async fn update_profile(
        &self,
        patch: &ProfilePatch,
        expected_rev: Option<u32>,
    ) -> Result<Profile, ApiError> {
        let operation = operations::update_user(&self.signed_in()?.sub, patch, expected_rev);
        let data = self.graphql().read(&operation).await?;
        Ok(Profile::try_from(expect_row(data.update_user)?)?)
    }
}
