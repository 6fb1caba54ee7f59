//! Single entries: read, log, edit, delete.

use caltrack_domain::{Activity, ActivityPatch, NewActivity, in_milliseconds};

use super::{
    client::{Client, expect_row},
    convert::activity,
    operations,
};
use crate::error::ApiError;

impl Client {
    /// An entry of the signed-in user; `None` if there is none with this id.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn activity(&self, id: &str) -> Result<Option<Activity>, ApiError> {
        match self.graphql().run(&operations::activity(id)).await.result {
            Ok(mut data) => Ok(data.take_row("getActivity").map(activity).transpose()?),
            Err(ApiError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Foods of the backend whose portions stay below so many kcal and so many grams of sugar, as entries that don't exist.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn suggested_foods(
        &self,
        calories: i64,
        sugar: u16,
        bmi: Option<f64>,
    ) -> Result<Vec<Activity>, ApiError> {
        #[expect(clippy::cast_precision_loss, reason = "a day's kcal")]
        let calories = calories as f64;
        let sub = self.signed_in()?.sub;
        let operation = operations::suggested_food(&sub, calories, f64::from(sugar), bmi);
        let mut data = self.graphql().run(&operation).await.result?;
        match data.take_row("suggestedFood") {
            Some(serde_json::Value::Array(rows)) => {
                // A row that this program can't read isn't offered.
                Ok(rows.into_iter().filter_map(|row| activity(row).ok()).collect())
            }
            Some(_) | None => Ok(Vec::new()),
        }
    }

    /// Logs an entry. Repeating it with the same id returns the stored entry, with later edits.
    ///
    /// # Errors
    ///
    /// [`ApiError::Deleted`] if the entry of this id was deleted, [`ApiError::IdTaken`] if it belongs to another account,
    /// [`ApiError::Rejected`] for values out of range.
    pub async fn create_activity(&self, new: &NewActivity) -> Result<Activity, ApiError> {
        let operation = operations::create_activity(new, &self.signed_in()?.sub);
        let response = self.graphql().run(&operation).await.result;
        let mut data = response.map_err(|error| match error {
            // A new entry can only conflict with one of the same id.
            ApiError::Conflict(_) => ApiError::IdTaken,
            other => other,
        })?;
        Ok(activity(expect_row(data.take_row("createActivity"))?)?)
    }

    /// Edits an entry; with `expected_rev` only if that is its present revision.
    ///
    /// # Errors
    ///
    /// [`ApiError::Conflict`], [`ApiError::NotFound`], [`ApiError::Deleted`], [`ApiError::Rejected`].
    pub async fn update_activity(
        &self,
        id: &str,
        patch: &ActivityPatch,
        expected_rev: Option<u32>,
    ) -> Result<Activity, ApiError> {
        let operation = operations::update_activity(id, patch, expected_rev);
        let call = self.graphql().run(&operation).await;
        match call.result {
            Ok(mut data) => Ok(activity(expect_row(data.take_row("updateActivity"))?)?),
            // The conflict may be with an earlier attempt of this edit, whose response was lost.
            Err(ApiError::Conflict(detail)) if call.ambiguous => match self.activity(id).await? {
                Some(stored) if is_result_of(&stored, patch, expected_rev) => Ok(stored),
                Some(_) | None => Err(ApiError::Conflict(detail)),
            },
            Err(error) => Err(error),
        }
    }

    /// Deletes an entry and returns its last values; with `expected_rev` only if that is its present revision. Repeating
    /// it succeeds.
    ///
    /// # Errors
    ///
    /// [`ApiError::NotFound`] if the id is unknown or belongs to another account, [`ApiError::Conflict`].
    pub async fn delete_activity(&self, id: &str, expected_rev: Option<u32>) -> Result<Activity, ApiError> {
        let operation = operations::delete_activity(id, expected_rev);
        let mut data = self.graphql().run(&operation).await.result?;
        Ok(activity(expect_row(data.take_row("deleteActivity"))?)?)
    }
}

/// Whether an entry is the result of this edit of revision `expected_rev`.
fn is_result_of(stored: &Activity, patch: &ActivityPatch, expected_rev: Option<u32>) -> bool {
    let patch = ActivityPatch {
        // The API has milliseconds.
        moment: patch.moment.map(in_milliseconds),
        ..patch.clone()
    };
    expected_rev.is_none_or(|rev| stored.rev == rev.saturating_add(1))
        && stored.entry.edited(&patch) == stored.entry
}

#[cfg(test)]
mod tests {
    use caltrack_domain::Entry;
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_edit_recognises_only_its_own_result() {
        let stored = Activity {
            id: "i".to_owned(),
            owner: "u".to_owned(),
            entry: Entry::new(
                date(2026, 11, 23),
                "2026-11-23T07:30:00.123Z".parse().unwrap(),
                "Food",
                "Lunch",
                650,
            ),
            rev: 2,
        };
        let patch = ActivityPatch {
            kcal: Some(650),
            name: Some(None),
            moment: Some("2026-11-23T07:30:00.123456Z".parse().unwrap()),
            ..ActivityPatch::default()
        };
        assert!(is_result_of(&stored, &patch, Some(1)));
        assert!(!is_result_of(&stored, &patch, Some(2)));
        let other = ActivityPatch {
            note: Some(Some("x".to_owned())),
            ..patch
        };
        assert!(!is_result_of(&stored, &other, Some(1)));
    }
}
