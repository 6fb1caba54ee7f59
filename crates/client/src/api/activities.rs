//! Single entries: read, log, edit, delete.

use caltrack_domain::{Activity, ActivityPatch, NewActivity};

use super::{
    client::{Client, expect_row},
    convert::Row,
    generated::UpdateActivity,
    operations,
};
use crate::error::ApiError;

impl Client {
    /// One entry of the caller's, `None` where there is none.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn activity(&self, id: &str) -> Result<Option<Activity>, ApiError> {
        match self.graphql().read(&operations::activity(id)).await {
            Ok(data) => Ok(data.get_activity.map(Row::noun).transpose()?),
            Err(ApiError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Logs an entry. A repeat by the same id answers with the stored entry, whatever was edited since.
    ///
    /// # Errors
    ///
    /// [`ApiError::Deleted`] where the id was deleted before, [`ApiError::IdTaken`] where it is another account's;
    /// [`ApiError::Rejected`] for values out of range.
    pub async fn create_activity(&self, new: &NewActivity) -> Result<Activity, ApiError> {
        let request = operations::create_activity(new, &self.signed_in()?.sub);
        let answer = self.graphql().read(&request).await;
        let row = answer
            .map_err(|error| match error {
                // There is nothing else that a new entry could collide with.
                ApiError::Conflict(_) => ApiError::IdTaken,
                other => other,
            })?
            .create_activity;
        Ok(expect_row(row)?.noun()?)
    }

    /// Edits an entry; with `expected_rev` only if nobody edited it since.
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
        let request = operations::update_activity(id, patch, expected_rev);
        let outcome = self.graphql().run(&request).await;
        match outcome.result {
            Ok(data) => Ok(expect_row(data.read::<UpdateActivity>()?.update_activity)?.noun()?),
            // The edit whose answer was lost may be the one that this repeat collides with.
            Err(ApiError::Conflict(detail)) if outcome.ambiguous => match self.activity(id).await? {
                Some(stored) if is_result_of(&stored, patch, expected_rev) => Ok(stored),
                Some(_) | None => Err(ApiError::Conflict(detail)),
            },
            Err(error) => Err(error),
        }
    }

    /// Deletes an entry and answers with it as it was. A repeat succeeds.
    ///
    /// # Errors
    ///
    /// [`ApiError::NotFound`] for an id that is unknown or somebody else's.
    pub async fn delete_activity(&self, id: &str) -> Result<Activity, ApiError> {
        let row = self
            .graphql()
            .read(&operations::delete_activity(id))
            .await?
            .delete_activity;
        Ok(expect_row(row)?.noun()?)
    }
}

/// Whether an entry is what an edit of revision `expected_rev` makes.
fn is_result_of(stored: &Activity, patch: &ActivityPatch, expected_rev: Option<u32>) -> bool {
    let ActivityPatch {
        date,
        creation_date_time,
        category,
        kind,
        kcal,
        name,
        note,
        quantity,
    } = patch;
    expected_rev.is_none_or(|rev| stored.rev == rev.saturating_add(1))
        && holds(date.as_ref(), &stored.date)
        // The wire carries milliseconds.
        && creation_date_time.is_none_or(|at| at.as_millisecond() == stored.creation_date_time.as_millisecond())
        && holds(category.as_ref(), &stored.category)
        && holds(kind.as_ref(), &stored.kind)
        && holds(kcal.as_ref(), &stored.kcal)
        && holds(name.as_ref(), &stored.name)
        && holds(note.as_ref(), &stored.note)
        && holds(quantity.as_ref(), &stored.quantity)
}

fn holds<T: PartialEq>(wanted: Option<&T>, stored: &T) -> bool {
    wanted.is_none_or(|wanted| wanted == stored)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_edit_recognises_its_own_result_and_nobody_elses() {
        let stored = Activity {
            id: "i".to_owned(),
            userid: "u".to_owned(),
            date: date(2026, 11, 23),
            creation_date_time: "2026-11-23T07:30:00.123Z".parse().unwrap(),
            category: "Food".to_owned(),
            kind: "Lunch".to_owned(),
            kcal: 650,
            name: None,
            note: None,
            quantity: None,
            rev: 2,
        };
        let patch = ActivityPatch {
            kcal: Some(650),
            name: Some(None),
            creation_date_time: Some("2026-11-23T07:30:00.123456Z".parse().unwrap()),
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
