//! Events as Lambda gets them from a DynamoDB stream.

use jiff::Timestamp;
use serde_json::{Value, json};

/// A new meal of a user; events of one number are the same event.
pub(crate) fn insert(number: u64, user: &str, kcal: &str) -> Value {
    json!({
        "eventID": format!("{number:032x}"),
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-west-1",
        "dynamodb": {
            "ApproximateCreationDateTime": Timestamp::now().as_second(),
            "Keys": { "id": { "S": format!("entry-{number}") } },
            "NewImage": {
                "id": { "S": format!("entry-{number}") },
                "userid": { "S": user },
                "category": { "S": "Food" },
                "type": { "S": "Lunch" },
                "name": { "S": "Soup of the day" },
                "caloriesConsumed": { "N": kcal },
                "creationDateTime": { "S": "2026-11-23T12:00:00.000Z" },
                "date": { "S": "2026-11-23" },
            },
            "SequenceNumber": sequence(number),
            "SizeBytes": 154,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN":
            "arn:aws:dynamodb:eu-west-1:123456789012:table/caltrack_activity_table/stream/2026-03-01T00:00:00.000",
    })
}

pub(crate) fn sequence(number: u64) -> String {
    (14_054_000_000_000_020_632_000 + u128::from(number)).to_string()
}

pub(crate) fn event(records: impl IntoIterator<Item = Value>) -> Value {
    json!({ "Records": records.into_iter().collect::<Vec<_>>() })
}
