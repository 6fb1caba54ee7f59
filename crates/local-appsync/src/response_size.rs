//! The part of a resolver's value that goes into the response, and its size there.
//!
//! AppSync's responses have at most 5 MB. One request can run a hundred resolvers that return 1 MB each, so values are
//! measured as they arrive, and unselected fields are dropped.

use std::collections::HashMap;

use apollo_compiler::{
    ExecutableDocument,
    ast::{DirectiveList, Value as Literal},
    executable::{Selection, SelectionSet},
    response::JsonMap,
};
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// Projects values onto selections of one operation.
pub(super) struct Projection<'a> {
    document: &'a ExecutableDocument,
    variables: &'a JsonMap,
}

/// A selection, by response key.
enum Fields<'a> {
    /// The value is a scalar, or a list of scalars.
    Leaf,
    /// Response key, field name and selection of each field.
    Object(Vec<(&'a str, &'a str, Fields<'a>)>),
}

/// A selection, by field name: the union of all selections of a field under different aliases.
#[derive(Default)]
enum FieldTree<'a> {
    #[default]
    Leaf,
    Object(HashMap<&'a str, FieldTree<'a>>),
}

type FieldsByKey<'a> = IndexMap<&'a str, (&'a str, Vec<&'a SelectionSet>)>;

impl<'a> Projection<'a> {
    pub(super) fn new(document: &'a ExecutableDocument, variables: &'a JsonMap) -> Self {
        Self { document, variables }
    }

    /// Estimates the bytes of a field's value in the response's JSON. Missing fields count as `null`.
    pub(super) fn bytes(&self, selected: Option<&'a SelectionSet>, value: &Value) -> usize {
        bytes_of(&self.fields(selected.as_slice()), value)
    }

    /// Drops the fields of a value that are not selected.
    pub(super) fn prune(&self, selected: Option<&'a SelectionSet>, value: &mut Value) {
        let mut tree = FieldTree::default();
        tree.add(&self.fields(selected.as_slice()));
        tree.prune(value);
    }

    fn fields(&self, sets: &[&'a SelectionSet]) -> Fields<'a> {
        if sets.iter().all(|set| set.selections.is_empty()) {
            return Fields::Leaf;
        }
        let mut by_key = FieldsByKey::new();
        for set in sets {
            self.collect(set, &mut by_key);
        }
        let fields = by_key
            .into_iter()
            .map(|(key, (name, sets))| (key, name, self.fields(&sets)));
        Fields::Object(fields.collect())
    }

    /// Type conditions of fragments are ignored: fields of all types count.
    fn collect(&self, set: &'a SelectionSet, by_key: &mut FieldsByKey<'a>) {
        for selection in &set.selections {
            if self.is_skipped(selection.directives()) {
                continue;
            }
            match selection {
                Selection::Field(field) => {
                    let entry = by_key.entry(field.response_key());
                    let (_, sets) = entry.or_insert_with(|| (&field.name, Vec::new()));
                    sets.push(&field.selection_set);
                }
                Selection::InlineFragment(inline) => self.collect(&inline.selection_set, by_key),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name) {
                        self.collect(&fragment.selection_set, by_key);
                    }
                }
            }
        }
    }

    fn is_skipped(&self, directives: &DirectiveList) -> bool {
        let condition = |name: &str| {
            let value = directives.get(name)?.specified_argument_by_name("if")?;
            match &**value {
                Literal::Variable(variable) => self.variables.get(variable.as_str())?.as_bool(),
                literal => literal.to_bool(),
            }
        };
        condition("skip") == Some(true) || condition("include") == Some(false)
    }
}

impl<'a> FieldTree<'a> {
    fn add(&mut self, fields: &Fields<'a>) {
        let Fields::Object(fields) = fields else { return };
        if matches!(self, Self::Leaf) {
            *self = Self::Object(HashMap::new());
        }
        if let Self::Object(tree) = self {
            for (_, name, inner) in fields {
                tree.entry(name).or_default().add(inner);
            }
        }
    }

    fn prune(&self, value: &mut Value) {
        let Self::Object(tree) = self else { return };
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.prune(item)),
            Value::Object(members) => {
                // A new map, since the old one would keep its capacity.
                let mut pruned = Map::with_capacity(tree.len());
                for (name, inner) in tree {
                    if let Some(mut member) = members.swap_remove(*name) {
                        inner.prune(&mut member);
                        pruned.insert((*name).to_owned(), member);
                    }
                }
                *members = pruned;
            }
            _ => {}
        }
    }
}

fn bytes_of(fields: &Fields<'_>, value: &Value) -> usize {
    const MEMBER: usize = r#""":,"#.len();
    match (value, fields) {
        (Value::Array(items), _) => items.iter().map(|item| bytes_of(fields, item) + 1).sum::<usize>() + 1,
        (Value::Object(members), Fields::Object(fields)) => {
            let each = fields.iter().map(|(key, name, inner)| {
                let member = members.get(*name).unwrap_or(&Value::Null);
                key.len() + MEMBER + bytes_of(inner, member)
            });
            each.sum::<usize>() + 1
        }
        (Value::Object(members), Fields::Leaf) => {
            let each = members
                .iter()
                .map(|(name, member)| name.len() + MEMBER + bytes_of(fields, member));
            each.sum::<usize>() + 1
        }
        (Value::String(text), _) => text.len() + 2,
        (Value::Null, _) => 4,
        (Value::Bool(_), _) => 5,
        // An estimate is enough for a limit of megabytes.
        (Value::Number(_), _) => 3,
    }
}

#[cfg(test)]
mod tests {
    use apollo_compiler::{Schema, validation::Valid};
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn parsed(query: &str) -> Valid<ExecutableDocument> {
        let sdl = "type Query { list: List } type List { items: [Item] next: String }
            type Item { id: ID name: String note: String list: List }";
        let schema = Schema::parse_and_validate(sdl, "schema.graphql").unwrap();
        ExecutableDocument::parse_and_validate(&schema, query, "query.graphql").unwrap()
    }

    /// The pruned value, and the estimated size in bytes.
    fn measured(query: &str, value: &Value) -> (Value, usize) {
        let (document, mut variables) = (parsed(query), JsonMap::new());
        variables.insert("no", false.into());
        let operation = document.operations.get(None).unwrap();
        let field = operation.root_fields(&document).next().unwrap();
        let selected = Projection::new(&document, &variables);
        let mut kept = value.clone();
        selected.prune(Some(&field.selection_set), &mut kept);
        (kept, selected.bytes(Some(&field.selection_set), value))
    }

    #[rstest]
    #[case("{ list { next } }", json!({ "next": "x" }))]
    #[case("{ list { items { id name } } }", json!({ "items": [{ "id": "1", "name": "a" }, null] }))]
    #[case(
        "{ list { items { id } ...Named } } fragment Named on List { items { called: name ... @include(if: true) { id } } }",
        json!({ "items": [{ "id": "1", "name": "a" }, null] }),
    )]
    #[case(
        "query($no: Boolean!) { list { items { id note @include(if: $no) name @skip(if: true) } } }",
        json!({ "items": [{ "id": "1" }, null] }),
    )]
    #[case("{ list { items { id @skip(if: true) } } }", json!({ "items": [{}, null] }))]
    #[case("{ list { items { __typename } } }", json!({ "items": [{}, null] }))]
    #[case("{ list { a: items { id } b: items { name } } }", json!({ "items": [{ "id": "1", "name": "a" }, null] }))]
    fn unselected_fields_are_dropped(#[case] query: &str, #[case] wanted: Value) {
        let value = json!({ "items": [{ "id": "1", "name": "a", "note": "n", "other": [1] }, null], "next": "x", "more": {} });
        assert_eq!(measured(query, &value).0, wanted);
    }

    #[test]
    fn every_response_key_counts() {
        let text = "n".repeat(1_000);
        let value = json!({ "items": [{ "id": "1", "note": text }], "next": null });
        let answer = |keys: &[&str]| {
            let members: serde_json::Map<String, Value> =
                keys.iter().map(|key| ((*key).to_owned(), json!(text))).collect();
            json!({ "items": [members] }).to_string().len()
        };
        for (query, keys) in [
            ("{ list { items { note } } }", &["note"] as &[&str]),
            (
                "{ list { items { note a: note bc: note } } }",
                &["note", "a", "bc"],
            ),
        ] {
            let (_, bytes) = measured(query, &value);
            assert!(
                bytes.abs_diff(answer(keys)) < 10,
                "{query}: {bytes}, not {}",
                answer(keys)
            );
        }
        for none_of_it in ["{ list { next } }", "{ list { items { note @skip(if: true) } } }"] {
            assert!(measured(none_of_it, &value).1 < 30, "{none_of_it}");
        }
    }
}
