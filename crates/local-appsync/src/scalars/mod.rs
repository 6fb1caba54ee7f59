//! Coercion of scalars: of variables and literals, and of resolvers' values.
//!
//! AppSync's errors have the wording of graphql-java 9 to 15, so the built-in scalars follow that version's `Scalars`, which accepts
//! more than the specification: `"650"` for an `Int`, `5` for a `String`. AppSync's own scalars follow its guide, "Scalar types in AWS
//! AppSync".

mod aws;
mod java;

use apollo_compiler::ast::Value as Literal;
use serde_json::{Number, Value};

pub(super) use self::aws::{JsonText, MAX_JSON_DEPTH};
pub(super) use self::java::class_name;
pub(super) use self::java::text as java_text;

/// Coerces a variable's value, or one nested in it.
///
/// # Errors
///
/// The reason, as in AppSync's `Variable 'x' has an invalid value. <reason>`.
pub(super) fn parse_value(scalar: &str, value: &Value) -> Result<Value, String> {
    match built_in(scalar, value) {
        Some(coerced) => coerced,
        None => aws::parse(scalar, value),
    }
}

/// Serializes a resolver's value.
///
/// # Errors
///
/// The reason, as in AppSync's `Can't serialize value (path) : <reason>`.
pub(super) fn serialize(scalar: &str, value: &Value) -> Result<Value, String> {
    match built_in(scalar, value) {
        Some(coerced) => coerced,
        None => aws::serialize(scalar, value),
    }
}

/// Coerces a literal of a document; `None` if it is invalid. Unlike variables, literals must be of the scalar's own kind.
pub(super) fn parse_literal(scalar: &str, literal: &Literal) -> Option<Value> {
    match (scalar, literal) {
        ("Int", Literal::Int(number)) => number.try_to_i32().ok().map(Value::from),
        ("Float", Literal::Int(number)) => float(number.try_to_f64().ok()?),
        ("Float", Literal::Float(number)) => float(number.try_to_f64().ok()?),
        ("String" | "ID", Literal::String(text)) => Some(Value::from(text.as_str())),
        ("ID", Literal::Int(number)) => Some(Value::from(number.as_str())),
        ("Boolean", Literal::Boolean(value)) => Some(Value::Bool(*value)),
        ("Int" | "Float" | "String" | "ID" | "Boolean", _) => None,
        ("AWSTimestamp", Literal::Int(number)) => number.as_str().parse::<i64>().ok().map(Value::from),
        (_, Literal::String(text)) => aws::parse(scalar, &Value::from(text.as_str())).ok(),
        _ => None,
    }
}

/// Coerces GraphQL's own scalars; `None` for others.
fn built_in(scalar: &str, value: &Value) -> Option<Result<Value, String>> {
    let coerced = match scalar {
        "Int" => whole(value).map(Value::from),
        "Float" => decimal(value).and_then(float),
        "String" => Some(Value::String(java_text(value))),
        "Boolean" => boolean(value).map(Value::Bool),
        "ID" => id(value).map(Value::String),
        _ => return None,
    };
    Some(coerced.ok_or_else(|| format!("Expected type '{scalar}' but was '{}'.", class_name(value))))
}

/// Java's `new BigDecimal(input.toString()).intValueExact()`.
fn whole(value: &Value) -> Option<i32> {
    let exact = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse::<i64>().ok(),
        _ => None,
    };
    if let Some(exact) = exact {
        return i32::try_from(exact).ok();
    }
    let value = decimal(value).filter(|value| value.fract() == 0.0)?;
    let fits = (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&value);
    #[expect(clippy::cast_possible_truncation, reason = "whole and within 32 bits")]
    fits.then_some(value as i32)
}

/// Java's `new BigDecimal(input.toString()).doubleValue()`.
fn decimal(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        // Rust parses `inf` and `nan`, Java's BigDecimal doesn't.
        Value::String(text) if text.bytes().all(|byte| b"0123456789+-.eE".contains(&byte)) => {
            text.parse().ok()
        }
        _ => None,
    }
}

fn float(value: f64) -> Option<Value> {
    Number::from_f64(value).map(Value::Number)
}

/// Every text except `true` is false, every number except 0 is true.
fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) => Some(text.eq_ignore_ascii_case("true")),
        Value::Number(number) => number.as_f64().map(|number| number != 0.0),
        _ => None,
    }
}

fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => number.as_i64().map(|number| number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case("Int", json!(650), Some(json!(650)))]
    #[case("Int", json!(650.0), Some(json!(650)))]
    #[case("Int", json!("650"), Some(json!(650)))]
    #[case("Int", json!("6.5e2"), Some(json!(650)))]
    #[case("Int", json!("-2147483648"), Some(json!(i32::MIN)))]
    #[case("Int", json!(2_147_483_648_i64), None)]
    #[case("Int", json!(650.5), None)]
    #[case("Int", json!(" 650"), None)]
    #[case("Int", json!("many"), None)]
    #[case("Int", json!(""), None)]
    #[case("Int", json!(true), None)]
    #[case("Float", json!(170), Some(json!(170.0)))]
    #[case("Float", json!("1.5"), Some(json!(1.5)))]
    #[case("Float", json!("infinity"), None)]
    #[case("Float", json!("1e999"), None)]
    #[case("Float", json!(false), None)]
    #[case("String", json!("a"), Some(json!("a")))]
    #[case("String", json!(5), Some(json!("5")))]
    #[case("String", json!(5.0), Some(json!("5.0")))]
    #[case("String", json!(true), Some(json!("true")))]
    #[case("String", json!([1, "a"]), Some(json!("[1, a]")))]
    #[case("Boolean", json!(true), Some(json!(true)))]
    #[case("Boolean", json!("false"), Some(json!(false)))]
    #[case("Boolean", json!("TRUE"), Some(json!(true)))]
    #[case("Boolean", json!("yes"), Some(json!(false)))]
    #[case("Boolean", json!(0), Some(json!(false)))]
    #[case("Boolean", json!(0.5), Some(json!(true)))]
    #[case("Boolean", json!([]), None)]
    #[case("ID", json!("a"), Some(json!("a")))]
    #[case("ID", json!(5), Some(json!("5")))]
    #[case("ID", json!(5.5), None)]
    #[case("ID", json!(true), None)]
    fn values_are_coerced_as_in_graphql_java(
        #[case] scalar: &str,
        #[case] value: Value,
        #[case] wanted: Option<Value>,
    ) {
        assert_eq!(parse_value(scalar, &value).ok(), wanted);
        assert_eq!(serialize(scalar, &value).ok(), wanted);
    }

    #[rstest]
    #[case(json!([]), "ArrayList")]
    #[case(json!({}), "LinkedHashMap")]
    #[case(json!(1.5), "Double")]
    #[case(json!(2_147_483_648_i64), "Long")]
    #[case(json!(u64::MAX), "BigInteger")]
    #[case(json!("x"), "String")]
    #[case(json!(true), "Boolean")]
    fn invalid_values_are_named_by_their_java_class(#[case] value: Value, #[case] class: &str) {
        let message = format!("Expected type 'Int' but was '{class}'.");
        assert_eq!(parse_value("Int", &value), Err(message.clone()));
        assert_eq!(serialize("Int", &value), Err(message));
    }
}
