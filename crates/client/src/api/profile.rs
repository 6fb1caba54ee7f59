//! The user's profile.

use super::{
    ApiError, Client, NewProfile, Profile, ProfilePatch, client::expect_row, convert::Row, operations,
};

impl Client {
    /// The caller's profile, `None` until it is written.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn profile(&self) -> Result<Option<Profile>, ApiError> {
        let request = operations::user(&self.signed_in()?.sub);
        match self.caller().read(&request).await {
            Ok(data) => Ok(data.get_user.map(Row::noun).transpose()?),
            Err(ApiError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes the first profile.
    ///
    /// # Errors
    ///
    /// [`ApiError::Rejected`] for values out of range, [`ApiError::Conflict`] where there is one already.
    pub async fn create_profile(&self, new: &NewProfile) -> Result<Profile, ApiError> {
        let request = operations::create_user(new, &self.signed_in()?);
        let row = self.caller().read(&request).await?.create_user;
        Ok(expect_row(row)?.noun()?)
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
        let request = operations::update_user(&self.signed_in()?.sub, patch, expected_rev);
        let row = self.caller().read(&request).await?.update_user;
        Ok(expect_row(row)?.noun()?)
    }
}
