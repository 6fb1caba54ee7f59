//! Values on their way to resolvers and back: `AWSJSON`, and DynamoDB's one kind of number.

use apollo_compiler::{Schema, ast::Type, response::JsonMap};
use serde_json::{Map, Number, Value};

/// Reads the `AWSJSON` in an argument: resolvers see what it holds.
///
/// # Errors
///
/// The message where it isn't JSON.
pub(super) fn read_json(schema: &Schema, ty: &Type, value: &mut Value) -> Result<(), String> {
    if ty.is_list() {
        let items = value.as_array_mut().into_iter().flatten();
        return items
            .into_iter()
            .try_for_each(|item| read_json(schema, ty.item_type(), item));
    }
    let name = ty.inner_named_type();
    if name == "AWSJSON" {
        if let Value::String(text) = value {
            *value = serde_json::from_str(text)
                .map_err(|_| "Variable of type AWSJSON is not valid JSON.".to_owned())?;
        }
        return Ok(());
    }
    if let (Some(input), Some(members)) = (schema.get_input_object(name), value.as_object_mut()) {
        for (name, field) in &input.fields {
            if let Some(member) = members.get_mut(name.as_str()) {
                read_json(schema, &field.ty, member)?;
            }
        }
    }
    Ok(())
}

/// A scalar as its type is written.
pub(super) fn scalar(name: &str, value: Value) -> Value {
    match (name, value) {
        ("AWSJSON", value) => Value::String(value.to_string()),
        // DynamoDB knows one kind of number: 650.0 is the Int 650.
        ("Int", Value::Number(number)) if number.is_f64() => {
            let whole = number
                .as_f64()
                .filter(|value| value.fract() == 0.0 && value.abs() < 2_147_483_648.0);
            #[expect(clippy::cast_possible_truncation, reason = "whole and within 32 bits")]
            Value::Number(whole.map_or(number, |whole| Number::from(whole as i64)))
        }
        ("Float", Value::Number(number)) => number
            .as_f64()
            .and_then(Number::from_f64)
            .map_or(Value::Null, Value::Number),
        ("String" | "ID", Value::Number(number)) => Value::String(number.to_string()),
        (_, value) => value,
    }
}

/// apollo-compiler's map as serde's.
pub(super) fn plain_map(map: &JsonMap) -> Map<String, Value> {
    match serde_json::to_value(map) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}
