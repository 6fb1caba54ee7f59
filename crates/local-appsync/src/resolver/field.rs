//! What a resolver is called with, and what comes of it.

use caltrack_resolvers::FileError;
use serde::Deserialize;
use serde_json::{Map, Value};

/// What a resolver is called with: the part of `ctx` that comes from GraphQL's execution.
#[derive(Debug, Clone, Default)]
pub struct FieldContext {
    /// `Query`, `Mutation`, `Subscription` or an object type.
    pub parent_type: String,
    /// The field.
    pub field: String,
    /// `ctx.args`: an omitted argument is absent, an explicit null is null.
    pub arguments: Map<String, Value>,
    /// `ctx.identity`.
    pub identity: Value,
    /// `util.authType()`.
    pub auth_type: &'static str,
    /// `ctx.source`: the parent object, null at the root.
    pub source: Value,
    /// `ctx.request.headers`, lower-cased.
    pub headers: Map<String, Value>,
    /// `ctx.info.variables`.
    pub variables: Map<String, Value>,
    /// `ctx.info.selectionSetList`.
    pub selection_set_list: Vec<String>,
    /// `ctx.info.selectionSetGraphQL`.
    pub selection_set_graphql: String,
}

/// What a resolver answered.
#[derive(Debug, Clone, Default)]
pub struct Resolved {
    /// The field's value.
    pub value: Value,
    /// By `util.appendError`.
    pub appended: Vec<ResolverError>,
    /// By `extensions.setSubscriptionFilter`: `{"filterGroup": [...]}`.
    pub subscription_filter: Option<Value>,
    /// By `extensions.setSubscriptionInvalidationFilter`.
    pub invalidation_filter: Option<Value>,
    /// By `extensions.invalidateSubscriptions`.
    pub invalidations: Vec<Invalidation>,
    /// By `util.http.addResponseHeader`, in its order, names in lower case.
    pub response_headers: Vec<(String, String)>,
}

/// Which subscriptions end: those of a field whose invalidation filter the payload passes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invalidation {
    /// A field of `Subscription`.
    pub subscription_field: String,
    /// What the filter looks at.
    #[serde(default)]
    pub payload: Value,
}

/// An error of `util.error`, of a data source, or of the code itself.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct ResolverError {
    /// For people.
    pub message: String,
    /// `errorType`; null where none was given.
    pub error_type: Option<String>,
    /// `data`.
    pub data: Value,
    /// `errorInfo`.
    pub info: Value,
}

impl ResolverError {
    /// The error of a caller who may not see a field, as `util.unauthorized` raises it.
    pub(crate) fn not_authorized(parent_type: &str, field: &str) -> Self {
        let message = format!("Not Authorized to access {field} on type {parent_type}");
        Self::of(&message, Some("Unauthorized"))
    }

    /// An error without data and info.
    pub(crate) fn of(message: &str, error_type: Option<&str>) -> Self {
        Self {
            message: message.to_owned(),
            error_type: error_type.map(str::to_owned),
            data: Value::Null,
            info: Value::Null,
        }
    }
}

/// A resolver that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("resolver {file}: {reason}")]
pub struct LoadError {
    /// Which one.
    pub file: String,
    /// What is wrong with it.
    pub reason: String,
}

impl From<FileError> for LoadError {
    fn from(error: FileError) -> Self {
        Self {
            file: error.file,
            reason: error.reason,
        }
    }
}
