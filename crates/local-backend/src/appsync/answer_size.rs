//! How large the answer will be that a resolver's value goes into, and what of the value goes into it.
//!
//! AppSync's answers have at most 5 MB. A request may ask a hundred resolvers for 1 MB each, so values are measured as they come,
//! and what isn't selected of them is dropped.

use std::collections::HashMap;

use apollo_compiler::{
    ExecutableDocument,
    ast::{DirectiveList, Value as Literal},
    executable::{Selection, SelectionSet},
    response::JsonMap,
};
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// What an operation selects of a field.
pub(super) struct Selected<'a> {
    document: &'a ExecutableDocument,
    variables: &'a JsonMap,
}

/// Members of the answer by response key: the field of each, and what is selected of that; nothing of a scalar.
struct Members<'a>(Vec<(&'a str, &'a str, Members<'a>)>);

/// Members of a value that are selected under any key. Of a scalar there are none, and it is kept whole.
#[derive(Default)]
struct Kept<'a>(HashMap<&'a str, Kept<'a>>);

impl<'a> Selected<'a> {
    pub(super) fn new(document: &'a ExecutableDocument, variables: &'a JsonMap) -> Self {
        Self { document, variables }
    }

    /// Bytes that a value takes in the answer, as JSON; those of a `null` in place of what fails or isn't there included.
    pub(super) fn bytes(&self, selected: Option<&'a SelectionSet>, value: &Value) -> usize {
        bytes_of(&self.members(selected.as_slice()), value)
    }

    /// Drops what isn't selected of a value.
    pub(super) fn keep(&self, selected: Option<&'a SelectionSet>, value: &mut Value) {
        let mut kept = Kept::default();
        kept.add(&self.members(selected.as_slice()));
        kept.apply(value);
    }

    fn members(&self, sets: &[&'a SelectionSet]) -> Members<'a> {
        let mut by_key: IndexMap<&'a str, (&'a str, Vec<&'a SelectionSet>)> = IndexMap::new();
        for set in sets {
            self.collect(set, &mut by_key);
        }
        let members = by_key
            .into_iter()
            .map(|(key, (name, sets))| (key, name, self.members(&sets)));
        Members(members.collect())
    }

    /// Types of fragments are not looked at: what stands in one for another type counts as well.
    fn collect(
        &self,
        set: &'a SelectionSet,
        by_key: &mut IndexMap<&'a str, (&'a str, Vec<&'a SelectionSet>)>,
    ) {
        for selection in &set.selections {
            if self.is_skipped(selection.directives()) {
                continue;
            }
            match selection {
                Selection::Field(field) => {
                    let entry = by_key
                        .entry(field.response_key())
                        .or_insert_with(|| (&field.name, Vec::new()));
                    entry.1.push(&field.selection_set);
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

impl<'a> Kept<'a> {
    fn add(&mut self, members: &Members<'a>) {
        for (_, name, inner) in &members.0 {
            self.0.entry(name).or_default().add(inner);
        }
    }

    fn apply(&self, value: &mut Value) {
        match value {
            _ if self.0.is_empty() => {}
            Value::Array(items) => items.iter_mut().for_each(|item| self.apply(item)),
            Value::Object(members) => {
                // Anew, since a map keeps the room that it had for what is dropped.
                let mut left = Map::with_capacity(self.0.len());
                for (name, kept) in &self.0 {
                    if let Some(mut member) = members.swap_remove(*name) {
                        kept.apply(&mut member);
                        left.insert((*name).to_owned(), member);
                    }
                }
                *members = left;
            }
            _ => {}
        }
    }
}

fn bytes_of(selected: &Members<'_>, value: &Value) -> usize {
    match value {
        Value::Array(items) => {
            items
                .iter()
                .map(|item| bytes_of(selected, item) + 1)
                .sum::<usize>()
                + 1
        }
        Value::Object(members) if !selected.0.is_empty() => {
            let each = selected.0.iter().map(|(key, name, inner)| {
                let member = members.get(*name).unwrap_or(&Value::Null);
                key.len() + r#""":,"#.len() + bytes_of(inner, member)
            });
            each.sum::<usize>() + 1
        }
        Value::Object(members) => {
            let each = members
                .iter()
                .map(|(name, member)| name.len() + r#""":,"#.len() + bytes_of(selected, member));
            each.sum::<usize>() + 1
        }
        Value::String(text) => text.len() + 2,
        Value::Null => 4,
        Value::Bool(_) => 5,
        // Close enough for a limit of megabytes.
        Value::Number(_) => 3,
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

    /// What is kept of a value, and how many bytes it is estimated at.
    fn measured(query: &str, value: &Value) -> (Value, usize) {
        let (document, mut variables) = (parsed(query), JsonMap::new());
        variables.insert("no", false.into());
        let operation = document.operations.get(None).unwrap();
        let field = operation.root_fields(&document).next().unwrap();
        let selected = Selected::new(&document, &variables);
        let mut kept = value.clone();
        selected.keep(Some(&field.selection_set), &mut kept);
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
    #[case("{ list { a: items { id } b: items { name } } }", json!({ "items": [{ "id": "1", "name": "a" }, null] }))]
    fn what_is_not_selected_is_dropped(#[case] query: &str, #[case] wanted: Value) {
        let value = json!({ "items": [{ "id": "1", "name": "a", "note": "n", "other": [1] }, null], "next": "x", "more": {} });
        assert_eq!(measured(query, &value).0, wanted);
    }

    #[test]
    fn every_key_of_the_answer_counts() {
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
        assert!(measured("{ list { next } }", &value).1 < 30);
    }
}
