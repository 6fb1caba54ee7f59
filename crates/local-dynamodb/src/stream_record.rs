//! A record of the activity table's stream, in the form of a Lambda event.

use caltrack_local_core::account::REGION;
use serde_json::{Map, Value, json};

/// One change of an item.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamRecord {
    /// The position in the stream, which grows with every commit.
    pub position: i64,
    /// An element of `Records` in a Lambda event.
    pub event: Value,
}

/// The Lambda event of a row of dynoxide's table; none if both images are the same. To DynamoDB, putting an identical
/// item is no change, but dynoxide records it.
pub(crate) fn event(row: &rusqlite::Row<'_>, stream_arn: &str) -> rusqlite::Result<Option<Value>> {
    let (keys, new, old) = (
        image(row, "keys_json")?,
        image(row, "new_image")?,
        image(row, "old_image")?,
    );
    if new == old {
        return Ok(None);
    }
    let number: String = row.get("sequence_number")?;
    let event_id: Option<String> = row.get("event_id")?;
    let identity: Option<String> = row.get("user_identity")?;
    let size = ["keys_json", "new_image", "old_image"]
        .into_iter()
        .map(|column| {
            row.get_ref(column)
                .ok()
                .and_then(|text| text.as_str_or_null().ok().flatten())
                .map_or(0, str::len)
        })
        .sum::<usize>();
    let mut change = Map::new();
    change.insert(
        "ApproximateCreationDateTime".to_owned(),
        json!(row.get::<_, i64>("created_at")?),
    );
    change.insert("Keys".to_owned(), keys.unwrap_or_default());
    if let Some(new) = new {
        change.insert("NewImage".to_owned(), new);
    }
    if let Some(old) = old {
        change.insert("OldImage".to_owned(), old);
    }
    change.insert("SequenceNumber".to_owned(), json!(public_number(&number)));
    change.insert("SizeBytes".to_owned(), json!(size));
    change.insert("StreamViewType".to_owned(), json!("NEW_AND_OLD_IMAGES"));
    let mut event = json!({
        "eventID": event_id.unwrap_or_else(|| number.clone()),
        "eventName": row.get::<_, String>("event_name")?,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "dynamodb": change,
        "eventSourceARN": stream_arn,
    });
    if let (Some(identity), Value::Object(event)) = (
        identity.and_then(|text| serde_json::from_str(&text).ok()),
        &mut event,
    ) {
        event.insert("userIdentity".to_owned(), identity);
    }
    Ok(Some(event))
}

/// An image; if it is no JSON, its text, which the aggregator sets aside.
fn image(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<Option<Value>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.map(|text| serde_json::from_str(&text).unwrap_or(Value::String(text))))
}

/// 21 digits (DynamoDB has 21 to 40), always the same number, so that text sorts like numbers.
fn public_number(stored: &str) -> String {
    format!("1{stored:0>20}")
}
