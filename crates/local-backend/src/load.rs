//! Writing a log into a directory that no backend uses.

use std::path::Path;

use caltrack_local_core::tables::{ACTIVITY_TABLE, Operation, USER_AGGREGATE_TABLE};
use caltrack_local_dynamodb::Tables;
use serde_json::{Map, Value, json};

use crate::{backend::StartError, datadir::DataDirectory};

/// The most items of a `BatchWriteItem`.
const BATCH: usize = 25;

/// The log of a user.
#[derive(Debug)]
pub struct WrittenLog {
    /// The user's id in the pool (`sub`).
    pub owner: String,
    /// The entries, as the API's JSON.
    pub entries: Vec<Map<String, Value>>,
    /// Weights in kg, by day (`YYYY-MM-DD`).
    pub weights: Vec<(String, f64)>,
}

/// Writes a log into the tables of a directory that no backend uses, which is created if absent. The next backend counts
/// the entries: they are in the tables' stream. The caller vouches for their values, which no resolver checks.
///
/// # Errors
///
/// [`StartError`] if the directory or its tables can't be written.
pub async fn write_log(directory: &Path, log: WrittenLog) -> Result<(), StartError> {
    let tables = Tables::open(&DataDirectory::prepare(directory)?.tables())?;
    let weights = log.weights.into_iter().map(|(date, weight)| {
        // The row that `Mutation.setWeight.js` writes.
        let row = json!({
            "userid": log.owner,
            "date": date,
            "weight": weight,
            "caloriesConsumed": 0,
            "caloriesBurned": 0,
            "version": 1,
            "userWrites": 1,
        });
        row.as_object().cloned().unwrap_or_default()
    });
    write(&tables, USER_AGGREGATE_TABLE, weights).await?;
    write(&tables, ACTIVITY_TABLE, log.entries.into_iter()).await?;
    tables.close().await;
    Ok(())
}

async fn write(
    tables: &Tables,
    table: &str,
    rows: impl Iterator<Item = Map<String, Value>>,
) -> Result<(), StartError> {
    let mut rows = rows.map(put).peekable();
    while rows.peek().is_some() {
        let batch: Vec<Value> = rows.by_ref().take(BATCH).collect();
        let body = json!({ "RequestItems": { table: batch } });
        tables.call(Operation::BatchWriteItem, body).await?;
    }
    Ok(())
}

/// A request that writes a row. An absent value is no attribute.
fn put(entry: Map<String, Value>) -> Value {
    let attributes: Map<String, Value> = entry
        .into_iter()
        .filter_map(|(name, value)| {
            let value = match value {
                Value::Number(number) => json!({ "N": number.to_string() }),
                Value::String(text) => json!({ "S": text }),
                Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
            };
            Some((name, value))
        })
        .collect();
    json!({ "PutRequest": { "Item": attributes } })
}
