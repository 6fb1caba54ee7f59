//! The API: executes requests, and publishes mutations to subscribers.

use std::sync::Arc;

use apollo_compiler::{Name, executable::Operation};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::{
    bounds,
    documents::{Documents, ParseError},
    errors::{request_error, too_much},
    execute::Root,
    execution::Execution,
    realtime::Hub,
    request::{Caller, GraphQlRequest, GraphQlResponse, Prepared, Unparsable},
    resolver::{Invalidation, Resolvers},
    schema::{Api, SchemaError},
    selection,
    settings::ApiSettings,
    variables,
};

/// The API. Clones share it.
#[derive(Debug, Clone)]
pub struct AppSync {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) api: Api,
    documents: Documents,
    pub(crate) resolvers: Resolvers,
    pub(crate) hub: Hub,
}

impl AppSync {
    /// The API of `graphql/schema.graphql`.
    ///
    /// # Errors
    ///
    /// [`SchemaError`] if the schema is invalid.
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

    /// Closes all sockets, so that clients connect to the next host.
    pub fn end_sockets(&self) {
        self.inner.hub.end();
    }

    /// Executes a query or mutation, and publishes mutations to subscribers.
    ///
    /// # Errors
    ///
    /// [`Unparsable`] if the document is no GraphQL. Other errors are in the body, as with AppSync's HTTP 200.
    pub async fn execute(
        &self,
        request: &GraphQlRequest,
        caller: &Caller,
    ) -> Result<GraphQlResponse, Unparsable> {
        let prepared = match self.prepare(request, &caller.headers) {
            Ok(prepared) => prepared,
            Err(ParseError::Syntax) => return Err(Unparsable),
            Err(ParseError::Invalid(body)) => return Ok(GraphQlResponse::of(body)),
        };
        let Some(operation) = prepared.operation() else {
            return Err(Unparsable);
        };
        if operation.is_subscription() {
            let message = "Subscriptions are served over the real-time endpoint.";
            return Ok(GraphQlResponse::of(request_error(
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
        } in std::mem::take(&mut outcome.side_effects.invalidations)
        {
            self.inner.hub.invalidate(&subscription_field, &payload);
        }
        Ok(GraphQlResponse {
            headers: std::mem::take(&mut outcome.side_effects.headers).into_map(),
            body: outcome.into_bounded_body(),
        })
    }

    /// Parses and validates a request, coerces its variables, and checks the bounds.
    pub(crate) fn prepare(
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
        bounds::check(&document, operation, &variables, headers)
            .map_err(|message| ParseError::Invalid(too_much(&message)))?;
        Ok(Prepared {
            document,
            operation_name: operation_name.map(str::to_owned),
            variables,
        })
    }

    /// Publishes each successful mutation field to its subscribers.
    async fn publish(&self, prepared: &Prepared, operation: &Operation, data: &Value) {
        // A field that is selected twice under one key is one field with both selections.
        let mut results: IndexMap<&Name, (&Name, Map<String, Value>)> = IndexMap::new();
        for field in operation.root_fields(&prepared.document) {
            let result = data.get(field.response_key().as_str());
            if let Some(result) = result.filter(|value| value.is_object()) {
                // Fields that the mutation did not select are null for subscribers.
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
