//! Removing everything that a user has: entries, totals, profile, account.

use caltrack_domain::{Activity, ActivityPatch, DailyTotals};
use jiff::civil::Date;

use super::{
    client::Client,
    data::{BadRow, DataObject},
    generated::ListDaysToErase,
    operations,
    pages::{self, Page},
};
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

    /// The rows of the days from `from` to `to`, both included, also those whose totals were deleted.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query; a backend before `deleted` was added rejects it.
    pub async fn days_to_erase(&self, from: Date, to: Date) -> Result<Vec<DailyTotals>, ApiError> {
        let rows = pages::all(
            self.graphql(),
            None,
            |token| operations::days_to_erase(from, to, token),
            rows_of_days,
        );
        Ok(rows.await?.into_iter().collect::<Result<_, _>>()?)
    }

    /// Removes the row of a day if it counts no entry, and returns whether it is gone. Repeating it succeeds.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a mutation.
    pub async fn erase_day(&self, date: Date) -> Result<bool, ApiError> {
        let operation = operations::erase_day(&self.signed_in()?.sub, date);
        match self.graphql().read(&operation).await {
            Ok(_) | Err(ApiError::NotFound(_)) => Ok(true),
            Err(ApiError::Conflict(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes kcal and weight of a day. Repeating it succeeds.
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

fn rows_of_days(data: DataObject) -> Result<Page<Result<DailyTotals, BadRow>>, BadRow> {
    let list = data.read::<ListDaysToErase>()?.list_user_aggregates_by_date;
    let page = list.map_or(Page::EMPTY, |list| Page::of_items(list.items, list.next_token));
    let rows = page.rows.into_iter().map(DailyTotals::try_from).collect();
    Ok(Page::new(rows, page.next))
}
