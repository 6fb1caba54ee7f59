//! An API that doesn't tell its types: what asks for them does not fit the schema, as on AWS.

use apollo_compiler::{
    ExecutableDocument,
    executable::{Field, Selection, SelectionSet},
};
use serde_json::Value;

use super::{
    bounds::MOST_ERRORS,
    errors::{Location, validation_errors},
};

/// The body that says that the fields of `__schema` and `__type` are undefined; none where a document selects none of them.
/// `__typename` is not one.
pub(super) fn refused(document: &ExecutableDocument) -> Option<Value> {
    let mut found = Vec::new();
    for operation in document.operations.iter() {
        collect(&operation.selection_set, &mut Vec::new(), &mut found);
    }
    for fragment in document.fragments.values() {
        collect(&fragment.selection_set, &mut Vec::new(), &mut found);
    }
    let errors = found.into_iter().take(MOST_ERRORS).map(|(field, ty, path)| {
        let message = format!(
            "Validation error of type FieldUndefined: Field '{}' in type '{ty}' is undefined @ '{path}'",
            field.name
        );
        let at = field.alias.as_ref().unwrap_or(&field.name).location();
        let at = at.and_then(|at| Location::of(at, &document.sources));
        (message, at.into_iter().collect())
    });
    (errors.len() > 0).then(|| validation_errors(errors))
}

/// Fields that are said to be undefined: with their type, and where they stand.
fn collect<'a>(
    set: &'a SelectionSet,
    path: &mut Vec<&'a str>,
    found: &mut Vec<(&'a Field, &'a str, String)>,
) {
    // Below a field that is undefined nothing is looked at, so of the types' types none but these two are met.
    let hidden = set.ty == "__Schema" || set.ty == "__Type";
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                path.push(&field.name);
                if !hidden {
                    collect(&field.selection_set, path, found);
                } else if field.name != "__typename" {
                    found.push((field, set.ty.as_str(), path.join("/")));
                }
                path.pop();
            }
            Selection::InlineFragment(inline) => collect(&inline.selection_set, path, found),
            Selection::FragmentSpread(_) => {}
        }
    }
}
