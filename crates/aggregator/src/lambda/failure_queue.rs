//! The queue of records that can't be booked, by `SendMessage` of SQS (JSON 1.0).
//!
//! The event source mapping's own on-failure message names a range of the stream and no record; within a day those are
//! gone. This one carries the record.

use std::time::Duration;

use serde_json::{Value, json};

use super::environment::Queue;
use crate::{
    Poison,
    aws::{Aws, AwsRequest},
    record,
};

const ANSWER_TIME: Duration = Duration::from_secs(3);
/// SQS takes messages of 1 MiB; two images of 400 kB in DynamoDB's JSON may be longer.
const MAX_MESSAGE: usize = 1024 * 1024;

/// Sends unreadable records to an SQS queue.
#[derive(Debug, Clone)]
pub(super) struct FailureQueue {
    aws: Aws,
    queue: Queue,
}

impl FailureQueue {
    pub(super) fn new(aws: Aws, queue: Queue) -> Self {
        Self { aws, queue }
    }

    /// Sends a record with its images and the reason.
    ///
    /// # Errors
    ///
    /// The kind of error, without content of the record; the record must then be redelivered.
    pub(super) async fn send(&self, poison: &Poison) -> Result<(), String> {
        let request = json!({ "QueueUrl": self.queue.url, "MessageBody": message(poison) });
        let headers = [
            ("content-type", "application/x-amz-json-1.0"),
            ("x-amz-target", "AmazonSQS.SendMessage"),
        ];
        let url = format!("{}/", self.queue.endpoint.trim_end_matches('/'));
        let call = AwsRequest {
            service: "sqs",
            url: &url,
            headers: &headers,
            time: ANSWER_TIME,
        };
        let answer = self
            .aws
            .post(call, request.to_string().into_bytes())
            .await
            .map_err(|error| error.to_string())?;
        if answer.status == 200 {
            Ok(())
        } else {
            Err(format!("HTTP {} {}", answer.status, answer.kind()))
        }
    }
}

fn message(poison: &Poison) -> String {
    let whole = json!({ "reason": poison.reason, "record": poison.record }).to_string();
    if whole.len() <= MAX_MESSAGE {
        return whole;
    }
    let sequence = record::sequence_of(&poison.record).map(|sequence| sequence.to_string());
    json!({
        "reason": poison.reason,
        "eventID": poison.record.get("eventID"),
        "SequenceNumber": sequence,
        "Keys": poison.record.get("dynamodb").and_then(|change| change.get("Keys")),
        "omitted": "the images, for they are too long for a message",
    })
    .to_string()
}

/// The parts of a record that may be logged: its identity in the stream, without its owner's data.
pub(super) fn place_of(record: &Value) -> Value {
    let sequence = record::sequence_of(record).map(|sequence| sequence.to_string());
    json!({ "eventID": record.get("eventID").and_then(Value::as_str), "sequenceNumber": sequence })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poison(note: &str) -> Poison {
        Poison {
            record: json!({ "eventID": "e1", "dynamodb": {
                "Keys": { "id": { "S": "a" } }, "SequenceNumber": "100", "NewImage": { "note": { "S": note } },
            }}),
            reason: "caloriesConsumed is not a number".to_owned(),
        }
    }

    #[test]
    fn a_message_carries_the_whole_record_and_what_is_wrong() {
        let message: Value = serde_json::from_str(&message(&poison("soup"))).unwrap();
        assert_eq!(message["record"], poison("soup").record);
        assert_eq!(message["reason"], "caloriesConsumed is not a number");
    }

    #[test]
    fn a_record_too_long_for_a_message_is_named_and_its_images_left_out() {
        let message = message(&poison(&"x".repeat(MAX_MESSAGE)));
        assert!(message.len() < 1000, "{}", message.len());
        let message: Value = serde_json::from_str(&message).unwrap();
        assert_eq!(message["SequenceNumber"], "100");
        assert_eq!(message["Keys"]["id"]["S"], "a");
    }
}
