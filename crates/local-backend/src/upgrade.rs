//! Counts the days of a directory that was written before entries, digest and grams were counted.
//!
//! Nothing else writes meanwhile: no request is served yet, and every stream record is booked. So a recount of the entries is exact.

use std::collections::HashMap;

use caltrack_aggregator::{Amounts, recount};
use caltrack_local_core::tables::{ACTIVITY_TABLE, DynamoError, Operation, USER_AGGREGATE_TABLE};
use caltrack_local_dynamodb::Tables;
use serde_json::{Map, Value, json};

/// Writes what each day lacks; kcal and versions stay. Repeating it is harmless.
///
/// # Errors
///
/// [`DynamoError`] if the tables can't be read or written; some days may be written.
pub(crate) async fn count_entries(tables: &Tables) -> Result<(), DynamoError> {
    let entries = all(tables, ACTIVITY_TABLE).await?;
    let mut recount = recount(&entries);
    drop(entries);
    let mut days: HashMap<(String, String), bool> = HashMap::new();
    for row in all(tables, USER_AGGREGATE_TABLE).await? {
        let text = |name: &str| Some(row.get(name)?.get("S")?.as_str()?.to_owned());
        if let (Some(user), Some(date)) = (text("userid"), text("date"))
            && !user.starts_with("evt#")
        {
            days.insert((user, date), true);
        }
    }
    for day in recount.keys() {
        days.entry(day.clone()).or_insert(false);
    }
    for (day, has_row) in days {
        let amounts = recount.remove(&day).unwrap_or_default();
        tables
            .call(Operation::UpdateItem, update(&day, &amounts, has_row))
            .await?;
    }
    Ok(())
}

/// A day whose entries add no kcal has no row yet: it gets one, with version 1.
fn update((user, date): &(String, String), amounts: &Amounts, has_row: bool) -> Value {
    let mut sets = Vec::new();
    let mut values = Map::new();
    let kcal_and_version = [
        ("caloriesConsumed", "0"),
        ("caloriesBurned", "0"),
        ("version", "1"),
    ];
    let absent = kcal_and_version.map(|(name, number)| (name, number.to_owned()));
    let absent = absent.into_iter().filter(|_| !has_row);
    for (name, number) in absent.chain(amounts.counted()) {
        sets.push(format!("#{name} = :{name}"));
        values.insert(format!(":{name}"), json!({ "N": number }));
    }
    let names: Map<String, Value> = values
        .keys()
        .map(|value| value.trim_start_matches(':'))
        .map(|name| (format!("#{name}"), json!(name)))
        .collect();
    json!({
        "TableName": USER_AGGREGATE_TABLE,
        "Key": { "userid": { "S": user }, "date": { "S": date } },
        "UpdateExpression": format!("SET {}", sets.join(", ")),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    })
}

/// All items of a table.
async fn all(tables: &Tables, table: &str) -> Result<Vec<Value>, DynamoError> {
    let mut items = Vec::new();
    let mut request = json!({ "TableName": table });
    loop {
        let mut page = tables.call(Operation::Scan, request.clone()).await?;
        if let Some(Value::Array(more)) = page.get_mut("Items").map(Value::take) {
            items.extend(more);
        }
        match page.get_mut("LastEvaluatedKey").map(Value::take) {
            Some(key @ Value::Object(_)) => {
                if let Some(request) = request.as_object_mut() {
                    request.insert("ExclusiveStartKey".to_owned(), key);
                }
            }
            _ => return Ok(items),
        }
    }
}
