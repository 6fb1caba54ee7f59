//! The result of an execution: data, errors, and side effects of resolvers.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::{bounds::MAX_RESPONSE_BYTES, errors::request_error, headers::Headers, resolver::Invalidation};

/// The result of an execution.
pub(super) struct ExecutionResult {
    /// `data` of the response or error.
    pub(super) data: Value,
    pub(super) errors: Vec<Value>,
    pub(super) side_effects: SideEffects,
}

/// Side effects of resolvers.
#[derive(Debug, Default)]
pub(super) struct SideEffects {
    /// Set by `extensions.setSubscriptionFilter`.
    pub(super) filter: Option<Value>,
    /// Set by `extensions.setSubscriptionInvalidationFilter`.
    pub(super) invalidation_filter: Option<Value>,
    /// Added by `extensions.invalidateSubscriptions`.
    pub(super) invalidations: Vec<Invalidation>,
    /// Added by `util.http.addResponseHeader`.
    pub(super) headers: Headers,
}

impl ExecutionResult {
    /// The result of an operation whose response exceeds [`MAX_RESPONSE_BYTES`].
    pub(super) fn too_large() -> Self {
        Self::of_body(too_large())
    }

    /// The result with a body's errors and no data.
    pub(super) fn of_body(mut body: Value) -> Self {
        let errors = body.get_mut("errors").map(Value::take);
        let errors = match errors {
            Some(Value::Array(errors)) => errors,
            _ => Vec::new(),
        };
        Self {
            data: Value::Null,
            errors,
            side_effects: SideEffects::default(),
        }
    }

    /// The errors as JSON values.
    pub(super) fn errors(&self) -> &[Value] {
        &self.errors
    }

    /// The response's body; without errors, `errors` is absent.
    pub(super) fn into_body(self) -> Value {
        let mut body = Map::from_iter([("data".to_owned(), self.data)]);
        if !self.errors.is_empty() {
            body.insert("errors".to_owned(), Value::Array(self.errors));
        }
        Value::Object(body)
    }

    /// The body of an HTTP response: an error if it exceeds [`MAX_RESPONSE_BYTES`].
    pub(super) fn into_bounded_body(self) -> Value {
        let body = self.into_body();
        if is_larger(&body, MAX_RESPONSE_BYTES) {
            too_large()
        } else {
            body
        }
    }
}

/// AppSync documents neither the error's type nor its message.
fn too_large() -> Value {
    let message = "The response is larger than 5 MB. Request fewer items or fewer fields.";
    request_error(message, Some("BadRequest"), &[])
}

/// Whether a value's JSON has more than `most` bytes.
fn is_larger(value: &Value, most: usize) -> bool {
    let mut budget = ByteBudget(most);
    // Writing fails when the budget is spent.
    serde_json::to_writer(&mut budget, value).is_err()
}

/// A writer that discards bytes and fails when its budget is spent.
struct ByteBudget(usize);

impl Write for ByteBudget {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self
            .0
            .checked_sub(bytes.len())
            .ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
