//! A subscription's arguments, which filter where its resolver sets no filter.

use apollo_compiler::{ast::Value as Ast, executable::Field};
use serde_json::{Map, Value};

/// The arguments as written, variables filled in; those whose variable is absent are absent.
pub(super) fn given_arguments(field: &Field, variables: &Map<String, Value>) -> Map<String, Value> {
    let given = field.arguments.iter().filter_map(|argument| {
        let value = match argument.value.as_variable() {
            Some(variable) => variables.get(variable.as_str())?.clone(),
            None => literal(&argument.value),
        };
        Some((argument.name.to_string(), value))
    });
    given.collect()
}

fn literal(value: &Ast) -> Value {
    match value {
        Ast::Null | Ast::Variable(_) | Ast::Object(_) => Value::Null,
        Ast::Enum(name) => Value::from(name.as_str()),
        Ast::String(text) => Value::from(text.as_str()),
        Ast::Boolean(value) => Value::from(*value),
        Ast::Int(number) => number.try_to_i32().map_or(Value::Null, Value::from),
        Ast::Float(number) => number.try_to_f64().map_or(Value::Null, Value::from),
        Ast::List(items) => items.iter().map(|item| literal(item)).collect(),
    }
}
