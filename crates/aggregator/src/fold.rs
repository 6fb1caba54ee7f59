//! All changes of one user and day, as transactions.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value, json};

use crate::{
    amounts::Amounts,
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
    /// What to add; negative to subtract.
    pub amounts: Amounts,
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
                amounts: change.amounts,
                index,
            });
        }
    }
    days.into_iter()
        .map(|((userid, date), parts)| DayFold { userid, date, parts })
        .collect()
}

/// The totals that a day's row has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RowFormat {
    /// All totals: of a row that has them all, and of a day on which nothing was booked before.
    #[default]
    Full,
    /// kcal: of a row that an older function wrote. Added to an absent member, a difference would pass for a sum.
    KcalOnly,
}

impl RowFormat {
    /// The condition under which the row has this format. A day whose writes are all its user's own (weights, totals) has no entries yet.
    const fn condition(self) -> &'static str {
        match self {
            Self::Full => {
                "attribute_exists(entries) OR attribute_not_exists(userid) OR userWrites = #version"
            }
            Self::KcalOnly => "attribute_exists(userid) AND attribute_not_exists(entries)",
        }
    }
}

/// The transaction that books parts of one user's day in `table`: a marker per part, then the aggregate. Where only the condition on
/// the aggregate, the last item, fails, the row has the other [`RowFormat`].
pub fn transaction(
    table: &str,
    userid: &str,
    date: &str,
    parts: &[Part],
    format: RowFormat,
    now: i64,
) -> Value {
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
    let sum: Amounts = parts.iter().map(|part| part.amounts).sum();
    let mut values = Map::from_iter([
        (":consumed".to_owned(), json!({ "N": sum.consumed.to_string() })),
        (":burned".to_owned(), json!({ "N": sum.burned.to_string() })),
        (":one".to_owned(), json!({ "N": "1" })),
    ]);
    let mut adds = vec!["caloriesConsumed :consumed, caloriesBurned :burned, #version :one".to_owned()];
    if format == RowFormat::Full {
        for (name, number) in sum.counted() {
            adds.push(format!("{name} :{name}"));
            values.insert(format!(":{name}"), json!({ "N": number }));
        }
    }
    items.push(json!({ "Update": {
        "TableName": table,
        "Key": key(userid, date),
        "UpdateExpression": format!("ADD {}", adds.join(", ")),
        "ConditionExpression": format.condition(),
        "ExpressionAttributeNames": { "#version": "version" },
        "ExpressionAttributeValues": values,
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
