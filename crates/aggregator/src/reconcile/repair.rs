//! The write that replaces stored totals by the recount.

use serde_json::{Map, Value, json};

use super::reading::{Figure, Reading, SET_BY_USER};

/// The `UpdateItem` that writes the recount of `reading`, on the condition that the row hasn't changed since.
///
/// Like every write to an aggregate it adds 1 to the version, so clients accept it as newer; a weight stays. The mark
/// of totals that their user has set is removed: from then on the day is recounted.
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
    let stored = &reading.stored;
    let mut conditions = Vec::new();
    for (name, value, stored) in [
        ("caloriesConsumed", ":oldConsumed", &stored.consumed),
        ("caloriesBurned", ":oldBurned", &stored.burned),
        ("#version", ":oldVersion", &stored.version),
    ] {
        conditions.push(match stored {
            Some(figure) => {
                values.insert(value.to_owned(), figure.attribute());
                format!("{name} = {value}")
            }
            None => format!("attribute_not_exists({name})"),
        });
    }
    let mark = if stored.set_by_user {
        "attribute_exists"
    } else {
        "attribute_not_exists"
    };
    conditions.push(format!("{mark}({SET_BY_USER})"));
    let mut update = "SET caloriesConsumed = :consumed, caloriesBurned = :burned".to_owned();
    match &stored.version {
        None | Some(Figure::Number(_)) => {
            values.insert(":one".to_owned(), json!({ "N": "1" }));
            update.push_str(" ADD #version :one");
        }
        Some(Figure::Other(_)) => {
            // It can't be incremented, and the version that clients have seen is unknown: the seconds since 1970 are
            // more than any row was ever written, and an Int of GraphQL until 2038.
            values.insert(":version".to_owned(), json!({ "N": reading.at.to_string() }));
            update.push_str(", #version = :version");
        }
    }
    if stored.set_by_user {
        update.push_str(" REMOVE ");
        update.push_str(SET_BY_USER);
    }
    json!({
        "TableName": table,
        "Key": { "userid": { "S": reading.user }, "date": { "S": reading.date } },
        "UpdateExpression": update,
        "ConditionExpression": conditions.join(" AND "),
        "ExpressionAttributeNames": { "#version": "version" },
        "ExpressionAttributeValues": values,
        "ReturnValues": "ALL_NEW",
    })
}
