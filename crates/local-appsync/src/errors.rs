//! Errors in AppSync's shape: `errorType`, `errorInfo` and `data` are beside `message`, not under `extensions`.

use std::fmt;

use apollo_compiler::{
    parser::{LineColumn, SourceMap, SourceSpan},
    response::ResponseDataPathSegment,
};
use serde_json::{Value, json};

use super::resolver::ResolverError;

/// A position in the document, from 1.
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
    /// The start of a span. Columns count characters as in graphql-java; apollo-compiler counts bytes.
    pub(super) fn of(span: SourceSpan, sources: &SourceMap) -> Option<Self> {
        let LineColumn { line, column } = span.line_column(sources)?;
        let end = span.offset();
        let start = end.checked_sub(column - 1)?;
        let before = sources.get(&span.file_id())?.source_text().get(start..end)?;
        Some(Self {
            line,
            column: before.chars().count() + 1,
        })
    }

    fn to_json(self) -> Value {
        json!({ "line": self.line, "column": self.column, "sourceName": null })
    }
}

/// One segment of a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum PathSegment {
    /// A response key of an object.
    Key(String),
    /// An index of a list.
    Index(usize),
}

/// A path into the response.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Path(Vec<PathSegment>);

impl Path {
    pub(super) fn push(&mut self, step: PathSegment) {
        self.0.push(step);
    }

    fn to_json(&self) -> Value {
        let steps = self.0.iter().map(|step| match step {
            PathSegment::Key(key) => Value::from(key.as_str()),
            PathSegment::Index(index) => Value::from(*index),
        });
        steps.collect()
    }
}

impl From<&[ResponseDataPathSegment]> for Path {
    fn from(path: &[ResponseDataPathSegment]) -> Self {
        let steps = path.iter().map(|segment| match segment {
            ResponseDataPathSegment::Field(name) => PathSegment::Key(name.to_string()),
            ResponseDataPathSegment::ListIndex(index) => PathSegment::Index(*index),
        });
        Self(steps.collect())
    }
}

/// As graphql-java writes it in messages: `/listActivities/items[0]/type`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|step| match step {
            PathSegment::Key(key) => write!(f, "/{key}"),
            PathSegment::Index(index) => write!(f, "[{index}]"),
        })
    }
}

/// An error at one path of the response.
#[derive(Debug, Clone)]
pub(super) enum ExecutionError {
    /// A field that could not be resolved.
    Field {
        path: Path,
        error: ResolverError,
        locations: Vec<Location>,
    },
    /// A value that doesn't match its type. AppSync reports it with `"locations": null` and without an `errorType`.
    Value { path: Path, message: String },
}

impl ExecutionError {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Field { path, .. } | Self::Value { path, .. } => path,
        }
    }

    /// Estimated bytes of its JSON.
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

/// The error of a field beyond one of the API's limits. AppSync documents the error types, but not the messages.
pub(super) fn limit_reached(error_type: &str, what: &str, limit: usize) -> ResolverError {
    ResolverError::of(&format!("{what} limit of {limit} reached."), Some(error_type))
}

/// Maximum characters of a message. Messages quote the request, which can be long, and a response can have a hundred.
pub(super) const LONGEST_MESSAGE: usize = 1_000;

/// The body of a request that was not executed. Empty `locations` become null.
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

/// The body of a request that exceeds one of the [`bounds`](crate::bounds).
pub(super) fn too_much(message: &str) -> Value {
    request_error(message, Some("BadRequest"), &[])
}

/// The response to an invalid document, from messages and locations. AppSync's validation errors have no `errorType`.
pub(super) fn validation_errors(mut errors: impl Iterator<Item = (String, Vec<Location>)>) -> Value {
    let Some((message, locations)) = errors.next() else {
        return request_error("Validation error", None, &[]);
    };
    let mut body = request_error(&message, None, &locations);
    if let Some(list) = body.get_mut("errors").and_then(Value::as_array_mut) {
        for (message, locations) in errors {
            let mut more = request_error(&message, None, &locations);
            if let Some(one) = more.get_mut("errors").and_then(Value::as_array_mut) {
                list.append(one);
            }
        }
    }
    body
}
