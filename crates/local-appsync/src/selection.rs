//! Applies selection sets to values.

use apollo_compiler::{
    ExecutableDocument,
    executable::{Selection, SelectionSet},
    resolvers::ResolveInfo,
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

/// The merged selection of a field, which can occur more than once under one key; none for a scalar.
pub(super) fn merged(info: &ResolveInfo<'_>) -> Option<SelectionSet> {
    let mut sets = info.field_selections().iter().map(|field| &field.selection_set);
    let mut merged = sets.next()?.clone();
    merged.extend(sets.flat_map(|set| set.selections.iter().cloned()));
    (!merged.selections.is_empty()).then_some(merged)
}

/// The selected members of a value, by field name. Values other than objects are unchanged.
pub(super) fn filtered(document: &ExecutableDocument, selected: &SelectionSet, data: &Value) -> Value {
    let mut kept = Value::Null;
    keep(document, selected, data, &mut kept);
    kept
}

/// Adds the selected members to `kept`, which merges several selections of one object.
fn keep(document: &ExecutableDocument, selected: &SelectionSet, value: &Value, kept: &mut Value) {
    match value {
        Value::Array(items) => {
            if !kept.is_array() {
                *kept = Value::Array(vec![Value::Null; items.len()]);
            }
            for (item, kept) in items.iter().zip(kept.as_array_mut().into_iter().flatten()) {
                keep(document, selected, item, kept);
            }
        }
        Value::Object(members) => {
            if !kept.is_object() {
                *kept = Value::Object(Map::new());
            }
            for selection in &selected.selections {
                match selection {
                    Selection::Field(field) => {
                        let (name, inner) = (field.name.as_str(), &field.selection_set);
                        let (Some(value), Some(kept)) = (members.get(name), kept.as_object_mut()) else {
                            continue;
                        };
                        let kept = kept.entry(name).or_insert(Value::Null);
                        if !inner.selections.is_empty() {
                            keep(document, inner, value, kept);
                        } else if kept.is_null() {
                            *kept = value.clone();
                        }
                    }
                    Selection::InlineFragment(inline) => {
                        keep(document, &inline.selection_set, value, kept);
                    }
                    Selection::FragmentSpread(spread) => {
                        if let Some(fragment) = document.fragments.get(&spread.fragment_name) {
                            keep(document, &fragment.selection_set, value, kept);
                        }
                    }
                }
            }
        }
        scalar => kept.clone_from(scalar),
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

#[cfg(test)]
mod tests {
    use apollo_compiler::{Schema, validation::Valid};
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    /// What a document selects of `Query.post`.
    fn selected(query: &str) -> (Valid<ExecutableDocument>, SelectionSet) {
        let sdl =
            "type Query { post: Post } type Post { id: ID title: String author: Author comments: [Comment] }
            type Author { id: ID name: String } type Comment { id: ID author: Author }";
        let schema = Schema::parse_and_validate(sdl, "schema.graphql").unwrap();
        let document = ExecutableDocument::parse_and_validate(&schema, query, "query.graphql").unwrap();
        let operation = document.operations.get(None).unwrap();
        let field = operation.root_fields(&document).next().unwrap();
        let set = field.selection_set.clone();
        (document, set)
    }

    #[rstest]
    #[case("{ post { id author { name } } }", &["id", "author", "author/name"])]
    #[case("{ post { key: id writer: author { called: name } } }", &["key", "writer", "writer/called"])]
    #[case(
        "{ post { author { id } ...A ... on Post { title author { id } } } } fragment A on Post { id author { name ...B } } \
         fragment B on Author { name other: id }",
        &["author", "author/id", "id", "author/name", "author/other", "title"],
    )]
    fn the_list_of_a_selection_has_aliases_for_names_and_fragments_merged(
        #[case] query: &str,
        #[case] wanted: &[&str],
    ) {
        let (document, set) = selected(query);
        assert_eq!(paths(&document, &set), wanted);
    }

    #[rstest]
    #[case("{ post { id } }", json!({ "id": "1" }))]
    #[case("{ post { key: id title } }", json!({ "id": "1", "title": null }))]
    #[case(
        "{ post { ...A author { id } } } fragment A on Post { author { name } comments { author { name } } }",
        json!({ "author": { "id": "2", "name": "Anna" }, "comments": [{ "author": { "name": "Ben" } }, {}] }),
    )]
    fn only_what_is_selected_of_a_value_is_kept(#[case] query: &str, #[case] wanted: Value) {
        let (document, set) = selected(query);
        let data = json!({ "id": "1", "title": null, "secret": "x", "author": { "id": "2", "name": "Anna", "secret": "x" },
            "comments": [{ "id": "3", "author": { "id": "4", "name": "Ben" } }, { "id": "5" }] });
        assert_eq!(filtered(&document, &set, &data), wanted);
        assert_eq!(filtered(&document, &set, &json!(["text", 5])), json!(["text", 5]));
    }

    #[test]
    fn events_use_field_names() {
        let (document, set) = selected(
            "{ post { key: id writer: author { called: name } ...T } } fragment T on Post { head: title }",
        );
        let data = json!({ "key": "1", "writer": { "called": "Anna" }, "head": "x" });
        assert_eq!(
            without_aliases(&document, &set, &data),
            json!({ "id": "1", "author": { "name": "Anna" }, "title": "x" })
        );
    }
}
