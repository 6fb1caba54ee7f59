//! The `data` of a response or an event, before it is read as a generated type.

use std::mem;

use graphql_client::GraphQLQuery;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Why data, or a row of it, is invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow(pub(crate) String);

/// The data of a response.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DataObject(Value);

impl DataObject {
    pub(crate) fn new(members: Map<String, Value>) -> Self {
        let mut data = Value::Object(members);
        make_whole(&mut data);
        Self(data)
    }

    /// Takes the rows of a list, without nulls, so that each can be read on its own: an invalid row doesn't affect the others.
    pub(crate) fn take_rows(&mut self, field: &str) -> Vec<Value> {
        match self.0.get_mut(field).and_then(|list| list.get_mut("items")) {
            Some(Value::Array(rows)) => mem::take(rows).into_iter().filter(|row| !row.is_null()).collect(),
            Some(_) | None => Vec::new(),
        }
    }

    /// Takes the row of a field; `None` if it is null.
    pub(crate) fn take_row(&mut self, field: &str) -> Option<Value> {
        self.0
            .get_mut(field)
            .map(Value::take)
            .filter(|row| !row.is_null())
    }

    /// Reads all data as the response of an operation.
    pub(crate) fn read<Q: GraphQLQuery>(self) -> Result<Q::ResponseData, BadRow> {
        read(self.0)
    }
}

/// Reads data, or one row, as a generated type.
pub(crate) fn read<T: DeserializeOwned>(value: Value) -> Result<T, BadRow> {
    serde_json::from_value(value).map_err(|error| BadRow(error.to_string()))
}

/// Turns `650.0` into `650`: DynamoDB doesn't distinguish the two.
fn make_whole(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(make_whole),
        Value::Object(members) => members.values_mut().for_each(make_whole),
        Value::Number(number) => {
            if let Some(whole) = number
                .to_string()
                .strip_suffix(".0")
                .and_then(|text| text.parse::<i64>().ok())
            {
                *number = whole.into();
            }
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn data(value: &Value) -> DataObject {
        DataObject::new(value.as_object().unwrap().clone())
    }

    #[test]
    fn numbers_without_a_fraction_become_integers_at_any_depth() {
        assert_eq!(
            data(&json!({"a": [650.0, {"b": -1.0, "c": 1.5}], "d": "2.0"}))
                .0
                .to_string(),
            r#"{"a":[650,{"b":-1,"c":1.5}],"d":"2.0"}"#
        );
    }

    #[test]
    fn rows_are_taken_from_lists_only() {
        let mut list =
            data(&json!({"a": {"items": [1, null], "nextToken": "t"}, "b": {"items": "x"}, "c": null}));
        assert_eq!(list.take_rows("a"), [json!(1)]);
        for field in ["a", "b", "c", "d"] {
            assert!(list.take_rows(field).is_empty());
        }
        assert_eq!(
            list,
            data(&json!({"a": {"items": [], "nextToken": "t"}, "b": {"items": "x"}, "c": null}))
        );
    }
}
