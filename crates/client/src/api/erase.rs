//! Removing everything that a user has: entries, totals, profile, account.

use caltrack_domain::{Activity, ActivityPatch};
use jiff::civil::Date;

use super::{client::Client, operations};
use crate::error::ApiError;

/// The type of an entry without its content.
const ERASED_TYPE: &str = "deleted";

impl Client {
    /// Removes the content of an entry, then the entry: the row that keeps its id from being used again has no texts and no
    /// figures. Repeating it succeeds.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a mutation.
    pub async fn erase_activity(&self, activity: &Activity) -> Result<(), ApiError> {
        let blank = ActivityPatch {
            category: Some("Food".to_owned()),
            kind: Some(ERASED_TYPE.to_owned()),
            name: Some(None),
            note: Some(None),
            quantity: Some(None),
            unit: Some(None),
            food: Some(None),
            protein: Some(None),
            fat: Some(None),
            carbohydrate: Some(None),
            kcal: Some(0),
            ..ActivityPatch::default()
        };
        let gone = |error: ApiError| match error {
            ApiError::NotFound(_) | ApiError::Deleted(_) => Ok(()),
            error => Err(error),
        };
        self.update_activity(&activity.id, &blank, None)
            .await
            .map(drop)
            .or_else(gone)?;
        self.delete_activity(&activity.id, None)
            .await
            .map(drop)
            .or_else(gone)
    }

    /// Removes the totals and the weight of a day. Repeating it succeeds.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a mutation.
    pub async fn delete_totals(&self, date: Date) -> Result<(), ApiError> {
        let operation = operations::delete_totals(&self.signed_in()?.sub, date);
        match self.graphql().read(&operation).await {
            Ok(_) | Err(ApiError::NotFound(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Removes the profile with targets and library. Repeating it succeeds.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a mutation.
    pub async fn delete_profile(&self) -> Result<(), ApiError> {
        let operation = operations::delete_user(&self.signed_in()?.sub);
        match self.graphql().read(&operation).await {
            Ok(_) | Err(ApiError::NotFound(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Deletes the account in the user pool, and removes the session here. The tables keep what was not removed before.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of the pool; the session remains then.
    pub async fn delete_account(&self) -> Result<(), ApiError> {
        let (_, _, auth) = self.parts();
        auth.delete_account().await
    }
}
