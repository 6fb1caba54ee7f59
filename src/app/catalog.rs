//! The categories and their types.

use caltrack_domain::Category;
use jiff::{SignedDuration, Timestamp};

use super::{
    effect::{Effect, Query},
    failure::Failure,
    model::Request,
    shell::Shell,
};

/// How long fetched categories are used. They change rarely, with a release of the backend, and every query costs money
/// on AWS.
pub const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Whether categories that were fetched at `then` are still fresh at `now`.
pub fn are_fresh(then: Timestamp, now: Timestamp) -> bool {
    let age = now.duration_since(then);
    // If the clock was set back, their age is negative.
    !age.is_negative() && age < KEPT_FOR
}

/// The categories, as last seen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Catalog {
    /// The categories, by name.
    pub categories: Vec<Category>,
    /// Why they could not be loaded.
    pub failure: Option<Failure>,
    fetched: Option<Timestamp>,
    query: Option<Request>,
}

impl Catalog {
    pub(super) fn new(categories: Vec<Category>, fetched: Option<Timestamp>) -> Self {
        Self {
            categories,
            fetched,
            ..Self::default()
        }
    }

    /// Queries the categories, unless they are fresh.
    pub(super) fn load(&mut self, shell: &mut Shell) -> Option<Effect> {
        let now = shell.now.timestamp();
        if !self.categories.is_empty() && self.fetched.is_some_and(|then| are_fresh(then, now)) {
            return None;
        }
        let request = shell.request();
        self.query = Some(request);
        Some(Effect::Load {
            request,
            query: Query::Categories,
        })
    }

    /// Has the next [`Catalog::load`] query the categories, however fresh they are.
    pub(super) const fn expire(&mut self) {
        self.fetched = None;
    }

    /// Takes the categories; returns whether they have changed.
    pub(super) fn loaded(&mut self, categories: Vec<Category>, shell: &Shell) -> bool {
        self.failure = None;
        self.fetched = Some(shell.now.timestamp());
        let have_changed = self.categories != categories;
        self.categories = categories;
        have_changed
    }

    /// A query has failed, if it was one of the categories; known ones stay in use.
    pub(super) fn failed(&mut self, request: Request, failure: &Failure) {
        if self.query.take_if(|query| *query == request).is_some() {
            self.failure = Some(failure.clone());
        }
    }
}
