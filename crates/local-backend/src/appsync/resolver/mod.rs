//! Runs `graphql/resolvers/<Type>.<field>.js`.

use serde_json::{Map, Value};

/// What a resolver is called with: the part of `ctx` that comes from GraphQL's execution.
#[derive(Debug, Clone)]
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
