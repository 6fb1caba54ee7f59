//! The categories and their types.

use caltrack_domain::Category;
use jiff::{SignedDuration, Timestamp};

use super::{Effect, Failure, State, form};

/// How long fetched categories are used. They change rarely, with a release of the backend, and every query costs money
/// on AWS.
pub const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Whether categories that were fetched at `then` are still fresh at `now`.
pub fn are_fresh(then: Timestamp, now: Timestamp) -> bool {
    let age = now.duration_since(then);
    // If the clock was set back, their age is negative.
    !age.is_negative() && age < KEPT_FOR
}

/// Queries them, unless they are fresh.
pub(super) fn load(state: &State) -> Option<Effect> {
    let now = state.now.timestamp();
    let fresh = !state.categories.is_empty() && state.categories_at.is_some_and(|then| are_fresh(then, now));
    (!fresh).then_some(Effect::LoadCategories)
}

pub(super) fn loaded(state: &mut State, result: Result<Vec<Category>, Failure>) -> Vec<Effect> {
    match result {
        Ok(categories) => {
            state.categories_failure = None;
            state.categories_at = Some(state.now.timestamp());
            if state.categories != categories {
                state.categories = categories;
                form::learn_categories(state);
            }
        }
        // What is known from before still serves.
        Err(failure) => state.categories_failure = Some(failure),
    }
    Vec::new()
}
