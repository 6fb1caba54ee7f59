//! The write that replaces stored totals by the recount.

use serde_json::{Map, Value, json};

use super::{
    Scope,
    reading::{Figure, Reading, SET_BY_USER},
};

/// The `UpdateItem` that writes the recount of `reading`, on the condition that the row hasn't changed since.
///
/// Like every write to an aggregate it adds 1 to the version, so clients accept it as newer; a weight stays. So do kcal that
/// the day's user has set, unless the scope includes them: then their mark is removed, and from then on they are recounted.
pub fn request(scope: &Scope, reading: &Reading) -> Value {
    let recount = &reading.recount;
    let keeps_kcal = reading.stored.is_users_own() && !scope.include_set;
    let mut write = Write::of(reading);
    if !keeps_kcal {
        write.set("caloriesConsumed", &recount.consumed.to_string());
        write.set("caloriesBurned", &recount.burned.to_string());
    }
    for (name, number) in recount.counted() {
        write.set(name, &number);
    }
    let mut then = String::new();
    match &reading.stored.version {
        None | Some(Figure::Number(_)) => {
            write.values.insert(":one".to_owned(), json!({ "N": "1" }));
            then.push_str(" ADD #version :one");
        }
        // It can't be incremented, and the version that clients have seen is unknown: the seconds since 1970 are
        // more than any row was ever written, and an Int of GraphQL until 2038.
        Some(Figure::Other(_)) => write.set("version", &reading.at.to_string()),
    }
    if reading.stored.set_by_user && !keeps_kcal {
        then.push_str(" REMOVE ");
        then.push_str(SET_BY_USER);
    }
    write.request(&scope.aggregates, reading, &then)
}

/// An `UpdateItem` on the condition that the row is as it was read.
pub(super) struct Write {
    sets: Vec<String>,
    conditions: Vec<String>,
    pub(super) values: Map<String, Value>,
}

/// An attribute's name in an expression: `version` is a reserved word.
fn placeholder(name: &str) -> &str {
    if name == "version" { "#version" } else { name }
}

impl Write {
    pub(super) fn of(reading: &Reading) -> Self {
        let mut values = Map::new();
        let mut conditions = Vec::new();
        for (name, stored) in reading.stored.figures() {
            let placeholder = placeholder(name);
            conditions.push(match stored {
                Some(figure) => {
                    values.insert(format!(":old_{name}"), figure.attribute());
                    format!("{placeholder} = :old_{name}")
                }
                None => format!("attribute_not_exists({placeholder})"),
            });
        }
        let mark = if reading.stored.set_by_user {
            "attribute_exists"
        } else {
            "attribute_not_exists"
        };
        conditions.push(format!("{mark}({SET_BY_USER})"));
        Self {
            sets: Vec::new(),
            conditions,
            values,
        }
    }

    /// Sets a number, given as its decimal text.
    pub(super) fn set(&mut self, name: &str, number: &str) {
        self.values.insert(format!(":new_{name}"), json!({ "N": number }));
        self.sets.push(format!("{} = :new_{name}", placeholder(name)));
    }

    /// The request; `then` follows the members that are set.
    pub(super) fn request(self, table: &str, reading: &Reading, then: &str) -> Value {
        json!({
            "TableName": table,
            "Key": { "userid": { "S": reading.user }, "date": { "S": reading.date } },
            "UpdateExpression": format!("SET {}{then}", self.sets.join(", ")),
            "ConditionExpression": self.conditions.join(" AND "),
            "ExpressionAttributeNames": { "#version": "version" },
            "ExpressionAttributeValues": self.values,
            "ReturnValues": "ALL_NEW",
        })
    }
}
