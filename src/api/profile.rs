//! The user's profile.

use serde_json::Value;

use super::{ApiError, Client, NewProfile, Profile, ProfilePatch, client::expect_row, convert, operations};

impl Client {
    /// The caller's profile, `None` until it is written.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn profile(&self) -> Result<Option<Profile>, ApiError> {
        let variables = operations::by_id(&self.signed_in()?.sub);
        match self.caller().field(operations::USER, &variables).await {
            Ok(Value::Null) | Err(ApiError::NotFound(_)) => Ok(None),
            Ok(row) => Ok(Some(convert::profile(row)?)),
            Err(error) => Err(error),
        }
    }

    /// Writes the first profile.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] for values out of range, [`ApiError::Conflict`] where there is one already.
    pub async fn create_profile(&self, new: &NewProfile) -> Result<Profile, ApiError> {
        let variables = operations::create_user(new, &self.signed_in()?);
        let row = self.caller().field(operations::CREATE_USER, &variables).await?;
        Ok(convert::profile(expect_row(row)?)?)
    }

    /// Edits the profile; with `expected_rev` only if nobody edited it since.
    ///
    /// # Errors
    ///
    /// [`ApiError::Conflict`], [`ApiError::NotFound`], [`ApiError::Rejected`].
    pub async fn update_profile(
        &self,
        patch: &ProfilePatch,
        expected_rev: Option<u32>,
    ) -> Result<Profile, ApiError> {
        let variables = operations::update_user(&self.signed_in()?.sub, patch, expected_rev);
        let row = self.caller().field(operations::UPDATE_USER, &variables).await?;
        Ok(convert::profile(expect_row(row)?)?)
    }
}
