//! The categories and their types.

use caltrack_domain::Category;

use super::{Effect, Failure, State, form};

pub(super) fn loaded(state: &mut State, result: Result<Vec<Category>, Failure>) -> Vec<Effect> {
    match result {
        Ok(categories) => {
            state.categories_failure = None;
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
