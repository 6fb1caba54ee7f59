//! Requests and responses of the API.

use std::{collections::BTreeMap, sync::Arc};

use apollo_compiler::{ExecutableDocument, executable::Operation, response::JsonMap, validation::Valid};
use caltrack_local_core::identity::Identity;
use serde_json::{Map, Value};

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

/// The answer to a request.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphQlResponse {
    /// The response's body.
    pub body: Value,
    /// Headers that resolvers set, in lower case.
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

/// An operation that is ready to run.
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
