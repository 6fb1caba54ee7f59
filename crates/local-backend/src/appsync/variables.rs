//! Fits the variables of a request to their types.

use apollo_compiler::{
    ExecutableDocument, Schema, executable::Operation, request::coerce_variable_values, response::JsonMap,
    validation::Valid,
};
use serde_json::{Map, Value};

use super::errors::{Location, request_error};

/// The variables as their types want them.
///
/// # Errors
///
/// The body that tells which one doesn't fit.
pub(super) fn coerced(
    schema: &Valid<Schema>,
    document: &ExecutableDocument,
    operation: &Operation,
    given: &Map<String, Value>,
) -> Result<Valid<JsonMap>, Value> {
    for variable in &operation.variables {
        let value = given.get(variable.name.as_str());
        let absent = match value {
            None => variable.default_value.is_none(),
            Some(value) => value.is_null(),
        };
        // As AppSync words it, without a type.
        if absent && variable.ty.is_non_null() {
            let (name, ty) = (&variable.name, &variable.ty);
            let message = format!("Variable '{name}' has coerced Null value for NonNull type '{ty}'");
            let at = variable
                .location()
                .and_then(|at| at.line_column(&document.sources));
            let at: Vec<Location> = at.iter().map(Location::from).collect();
            return Err(request_error(&message, None, &at));
        }
    }
    let given: JsonMap = given
        .iter()
        .map(|(name, value)| (name.as_str().into(), value.clone().into()))
        .collect();
    coerce_variable_values(schema, operation, &given)
        .map_err(|error| request_error(&error.message().to_string(), None, &[]))
}
