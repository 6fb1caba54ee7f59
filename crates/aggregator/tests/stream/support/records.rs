//! Activities, and the stream records that their writes leave, in the JSON that Lambda receives.

use serde_json::{Value, json};

/// When tests take place, in seconds since 1970.
pub(crate) const NOW: i64 = 1_795_435_200;
pub(crate) const ME: &str = "4f1e0c1a-me";
pub(crate) const YOU: &str = "9b2d7e3c-you";
pub(crate) const DAY: &str = "2026-11-23";
pub(crate) const EVE: &str = "2026-11-22";

/// A meal of mine on [`DAY`].
pub(crate) fn meal(kcal: i64) -> Value {
    json!({
        "id": { "S": "019aaaaa-0000-7000-8000-000000000001" },
        "userid": { "S": ME },
        "category": { "S": "Food" },
        "type": { "S": "Lunch" },
        "caloriesConsumed": { "N": kcal.to_string() },
        "creationDateTime": { "S": "2026-11-23T12:00:00.000Z" },
        "date": { "S": DAY },
        "rev": { "N": "1" },
    })
}

/// The same with another attribute.
pub(crate) fn with(item: &Value, name: &str, value: Value) -> Value {
    let mut item = item.clone();
    item.as_object_mut().unwrap().insert(name.to_owned(), value);
    item
}

/// The same with another text.
pub(crate) fn with_text(item: &Value, name: &str, text: &str) -> Value {
    with(item, name, json!({ "S": text }))
}

/// The same without an attribute.
pub(crate) fn without(item: &Value, name: &str) -> Value {
    let mut item = item.clone();
    item.as_object_mut().unwrap().remove(name);
    item
}

/// What `deleteActivity` leaves of an item until its time to live is over.
pub(crate) fn tombstone(item: &Value) -> Value {
    let owner = item["userid"].clone();
    let item = with(&without(item, "userid"), "deletedBy", owner);
    with(
        &item,
        "expiresAt",
        json!({ "N": (NOW + 30 * 86_400).to_string() }),
    )
}

/// Writes records, each with an event id and a sequence number of its own.
///
/// Sequence numbers have 21 digits at first and 22 from the tenth record on, so that they must be compared as numbers.
pub(crate) struct Stream {
    written: u64,
    created: Value,
}

impl Stream {
    /// A stream of records that are written now.
    pub(crate) fn new() -> Self {
        Self::created(json!(NOW))
    }

    /// A stream with an `ApproximateCreationDateTime`; without where it is null.
    pub(crate) fn created(created: Value) -> Self {
        Self { written: 0, created }
    }

    pub(crate) fn insert(&mut self, new: &Value) -> Value {
        self.record("INSERT", None, Some(new))
    }

    pub(crate) fn modify(&mut self, old: &Value, new: &Value) -> Value {
        self.record("MODIFY", Some(old), Some(new))
    }

    pub(crate) fn remove(&mut self, old: &Value) -> Value {
        self.record("REMOVE", Some(old), None)
    }

    /// The removal of an item whose time to live is over.
    pub(crate) fn expire(&mut self, old: &Value) -> Value {
        let mut record = self.remove(old);
        record["userIdentity"] = json!({ "type": "Service", "principalId": "dynamodb.amazonaws.com" });
        record
    }

    fn record(&mut self, name: &str, old: Option<&Value>, new: Option<&Value>) -> Value {
        self.written += 1;
        let n = u128::from(self.written);
        let mut change = json!({
            "Keys": { "id": old.or(new).unwrap()["id"] },
            "SequenceNumber": (999_999_999_999_999_999_990 + n).to_string(),
            "SizeBytes": 240,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        });
        for (member, value) in [
            ("OldImage", old),
            ("NewImage", new),
            (
                "ApproximateCreationDateTime",
                Some(&self.created).filter(|created| !created.is_null()),
            ),
        ] {
            if let Some(value) = value {
                change[member] = value.clone();
            }
        }
        json!({
            // An odd factor: no two of the same.
            "eventID": format!("{:032x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)),
            "eventName": name,
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": "eu-west-1",
            "dynamodb": change,
            "eventSourceARN":
                "arn:aws:dynamodb:eu-west-1:123456789012:table/caltrack_activity_table/stream/2026-03-01T00:00:00.000",
        })
    }
}

/// A record's event.
pub(crate) fn event_id(record: &Value) -> &str {
    record["eventID"].as_str().unwrap()
}

/// A record's sequence number as it is written.
pub(crate) fn sequence(record: &Value) -> &str {
    record["dynamodb"]["SequenceNumber"].as_str().unwrap()
}
