//! DynamoDB's typed values: in resolvers' requests, in the API, and plain.
//!
//! A resolver's `{"N": 12345}` holds a number and its null is `{"NULL": null}`; the API has `{"N": "12345"}` and
//! `{"NULL": true}` (AppSync guide, "Type system (request mapping)").

use serde_json::{Map, Number, Value};

/// Converts a resolver's typed value to the API's.
pub(super) fn to_api(value: Value) -> Value {
    let Value::Object(members) = value else {
        return value;
    };
    let typed = members.into_iter().map(|(kind, value)| {
        let value = match (kind.as_str(), value) {
            ("N", Value::Number(number)) => Value::String(number.to_string()),
            ("NULL", _) => Value::Bool(true),
            ("NS", Value::Array(numbers)) => numbers.into_iter().map(text).collect(),
            ("L", Value::Array(values)) => values.into_iter().map(to_api).collect(),
            ("M", Value::Object(values)) => Value::Object(map_to_api(values)),
            (_, value) => value,
        };
        (kind, value)
    });
    Value::Object(typed.collect())
}

/// Converts each member of a map of typed values.
pub(super) fn map_to_api(values: Map<String, Value>) -> Map<String, Value> {
    values
        .into_iter()
        .map(|(name, value)| (name, to_api(value)))
        .collect()
}

fn text(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        other => other,
    }
}

/// Converts the API's item to plain values, as in `ctx.result`.
pub(super) fn item_to_plain(item: Map<String, Value>) -> Value {
    Value::Object(
        item.into_iter()
            .map(|(name, value)| (name, to_plain(value)))
            .collect(),
    )
}

fn to_plain(value: Value) -> Value {
    let Value::Object(members) = value else {
        return value;
    };
    let Some((kind, value)) = members.into_iter().next() else {
        return Value::Null;
    };
    match (kind.as_str(), value) {
        ("N", Value::String(digits)) => number(&digits),
        ("NULL", _) => Value::Null,
        ("NS", Value::Array(numbers)) => numbers
            .iter()
            .map(|one| one.as_str().map_or(Value::Null, number))
            .collect(),
        ("L", Value::Array(values)) => values.into_iter().map(to_plain).collect(),
        ("M", Value::Object(values)) => item_to_plain(values),
        (_, value) => value,
    }
}

fn number(digits: &str) -> Value {
    let whole = digits.parse::<i64>().ok().map(Value::from);
    whole
        .or_else(|| Number::from_f64(digits.parse().ok()?).map(Value::Number))
        .unwrap_or(Value::Null)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_and_nulls_change_their_form_both_ways() {
        let written = json!({ "M": { "n": { "N": 12345 }, "f": { "N": 1.5 }, "x": { "NULL": null }, "l": { "L": [{ "S": "a" }] } } });
        let api = to_api(written);
        assert_eq!(
            api,
            json!({ "M": { "n": { "N": "12345" }, "f": { "N": "1.5" }, "x": { "NULL": true }, "l": { "L": [{ "S": "a" }] } } })
        );
        assert_eq!(
            to_plain(api),
            json!({ "n": 12345, "f": 1.5, "x": null, "l": ["a"] })
        );
    }
}
