//! The run of one resolver: request handler, data source, response handler; or a pipeline of functions.
//!
//! Source: AppSync guide, "JavaScript resolvers overview". The response handler runs even after an error of the data
//! source.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    catalog::{DataSource, ResolverKind},
    datasource::DynamoSource,
    engine::{FixedContext, Handler, HandlerFailure, HandlerInput},
    field::{FieldContext, Invalidation, Resolved, ResolverError},
    reply::Reply,
    worker::JsWorker,
};

/// The members of `ctx` that differ from handler to handler.
#[derive(Serialize)]
struct ChangingContext<'a> {
    stash: &'a Value,
    prev: Previous<'a>,
    result: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Problem>,
}

#[derive(Serialize)]
struct Previous<'a> {
    result: &'a Value,
}

#[derive(Serialize)]
struct Problem {
    message: String,
    #[serde(rename = "type")]
    kind: String,
}

/// `ctx.info`, as `js/engine.js` completes it.
#[derive(Serialize)]
struct Info<'a> {
    written: WrittenInfo<'a>,
    list: &'a [String],
    graphql: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WrittenInfo<'a> {
    field_name: &'a str,
    parent_type_name: &'a str,
    variables: &'a Map<String, Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    headers: &'a Map<String, Value>,
    domain_name: Option<&'a str>,
}

/// The result of a handler, as `js/engine.js` serialises it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct HandlerOutput {
    value: Value,
    stash: Value,
    appended: Vec<ErrorDetails>,
    filter: Option<Value>,
    #[serde(rename = "invalidationFilter")]
    invalidation_filter: Option<Value>,
    invalidations: Vec<Invalidation>,
    headers: Vec<(String, String)>,
    error: Option<ErrorDetails>,
    early: Option<Early>,
    unauthorized: bool,
    crash: Option<String>,
}

/// Details of `util.error` and `util.appendError`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ErrorDetails {
    message: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    data: Value,
    info: Value,
}

impl From<ErrorDetails> for ResolverError {
    fn from(problem: ErrorDetails) -> Self {
        Self {
            message: problem.message,
            error_type: problem.kind,
            data: problem.data,
            info: problem.info,
        }
    }
}

/// The arguments of `runtime.earlyReturn`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Early {
    value: Value,
    skip_to: String,
}

/// How a handler ended.
enum HandlerEnd {
    Returned(Value),
    Early(Early),
}

/// The run of one field's resolver.
pub(super) struct Run<'a> {
    worker: &'a JsWorker,
    tables: DynamoSource,
    /// The caller's key. Callers take turns.
    caller: Arc<str>,
    /// Field and caller, which page tokens are bound to.
    bound_to: String,
    parent_type: String,
    field: String,
    auth_type: &'static str,
    context: Arc<FixedContext>,
    stash: Value,
    prev: Value,
    resolved: Resolved,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        worker: &'a JsWorker,
        tables: &DynamoSource,
        environment: &Value,
        field: FieldContext,
    ) -> Self {
        let caller = Arc::from(field.caller.as_str());
        Self {
            worker,
            tables: tables.on_behalf_of(&caller),
            caller,
            bound_to: format!("{}.{}#{}", field.parent_type, field.field, field.caller),
            auth_type: field.auth_type,
            context: Arc::new(fixed_context(&field, environment)),
            parent_type: field.parent_type,
            field: field.field,
            stash: json!({}),
            prev: Value::Null,
            resolved: Resolved::default(),
        }
    }

    pub(super) async fn resolve(
        mut self,
        module: &str,
        kind: &ResolverKind,
    ) -> Result<Resolved, ResolverError> {
        let value = match kind {
            ResolverKind::Unit(source) => self.unit(module, *source).await?,
            ResolverKind::Pipeline(functions) => self.pipeline(module, functions).await?,
        };
        self.resolved.value = value;
        Ok(self.resolved)
    }

    async fn unit(&mut self, module: &str, source: DataSource) -> Result<Value, ResolverError> {
        let request = match self.step(module, Handler::Request, Reply::default()).await? {
            HandlerEnd::Returned(request) => request,
            HandlerEnd::Early(early) => return Ok(early.value),
        };
        let reply = self.execute(source, request).await;
        match self.step(module, Handler::Response, reply).await? {
            HandlerEnd::Returned(value) | HandlerEnd::Early(Early { value, .. }) => Ok(value),
        }
    }

    async fn pipeline(
        &mut self,
        module: &str,
        functions: &[(String, DataSource)],
    ) -> Result<Value, ResolverError> {
        match self.step(module, Handler::Request, Reply::default()).await? {
            HandlerEnd::Returned(value) => {
                self.prev = value;
                for (function, source) in functions {
                    if self.function(function, *source).await? {
                        break;
                    }
                }
            }
            HandlerEnd::Early(early) => self.prev = early.value,
        }
        let last = Reply {
            result: self.prev.clone(),
            error: None,
        };
        match self.step(module, Handler::Response, last).await? {
            HandlerEnd::Returned(value) | HandlerEnd::Early(Early { value, .. }) => Ok(value),
        }
    }

    /// Runs one function of a pipeline; returns whether the pipeline ends with it.
    async fn function(&mut self, module: &str, source: DataSource) -> Result<bool, ResolverError> {
        let request = match self.step(module, Handler::Request, Reply::default()).await? {
            HandlerEnd::Returned(request) => request,
            HandlerEnd::Early(early) => {
                self.prev = early.value;
                return Ok(early.skip_to == "END");
            }
        };
        let reply = self.execute(source, request).await;
        match self.step(module, Handler::Response, reply).await? {
            HandlerEnd::Returned(value) => {
                self.prev = value;
                Ok(false)
            }
            HandlerEnd::Early(early) => {
                self.prev = early.value;
                Ok(early.skip_to == "END")
            }
        }
    }

    async fn execute(&self, source: DataSource, mut request: Value) -> Reply {
        match source {
            DataSource::Table(table) => self.tables.execute(table, request, &self.bound_to).await,
            DataSource::None => Reply {
                result: request.get_mut("payload").map(Value::take).unwrap_or_default(),
                error: None,
            },
        }
    }

    /// Calls a handler with the current context.
    async fn step(
        &mut self,
        module: &str,
        handler: Handler,
        reply: Reply,
    ) -> Result<HandlerEnd, ResolverError> {
        // A result may have 1 MB. While the handler runs, only this text of it is in memory.
        let changing = text(&ChangingContext {
            stash: &self.stash,
            prev: Previous { result: &self.prev },
            result: reply.result,
            error: reply.error.map(|(message, kind)| Problem { message, kind }),
        });
        let input = HandlerInput {
            auth_type: self.auth_type,
            place: format!("{} {}", self.parent_type, handler.name()),
            fixed: Arc::clone(&self.context),
            changing,
        };
        let output = self.worker.call(&self.caller, module, handler, input).await;
        let output = output.map_err(|failure| match failure {
            HandlerFailure::TimedOut => timed_out(module, handler),
            HandlerFailure::Broken(reason) => crashed(module, handler, &reason),
        })?;
        let outcome: HandlerOutput =
            serde_json::from_str(&output).map_err(|error| crashed(module, handler, &error.to_string()))?;
        if let Some(reason) = outcome.crash {
            return Err(crashed(module, handler, &reason));
        }
        self.stash = outcome.stash;
        self.resolved
            .appended
            .extend(outcome.appended.into_iter().map(ResolverError::from));
        if outcome.filter.is_some() {
            self.resolved.subscription_filter = outcome.filter;
        }
        if outcome.invalidation_filter.is_some() {
            self.resolved.invalidation_filter = outcome.invalidation_filter;
        }
        self.resolved.invalidations.extend(outcome.invalidations);
        self.resolved.response_headers.extend(outcome.headers);
        if outcome.unauthorized {
            return Err(ResolverError::not_authorized(&self.parent_type, &self.field));
        }
        if let Some(problem) = outcome.error {
            return Err(problem.into());
        }
        Ok(outcome
            .early
            .map_or(HandlerEnd::Returned(outcome.value), HandlerEnd::Early))
    }
}

fn fixed_context(field: &FieldContext, environment: &Value) -> FixedContext {
    FixedContext {
        arguments: text(&field.arguments),
        identity: text(&field.identity),
        source: text(&field.source),
        request: text(&Request {
            headers: &field.headers,
            domain_name: None,
        }),
        info: text(&Info {
            written: WrittenInfo {
                field_name: &field.field,
                parent_type_name: &field.parent_type,
                variables: &field.variables,
            },
            list: &field.selection_set_list,
            graphql: &field.selection_set_graphql,
        }),
        environment: text(environment),
    }
}

/// The JSON of a value.
fn text(value: &impl Serialize) -> String {
    #[expect(
        clippy::expect_used,
        reason = "values of JSON with names of text can be written"
    )]
    serde_json::to_string(value).expect("JSON")
}

/// The error of a failed handler. As on AppSync, the caller gets no details; they are logged.
fn crashed(module: &str, handler: Handler, reason: &str) -> ResolverError {
    tracing::error!(module, ?handler, reason, "a resolver failed");
    ResolverError::of("Runtime Error", Some("Code"))
}

fn timed_out(module: &str, handler: Handler) -> ResolverError {
    tracing::error!(module, ?handler, "a resolver ran too long");
    ResolverError::of("Execution timed out.", Some("ExecutionTimeout"))
}
