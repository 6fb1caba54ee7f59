//! What an execution came to: data, errors, and what resolvers asked for besides.

use serde_json::{Value, json};

use super::{headers::Headers, resolver::Invalidation};

/// What an execution came to.
pub(super) struct Outcome {
    /// `data`.
    pub(super) data: Value,
    pub(super) errors: Vec<Value>,
    pub(super) asides: Asides,
}

/// What resolvers asked for besides their values.
#[derive(Debug, Default)]
pub(super) struct Asides {
    /// By `extensions.setSubscriptionFilter`.
    pub(super) filter: Option<Value>,
    /// By `extensions.setSubscriptionInvalidationFilter`.
    pub(super) invalidation_filter: Option<Value>,
    /// By `extensions.invalidateSubscriptions`.
    pub(super) invalidations: Vec<Invalidation>,
    /// By `util.http.addResponseHeader`.
    pub(super) headers: Headers,
}

impl Outcome {
    /// The first error, where there is any.
    pub(super) fn errors(&self) -> &[Value] {
        &self.errors
    }

    /// The response's body; `errors` is absent where there were none.
    pub(super) fn into_body(self) -> Value {
        if self.errors.is_empty() {
            json!({ "data": self.data })
        } else {
            json!({ "data": self.data, "errors": self.errors })
        }
    }
}
