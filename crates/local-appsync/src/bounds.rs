//! Bounds of a request, so that one user can't exhaust the backend for others.
//!
//! AppSync documents four limits: levels and resolvers of a request ([`super::ApiSettings`]), 30 seconds, and a body of
//! 1 MB. It documents no limits of documents. Its errors have graphql-java's wording, so the other bounds are
//! graphql-java's defaults: <https://www.graphql-java.com/documentation/limits>.

use std::collections::HashMap;

use apollo_compiler::{
    ExecutableDocument,
    ast::{self, Value as AstValue},
    executable::{Operation, Selection, SelectionSet},
    introspection::check_max_depth,
    response::{JsonMap, JsonValue},
    validation::Valid,
};
use serde_json::{Map, Value};

use super::scalars::MAX_JSON_DEPTH;

/// Maximum tokens of a document. graphql-java's 15,000 don't count white space, which is a token here.
pub(super) const MOST_TOKENS: usize = 30_000;
/// Maximum nesting of selections, values and types of a document. graphql-java stops at 500 grammar rules, several per
/// level; here 500 levels would overflow the stack. AppSync's `QueryDepthLimit` is checked when fields are executed.
pub(super) const DEEPEST: usize = 100;
/// Maximum size of a response in bytes: AppSync's 5 MB.
pub(super) const MAX_RESPONSE_BYTES: usize = 5 << 20;
/// Maximum number of validation errors in a response (graphql-java's `Validator`).
pub(super) const MOST_ERRORS: usize = 100;
/// Maximum fields of an operation; a fragment counts wherever it is spread (graphql-java's limit of normalized
/// operations).
const MOST_FIELDS: u64 = 100_000;
/// The same for introspection (graphql-java's `GoodFaithIntrospection`).
const MOST_FIELDS_OF_TYPES: u64 = 500;
/// Maximum bytes of variables and headers for all resolvers of a request together. Each resolver gets all of them
/// (`ctx.info.variables`), so this limits the product. AppSync has no such limit.
const MOST_HANDED: u64 = 64 << 20;

/// The message for an `AWSJSON` that is nested too deeply.
pub(super) fn json_too_deep() -> String {
    format!("A value of type AWSJSON is nested deeper than {MAX_JSON_DEPTH} levels.")
}

/// Whether selections, including those of fragments, are nested deeper than [`DEEPEST`]. Everything that walks a document
/// is recursive, starting with validation. Validation reports circular fragments; it follows each name once.
pub(super) fn is_too_deep(document: &ast::Document) -> bool {
    let mut fragments = HashMap::new();
    let mut operations = Vec::new();
    for definition in &document.definitions {
        match definition {
            ast::Definition::OperationDefinition(operation) => operations.push(&operation.selection_set),
            ast::Definition::FragmentDefinition(fragment) => {
                fragments.insert(fragment.name.as_str(), fragment.selection_set.as_slice());
            }
            _ => {}
        }
    }
    let mut heights = Heights {
        of_fragments: HashMap::new(),
        fragments: &fragments,
    };
    let mut sets = operations
        .into_iter()
        .map(Vec::as_slice)
        .chain(fragments.values().copied());
    sets.any(|set| heights.of(set, DEEPEST).is_none())
}

/// Computes the nesting of selections, with that of each fragment cached.
struct Heights<'a> {
    /// Nesting per fragment; zero while it is being computed.
    of_fragments: HashMap<&'a str, usize>,
    fragments: &'a HashMap<&'a str, &'a [ast::Selection]>,
}

impl<'a> Heights<'a> {
    /// The nesting; none if it exceeds `most`.
    fn of(&mut self, selected: &'a [ast::Selection], most: usize) -> Option<usize> {
        let below = most.checked_sub(1)?;
        let mut highest = 0;
        for selection in selected {
            let height = match selection {
                ast::Selection::Field(field) if field.selection_set.is_empty() => 0,
                ast::Selection::Field(field) => self.of(&field.selection_set, below)?,
                ast::Selection::InlineFragment(inline) => self.of(&inline.selection_set, below)?,
                ast::Selection::FragmentSpread(spread) => self.of_fragment(&spread.fragment_name, below)?,
            };
            highest = highest.max(height);
        }
        Some(highest + 1)
    }

    fn of_fragment(&mut self, name: &'a str, most: usize) -> Option<usize> {
        if let Some(height) = self.of_fragments.get(name) {
            return (*height <= most).then_some(*height);
        }
        let Some(selected) = self.fragments.get(name) else {
            return Some(0);
        };
        self.of_fragments.insert(name, 0);
        let height = self.of(selected, most)?;
        self.of_fragments.insert(name, height);
        Some(height)
    }
}

/// Checks a valid operation before its execution.
///
/// # Errors
///
/// The message of the exceeded bound.
pub(super) fn check(
    document: &Valid<ExecutableDocument>,
    operation: &Operation,
    variables: &JsonMap,
    headers: &Map<String, Value>,
) -> Result<(), String> {
    let mut count = Count::default();
    let fields = count.fields(document, &operation.selection_set, &|_| true);
    if fields > MOST_FIELDS {
        return Err(format!("The operation selects more than {MOST_FIELDS} fields."));
    }
    check_types(document, operation, fields)?;
    let sizes: HashMap<&str, u64> = variables
        .iter()
        .map(|(name, value)| (name.as_str(), size(value)))
        .collect();
    let each = sizes.values().sum::<u64>()
        + headers
            .iter()
            .map(|(name, value)| (name.len() + value.to_string().len()) as u64)
            .sum::<u64>();
    let handed = operation
        .root_fields(document)
        .map(|field| {
            let arguments = field
                .arguments
                .iter()
                .map(|argument| used(&argument.value, &sizes));
            each.saturating_add(arguments.fold(0, u64::saturating_add))
        })
        .fold(0, u64::saturating_add);
    if handed > MOST_HANDED {
        return Err(format!(
            "The request uses its variables and headers too often: {} MB of them for all its fields.",
            handed >> 20
        ));
    }
    Ok(())
}

/// Types refer to each other in circles, so introspection has a bound of its own; tools' usual queries are within it.
fn check_types(
    document: &Valid<ExecutableDocument>,
    operation: &Operation,
    fields: u64,
) -> Result<(), String> {
    let asks = |name: &str| {
        let mut count = Count::default();
        count.fields(document, &operation.selection_set, &|field| field == name)
    };
    let (schema, types) = (asks("__schema"), asks("__type"));
    if schema + types == 0 {
        return Ok(());
    }
    let often = ["types", "fields", "inputFields", "interfaces", "possibleTypes"];
    if fields > MOST_FIELDS_OF_TYPES || schema > 1 || types > 1 || often.iter().any(|name| asks(name) > 1) {
        return Err("This is not asking in good faith - introspection selects too many fields.".to_owned());
    }
    check_max_depth(document, operation).map_err(|error| error.message().to_string())
}

/// Counts the fields of each fragment once.
#[derive(Default)]
struct Count<'a> {
    of_fragments: HashMap<&'a str, u64>,
}

impl<'a> Count<'a> {
    /// The number of fields, with those of fragments wherever they are spread.
    fn fields(
        &mut self,
        document: &'a ExecutableDocument,
        selected: &'a SelectionSet,
        counts: &impl Fn(&str) -> bool,
    ) -> u64 {
        let mut sum: u64 = 0;
        for selection in &selected.selections {
            let more = match selection {
                Selection::Field(field) => {
                    let inner = self.fields(document, &field.selection_set, counts);
                    inner.saturating_add(u64::from(counts(&field.name)))
                }
                Selection::InlineFragment(inline) => self.fields(document, &inline.selection_set, counts),
                Selection::FragmentSpread(spread) => {
                    let name = spread.fragment_name.as_str();
                    let known = self.of_fragments.get(name).copied();
                    known.unwrap_or_else(|| {
                        let fragment = document.fragments.get(name);
                        let inner = fragment.map_or(0, |fragment| {
                            self.fields(document, &fragment.selection_set, counts)
                        });
                        self.of_fragments.insert(name, inner);
                        inner
                    })
                }
            };
            sum = sum.saturating_add(more);
        }
        sum
    }
}

/// Estimated bytes of a value in memory.
fn size(value: &JsonValue) -> u64 {
    const NODE: u64 = 32;
    let inner = match value {
        JsonValue::Null | JsonValue::Bool(_) | JsonValue::Number(_) => 0,
        JsonValue::String(text) => text.as_str().len() as u64,
        JsonValue::Array(items) => items.iter().map(size).sum(),
        JsonValue::Object(members) => members
            .iter()
            .map(|(name, value)| name.as_str().len() as u64 + size(value))
            .sum(),
    };
    NODE + inner
}

/// Estimated bytes of the variables in an argument; repeated uses count.
fn used(value: &AstValue, sizes: &HashMap<&str, u64>) -> u64 {
    match value {
        AstValue::Variable(name) => sizes.get(name.as_str()).copied().unwrap_or_default(),
        AstValue::List(items) => items
            .iter()
            .map(|item| used(item, sizes))
            .fold(0, u64::saturating_add),
        AstValue::Object(members) => members
            .iter()
            .map(|(_, member)| used(member, sizes))
            .fold(0, u64::saturating_add),
        AstValue::Null
        | AstValue::Enum(_)
        | AstValue::String(_)
        | AstValue::Float(_)
        | AstValue::Int(_)
        | AstValue::Boolean(_) => 0,
    }
}
