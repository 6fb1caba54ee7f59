//! A subscription's arguments, which filter events if its resolver sets no filter.

use apollo_compiler::{Schema, executable::Field};
use serde_json::{Map, Value};

use crate::variables::literal;

/// The coerced arguments of a field. Arguments whose variable is absent are absent.
pub(super) fn given_arguments(
    schema: &Schema,
    field: &Field,
    variables: &Map<String, Value>,
) -> Map<String, Value> {
    let given = field.arguments.iter().filter_map(|argument| {
        let value = match argument.value.as_variable() {
            Some(variable) => variables.get(variable.as_str())?.clone(),
            None => literal(
                schema,
                &field.definition.argument_by_name(&argument.name)?.ty,
                &argument.value,
            ),
        };
        Some((argument.name.to_string(), value))
    });
    given.collect()
}
