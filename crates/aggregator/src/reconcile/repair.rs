//! The recount, written in place of what is stored.

use serde_json::{Map, Value, json};

use super::reading::Reading;

/// The `UpdateItem` that writes what `reading` counted, if the row is still what it found.
///
/// Like every write to an aggregate it adds 1 to the version, so clients take it for the newer truth; a weight stays.
pub fn request(table: &str, reading: &Reading) -> Value {
    let mut values = Map::new();
    values.insert(
        ":consumed".to_owned(),
        json!({ "N": reading.recount.0.to_string() }),
    );
    values.insert(
        ":burned".to_owned(),
        json!({ "N": reading.recount.1.to_string() }),
    );
    values.insert(":one".to_owned(), json!({ "N": "1" }));
    let mut conditions = Vec::new();
    for (name, value, stored) in [
        ("caloriesConsumed", ":oldConsumed", &reading.stored.consumed),
        ("caloriesBurned", ":oldBurned", &reading.stored.burned),
        ("#version", ":oldVersion", &reading.stored.version),
    ] {
        conditions.push(match stored {
            Some(digits) => {
                values.insert(value.to_owned(), json!({ "N": digits }));
                format!("{name} = {value}")
            }
            None => format!("attribute_not_exists({name})"),
        });
    }
    json!({
        "TableName": table,
        "Key": { "userid": { "S": reading.user }, "date": { "S": reading.date } },
        "UpdateExpression": "SET caloriesConsumed = :consumed, caloriesBurned = :burned ADD #version :one",
        "ConditionExpression": conditions.join(" AND "),
        "ExpressionAttributeNames": { "#version": "version" },
        "ExpressionAttributeValues": values,
        "ReturnValues": "ALL_NEW",
    })
}
