//! Fits the variables of a request to their types.
//!
//! As graphql-java 9 to 15 does (`ValuesResolver`), whose words AppSync's answers have: they name the variable where something is
//! null, but the innermost member where a value is of another kind. The first variable that doesn't fit is told, and nothing runs.

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

/// Why a variable doesn't fit.
enum Misfit<'a> {
    /// A null, or nothing, where the type has a `!`.
    Null(&'a Type),
    /// A value of another kind: the innermost member's name and what is wrong.
    Value { member: &'a str, reason: String },
    /// A member that the input object of this name doesn't have.
    Undefined(&'a str),
    /// JSON that is nested too deeply.
    TooDeep,
}

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
    let mut coerced = JsonMap::new();
    for variable in &operation.variables {
        let name = variable.name.as_str();
        let value = match (given.get(name), &variable.default_value) {
            // A null counts as nothing here, unlike in the specification.
            (None | Some(Value::Null), Some(default)) => Ok(literal(schema, &variable.ty, default)),
            (None, None) if !variable.ty.is_non_null() => continue,
            (value, _) => {
                let coercion = Coercion { schema, member: name };
                coercion.value(&variable.ty, value.unwrap_or(&Value::Null))
            }
        };
        let value = value.map_err(|misfit| refusal(document, variable, misfit))?;
        coerced.insert(name, value.into());
    }
    Ok(Valid::assume_valid(coerced))
}

fn refusal(
    document: &ExecutableDocument,
    variable: &apollo_compiler::Node<VariableDefinition>,
    misfit: Misfit<'_>,
) -> Value {
    let at = variable
        .location()
        .and_then(|at| at.line_column(&document.sources));
    let at: Vec<Location> = at.iter().map(Location::from).collect();
    match misfit {
        Misfit::Null(ty) => {
            let name = &variable.name;
            let message = format!("Variable '{name}' has coerced Null value for NonNull type '{ty}'");
            request_error(&message, None, &at)
        }
        Misfit::Value { member, reason } => {
            let message = format!("Variable '{member}' has an invalid value. {reason}");
            request_error(&message, None, &at)
        }
        Misfit::Undefined(input) => {
            // With this space at its end, and without a place.
            let message = format!(
                "The variables input contains a field that is not defined for input object type '{input}' "
            );
            request_error(&message, None, &[])
        }
        Misfit::TooDeep => request_error(&bounds::json_too_deep(), Some("BadRequest"), &at),
    }
}

/// One value's coercion.
#[derive(Clone, Copy)]
struct Coercion<'a> {
    schema: &'a Schema,
    /// The variable's name, or that of the innermost member.
    member: &'a str,
}

impl<'a> Coercion<'a> {
    fn value(self, ty: &'a Type, value: &Value) -> Result<Value, Misfit<'a>> {
        if value.is_null() {
            return if ty.is_non_null() {
                Err(Misfit::Null(ty))
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
                Err(self.misfit(format!(
                    "Invalid input for Enum '{name}'. No value found for name '{text}'"
                )))
            }
            _ => {
                let deep = name == "AWSJSON"
                    && value
                        .as_str()
                        .is_some_and(|text| JsonText::of(text) == JsonText::TooDeep);
                if deep {
                    return Err(Misfit::TooDeep);
                }
                scalars::parse_value(name, value).map_err(|reason| self.misfit(reason))
            }
        }
    }

    fn members(self, input: &'a InputObjectType, value: &Value) -> Result<Value, Misfit<'a>> {
        let Value::Object(given) = value else {
            let class = scalars::class_name(value);
            return Err(self.misfit(format!(
                "Expected type 'Map' but was '{class}'. Variables for input objects must be an instance of type 'Map'."
            )));
        };
        if given.keys().any(|name| !input.fields.contains_key(name.as_str())) {
            return Err(Misfit::Undefined(&input.name));
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

    fn misfit(self, reason: String) -> Misfit<'a> {
        Misfit::Value {
            member: self.member,
            reason,
        }
    }
}

/// The value of a literal that is valid for its type, such as a default; null in place of variables.
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

    /// What comes of the variables of a query: the value, or the error's message.
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
    fn members_and_items_are_looked_at_however_deep(
        #[case] given: Value,
        #[case] wanted: Result<Value, &str>,
    ) {
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
    fn defaults_fill_in_for_what_is_absent_or_null(
        #[case] query: &str,
        #[case] given: Value,
        #[case] wanted: Value,
    ) {
        assert_eq!(coerced_by(query, &given), Ok(wanted));
    }
}
