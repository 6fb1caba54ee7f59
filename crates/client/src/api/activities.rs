//! Single entries: read, log, edit, delete.

use caltrack_domain::{Activity, ActivityPatch, NewActivity, in_milliseconds};

use super::{ApiError, Client, client::expect_row, convert::activity, operations};

impl Client {
    /// One entry of the caller's, `None` where there is none.
    ///
    /// # Errors
    ///
    /// Any [`ApiError`] of a query.
    pub async fn activity(&self, id: &str) -> Result<Option<Activity>, ApiError> {
        match self.caller().run(&operations::activity(id)).await.result {
            Ok(mut data) => Ok(data.take_row("getActivity").map(activity).transpose()?),
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
        let answer = self.caller().run(&request).await.result;
        let mut data = answer.map_err(|error| match error {
            // There is nothing else that a new entry could collide with.
            ApiError::Conflict(_) => ApiError::IdTaken,
            other => other,
        })?;
        Ok(activity(expect_row(data.take_row("createActivity"))?)?)
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
        let outcome = self.caller().run(&request).await;
        match outcome.result {
            Ok(mut data) => Ok(activity(expect_row(data.take_row("updateActivity"))?)?),
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
        let request = operations::delete_activity(id);
        let mut data = self.caller().run(&request).await.result?;
        Ok(activity(expect_row(data.take_row("deleteActivity"))?)?)
    }
}

/// Whether an entry is what an edit of revision `expected_rev` makes.
fn is_result_of(stored: &Activity, patch: &ActivityPatch, expected_rev: Option<u32>) -> bool {
    let patch = ActivityPatch {
        // The wire carries milliseconds.
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
    fn an_edit_recognises_its_own_result_and_nobody_elses() {
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
