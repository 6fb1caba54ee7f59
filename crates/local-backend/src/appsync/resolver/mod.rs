//! Runs `graphql/resolvers/<Type>.<field>.js`.

mod batches;
mod catalog;
mod datasource;
mod failure;
mod java_time;
mod natives;
mod run;
#[cfg(test)]
mod tests;
mod token;
mod typed;
mod worker;
mod xml;

use std::{collections::BTreeMap, sync::Arc};

use serde::Deserialize;
use serde_json::{Map, Value};

use self::{
    catalog::{Catalog, Kind},
    datasource::DynamoSource,
    run::Run,
    token::Tokens,
    worker::Worker,
};
use crate::dynamodb::Tables;

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
    /// An error with neither data nor info.
    pub(in crate::appsync) fn of(message: &str, error_type: Option<&str>) -> Self {
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

/// All resolvers, compiled. Clones share them.
#[derive(Debug, Clone)]
pub struct Resolvers {
    kinds: Arc<BTreeMap<String, Kind>>,
    below_roots: bool,
    worker: Worker,
    tables: DynamoSource,
}

impl Resolvers {
    /// Compiles the resolvers that are built in; page tokens are good wherever the secret is the same. Blocks for some
    /// milliseconds.
    ///
    /// # Errors
    ///
    /// [`LoadError`] where one of them can't be used.
    pub fn load(tables: &Tables, secret: &str) -> Result<Self, LoadError> {
        Self::of(Catalog::embedded()?, tables, Tokens::of(secret))
    }

    /// The built-in ones with others in their place: fields and code.
    #[cfg(test)]
    pub(crate) fn with(tables: &Tables, others: &[(&str, &str)]) -> Result<Self, LoadError> {
        let others: Vec<(String, String)> = others
            .iter()
            .map(|(field, code)| ((*field).to_owned(), (*code).to_owned()))
            .collect();
        let mut catalog = Catalog::embedded()?;
        let Catalog { modules, kinds } = Catalog::of(&others, &[])?;
        catalog.modules.extend(modules);
        catalog.kinds.extend(kinds);
        Self::of(catalog, tables, Tokens::of("a test's"))
    }

    fn of(catalog: Catalog, tables: &Tables, tokens: Tokens) -> Result<Self, LoadError> {
        let is_root = |field: &String| {
            let parent = field.split('.').next().unwrap_or_default();
            ["Query", "Mutation", "Subscription"].contains(&parent)
        };
        Ok(Self {
            below_roots: !catalog.kinds.keys().all(is_root),
            kinds: Arc::new(catalog.kinds),
            worker: Worker::start(catalog.modules)?,
            tables: DynamoSource::new(tables, tokens),
        })
    }

    /// Whether a field has a resolver; without one its value comes from the parent.
    pub fn has(&self, parent_type: &str, field: &str) -> bool {
        self.kinds.contains_key(&format!("{parent_type}.{field}"))
    }

    /// Whether any field below those of the root types has a resolver.
    pub(in crate::appsync) fn below_roots(&self) -> bool {
        self.below_roots
    }

    /// Resolves a field.
    ///
    /// # Errors
    ///
    /// What the resolver's code raised by `util.error` or `util.unauthorized`, or `Runtime Error` (type `Code`) where it broke.
    pub async fn run(&self, context: FieldContext) -> Result<Resolved, ResolverError> {
        let module = format!("{}.{}", context.parent_type, context.field);
        let Some(kind) = self.kinds.get(&module) else {
            return Ok(Resolved::default());
        };
        Run::new(&self.worker, &self.tables, context)
            .resolve(&module, kind)
            .await
    }
}
