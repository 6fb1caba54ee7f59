//! Introspection turned off: as on AWS, `__schema` and `__type` are then undefined fields.

use apollo_compiler::{
    ExecutableDocument,
    executable::{Field, Selection, SelectionSet},
};
use serde_json::Value;

use super::{
    bounds::MOST_ERRORS,
    errors::{Location, validation_errors},
};

/// The response's body if a document selects fields of `__schema` or `__type`, which are undefined; none otherwise.
/// `__typename` is always defined.
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

/// Collects the undefined fields with their type and path.
fn collect<'a>(
    set: &'a SelectionSet,
    path: &mut Vec<&'a str>,
    found: &mut Vec<(&'a Field, &'a str, String)>,
) {
    // Selections below an undefined field are skipped, so no other introspection type occurs.
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
