//! Conversion of arguments for resolvers.

use apollo_compiler::{Schema, ast::Type, response::JsonMap};
use serde_json::{Map, Value};

/// Parses the `AWSJSON` in an argument, since resolvers get its value.
///
/// # Errors
///
/// The message if it is no JSON, which coercion has excluded already.
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

/// Converts apollo-compiler's map to serde's.
pub(super) fn plain_map(map: &JsonMap) -> Map<String, Value> {
    match serde_json::to_value(map) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}
