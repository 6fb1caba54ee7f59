//! Requests and responses of the API.

use std::{collections::BTreeMap, sync::Arc};

use apollo_compiler::{ExecutableDocument, executable::Operation, response::JsonMap, validation::Valid};
use caltrack_local_core::identity::Identity;
use serde_json::{Map, Value};

/// The body of a request to `/graphql`.
#[derive(Debug, Clone, Default)]
pub struct GraphQlRequest {
    /// The GraphQL document, at most 1 MB with its request.
    pub query: String,
    /// The variables by name, not yet coerced.
    pub variables: Map<String, Value>,
    /// The name of the operation to execute, if the document has several.
    pub operation_name: Option<String>,
}

/// The caller of a request, with its HTTP headers.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The identity that the token or signature proves.
    pub identity: Identity,
    /// The headers by name in lower case: `ctx.request.headers`.
    pub headers: Map<String, Value>,
}

/// The document is no GraphQL: AppSync responds with HTTP 400.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Unable to parse GraphQL query.")]
pub struct Unparsable;

/// The response to a request.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphQlResponse {
    /// The body: `data` and `errors`.
    pub body: Value,
    /// Headers that resolvers added, by name in lower case.
    pub headers: BTreeMap<String, String>,
}

impl GraphQlResponse {
    pub(crate) fn of(body: Value) -> Self {
        Self {
            body,
            headers: BTreeMap::new(),
        }
    }
}

/// A validated operation with coerced variables.
pub(crate) struct Prepared {
    pub(crate) document: Arc<Valid<ExecutableDocument>>,
    pub(crate) operation_name: Option<String>,
    pub(crate) variables: Valid<JsonMap>,
}

impl Prepared {
    pub(crate) fn operation(&self) -> Option<&Operation> {
        self.document
            .operations
            .get(self.operation_name.as_deref())
            .ok()
            .map(|operation| &**operation)
    }
}
