//! The row of a user: the profile and the library.

use caltrack_domain::{Profile, outbox::Library};

use super::{client::Client, data::BadRow, generated::get_user, operations};
use crate::error::ApiError;

/// The row of a user.
#[derive(Debug, Clone, PartialEq)]
pub struct UserRow {
    /// The profile.
    pub profile: Profile,
    /// The library; none if it is of another version of this program, and can't be read.
    pub library: Option<Library>,
}

impl TryFrom<get_user::GetUserGetUser> for UserRow {
    type Error = BadRow;

    fn try_from(row: get_user::GetUserGetUser) -> Result<Self, BadRow> {
        Ok(Self {
            profile: row.profile.try_into()?,
            library: library(row.library.as_deref()).ok(),
        })
    }
}

/// Reads a stored library; it is empty until there is one.
pub(super) fn library(stored: Option<&str>) -> Result<Library, ApiError> {
    stored.map_or_else(
        || Ok(Library::default()),
        |text| {
            serde_json::from_str(text)
                .map_err(|error| ApiError::Protocol(format!("the library is of another version ({error})")))
        },
    )
}

impl Client {
    /// The row of the signed-in user; `None` until it is created.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn user(&self) -> Result<Option<UserRow>, ApiError> {
        let operation = operations::user(&self.signed_in()?.sub);
        match self.graphql().read(&operation).await {
            Ok(data) => Ok(data.get_user.map(UserRow::try_from).transpose()?),
            Err(ApiError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The profile of the signed-in user; `None` until it is created.
    ///
    /// # Errors
    ///
    /// As [`Client::user`].
    pub async fn profile(&self) -> Result<Option<Profile>, ApiError> {
        Ok(self.user().await?.map(|user| user.profile))
    }
}
