//! The inputs and results of a resolver.

use serde::Deserialize;
use serde_json::{Map, Value};

/// The call of a resolver: the part of `ctx` that comes from GraphQL's execution.
#[derive(Debug, Clone, Default)]
pub struct FieldContext {
    /// The parent type: `Query`, `Mutation`, `Subscription` or an object type.
    pub parent_type: String,
    /// The field of the parent type.
    pub field: String,
    /// `ctx.args`: an omitted argument is absent, an explicit null is null.
    pub arguments: Map<String, Value>,
    /// `ctx.identity`
    pub identity: Value,
    /// The caller's unique key, by which callers take turns and page tokens are bound.
    pub caller: String,
    /// `util.authType()`: `User Pool Authorization` or `IAM Authorization`.
    pub auth_type: &'static str,
    /// `ctx.source`: the parent object, null at the root.
    pub source: Value,
    /// `ctx.request.headers`, by name in lower case.
    pub headers: Map<String, Value>,
    /// `ctx.info.variables`: the coerced variables by name.
    pub variables: Map<String, Value>,
    /// `ctx.info.selectionSetList`: the paths of the selected fields.
    pub selection_set_list: Vec<String>,
    /// `ctx.info.selectionSetGraphQL`: the selection as text.
    pub selection_set_graphql: String,
}

/// The result of a resolver.
#[derive(Debug, Clone, Default)]
pub struct Resolved {
    /// The value of the field.
    pub value: Value,
    /// Errors by `util.appendError`, beside the value.
    pub appended: Vec<ResolverError>,
    /// The filter by `extensions.setSubscriptionFilter`: `{"filterGroup": [...]}`.
    pub subscription_filter: Option<Value>,
    /// Set by `extensions.setSubscriptionInvalidationFilter`.
    pub invalidation_filter: Option<Value>,
    /// Added by `extensions.invalidateSubscriptions`.
    pub invalidations: Vec<Invalidation>,
    /// Headers by `util.http.addResponseHeader`, in call order, with names in lower case.
    pub response_headers: Vec<(String, String)>,
}

/// The end of subscriptions: those of a field whose invalidation filter the payload passes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invalidation {
    /// The field of `Subscription`.
    pub subscription_field: String,
    /// The payload that filters are applied to.
    #[serde(default)]
    pub payload: Value,
}

/// An error of `util.error`, of a data source, or of the code itself.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct ResolverError {
    /// The message for people.
    pub message: String,
    /// `errorType`; none if the code gave none.
    pub error_type: Option<String>,
    /// `data` of the response or error.
    pub data: Value,
    /// `errorInfo` of the error.
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

/// A resolver can't be compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("resolver {file}: {reason}")]
pub struct LoadError {
    /// The resolver or function, by name.
    pub file: String,
    /// Why it can't be compiled.
    pub reason: String,
}
