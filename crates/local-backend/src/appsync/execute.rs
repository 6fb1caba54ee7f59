//! Executes an operation: fields with a resolver ask it, all others read their parent.
//!
//! apollo-compiler walks the selection, in one go and without waiting. So it walks until it meets fields whose resolver has
//! not answered yet; these are asked; then it walks again, until every answer is there. Our resolvers stand on root fields: two
//! walks.

use std::sync::{Mutex, MutexGuard, PoisonError};

use apollo_compiler::{
    ast::Type,
    executable::{Operation, OperationType, SelectionSet},
    resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue},
    response::{ExecutionResponse, JsonValue},
};
use futures_util::future::join_all;
use serde_json::{Map, Value};

use super::{
    ApiSettings, Caller, Prepared,
    errors::{FieldFailure, Location, limit_reached, not_authorized, path_json, request_error},
    identity::Identity,
    outcome::{Asides, Outcome},
    resolver::{FieldContext, ResolverError, Resolvers},
    schema::Api,
    selection,
    values::{plain_map, read_json, scalar},
};

/// What the root's fields come from.
pub(super) enum Root {
    /// Resolvers.
    Empty,
    /// A published event: the subscription field and its payload.
    Event(Value),
}

/// One execution.
pub(super) struct Execution<'a> {
    api: &'a Api,
    settings: ApiSettings,
    /// None for events: resolvers are not run again for subscribers.
    resolvers: Option<&'a Resolvers>,
    caller: &'a Caller,
    prepared: &'a Prepared,
    state: Mutex<State>,
}

/// What is known so far.
#[derive(Default)]
struct State {
    /// Answers of resolvers by path; an error's message where there was one.
    answers: Vec<(Vec<Value>, Result<Value, String>)>,
    /// How many resolvers were asked, in all walks.
    asked: usize,
    /// Fields that the last walk met without an answer.
    questions: Vec<Question>,
    failures: Vec<FieldFailure>,
    asides: Asides,
}

/// A field that waits for its resolver.
struct Question {
    path: Vec<Value>,
    context: FieldContext,
    locations: Vec<Location>,
    /// What is selected of the field.
    selected: Option<SelectionSet>,
}

impl<'a> Execution<'a> {
    pub(super) fn new(
        api: &'a Api,
        resolvers: Option<&'a Resolvers>,
        caller: &'a Caller,
        prepared: &'a Prepared,
    ) -> Self {
        Self {
            api,
            settings: api.settings,
            resolvers,
            caller,
            prepared,
            state: Mutex::default(),
        }
    }

    pub(super) async fn run(self, operation: &Operation, root: Root) -> Outcome {
        let root = match root {
            Root::Empty => Map::new(),
            Root::Event(event) => event.as_object().cloned().unwrap_or_default(),
        };
        loop {
            let response = self.walk(operation, &root);
            let questions = std::mem::take(&mut self.state().questions);
            if questions.is_empty() {
                return self.outcome(response);
            }
            if operation.operation_type == OperationType::Mutation {
                for question in questions {
                    self.ask(question).await;
                }
            } else {
                join_all(questions.into_iter().map(|question| self.ask(question))).await;
            }
        }
    }

    fn walk(&self, operation: &Operation, root: &Map<String, Value>) -> Result<ExecutionResponse, String> {
        let type_name = operation.object_type().to_string();
        let root = Node {
            run: self,
            type_name,
            value: root.clone(),
            path: Vec::new(),
        };
        apollo_compiler::resolvers::Execution::new(&self.api.schema, &self.prepared.document)
            .operation(operation)
            .coerced_variable_values(&self.prepared.variables)
            .enable_schema_introspection(true)
            .execute_sync(&root)
            .map_err(|error| error.message().to_string())
    }

    async fn ask(&self, question: Question) {
        let Question {
            path,
            context,
            locations,
            selected,
        } = question;
        let Some(resolvers) = self.resolvers else { return };
        let answer = resolvers.run(context).await;
        // A caller is told no more of an error's data than of the field's own.
        let filtered = |mut error: ResolverError| {
            if let Some(selected) = &selected {
                error.data = selection::filtered(&self.prepared.document, selected, &error.data);
            }
            error
        };
        let mut state = self.state();
        let answer = match answer {
            Ok(resolved) => {
                let refused = state.asides.headers.add(resolved.response_headers);
                for error in resolved.appended.into_iter().chain(refused) {
                    state.failures.push(FieldFailure {
                        path: path.clone(),
                        error: filtered(error),
                        locations: locations.clone(),
                    });
                }
                let asides = &mut state.asides;
                asides.filter = resolved.subscription_filter.or(asides.filter.take());
                asides.invalidation_filter =
                    resolved.invalidation_filter.or(asides.invalidation_filter.take());
                asides.invalidations.extend(resolved.invalidations);
                Ok(resolved.value)
            }
            Err(error) => {
                let message = error.message.clone();
                state.failures.push(FieldFailure {
                    path: path.clone(),
                    error: filtered(error),
                    locations,
                });
                Err(message)
            }
        };
        state.answers.push((path, answer));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn outcome(self, response: Result<ExecutionResponse, String>) -> Outcome {
        let State { failures, asides, .. } = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let response = match response {
            Ok(response) => response,
            Err(message) => {
                let body = request_error(&message, None, &[]);
                let errors = body
                    .get("errors")
                    .and_then(Value::as_array)
                    .cloned()
                    .unwrap_or_default();
                return Outcome {
                    data: Value::Null,
                    errors,
                    asides: Asides::default(),
                };
            }
        };
        let mut errors: Vec<Value> = failures.iter().map(FieldFailure::to_json).collect();
        for error in response.errors {
            let path = path_json(&error.path);
            // Ours are told already, in full; what is left is apollo-compiler's own, such as a null where none may be.
            if failures.iter().any(|failure| failure.path == path) {
                continue;
            }
            let failure = FieldFailure {
                path,
                error: ResolverError {
                    message: error.message,
                    error_type: None,
                    data: Value::Null,
                    info: Value::Null,
                },
                locations: error.locations.iter().map(Location::from).collect(),
            };
            errors.push(failure.to_json());
        }
        let data = response
            .data
            .map_or(Value::Null, |data| serde_json::to_value(data).unwrap_or_default());
        Outcome { data, errors, asides }
    }

    /// The field's value: its resolver's answer, or the parent's member.
    fn value(&self, node: &Node<'_>, info: &ResolveInfo<'_>, path: &[Value]) -> Result<Value, FieldError> {
        let field = info.field_name();
        let mut state = self.state();
        let failed = |state: &mut State, error: ResolverError| {
            let message = error.message.clone();
            if !state.failures.iter().any(|failure| failure.path == path) {
                state.failures.push(FieldFailure {
                    path: path.to_vec(),
                    error,
                    locations: locations(info),
                });
            }
            Err(FieldError { message })
        };
        // Indices of lists are no levels.
        let depth = path.iter().filter(|segment| segment.is_string()).count();
        if depth > self.settings.query_depth_limit {
            return failed(
                &mut state,
                limit_reached(
                    "QueryDepthLimitReached",
                    "Query depth",
                    self.settings.query_depth_limit,
                ),
            );
        }
        if !self.api.allows(&node.type_name, field, &self.caller.identity) {
            return failed(&mut state, not_authorized(&node.type_name, field));
        }
        if !self
            .resolvers
            .is_some_and(|resolvers| resolvers.has(&node.type_name, field))
        {
            return Ok(node.value.get(field).cloned().unwrap_or_default());
        }
        if let Some((_, answer)) = state.answers.iter().find(|(answered, _)| answered == path) {
            return answer.clone().map_err(|message| FieldError { message });
        }
        let most = self.settings.resolver_count_limit;
        if state.asked >= most {
            return failed(
                &mut state,
                limit_reached("ResolverExecutionLimitReached", "Resolver count", most),
            );
        }
        match self.arguments(info) {
            Ok(arguments) => {
                state.asked += 1;
                let selected = selection::merged(info);
                let context = self.context(node, info, arguments, selected.as_ref());
                state.questions.push(Question {
                    path: path.to_vec(),
                    context,
                    locations: locations(info),
                    selected,
                });
                Ok(Value::Null)
            }
            Err(message) => {
                let error_type = Some("BadRequest".to_owned());
                failed(
                    &mut state,
                    ResolverError {
                        message,
                        error_type,
                        data: Value::Null,
                        info: Value::Null,
                    },
                )
            }
        }
    }

    fn context(
        &self,
        node: &Node<'_>,
        info: &ResolveInfo<'_>,
        arguments: Map<String, Value>,
        selected: Option<&SelectionSet>,
    ) -> FieldContext {
        FieldContext {
            parent_type: node.type_name.clone(),
            field: info.field_name().to_owned(),
            arguments,
            identity: self.caller.identity.to_context(),
            auth_type: match &self.caller.identity {
                Identity::Cognito(_) => "User Pool Authorization",
                Identity::Iam(_) => "IAM Authorization",
            },
            source: if node.path.is_empty() {
                Value::Null
            } else {
                Value::Object(node.value.clone())
            },
            headers: self.caller.headers.clone(),
            variables: plain_map(&self.prepared.variables),
            selection_set_list: selected
                .map(|set| selection::paths(info.document(), set))
                .unwrap_or_default(),
            selection_set_graphql: selected.map(ToString::to_string).unwrap_or_default(),
        }
    }

    /// The arguments as resolvers see them: `AWSJSON` is read.
    fn arguments(&self, info: &ResolveInfo<'_>) -> Result<Map<String, Value>, String> {
        let mut arguments = plain_map(info.arguments());
        for definition in &info.field_definition().arguments {
            if let Some(value) = arguments.get_mut(definition.name.as_str()) {
                read_json(&self.api.schema, &definition.ty, value)?;
            }
        }
        Ok(arguments)
    }

    /// A value as the field's type wants it.
    fn shape<'b>(&'b self, value: Value, ty: &Type, path: Vec<Value>) -> ResolvedValue<'b> {
        match value {
            Value::Null => ResolvedValue::Leaf(JsonValue::Null),
            Value::Array(items) if ty.is_list() => {
                let inner = ty.item_type();
                let items: Vec<Result<ResolvedValue<'b>, FieldError>> = items
                    .into_iter()
                    .enumerate()
                    .map(|(index, item)| {
                        let mut path = path.clone();
                        path.push(Value::from(index));
                        Ok(self.shape(item, inner, path))
                    })
                    .collect();
                ResolvedValue::List(Box::new(items.into_iter()))
            }
            Value::Object(value) if self.api.schema.get_object(ty.inner_named_type()).is_some() => {
                let type_name = ty.inner_named_type().to_string();
                ResolvedValue::Object(Box::new(Node {
                    run: self,
                    type_name,
                    value,
                    path,
                }))
            }
            // An event's scalars were written by the mutation's own execution.
            leaf if self.resolvers.is_none() => ResolvedValue::Leaf(leaf.into()),
            leaf => ResolvedValue::Leaf(scalar(ty.inner_named_type(), leaf).into()),
        }
    }
}

/// An object of the response, and its place.
struct Node<'a> {
    run: &'a Execution<'a>,
    type_name: String,
    value: Map<String, Value>,
    path: Vec<Value>,
}

impl ObjectValue for Node<'_> {
    fn type_name(&self) -> &str {
        &self.type_name
    }

    fn resolve_field<'b>(&'b self, info: &'b ResolveInfo<'b>) -> Result<ResolvedValue<'b>, FieldError> {
        let mut path = self.path.clone();
        let key = info
            .field_selections()
            .first()
            .map_or(info.field_name(), |field| field.response_key().as_str());
        path.push(Value::from(key));
        let value = self.run.value(self, info, &path)?;
        Ok(self.run.shape(value, &info.field_definition().ty, path))
    }
}

/// Where the field stands in the document.
fn locations(info: &ResolveInfo<'_>) -> Vec<Location> {
    let field = info.field_selections().first();
    let at = field.and_then(|field| field.alias.as_ref().unwrap_or(&field.name).location());
    let at = at.and_then(|at| at.line_column(&info.document().sources));
    at.iter().map(Location::from).collect()
}
