//! Coerces the variables of a request to their types.
//!
//! As graphql-java 9 to 15 does (`ValuesResolver`); AppSync's errors have its wording: they name the variable if a non-null input is
//! null, and the innermost input field if a value is invalid. The first invalid variable is reported, and nothing is executed.

use apollo_compiler::{
    ExecutableDocument, Schema,
    ast::{Type, Value as Literal},
    executable::{Operation, VariableDefinition},
    response::JsonMap,
    schema::{ExtendedType, InputObjectType},
    validation::Valid,
};
use serde_json::{Map, Value};

use super::{
    bounds,
    errors::{Location, request_error},
    scalars::{self, JsonText, java_text},
};

/// Why a variable is invalid.
enum CoercionError<'a> {
    /// Null or absent, but of this non-null type.
    NullForNonNull(&'a Type),
    /// A value that can't be coerced, and the name of the innermost input field.
    InvalidValue { member: &'a str, reason: String },
    /// A field that the input object of this name doesn't define.
    UndefinedField(&'a str),
    /// JSON that is nested deeper than [`MAX_JSON_DEPTH`](scalars::MAX_JSON_DEPTH).
    TooDeep,
}

/// Coerces an operation's variables.
///
/// # Errors
///
/// The response's body if one is invalid.
pub(super) fn coerced(
    schema: &Valid<Schema>,
    document: &ExecutableDocument,
    operation: &Operation,
    given: &Map<String, Value>,
) -> Result<Valid<JsonMap>, Value> {
    let mut coerced = JsonMap::new();
    for variable in &operation.variables {
        let name = variable.name.as_str();
        let value = match (given.get(name), &variable.default_value) {
            // Unlike in the specification, null is replaced by the default.
            (None | Some(Value::Null), Some(default)) => Ok(literal(schema, &variable.ty, default)),
            (None, None) if !variable.ty.is_non_null() => continue,
            (value, _) => {
                let coercion = Coercion { schema, member: name };
                coercion.value(&variable.ty, value.unwrap_or(&Value::Null))
            }
        };
        let value = value.map_err(|error| rejection(document, variable, error))?;
        coerced.insert(name, value.into());
    }
    Ok(Valid::assume_valid(coerced))
}

fn rejection(
    document: &ExecutableDocument,
    variable: &apollo_compiler::Node<VariableDefinition>,
    error: CoercionError<'_>,
) -> Value {
    let at = variable
        .location()
        .and_then(|at| Location::of(at, &document.sources));
    let at: Vec<Location> = at.into_iter().collect();
    match error {
        CoercionError::NullForNonNull(ty) => {
            let name = &variable.name;
            let message = format!("Variable '{name}' has coerced Null value for NonNull type '{ty}'");
            request_error(&message, None, &at)
        }
        CoercionError::InvalidValue { member, reason } => {
            let message = format!("Variable '{member}' has an invalid value. {reason}");
            request_error(&message, None, &at)
        }
        CoercionError::UndefinedField(input) => {
            // With a space at the end, and without locations.
            let message = format!(
                "The variables input contains a field that is not defined for input object type '{input}' "
            );
            request_error(&message, None, &[])
        }
        CoercionError::TooDeep => request_error(&bounds::json_too_deep(), Some("BadRequest"), &at),
    }
}

/// Coerces one value to a type.
#[derive(Clone, Copy)]
struct Coercion<'a> {
    schema: &'a Schema,
    /// The name of the variable, or of the innermost input field.
    member: &'a str,
}

impl<'a> Coercion<'a> {
    fn value(self, ty: &'a Type, value: &Value) -> Result<Value, CoercionError<'a>> {
        if value.is_null() {
            return if ty.is_non_null() {
                Err(CoercionError::NullForNonNull(ty))
            } else {
                Ok(Value::Null)
            };
        }
        if ty.is_list() {
            let one = std::slice::from_ref(value);
            let items = value.as_array().map_or(one, Vec::as_slice);
            return items
                .iter()
                .map(|item| self.value(ty.item_type(), item))
                .collect();
        }
        let name = ty.inner_named_type().as_str();
        match self.schema.types.get(name) {
            Some(ExtendedType::InputObject(input)) => self.members(input, value),
            Some(ExtendedType::Enum(definition)) => {
                let text = java_text(value);
                if definition.values.contains_key(text.as_str()) {
                    return Ok(Value::String(text));
                }
                Err(self.error(format!(
                    "Invalid input for Enum '{name}'. No value found for name '{text}'"
                )))
            }
            _ => {
                let deep = name == "AWSJSON"
                    && value
                        .as_str()
                        .is_some_and(|text| JsonText::of(text) == JsonText::TooDeep);
                if deep {
                    return Err(CoercionError::TooDeep);
                }
                scalars::parse_value(name, value).map_err(|reason| self.error(reason))
            }
        }
    }

    fn members(self, input: &'a InputObjectType, value: &Value) -> Result<Value, CoercionError<'a>> {
        let Value::Object(given) = value else {
            let class = scalars::class_name(value);
            return Err(self.error(format!(
                "Expected type 'Map' but was '{class}'. Variables for input objects must be an instance of type 'Map'."
            )));
        };
        if given.keys().any(|name| !input.fields.contains_key(name.as_str())) {
            return Err(CoercionError::UndefinedField(&input.name));
        }
        let mut members = Map::new();
        for (name, field) in &input.fields {
            let value = match (given.get(name.as_str()), &field.default_value) {
                (None | Some(Value::Null), Some(default)) => literal(self.schema, &field.ty, default),
                (None, None) if !field.ty.is_non_null() => continue,
                (value, _) => {
                    let inner = Self { member: name, ..self };
                    inner.value(&field.ty, value.unwrap_or(&Value::Null))?
                }
            };
            members.insert(name.to_string(), value);
        }
        Ok(Value::Object(members))
    }

    fn error(self, reason: String) -> CoercionError<'a> {
        CoercionError::InvalidValue {
            member: self.member,
            reason,
        }
    }
}

/// Coerces a literal that is valid for its type, such as a default. Variables in it become null.
pub(super) fn literal(schema: &Schema, ty: &Type, value: &Literal) -> Value {
    match value {
        Literal::Null => Value::Null,
        Literal::List(items) if ty.is_list() => items
            .iter()
            .map(|item| literal(schema, ty.item_type(), item))
            .collect(),
        one if ty.is_list() => Value::Array(vec![literal(schema, ty.item_type(), one)]),
        Literal::Object(members) => {
            let Some(input) = schema.get_input_object(ty.inner_named_type()) else {
                return Value::Null;
            };
            let mut object = Map::new();
            for (name, field) in &input.fields {
                let given = members
                    .iter()
                    .find(|(given, _)| given == name)
                    .map(|(_, value)| value);
                if let Some(value) = given.or(field.default_value.as_ref()) {
                    object.insert(name.to_string(), literal(schema, &field.ty, value));
                }
            }
            Value::Object(object)
        }
        Literal::Enum(name) => Value::from(name.as_str()),
        scalar => scalars::parse_literal(ty.inner_named_type(), scalar).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    const SDL: &str = "scalar AWSDateTime scalar AWSDate scalar AWSPhone scalar AWSJSON
        enum Kind { FOOD DRINK }
        input Inner { at: [AWSDateTime!], day: AWSDate = \"2026-01-01\", kind: Kind }
        input Outer { inner: Inner, all: [Inner], phone: AWSPhone, notes: [AWSJSON] }
        type Query { f(o: Outer, at: AWSDateTime, id: ID, ids: [ID]): Int }";

    /// Coerces the variables of a query: the values, or the error's message.
    fn coerced_by(query: &str, given: &Value) -> Result<Value, String> {
        let schema = Schema::parse_and_validate(SDL, "schema.graphql").unwrap();
        let document = ExecutableDocument::parse_and_validate(&schema, query, "query.graphql").unwrap();
        let operation = document.operations.get(None).unwrap();
        match coerced(&schema, &document, operation, given.as_object().unwrap()) {
            Ok(values) => Ok(serde_json::to_value(&*values).unwrap()),
            Err(body) => Err(body["errors"][0]["message"].as_str().unwrap().to_owned()),
        }
    }

    #[rstest]
    #[case(json!({ "inner": { "at": "2026-11-23T07:30Z" } }), Ok(json!({ "inner": { "at": ["2026-11-23T07:30Z"], "day": "2026-01-01" } })))]
    #[case(json!({ "inner": { "at": ["2026-11-23T07:30Z", "soon"] } }),
        Err("Variable 'at' has an invalid value. Unable to parse `soon` as a valid DateTime Object."))]
    #[case(json!({ "inner": { "at": [null] } }), Err("Variable 'o' has coerced Null value for NonNull type 'AWSDateTime!'"))]
    #[case(json!({ "all": { "day": "2026-02-30" } }),
        Err("Variable 'day' has an invalid value. Unable to parse `2026-02-30` as a valid date."))]
    #[case(json!({ "all": [null, { "day": null, "kind": "FOOD" }] }), Ok(json!({ "all": [null, { "day": "2026-01-01", "kind": "FOOD" }] })))]
    #[case(json!({ "all": [{ "kind": "OTHER" }] }),
        Err("Variable 'kind' has an invalid value. Invalid input for Enum 'Kind'. No value found for name 'OTHER'"))]
    #[case(json!({ "phone": "1110004444" }),
        Err("Variable 'phone' has an invalid value. Unable to parse `1110004444` as a valid phone number."))]
    #[case(json!({ "notes": ["1", "{}", "x"] }), Err("Variable 'notes' has an invalid value. Unable to parse x as valid JSON."))]
    #[case(json!({ "notes": "[1]" }), Ok(json!({ "notes": ["[1]"] })))]
    #[case(json!({ "inner": { "nothing": 1 } }),
        Err("The variables input contains a field that is not defined for input object type 'Inner' "))]
    #[case(json!([]), Err("Variable 'o' has an invalid value. Expected type 'Map' but was 'ArrayList'. Variables for input objects must be an instance of type 'Map'."))]
    fn nested_members_and_items_are_validated(#[case] given: Value, #[case] wanted: Result<Value, &str>) {
        let found = coerced_by("query($o: Outer) { f(o: $o) }", &json!({ "o": given }));
        assert_eq!(
            found,
            wanted.map(|value| json!({ "o": value })).map_err(str::to_owned)
        );
    }

    #[rstest]
    #[case("query($id: ID = 5) { f(id: $id) }", json!({}), json!({ "id": "5" }))]
    #[case("query($id: ID = 5) { f(id: $id) }", json!({ "id": null }), json!({ "id": "5" }))]
    #[case("query($ids: [ID] = 5) { f(ids: $ids) }", json!({}), json!({ "ids": ["5"] }))]
    #[case("query($id: ID) { f(id: $id) }", json!({}), json!({}))]
    #[case("query($id: ID) { f(id: $id) }", json!({ "id": null, "other": 1 }), json!({ "id": null }))]
    #[case("query($o: Outer = { all: [{ kind: DRINK }] }) { f(o: $o) }", json!({}),
        json!({ "o": { "all": [{ "day": "2026-01-01", "kind": "DRINK" }] } }))]
    fn defaults_replace_absent_and_null_values(
        #[case] query: &str,
        #[case] given: Value,
        #[case] wanted: Value,
    ) {
        assert_eq!(coerced_by(query, &given), Ok(wanted));
    }
}
