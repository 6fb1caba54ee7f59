//! A stranger's requests for every field of the API, one to a row. `A` is the owner, Anna; `B` is the stranger, Ben.

macro_rules! activity {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " { ...Entry } ",
            $after,
            include_str!("../../../../../graphql/operations/fragments/Entry.graphql")
        )
    };
}

macro_rules! user {
    ($before:literal) => {
        concat!(
            $before,
            " { id username height weight bmi caloriesTargetPerDay caloriesConsumed targets timeZone dayStartsAt",
            " countExercise library rev } }"
        )
    };
}

macro_rules! totals {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " { ...Totals } ",
            $after,
            include_str!("../../../../../graphql/operations/fragments/Totals.graphql")
        )
    };
}

mod mutations;
mod queries;
mod subscriptions;

use std::collections::BTreeSet;

use apollo_compiler::ast::{Definition, Document};
use serde_json::Value;

use crate::world::World;

/// The response to a signed-in stranger.
pub(crate) enum Stranger {
    /// This data and no error: another user's data reads as if it didn't exist.
    Reads(&'static str),
    /// An error of this type, and null.
    Refused(&'static str),
    /// Data that every user may read and subscribe to.
    Public,
    /// A subscription that starts and receives no event of the owner's (`events.rs`).
    Silence,
}

/// A request of the stranger.
pub(crate) struct Row {
    /// `<Type>.<field>`.
    pub(crate) field: &'static str,
    pub(crate) document: &'static str,
    pub(crate) variables: fn(&World) -> Value,
    pub(crate) stranger: Stranger,
}

impl Row {
    pub(crate) fn is_subscription(&self) -> bool {
        self.field.starts_with("Subscription.")
    }

    pub(crate) fn is_query(&self) -> bool {
        self.field.starts_with("Query.")
    }

    /// The name of the field without its type.
    pub(crate) fn name(&self) -> &'static str {
        self.field.split_once('.').unwrap().1
    }
}

fn row(
    field: &'static str,
    document: &'static str,
    variables: fn(&World) -> Value,
    stranger: Stranger,
) -> Row {
    Row {
        field,
        document,
        variables,
        stranger,
    }
}

/// The matrix.
pub(crate) fn rows() -> Vec<Row> {
    [queries::rows(), mutations::rows(), subscriptions::rows()]
        .into_iter()
        .flatten()
        .collect()
}

/// The fields of `Query`, `Mutation` or `Subscription`, with their arguments' names.
pub(crate) fn fields_of(root: &str) -> Vec<(String, Vec<String>)> {
    let schema = include_str!("../../../../../graphql/schema.graphql");
    let document = Document::parse(schema, "schema.graphql").unwrap();
    let definitions = document.definitions.iter();
    definitions
        .filter_map(|definition| match definition {
            Definition::ObjectTypeDefinition(object) if object.name == root => Some(object),
            _ => None,
        })
        .flat_map(|object| &object.fields)
        .map(|field| {
            let arguments = field.arguments.iter().map(|argument| argument.name.to_string());
            (format!("{root}.{}", field.name), arguments.collect())
        })
        .collect()
}

/// Also a field without a resolver, which is open to every caller.
#[test]
fn every_field_has_a_row() {
    let fields: BTreeSet<String> = ["Query", "Mutation", "Subscription"]
        .into_iter()
        .flat_map(fields_of)
        .map(|(field, _)| field)
        .collect();
    let rows: BTreeSet<String> = rows().iter().map(|row| row.field.to_owned()).collect();
    assert_eq!(fields, rows, "each field needs a row");
}

#[test]
fn every_list_that_pages_has_a_row_with_a_stolen_token() {
    let paging: BTreeSet<String> = fields_of("Query")
        .into_iter()
        .filter(|(_, arguments)| arguments.iter().any(|name| name == "nextToken"))
        .map(|(field, _)| field)
        .collect();
    let tried: BTreeSet<String> = rows()
        .iter()
        .filter(|row| row.document.contains("nextToken: $token"))
        .filter(|row| {
            matches!(
                row.stranger,
                Stranger::Refused("DynamoDB:UserIllegalArgumentException")
            )
        })
        .map(|row| row.field.to_owned())
        .collect();
    assert_eq!(paging, tried);
}
