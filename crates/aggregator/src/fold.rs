//! All changes of one user and day, as transactions.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Value, json};

use crate::{
    change::changes,
    record::{Record, SequenceNumber},
};

/// `TransactWriteItems` takes 100 items; one of them is the aggregate.
pub const MARKERS_PER_TRANSACTION: usize = 99;

/// How long a marker is kept. A record stays in the stream for 24 hours and Lambda doesn't retry it after that, so no record
/// is redelivered after its marker has expired.
pub const MARKER_DAYS: i64 = 3;

/// One record's part in a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The id of the record's event, part of its marker.
    pub event_id: String,
    /// Sort key of its marker.
    pub marker: String,
    /// The record's position in the stream.
    pub sequence: SequenceNumber,
    /// Time of the write, in seconds since 1970, if the stream has it.
    pub created: Option<i64>,
    /// kcal to add to `caloriesConsumed`; negative to subtract.
    pub consumed: i64,
    /// kcal to add to `caloriesBurned`; negative to subtract.
    pub burned: i64,
    /// The record's index in the batch.
    pub index: usize,
}

/// All changes of a batch to one user's day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayFold {
    /// The user's `sub`.
    pub userid: String,
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// The records' parts in stream order, each event once.
    pub parts: Vec<Part>,
}

/// Folds a batch by user and day. Records come with their index in the batch.
pub fn fold<'a>(records: impl IntoIterator<Item = (usize, &'a Record)>) -> Vec<DayFold> {
    let mut days: BTreeMap<(String, String), Vec<Part>> = BTreeMap::new();
    let mut seen = HashSet::new();
    for (index, record) in records {
        for change in changes(record) {
            // An event may be in a batch twice, but DynamoDB rejects a transaction with two items of the same key.
            if !seen.insert((record.event_id.clone(), change.marker.clone())) {
                continue;
            }
            days.entry((change.userid, change.date)).or_default().push(Part {
                event_id: record.event_id.clone(),
                marker: change.marker,
                sequence: record.sequence.clone(),
                created: record.created,
                consumed: change.consumed,
                burned: change.burned,
                index,
            });
        }
    }
    days.into_iter()
        .map(|((userid, date), parts)| DayFold { userid, date, parts })
        .collect()
}

/// The transaction that books parts of one user's day in `table`: a marker per part, then the aggregate.
pub fn transaction(table: &str, userid: &str, date: &str, parts: &[Part], now: i64) -> Value {
    let expires_at = (now + MARKER_DAYS * 86_400).to_string();
    let mut items: Vec<Value> = parts
        .iter()
        .map(|part| {
            json!({ "Put": {
                "TableName": table,
                "Item": {
                    "userid": { "S": format!("evt#{}", part.event_id) },
                    "date": { "S": part.marker },
                    "expiresAt": { "N": expires_at },
                },
                "ConditionExpression": "attribute_not_exists(userid)",
            }})
        })
        .collect();
    let consumed: i64 = parts.iter().map(|part| part.consumed).sum();
    let burned: i64 = parts.iter().map(|part| part.burned).sum();
    items.push(json!({ "Update": {
        "TableName": table,
        "Key": key(userid, date),
        "UpdateExpression": "ADD caloriesConsumed :consumed, caloriesBurned :burned, #version :one",
        "ExpressionAttributeNames": { "#version": "version" },
        "ExpressionAttributeValues": {
            ":consumed": { "N": consumed.to_string() },
            ":burned": { "N": burned.to_string() },
            ":one": { "N": "1" },
        },
    }}));
    json!({ "TransactItems": items })
}

/// The request for a day's totals; strongly consistent, so that it returns what was booked before it.
pub fn read(table: &str, userid: &str, date: &str) -> Value {
    json!({ "TableName": table, "Key": key(userid, date), "ConsistentRead": true })
}

fn key(userid: &str, date: &str) -> Value {
    json!({ "userid": { "S": userid }, "date": { "S": date } })
}
