//! What an execution came to: data, errors, and what resolvers asked for besides.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::{bounds::LARGEST_ANSWER, errors::request_error, headers::Headers, resolver::Invalidation};

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
    /// An answer that AppSync would not give: it is larger than 5 MB.
    pub(super) fn too_large() -> Self {
        Self::of_body(too_large())
    }

    /// The errors of a body without data.
    pub(super) fn of_body(mut body: Value) -> Self {
        let errors = body.get_mut("errors").map(Value::take);
        let errors = match errors {
            Some(Value::Array(errors)) => errors,
            _ => Vec::new(),
        };
        Self {
            data: Value::Null,
            errors,
            asides: Asides::default(),
        }
    }

    /// The errors, as they are told.
    pub(super) fn errors(&self) -> &[Value] {
        &self.errors
    }

    /// The response's body; `errors` is absent where there were none.
    pub(super) fn into_body(self) -> Value {
        let mut body = Map::from_iter([("data".to_owned(), self.data)]);
        if !self.errors.is_empty() {
            body.insert("errors".to_owned(), Value::Array(self.errors));
        }
        Value::Object(body)
    }

    /// The body of an answer over HTTP: an error where it is larger than AppSync's are.
    pub(super) fn into_answer(self) -> Value {
        let body = self.into_body();
        if is_larger(&body, LARGEST_ANSWER) {
            too_large()
        } else {
            body
        }
    }
}

/// What AppSync answers with instead is not documented. This tells what to do.
fn too_large() -> Value {
    let message =
        "The answer is larger than 5 MB. Ask for fewer items at once, or for fewer of their fields.";
    request_error(message, Some("BadRequest"), &[])
}

/// Whether a value's JSON has more bytes than this.
fn is_larger(value: &Value, most: usize) -> bool {
    let mut left = Left(most);
    // It fails where there is no room left.
    serde_json::to_writer(&mut left, value).is_err()
}

/// Room for so many bytes, which are not kept.
struct Left(usize);

impl Write for Left {
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
