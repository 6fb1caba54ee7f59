//! Parsed and validated documents, kept by their text: clients send the same few over and over.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use apollo_compiler::{
    ExecutableDocument, Schema, ast,
    parser::Parser,
    validation::{DiagnosticList, Valid},
};
use serde_json::Value;

use super::{
    bounds::{DEEPEST, MOST_ERRORS, MOST_TOKENS, is_too_deep},
    errors::{Location, request_error},
};

/// Documents kept; the oldest goes first.
const KEPT: usize = 256;

/// Why there is no document.
#[derive(Debug)]
pub(super) enum ParseError {
    /// It is no GraphQL.
    Syntax,
    /// It doesn't fit the schema, or its variables don't fit it: the response's body.
    Invalid(Value),
}

/// The cache.
#[derive(Debug)]
pub(super) struct Documents {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    by_text: HashMap<String, Arc<Valid<ExecutableDocument>>>,
    order: VecDeque<String>,
}

impl Documents {
    pub(super) fn new() -> Self {
        Self {
            kept: Mutex::default(),
        }
    }

    /// The document of a text.
    pub(super) fn get(
        &self,
        schema: &Valid<Schema>,
        text: &str,
    ) -> Result<Arc<Valid<ExecutableDocument>>, ParseError> {
        let kept = self
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .by_text
            .get(text)
            .cloned();
        if let Some(document) = kept {
            return Ok(document);
        }
        let document = Arc::new(parse(schema, text)?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept
            .by_text
            .insert(text.to_owned(), Arc::clone(&document))
            .is_none()
        {
            kept.order.push_back(text.to_owned());
        }
        if kept.order.len() > KEPT
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.by_text.remove(&oldest);
        }
        Ok(document)
    }
}

fn parse(schema: &Valid<Schema>, text: &str) -> Result<Valid<ExecutableDocument>, ParseError> {
    let mut parser = Parser::new().token_limit(MOST_TOKENS).recursion_limit(DEEPEST);
    let parsed = parser.parse_ast(text, "request.graphql");
    if parser.tokens_reached() > MOST_TOKENS {
        let message = format!("The document has more than {MOST_TOKENS} tokens.");
        return Err(ParseError::Invalid(request_error(
            &message,
            Some("BadRequest"),
            &[],
        )));
    }
    let too_deep = || too_much(&format!("The document is nested deeper than {DEEPEST} levels."));
    if parser.recursion_reached() > DEEPEST {
        return Err(too_deep());
    }
    let document = parsed.map_err(|_| ParseError::Syntax)?;
    if document.definitions.is_empty() {
        return Err(ParseError::Syntax);
    }
    if is_too_deep(&document) {
        return Err(too_deep());
    }
    document
        .to_executable_validate(schema)
        .map_err(|error| ParseError::Invalid(invalid(&document, &error.errors)))
}

/// What asks for more than [`super::bounds`] allows.
pub(super) fn too_much(message: &str) -> ParseError {
    ParseError::Invalid(request_error(message, Some("BadRequest"), &[]))
}

/// The body that tells what doesn't fit the schema.
fn invalid(document: &ast::Document, diagnostics: &DiagnosticList) -> Value {
    let selecting = selecting_fields(document);
    let errors = diagnostics.iter().filter(|diagnostic| {
        // apollo-compiler drops an undefined field before it looks whether anything is selected.
        diagnostic.error.unstable_error_name() != Some("MissingSubselection")
            || !diagnostic
                .to_json()
                .locations
                .iter()
                .any(|at| selecting.contains(&Location::from(at)))
    });
    let mut errors = errors.take(MOST_ERRORS).map(|diagnostic| {
        let found = diagnostic.to_json();
        let kind = diagnostic
            .error
            .unstable_error_name()
            .map_or("ValidationError", graphql_java_name);
        let message = diagnostic
            .error
            .unstable_compat_message()
            .unwrap_or(found.message);
        let locations: Vec<Location> = found.locations.iter().map(Location::from).collect();
        (format!("Validation error of type {kind}: {message}"), locations)
    });
    let Some((message, locations)) = errors.next() else {
        return request_error("Validation error", Some("ValidationError"), &[]);
    };
    let mut body = request_error(&message, Some("ValidationError"), &locations);
    if let Some(list) = body.get_mut("errors").and_then(Value::as_array_mut) {
        for (message, locations) in errors {
            let mut more = request_error(&message, Some("ValidationError"), &locations);
            if let Some(one) = more.get_mut("errors").and_then(Value::as_array_mut) {
                list.append(one);
            }
        }
    }
    body
}

/// Where the fields stand that have a selection set, whatever it selects.
fn selecting_fields(document: &ast::Document) -> HashSet<Location> {
    let mut found = HashSet::new();
    let mut sets: Vec<&[ast::Selection]> = Vec::new();
    for definition in &document.definitions {
        match definition {
            ast::Definition::OperationDefinition(operation) => sets.push(&operation.selection_set),
            ast::Definition::FragmentDefinition(fragment) => sets.push(&fragment.selection_set),
            _ => {}
        }
    }
    while let Some(set) = sets.pop() {
        for selection in set {
            match selection {
                ast::Selection::Field(field) if !field.selection_set.is_empty() => {
                    sets.push(&field.selection_set);
                    let at = field.location();
                    let at = at.and_then(|at| at.line_column(&document.sources));
                    found.extend(at.iter().map(Location::from));
                }
                ast::Selection::InlineFragment(inline) => sets.push(&inline.selection_set),
                ast::Selection::Field(_) | ast::Selection::FragmentSpread(_) => {}
            }
        }
    }
    found
}

/// graphql-java's names for what apollo-compiler finds.
fn graphql_java_name(name: &'static str) -> &'static str {
    match name {
        "UndefinedField" => "FieldUndefined",
        "UndefinedArgument" => "UnknownArgument",
        "RequiredArgument" => "MissingFieldArgument",
        "MissingSubselection" => "SubSelectionRequired",
        "UndefinedDefinition" => "UnknownType",
        "UndefinedFragment" => "UndefinedFragment",
        "UndefinedVariable" => "UndefinedVariable",
        "UnusedVariable" => "UnusedVariable",
        "UnusedFragment" => "UnusedFragment",
        "DisallowedVariableUsage" => "VariableTypeMismatch",
        "UnsupportedValueType" | "IntCoercionError" | "FloatCoercionError" => "WrongType",
        other => other,
    }
}
