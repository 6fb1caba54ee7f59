//! Errors in AppSync's shape: `errorType`, `errorInfo` and `data` stand beside `message`, not under `extensions`.

use std::fmt;

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

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Step {
    /// A response key.
    Key(String),
    /// A place in a list.
    Index(usize),
}

/// A place in the response.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Path(Vec<Step>);

impl Path {
    pub(super) fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    fn to_json(&self) -> Value {
        let steps = self.0.iter().map(|step| match step {
            Step::Key(key) => Value::from(key.as_str()),
            Step::Index(index) => Value::from(*index),
        });
        steps.collect()
    }
}

impl From<&[ResponseDataPathSegment]> for Path {
    fn from(path: &[ResponseDataPathSegment]) -> Self {
        let steps = path.iter().map(|segment| match segment {
            ResponseDataPathSegment::Field(name) => Step::Key(name.to_string()),
            ResponseDataPathSegment::ListIndex(index) => Step::Index(*index),
        });
        Self(steps.collect())
    }
}

/// As graphql-java writes it in messages: `/listActivities/items[0]/type`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|step| match step {
            Step::Key(key) => write!(f, "/{key}"),
            Step::Index(index) => write!(f, "[{index}]"),
        })
    }
}

/// What went wrong at one place of the response.
#[derive(Debug, Clone)]
pub(super) enum Failure {
    /// A field's resolver failed, or the field may not be seen.
    Field {
        path: Path,
        error: ResolverError,
        locations: Vec<Location>,
    },
    /// A value is not what its type wants: AppSync tells path and message, with `"locations": null` and no type of error.
    Value { path: Path, message: String },
}

impl Failure {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Field { path, .. } | Self::Value { path, .. } => path,
        }
    }

    /// Bytes of its JSON, roughly.
    pub(super) fn bytes(&self) -> usize {
        const MEMBERS: usize = 100;
        let message = match self {
            Self::Field { error, .. } => error.message.len(),
            Self::Value { message, .. } => message.len(),
        };
        MEMBERS + 10 * self.path().0.len() + message
    }

    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::Field {
                path,
                error,
                locations,
            } => json!({
                "path": path.to_json(),
                "data": error.data,
                "errorType": error.error_type,
                "errorInfo": error.info,
                "locations": locations.iter().map(|at| at.to_json()).collect::<Vec<_>>(),
                "message": error.message,
            }),
            Self::Value { path, message } => {
                json!({ "path": path.to_json(), "locations": null, "message": message })
            }
        }
    }
}

/// The error of a caller who may not see a field.
pub(super) fn not_authorized(parent_type: &str, field: &str) -> ResolverError {
    let message = format!("Not Authorized to access {field} on type {parent_type}");
    ResolverError::of(&message, Some("Unauthorized"))
}

/// The error of a field beyond one of the API's limits. AppSync's words for it are not known, its types are.
pub(super) fn limit_reached(error_type: &str, what: &str, limit: usize) -> ResolverError {
    ResolverError::of(&format!("{what} limit of {limit} reached."), Some(error_type))
}

/// Characters of a message. Messages quote what was sent, which may be long, and there may be a hundred of them.
pub(super) const LONGEST_MESSAGE: usize = 1_000;

/// The body of a request that was not executed. Without a place its `locations` are null.
pub(super) fn request_error(message: &str, error_type: Option<&str>, locations: &[Location]) -> Value {
    let locations: Option<Vec<Value>> =
        (!locations.is_empty()).then(|| locations.iter().map(|at| at.to_json()).collect());
    let message: String = message.chars().take(LONGEST_MESSAGE).collect();
    let mut error = json!({ "path": null, "locations": locations, "message": message });
    if let (Some(error), Some(kind)) = (error.as_object_mut(), error_type) {
        error.insert("errorType".to_owned(), Value::from(kind));
    }
    json!({ "data": null, "errors": [error] })
}
