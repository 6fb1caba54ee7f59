//! How Java names the class of a value and prints it: AppSync's messages quote both, and coercion to `String` returns the
//! printed text.

use std::fmt::Write as _;

use serde_json::{Number, Value};

/// `getClass().getSimpleName()` of a parsed JSON value.
pub(crate) fn class_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "Boolean",
        Value::String(_) => "String",
        Value::Array(_) => "ArrayList",
        Value::Object(_) => "LinkedHashMap",
        Value::Number(number) => match number.as_i64() {
            Some(whole) if i32::try_from(whole).is_ok() => "Integer",
            Some(_) => "Long",
            None if number.is_f64() => "Double",
            None => "BigInteger",
        },
    }
}

/// `Object.toString()`: `{a=1, b=[x, 2.0]}`.
pub(crate) fn text(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value);
    text
}

fn write_value(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::String(value) => text.push_str(value),
        Value::Number(number) => write_number(text, number),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                write_value(text, item);
            }
            text.push(']');
        }
        Value::Object(members) => {
            text.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                text.push_str(name);
                text.push('=');
                write_value(text, member);
            }
            text.push('}');
        }
    }
}

/// `Double.toString()` uses an exponent from 10⁷ on and below 10⁻³.
fn write_number(text: &mut String, number: &Number) {
    let value = number.as_f64().filter(|_| number.is_f64());
    // Writing to a string can't fail.
    let _ = match value {
        None => write!(text, "{number}"),
        Some(value) if value == 0.0 || (1e-3..1e7).contains(&value.abs()) => write!(text, "{value:?}"),
        Some(value) => {
            let scientific = format!("{value:E}");
            let (mantissa, exponent) = scientific.split_once('E').unwrap_or((&scientific, "0"));
            let point = if mantissa.contains('.') { "" } else { ".0" };
            write!(text, "{mantissa}{point}E{exponent}")
        }
    };
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!({ "key1": "hi", "key2": 3, "weirdKey:hello": { "nested": true } }), "{key1=hi, key2=3, weirdKey:hello={nested=true}}")]
    #[case(json!([]), "[]")]
    #[case(json!([null, "a", [1]]), "[null, a, [1]]")]
    #[case(json!(12.0), "12.0")]
    #[case(json!(0.0), "0.0")]
    #[case(json!(1e7), "1.0E7")]
    #[case(json!(-12_345_678.5), "-1.23456785E7")]
    #[case(json!(0.000_25), "2.5E-4")]
    #[case(json!(u64::MAX), "18446744073709551615")]
    fn values_have_javas_text(#[case] value: Value, #[case] wanted: &str) {
        assert_eq!(text(&value), wanted);
    }
}
