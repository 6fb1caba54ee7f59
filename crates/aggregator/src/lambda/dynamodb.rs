//! DynamoDB's two operations over HTTP (JSON 1.0).

use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::aws::{Answer, Aws, Call};
use crate::{Store, StoreError};

/// A transaction takes some 20 ms; after this long its answer is lost, and a repeat finds its markers.
const ANSWER_TIME: Duration = Duration::from_secs(3);

/// The tables of one region.
#[derive(Debug, Clone)]
pub struct DynamoDb {
    aws: Aws,
    url: String,
}

impl DynamoDb {
    /// At an endpoint, such as `https://dynamodb.eu-west-1.amazonaws.com`.
    pub fn new(aws: Aws, endpoint: &str) -> Self {
        Self {
            aws,
            url: format!("{}/", endpoint.trim_end_matches('/')),
        }
    }

    async fn call(&self, operation: &str, request: &Value) -> Result<Value, StoreError> {
        let target = format!("DynamoDB_20120810.{operation}");
        let headers = [
            ("content-type", "application/x-amz-json-1.0"),
            ("x-amz-target", target.as_str()),
        ];
        let call = Call {
            service: "dynamodb",
            url: &self.url,
            headers: &headers,
            time: ANSWER_TIME,
        };
        let answer = self
            .aws
            .post(call, request.to_string().into_bytes())
            .await
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        if answer.status == 200 {
            return Ok(answer.body);
        }
        Err(error(&answer))
    }
}

fn error(answer: &Answer) -> StoreError {
    let kind = answer.kind();
    if answer.status == 429 {
        return StoreError::Throttled(format!("HTTP 429 {kind}"));
    }
    if answer.status >= 500 {
        return StoreError::Unavailable(format!("HTTP {} {kind}", answer.status));
    }
    if kind.is_empty() {
        return StoreError::Denied(format!("HTTP {} without a reason", answer.status));
    }
    // The text of a ValidationException may quote what was sent, and what fails here is logged.
    let message = match kind {
        "ValidationException" | "SerializationException" => "",
        _ => answer.message(),
    };
    StoreError::of(kind, message, &answer.body)
}

#[async_trait]
impl Store for DynamoDb {
    async fn transact_write_items(&self, request: Value) -> Result<(), StoreError> {
        self.call("TransactWriteItems", &request).await.map(drop)
    }

    async fn get_item(&self, request: Value) -> Result<Option<Map<String, Value>>, StoreError> {
        match self.call("GetItem", &request).await? {
            Value::Object(mut answer) => match answer.remove("Item") {
                Some(Value::Object(item)) => Ok(Some(item)),
                Some(_) => Err(StoreError::Unavailable("an item that is none".to_owned())),
                None => Ok(None),
            },
            _ => Err(StoreError::Unavailable("an answer that is none".to_owned())),
        }
    }
}
