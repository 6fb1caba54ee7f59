//! What a selection set selects.

use apollo_compiler::{
    ExecutableDocument,
    executable::{Selection, SelectionSet},
};
use indexmap::IndexSet;
use serde_json::{Map, Value};

/// A response's object by field names instead of response keys.
pub(super) fn without_aliases(document: &ExecutableDocument, selected: &SelectionSet, data: &Value) -> Value {
    match data {
        Value::Array(items) => items
            .iter()
            .map(|item| without_aliases(document, selected, item))
            .collect(),
        Value::Object(members) => {
            let mut named = Map::new();
            name_members(document, selected, members, &mut named);
            Value::Object(named)
        }
        scalar => scalar.clone(),
    }
}

fn name_members(
    document: &ExecutableDocument,
    selected: &SelectionSet,
    members: &Map<String, Value>,
    named: &mut Map<String, Value>,
) {
    for selection in &selected.selections {
        match selection {
            Selection::Field(field) => {
                if let Some(value) = members.get(field.response_key().as_str()) {
                    let value = without_aliases(document, &field.selection_set, value);
                    named.insert(field.name.to_string(), value);
                }
            }
            Selection::InlineFragment(inline) => {
                name_members(document, &inline.selection_set, members, named);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.fragment_name) {
                    name_members(document, &fragment.selection_set, members, named);
                }
            }
        }
    }
}

/// `ctx.info.selectionSetList`: `author`, `author/name`, with aliases in place of names and fragments merged.
pub(super) fn paths(document: &ExecutableDocument, selected: &SelectionSet) -> Vec<String> {
    let mut paths = IndexSet::new();
    collect(document, selected, "", &mut paths);
    paths.into_iter().collect()
}

fn collect(
    document: &ExecutableDocument,
    selected: &SelectionSet,
    prefix: &str,
    paths: &mut IndexSet<String>,
) {
    for selection in &selected.selections {
        match selection {
            Selection::Field(field) => {
                let path = format!("{prefix}{}", field.response_key());
                let inner = format!("{path}/");
                paths.insert(path);
                collect(document, &field.selection_set, &inner, paths);
            }
            Selection::InlineFragment(inline) => collect(document, &inline.selection_set, prefix, paths),
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.fragment_name) {
                    collect(document, &fragment.selection_set, prefix, paths);
                }
            }
        }
    }
}
