//! AppSync: the deployed schema and resolvers, executed; subscriptions, published.

mod bounds;
mod documents;
mod errors;
mod execute;
mod headers;
pub mod identity;
mod introspection;
mod outcome;
pub mod realtime;
pub mod resolver;
mod response_size;
mod scalars;
mod schema;
mod selection;
#[cfg(test)]
pub(crate) mod tests;
mod validation;
mod values;
mod variables;
mod walk;

use std::{collections::BTreeMap, sync::Arc};

use apollo_compiler::{
    ExecutableDocument, Name, executable::Operation, response::JsonMap, validation::Valid,
};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

pub use self::schema::SchemaError;
use self::{
    documents::{Documents, ParseError, too_much},
    errors::request_error,
    execute::{Execution, Root},
    identity::Identity,
    realtime::Hub,
    resolver::{Invalidation, Resolvers},
    schema::Api,
};

/// One GraphQL request.
#[derive(Debug, Clone, Default)]
pub struct GraphQlRequest {
    /// The document.
    pub query: String,
    /// Variables by name.
    pub variables: Map<String, Value>,
    /// Which operation of the document, where it has several.
    pub operation_name: Option<String>,
}

/// How the API is configured: what CloudFormation's `AWS::AppSync::GraphQLApi` says of what may be executed. The limits are the
/// deployed API's by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiSettings {
    /// `IntrospectionConfig`: whether clients may ask for the types. A deployed API doesn't tell them unless its stack says so; the
    /// box does, since tools on one's own computer want to know.
    pub introspection: bool,
    /// `QueryDepthLimit`: levels of fields, those without a selection included.
    pub query_depth_limit: usize,
    /// `ResolverCountLimit`: resolvers per request.
    pub resolver_count_limit: usize,
}

impl Default for ApiSettings {
    fn default() -> Self {
        Self {
            introspection: true,
            query_depth_limit: 10,
            resolver_count_limit: 100,
        }
    }
}

/// Who asks, and with which HTTP headers (lower-case names).
#[derive(Debug, Clone)]
pub struct Caller {
    /// Authenticated.
    pub identity: Identity,
    /// `ctx.request.headers`.
    pub headers: Map<String, Value>,
}

/// The document is no GraphQL: AppSync answers with HTTP 400.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Unable to parse GraphQL query.")]
pub struct Unparsable;

/// The API. Clones share it.
#[derive(Debug, Clone)]
pub struct AppSync {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    api: Api,
    documents: Documents,
    resolvers: Resolvers,
    hub: Hub,
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The response's body.
    pub body: Value,
    /// Headers that resolvers set, in lower case.
    pub headers: BTreeMap<String, String>,
}

impl Answer {
    fn of(body: Value) -> Self {
        Self {
            body,
            headers: BTreeMap::new(),
        }
    }
}

/// An operation that is ready to run.
struct Prepared {
    document: Arc<Valid<ExecutableDocument>>,
    operation_name: Option<String>,
    variables: Valid<JsonMap>,
}

impl Prepared {
    fn operation(&self) -> Option<&Operation> {
        self.document
            .operations
            .get(self.operation_name.as_deref())
            .ok()
            .map(|operation| &**operation)
    }
}

impl AppSync {
    /// The API of `graphql/schema.graphql`.
    ///
    /// # Errors
    ///
    /// [`SchemaError`] where the schema is not valid.
    pub fn new(resolvers: Resolvers, settings: ApiSettings) -> Result<Self, SchemaError> {
        let api = Api::embedded(settings)?;
        Ok(Self {
            inner: Arc::new(Inner {
                api,
                documents: Documents::new(),
                resolvers,
                hub: Hub::new(),
            }),
        })
    }

    /// Closes every WebSocket, so that clients connect to the next host.
    pub fn end_sockets(&self) {
        self.inner.hub.end();
    }

    /// Executes a query or mutation and publishes what subscribers wait for.
    ///
    /// # Errors
    ///
    /// [`Unparsable`] where the document is no GraphQL. All else is told in the body, as AppSync does with HTTP 200.
    pub async fn execute(&self, request: &GraphQlRequest, caller: &Caller) -> Result<Answer, Unparsable> {
        let prepared = match self.prepare(request, &caller.headers) {
            Ok(prepared) => prepared,
            Err(ParseError::Syntax) => return Err(Unparsable),
            Err(ParseError::Invalid(body)) => return Ok(Answer::of(body)),
        };
        let Some(operation) = prepared.operation() else {
            return Err(Unparsable);
        };
        if operation.is_subscription() {
            let message = "Subscriptions are served over the real-time endpoint.";
            return Ok(Answer::of(request_error(
                message,
                Some("UnsupportedOperation"),
                &[],
            )));
        }
        let execution = Execution::new(&self.inner.api, Some(&self.inner.resolvers), caller, &prepared);
        let mut outcome = execution.run(operation, Root::Empty).await;
        if operation.is_mutation() {
            self.publish(&prepared, operation, &outcome.data).await;
        }
        for Invalidation {
            subscription_field,
            payload,
        } in std::mem::take(&mut outcome.asides.invalidations)
        {
            self.inner.hub.invalidate(&subscription_field, &payload);
        }
        Ok(Answer {
            headers: std::mem::take(&mut outcome.asides.headers).into_map(),
            body: outcome.into_bounded_body(),
        })
    }

    /// Parses, validates, fits the variables to their types, and looks whether it asks for too much.
    fn prepare(
        &self,
        request: &GraphQlRequest,
        headers: &Map<String, Value>,
    ) -> Result<Prepared, ParseError> {
        let document = self.inner.documents.get(&self.inner.api, &request.query)?;
        // An empty name counts as absent.
        let operation_name = request.operation_name.as_deref().filter(|name| !name.is_empty());
        let operation = document.operations.get(operation_name).map_err(|_| {
            let message = operation_name.map_or_else(
                || "Must provide operation name if query contains multiple operations.".to_owned(),
                |name| format!("Unknown operation named '{name}'."),
            );
            ParseError::Invalid(request_error(&message, None, &[]))
        })?;
        let variables = variables::coerced(&self.inner.api.schema, &document, operation, &request.variables)
            .map_err(ParseError::Invalid)?;
        bounds::check(&document, operation, &variables, headers).map_err(|message| too_much(&message))?;
        Ok(Prepared {
            document,
            operation_name: operation_name.map(str::to_owned),
            variables,
        })
    }

    /// Tells the subscribers of each mutation field that succeeded.
    async fn publish(&self, prepared: &Prepared, operation: &Operation, data: &Value) {
        // A field that is selected twice under one key is one field, with all that was selected of it.
        let mut results: IndexMap<&Name, (&Name, Map<String, Value>)> = IndexMap::new();
        for field in operation.root_fields(&prepared.document) {
            let result = data.get(field.response_key().as_str());
            if let Some(result) = result.filter(|value| value.is_object()) {
                // What the mutation did not select is null for subscribers.
                let named = selection::without_aliases(&prepared.document, &field.selection_set, result);
                let (_, payload) = results
                    .entry(field.response_key())
                    .or_insert_with(|| (&field.name, Map::new()));
                payload.extend(named.as_object().cloned().unwrap_or_default());
            }
        }
        for (field, payload) in results.into_values() {
            let payload = Value::Object(payload);
            for subscription in self
                .inner
                .api
                .subscriptions_of(field.as_str())
                .into_iter()
                .flatten()
            {
                self.deliver(subscription, &payload).await;
            }
        }
    }

    async fn deliver(&self, field: &str, payload: &Value) {
        for subscriber in self.inner.hub.matching(field, payload) {
            let execution = Execution::new(&self.inner.api, None, &subscriber.caller, &subscriber.prepared);
            let Some(operation) = subscriber.prepared.operation() else {
                continue;
            };
            let event = json!({ field: payload });
            let body = execution.run(operation, Root::Event(event)).await.into_body();
            subscriber.send(&body);
        }
    }
}
