//! The walk over a document, and the rules of everything but variables.

use std::collections::{HashMap, HashSet};

use apollo_compiler::{
    Name, Node, Schema,
    ast::{
        Argument, Definition, DirectiveList, Document, Field, FragmentDefinition, FragmentSpread,
        InlineFragment, InputValueDefinition, OperationDefinition, Selection, VariableDefinition,
    },
    parser::SourceSpan,
    schema::ExtendedType,
};

use super::literals;
use crate::{bounds::MOST_ERRORS, errors::Location};

/// A message and its locations.
pub(crate) type Finding = (String, Vec<Location>);

/// The errors of a document.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// At most [`MOST_ERRORS`].
    pub(crate) errors: Vec<Finding>,
    /// Whether a literal contains JSON that is nested too deeply.
    pub(crate) too_deep: bool,
}

/// Applies all rules to a document.
pub(crate) fn explain(schema: &Schema, document: &Document) -> Findings {
    Walker::new(schema, document, false).findings()
}

/// Validates the values of arguments in a document that is otherwise valid: apollo-compiler accepts any literal for AppSync's scalars,
/// and within input objects and lists it compares variables by their innermost type alone (`String` for `String!`, `Int` for `[Int]`).
pub(crate) fn check_values(schema: &Schema, document: &Document) -> Findings {
    Walker::new(schema, document, true).findings()
}

/// The variables of an operation.
pub(super) struct Variables<'a> {
    pub(super) defined: HashMap<&'a str, &'a VariableDefinition>,
    pub(super) in_order: &'a [Node<VariableDefinition>],
    pub(super) used: HashSet<&'a str>,
    /// Fragments whose uses have been checked for this operation.
    pub(super) followed: HashSet<&'a str>,
}

impl<'a> Variables<'a> {
    fn new(definitions: &'a [Node<VariableDefinition>]) -> Self {
        let defined = definitions
            .iter()
            .map(|variable| (variable.name.as_str(), &**variable));
        Self {
            defined: defined.collect(),
            in_order: definitions,
            used: HashSet::new(),
            followed: HashSet::new(),
        }
    }
}

/// A walk over a document, which collects errors.
pub(super) struct Walker<'a> {
    pub(super) schema: &'a Schema,
    pub(super) document: &'a Document,
    /// Whether only the values of arguments are validated.
    values_only: bool,
    pub(super) fragments: HashMap<&'a str, &'a FragmentDefinition>,
    /// Names of the enclosing fields and fragments.
    pub(super) path: Vec<&'a str>,
    /// The variables of the enclosing operation.
    pub(super) variables: Option<Variables<'a>>,
    /// Fragments that any operation spreads, directly or indirectly.
    pub(super) used: HashSet<&'a str>,
    pub(super) found: Findings,
}

impl<'a> Walker<'a> {
    fn new(schema: &'a Schema, document: &'a Document, values_only: bool) -> Self {
        let fragments = document.definitions.iter().filter_map(|definition| {
            let fragment = definition.as_fragment_definition()?;
            Some((fragment.name.as_str(), &**fragment))
        });
        Self {
            schema,
            document,
            values_only,
            fragments: fragments.collect(),
            path: Vec::new(),
            variables: None,
            used: HashSet::new(),
            found: Findings::default(),
        }
    }

    fn findings(mut self) -> Findings {
        let document = self.document;
        let mut operations: Vec<Option<&Name>> = Vec::new();
        let mut fragments: HashSet<&Name> = HashSet::new();
        for definition in &document.definitions {
            match definition {
                Definition::OperationDefinition(operation) => {
                    self.check_name(operation, &operations);
                    operations.push(operation.name.as_ref());
                    self.operation(operation);
                }
                Definition::FragmentDefinition(fragment) => {
                    self.fragment(fragment);
                    if !fragments.insert(&fragment.name) {
                        let message = format!("There can be only one fragment named '{}'", fragment.name);
                        self.add("DuplicateFragmentName", fragment.location(), &message);
                    }
                }
                other => {
                    let name = other.name().map_or("schema", Name::as_str);
                    let message = format!("The {name} definition is not executable.");
                    self.add("NonExecutableDefinition", other.location(), &message);
                }
            }
        }
        for definition in &document.definitions {
            if let Definition::FragmentDefinition(fragment) = definition
                && !self.used.contains(fragment.name.as_str())
            {
                let message = format!("Unused fragment {}", fragment.name);
                self.add("UnusedFragment", fragment.location(), &message);
            }
        }
        self.found
    }

    /// Adds an error at the current path.
    pub(super) fn add(&mut self, kind: &str, at: Option<SourceSpan>, message: &str) {
        let of_values = matches!(
            kind,
            "WrongType" | "BadValueForDefaultArg" | "VariableTypeMismatch"
        );
        if self.is_full() || (self.values_only && !of_values) {
            return;
        }
        let at = at.and_then(|at| Location::of(at, &self.document.sources));
        let place = if self.path.is_empty() {
            String::new()
        } else {
            format!(" @ '{}'", self.path.join("/"))
        };
        let message = format!("Validation error of type {kind}: {message}{place}");
        self.found.errors.push((message, at.into_iter().collect()));
    }

    pub(super) fn is_full(&self) -> bool {
        self.found.errors.len() >= MOST_ERRORS
    }

    fn check_name(&mut self, operation: &Node<OperationDefinition>, earlier: &[Option<&Name>]) {
        let kind = "LoneAnonymousOperationViolation";
        match &operation.name {
            None if earlier.iter().any(Option::is_some) => {
                self.add(
                    kind,
                    operation.location(),
                    "Anonymous operation with other operations.",
                );
            }
            Some(name) if earlier.contains(&None) => {
                let message = format!("Operation {name} is following anonymous operation");
                self.add(kind, operation.location(), &message);
            }
            _ => {}
        }
        if let Some(name) = &operation.name
            && earlier.contains(&Some(name))
        {
            let message = format!("There can be only one operation named '{name}'");
            self.add("DuplicateOperationName", operation.location(), &message);
        }
    }

    fn operation(&mut self, operation: &'a OperationDefinition) {
        self.variables = Some(Variables::new(&operation.variables));
        self.definitions(&operation.variables);
        self.directives(&operation.directives);
        let root = self.schema.root_operation(operation.operation_type);
        self.selections(&operation.selection_set, root.map(Name::as_str));
        self.check_unused();
        self.variables = None;
    }

    fn fragment(&mut self, fragment: &'a Node<FragmentDefinition>) {
        self.path.push(&fragment.name);
        if self.is_leaf(&fragment.type_condition) {
            let message = "Fragment type condition is invalid, must be on Object/Interface/Union";
            self.add("FragmentTypeConditionInvalid", fragment.location(), message);
        }
        let ty = self.condition(&fragment.type_condition);
        self.directives(&fragment.directives);
        self.selections(&fragment.selection_set, ty);
        self.path.pop();
    }

    /// Resolves a type condition; adds an error if the type is unknown.
    fn condition(&mut self, name: &'a Name) -> Option<&'a str> {
        if self.schema.types.contains_key(name) {
            return Some(name);
        }
        self.add("UnknownType", name.location(), &format!("Unknown type {name}"));
        None
    }

    fn is_leaf(&self, name: &str) -> bool {
        let ty = self.schema.types.get(name);
        ty.is_some_and(|ty| {
            !matches!(
                ty,
                ExtendedType::Object(_) | ExtendedType::Interface(_) | ExtendedType::Union(_)
            )
        })
    }

    fn selections(&mut self, selections: &'a [Selection], parent: Option<&'a str>) {
        for selection in selections {
            if self.is_full() {
                return;
            }
            match selection {
                Selection::Field(field) => self.field(field, parent),
                Selection::InlineFragment(inline) => self.inline(inline, parent),
                Selection::FragmentSpread(spread) => self.spread(spread, parent),
            }
        }
    }

    fn field(&mut self, field: &'a Node<Field>, parent: Option<&'a str>) {
        self.path.push(&field.name);
        let (name, at) = (&field.name, field.location());
        let definition = parent.and_then(|parent| self.schema.type_field(parent, name).ok());
        if let (Some(parent), None) = (parent, definition) {
            let message = format!("Field '{name}' in type '{parent}' is undefined");
            self.add("FieldUndefined", at, &message);
        }
        let defined = definition.map(|definition| definition.arguments.as_slice());
        if let Some(definition) = definition {
            self.check_missing(defined, &field.arguments, at, ("MissingFieldArgument", "field"));
            let ty = &definition.ty;
            match (
                self.is_leaf(ty.inner_named_type()),
                field.selection_set.is_empty(),
            ) {
                (true, false) => {
                    let message = format!("Sub selection not allowed on leaf type {ty} of field {name}");
                    self.add("SubSelectionNotAllowed", at, &message);
                }
                (false, true) => {
                    let message = format!("Sub selection required for type {ty} of field {name}");
                    self.add("SubSelectionRequired", at, &message);
                }
                _ => {}
            }
        }
        self.arguments(&field.arguments, defined, ("UnknownArgument", "field"));
        self.directives(&field.directives);
        let ty = definition.map(|definition| definition.ty.inner_named_type());
        let ty = ty.filter(|ty| !self.is_leaf(ty)).map(Name::as_str);
        self.selections(&field.selection_set, ty);
        self.path.pop();
    }

    fn inline(&mut self, inline: &'a Node<InlineFragment>, parent: Option<&'a str>) {
        let mut ty = parent;
        if let Some(condition) = &inline.type_condition {
            if self.is_leaf(condition) {
                let message = "Inline fragment type condition is invalid, must be on Object/Interface/Union";
                self.add("InlineFragmentTypeConditionInvalid", inline.location(), message);
            } else if let Some(parent) = parent.filter(|parent| self.never_meet(parent, condition)) {
                let message = format!(
                    "Fragment cannot be spread here as objects of type {parent} can never be of type {condition}"
                );
                self.add("InvalidFragmentType", inline.location(), &message);
            }
            ty = self.condition(condition);
        }
        self.directives(&inline.directives);
        self.selections(&inline.selection_set, ty);
    }

    fn spread(&mut self, spread: &'a Node<FragmentSpread>, parent: Option<&'a str>) {
        let name = &spread.fragment_name;
        let fragment = self.fragments.get(name.as_str()).copied();
        match (fragment, parent) {
            (None, _) => self.add(
                "UndefinedFragment",
                spread.location(),
                &format!("Undefined fragment {name}"),
            ),
            (Some(fragment), Some(parent)) if self.never_meet(parent, &fragment.type_condition) => {
                let message = format!(
                    "Fragment {name} cannot be spread here as objects of type {parent} can never be of type {}",
                    fragment.type_condition
                );
                self.add("InvalidFragmentType", spread.location(), &message);
            }
            _ => {}
        }
        self.directives(&spread.directives);
        if let Some(fragment) = fragment {
            self.follow(fragment);
        }
    }

    /// Whether two types are different object types.
    fn never_meet(&self, parent: &str, condition: &str) -> bool {
        let object = |name: &str| self.schema.get_object(name).is_some();
        parent != condition && object(parent) && object(condition)
    }

    fn directives(&mut self, directives: &'a DirectiveList) {
        for directive in directives {
            let definition = self.schema.directive_definitions.get(&directive.name);
            if definition.is_none() {
                let message = format!("Unknown directive {}", directive.name);
                self.add("UnknownDirective", directive.location(), &message);
            }
            let defined = definition.map(|definition| definition.arguments.as_slice());
            let at = directive.location();
            self.check_missing(
                defined,
                &directive.arguments,
                at,
                ("MissingDirectiveArgument", "directive"),
            );
            self.arguments(&directive.arguments, defined, ("UnknownDirective", "directive"));
        }
    }

    fn check_missing(
        &mut self,
        defined: Option<&'a [Node<InputValueDefinition>]>,
        given: &[Node<Argument>],
        at: Option<SourceSpan>,
        (kind, what): (&str, &str),
    ) {
        for argument in defined.unwrap_or_default() {
            if argument.is_required() && !given.iter().any(|given| given.name == argument.name) {
                self.add(kind, at, &format!("Missing {what} argument {}", argument.name));
            }
        }
    }

    /// `defined` is `None` if the field or directive is unknown.
    fn arguments(
        &mut self,
        arguments: &'a [Node<Argument>],
        defined: Option<&'a [Node<InputValueDefinition>]>,
        (kind, what): (&str, &str),
    ) {
        for argument in arguments {
            let definition =
                defined.and_then(|defined| defined.iter().find(|defined| defined.name == argument.name));
            match (defined, definition) {
                (Some(_), None) => {
                    let message = format!("Unknown {what} argument {}", argument.name);
                    self.add(kind, argument.location(), &message);
                }
                (_, Some(definition)) => {
                    let checked = literals::check(
                        self.schema,
                        &definition.ty,
                        &argument.value,
                        &mut self.found.too_deep,
                    );
                    if let Err(wrong) = checked {
                        let message = wrong.message(&argument.name, &argument.value);
                        self.add("WrongType", argument.location(), &message);
                    }
                }
                (None, None) => {}
            }
            self.references(&argument.value, definition.map(|definition| &*definition.ty));
        }
    }
}
