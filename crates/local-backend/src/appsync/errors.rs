//! Errors in AppSync's shape: `errorType`, `errorInfo` and `data` stand beside `message`, not under `extensions`.

use apollo_compiler::{parser::LineColumn, response::ResponseDataPathSegment};
use serde_json::{Value, json};

use super::resolver::ResolverError;

/// Where in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Location {
    line: usize,
    column: usize,
}

impl From<&LineColumn> for Location {
    fn from(at: &LineColumn) -> Self {
        Self {
            line: at.line,
            column: at.column,
        }
    }
}

impl Location {
    fn to_json(self) -> Value {
        json!({ "line": self.line, "column": self.column, "sourceName": null })
    }
}

/// An error of one field.
#[derive(Debug, Clone)]
pub(super) struct FieldFailure {
    pub(super) path: Vec<Value>,
    pub(super) error: ResolverError,
    pub(super) locations: Vec<Location>,
}

impl FieldFailure {
    pub(super) fn to_json(&self) -> Value {
        json!({
            "path": self.path,
            "data": self.error.data,
            "errorType": self.error.error_type,
            "errorInfo": self.error.info,
            "locations": self.locations.iter().map(|at| at.to_json()).collect::<Vec<_>>(),
            "message": self.error.message,
        })
    }
}

/// The error of a caller who may not see a field.
pub(super) fn not_authorized(parent_type: &str, field: &str) -> ResolverError {
    ResolverError {
        message: format!("Not Authorized to access {field} on type {parent_type}"),
        error_type: Some("Unauthorized".to_owned()),
        data: Value::Null,
        info: Value::Null,
    }
}

/// The error of a field beyond one of the API's limits. AppSync's words for it are not known, its types are.
pub(super) fn limit_reached(error_type: &str, what: &str, limit: usize) -> ResolverError {
    ResolverError {
        message: format!("{what} limit of {limit} reached."),
        error_type: Some(error_type.to_owned()),
        data: Value::Null,
        info: Value::Null,
    }
}

/// Characters of a message. Messages quote what was sent, which may be long, and there may be a hundred of them.
const LONGEST_MESSAGE: usize = 1_000;

/// The body of a request that was not executed.
pub(super) fn request_error(message: &str, error_type: Option<&str>, locations: &[Location]) -> Value {
    let locations: Vec<Value> = locations.iter().map(|at| at.to_json()).collect();
    let message: String = message.chars().take(LONGEST_MESSAGE).collect();
    let mut error = json!({ "path": null, "locations": locations, "message": message });
    if let (Some(error), Some(kind)) = (error.as_object_mut(), error_type) {
        error.insert("errorType".to_owned(), Value::from(kind));
    }
    json!({ "data": null, "errors": [error] })
}

/// A path's JSON.
pub(super) fn path_json(path: &[ResponseDataPathSegment]) -> Vec<Value> {
    path.iter()
        .map(|segment| match segment {
            ResponseDataPathSegment::Field(name) => Value::from(name.as_str()),
            ResponseDataPathSegment::ListIndex(index) => Value::from(*index),
        })
        .collect()
}
