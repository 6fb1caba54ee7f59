//! One walk over an operation's selection, with the resolvers' answers so far.
//!
//! Values are completed as graphql-java 9 to 15 does (`ExecutionStrategy`); AppSync's errors have its wording.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
};

use apollo_compiler::{
    ast::Type,
    executable::{Operation, SelectionSet},
    resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue},
    response::{ExecutionResponse, JsonValue},
    schema::ExtendedType,
};
use caltrack_local_core::identity::Identity;
use serde_json::{Map, Value};

use super::{
    bounds::MAX_RESPONSE_BYTES,
    errors::{ExecutionError, Location, Path, PathSegment, limit_reached},
    execution::Execution,
    resolver::{FieldContext, ResolverError},
    scalars::{java_text, serialize},
    selection,
    values::{plain_map, read_json},
};

/// The resolvers' values or error messages, by path.
pub(super) type Answers = HashMap<Path, Result<Value, String>>;

/// A field whose resolver has not run yet.
pub(super) struct PendingField {
    pub(super) path: Path,
    pub(super) context: FieldContext,
    pub(super) locations: Vec<Location>,
    /// The field's selection; `None` for a scalar.
    pub(super) selected: Option<SelectionSet>,
}

/// The result of a walk.
pub(super) struct WalkResult {
    pub(super) response: Result<ExecutionResponse, String>,
    /// Fields whose resolver has not run yet.
    pub(super) pending: Vec<PendingField>,
    /// Failures outside of resolvers.
    pub(super) failures: Vec<ExecutionError>,
    /// Whether the failures alone exceed the limit of a response. The walk was cut short.
    pub(super) too_large: bool,
}

struct Walk<'a> {
    run: &'a Execution<'a>,
    answers: &'a Answers,
    /// Number of resolvers that ran before this walk.
    resolvers_run: usize,
    notes: RefCell<Notes>,
}

#[derive(Default)]
struct Notes {
    pending: Vec<PendingField>,
    failures: Vec<ExecutionError>,
    /// Paths of failures: only the first failure of a path is reported.
    failed: HashSet<Path>,
    /// Estimated bytes of the failures.
    bytes: usize,
}

/// Walks an operation; `root` are the members of its root object.
pub(super) fn walk(
    run: &Execution<'_>,
    operation: &Operation,
    root: &Map<String, Value>,
    answers: &Answers,
    earlier: &[ExecutionError],
) -> WalkResult {
    let failed = earlier.iter().map(|failure| failure.path().clone()).collect();
    let walk = Walk {
        run,
        answers,
        resolvers_run: answers.len(),
        notes: RefCell::new(Notes {
            failed,
            ..Notes::default()
        }),
    };
    let node = Node {
        walk: &walk,
        type_name: operation.object_type(),
        value: root,
        place: None,
    };
    let response = apollo_compiler::resolvers::Execution::new(&run.api.schema, &run.prepared.document)
        .operation(operation)
        .coerced_variable_values(&run.prepared.variables)
        .enable_schema_introspection(true)
        .execute_sync(&node)
        .map_err(|error| error.message().to_string());
    let mut notes = walk.notes.into_inner();
    for error in response.iter().flat_map(|response| &response.errors) {
        // The walk's own failures are recorded already; the others are apollo-compiler's.
        let failure = ExecutionError::Field {
            path: Path::from(error.path.as_slice()),
            error: ResolverError::of(&error.message, None),
            locations: error.locations.iter().map(Location::from).collect(),
        };
        notes.fail(failure);
    }
    WalkResult {
        response,
        pending: notes.pending,
        failures: notes.failures,
        too_large: notes.bytes > MAX_RESPONSE_BYTES,
    }
}

impl Notes {
    fn fail(&mut self, failure: ExecutionError) {
        if self.bytes <= MAX_RESPONSE_BYTES && self.failed.insert(failure.path().clone()) {
            self.bytes += failure.bytes();
            self.failures.push(failure);
        }
    }
}

/// An object of the response.
struct Node<'a> {
    walk: &'a Walk<'a>,
    type_name: &'a str,
    value: &'a Map<String, Value>,
    /// `None` for the root.
    place: Option<Place<'a>>,
}

/// The position of a value: a field of an object, and indices of nested lists.
#[derive(Clone)]
struct Place<'a> {
    within: &'a Node<'a>,
    key: &'a str,
    indices: Vec<usize>,
}

impl Place<'_> {
    fn path(&self) -> Path {
        let mut path = self.within.place.as_ref().map(Place::path).unwrap_or_default();
        path.push(PathSegment::Key(self.key.to_owned()));
        for index in &self.indices {
            path.push(PathSegment::Index(*index));
        }
        path
    }

    /// Number of fields on the path; list indices don't count.
    fn depth(&self) -> usize {
        1 + self.within.place.as_ref().map_or(0, Place::depth)
    }

    fn item(&self, index: usize) -> Self {
        let mut item = self.clone();
        item.indices.push(index);
        item
    }
}

impl ObjectValue for Node<'_> {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn resolve_field<'b>(&'b self, info: &'b ResolveInfo<'b>) -> Result<ResolvedValue<'b>, FieldError> {
        let key = info
            .field_selections()
            .first()
            .map_or(info.field_name(), |field| field.response_key().as_str());
        let place = Place {
            within: self,
            key,
            indices: Vec::new(),
        };
        let value = match self.find(info, &place)? {
            Lookup::Value(value) => value,
            // The response of this walk is discarded.
            Lookup::Pending => return Ok(ResolvedValue::Leaf(JsonValue::Null)),
        };
        Ok(self.complete(value, &info.field_definition().ty, place))
    }
}

/// A field's value, if its resolver has run.
enum Lookup<'a> {
    Value(&'a Value),
    Pending,
}

impl Node<'_> {
    /// Looks up a field's value: its resolver's answer, or the parent's member.
    fn find<'b>(&'b self, info: &ResolveInfo<'_>, place: &Place<'b>) -> Result<Lookup<'b>, FieldError> {
        let (walk, run, field) = (self.walk, self.walk.run, info.field_name());
        if walk.is_full() {
            return Err(FieldError {
                message: String::new(),
            });
        }
        let levels = run.api.settings.query_depth_limit;
        if place.depth() > levels {
            return Err(self.fail(
                info,
                place,
                limit_reached("QueryDepthLimitReached", "Query depth", levels),
            ));
        }
        if !run.api.allows(self.type_name, field, &run.caller.identity) {
            return Err(self.fail(info, place, ResolverError::not_authorized(self.type_name, field)));
        }
        let resolvers = run
            .resolvers
            .filter(|resolvers| place.within.place.is_none() || resolvers.below_roots());
        if !resolvers.is_some_and(|resolvers| resolvers.has(self.type_name, field)) {
            return Ok(Lookup::Value(self.value.get(field).unwrap_or(&Value::Null)));
        }
        let path = place.path();
        if let Some(answer) = walk.answers.get(&path) {
            return match answer {
                Ok(value) => Ok(Lookup::Value(value)),
                Err(message) => Err(FieldError {
                    message: message.clone(),
                }),
            };
        }
        let most = run.api.settings.resolver_count_limit;
        if walk.resolvers_run + walk.notes.borrow().pending.len() >= most {
            return Err(self.fail(
                info,
                place,
                limit_reached("ResolverExecutionLimitReached", "Resolver count", most),
            ));
        }
        let arguments = self
            .arguments(info)
            .map_err(|message| self.fail(info, place, ResolverError::of(&message, Some("BadRequest"))))?;
        let selected = selection::merged(info);
        let field = PendingField {
            path,
            context: self.context(info, arguments, selected.as_ref()),
            locations: locations(info),
            selected,
        };
        walk.notes.borrow_mut().pending.push(field);
        Ok(Lookup::Pending)
    }

    fn fail(&self, info: &ResolveInfo<'_>, place: &Place<'_>, error: ResolverError) -> FieldError {
        let message = error.message.clone();
        let failure = ExecutionError::Field {
            path: place.path(),
            error,
            locations: locations(info),
        };
        self.walk.notes.borrow_mut().fail(failure);
        FieldError { message }
    }

    fn context(
        &self,
        info: &ResolveInfo<'_>,
        arguments: Map<String, Value>,
        selected: Option<&SelectionSet>,
    ) -> FieldContext {
        let run = self.walk.run;
        FieldContext {
            parent_type: self.type_name.to_owned(),
            field: info.field_name().to_owned(),
            arguments,
            identity: run.caller.identity.to_context(),
            caller: run.caller.identity.key().to_owned(),
            auth_type: match &run.caller.identity {
                Identity::Cognito(_) => "User Pool Authorization",
                Identity::Iam(_) => "IAM Authorization",
            },
            source: match self.place {
                None => Value::Null,
                Some(_) => Value::Object(self.value.clone()),
            },
            headers: run.caller.headers.clone(),
            variables: plain_map(&run.prepared.variables),
            selection_set_list: selected
                .map(|set| selection::paths(info.document(), set))
                .unwrap_or_default(),
            selection_set_graphql: selected.map(ToString::to_string).unwrap_or_default(),
        }
    }

    /// The arguments as resolvers get them, with `AWSJSON` parsed.
    fn arguments(&self, info: &ResolveInfo<'_>) -> Result<Map<String, Value>, String> {
        let mut arguments = plain_map(info.arguments());
        for definition in &info.field_definition().arguments {
            if let Some(value) = arguments.get_mut(definition.name.as_str()) {
                read_json(&self.walk.run.api.schema, &definition.ty, value)?;
            }
        }
        Ok(arguments)
    }

    /// Completes a value (specification, section 6.4.3).
    fn complete<'b>(&'b self, value: &'b Value, ty: &'b Type, place: Place<'b>) -> ResolvedValue<'b> {
        let name = ty.inner_named_type().as_str();
        let schema = &self.walk.run.api.schema;
        let reject = |place: &Place<'_>, words: &dyn Fn(&Path) -> String| {
            self.walk.record(place, words);
            ResolvedValue::Leaf(JsonValue::Null)
        };
        match (value, schema.types.get(name)) {
            (Value::Null, _) if ty.is_non_null() => {
                // List types have no name in graphql-java.
                let ty = if ty.is_list() { "null" } else { name };
                let parent = if place.indices.is_empty() {
                    self.type_name
                } else {
                    "null"
                };
                reject(&place, &|path| {
                    format!(
                        "Cannot return null for non-nullable type: '{ty}' within parent '{parent}' ({path})"
                    )
                })
            }
            (Value::Null, _) => ResolvedValue::Leaf(JsonValue::Null),
            (Value::Array(items), _) if ty.is_list() => {
                let (walk, inner) = (self.walk, ty.item_type());
                let items = items.iter().enumerate().take_while(|_| !walk.is_full());
                let items = items.map(move |(index, item)| Ok(self.complete(item, inner, place.item(index))));
                ResolvedValue::List(Box::new(items))
            }
            (_, Some(ExtendedType::Object(object))) if !ty.is_list() => match value {
                Value::Object(members) => ResolvedValue::Object(Box::new(Node {
                    walk: self.walk,
                    type_name: &object.name,
                    value: members,
                    place: Some(place),
                })),
                _ => reject(&place, &|path| mismatch(path, "OBJECT")),
            },
            _ if ty.is_list() => reject(&place, &|path| mismatch(path, "LIST")),
            // An event's scalars were serialized when the mutation was executed.
            _ if self.walk.run.resolvers.is_none() => ResolvedValue::Leaf(value.clone().into()),
            (_, Some(ExtendedType::Enum(definition))) => {
                let text = java_text(value);
                if definition.values.contains_key(text.as_str()) {
                    return ResolvedValue::Leaf(text.into());
                }
                reject(&place, &|path| {
                    unserializable(
                        path,
                        &format!("Invalid input for Enum '{name}'. Unknown value '{text}'"),
                    )
                })
            }
            _ => match serialize(name, value) {
                Ok(leaf) => ResolvedValue::Leaf(leaf.into()),
                Err(reason) => reject(&place, &|path| unserializable(path, &reason)),
            },
        }
    }
}

fn mismatch(path: &Path, expected: &str) -> String {
    format!("Can't resolve value ({path}) : type mismatch error, expected type {expected}")
}

fn unserializable(path: &Path, reason: &str) -> String {
    format!("Can't serialize value ({path}) : {reason}")
}

impl Walk<'_> {
    fn is_full(&self) -> bool {
        self.notes.borrow().bytes > MAX_RESPONSE_BYTES
    }

    /// Records a value that doesn't match its type.
    fn record(&self, place: &Place<'_>, words: &dyn Fn(&Path) -> String) {
        let path = place.path();
        let message = words(&path);
        self.notes
            .borrow_mut()
            .fail(ExecutionError::Value { path, message });
    }
}

/// The field's location in the document.
fn locations(info: &ResolveInfo<'_>) -> Vec<Location> {
    let field = info.field_selections().first();
    let at = field.and_then(|field| field.alias.as_ref().unwrap_or(&field.name).location());
    let at = at.and_then(|at| Location::of(at, &info.document().sources));
    at.into_iter().collect()
}
