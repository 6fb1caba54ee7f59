//! DynamoDB's two operations over HTTP (JSON 1.0).

use std::time::Duration;

use async_trait::async_trait;
#[cfg(feature = "reconcile")]
use backon::{ExponentialBuilder, Retryable as _};
use serde_json::{Map, Value};

use super::client::{Aws, AwsRequest, AwsResponse};
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
        let call = AwsRequest {
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

fn error(answer: &AwsResponse) -> StoreError {
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
    // The message of a ValidationException may quote the request, and errors are logged.
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
                Some(_) => Err(StoreError::Unavailable("an item that is no object".to_owned())),
                None => Ok(None),
            },
            _ => Err(StoreError::Unavailable(
                "a response that is not an object".to_owned(),
            )),
        }
    }
}

/// Repeats of a call of the operators' tool: it has time.
#[cfg(feature = "reconcile")]
const REPEATS: usize = 8;

#[cfg(feature = "reconcile")]
impl DynamoDb {
    /// Sends the request, with retries after transient errors.
    async fn call_patiently(&self, operation: &str, request: &Value) -> Result<Value, StoreError> {
        let pauses = ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(Duration::from_millis(50))
            .with_max_delay(Duration::from_secs(10))
            .with_max_times(REPEATS);
        (|| self.call(operation, request))
            .retry(pauses)
            .sleep(tokio::time::sleep)
            .when(|error| matches!(error, StoreError::Throttled(_) | StoreError::Unavailable(_)))
            .await
    }
}

#[cfg(feature = "reconcile")]
#[async_trait]
impl crate::reconcile::ReconcileStore for DynamoDb {
    async fn read(&self, operation: &str, request: Value) -> Result<Value, StoreError> {
        self.call_patiently(operation, &request).await
    }

    async fn update_item(&self, request: Value) -> Result<Option<Map<String, Value>>, StoreError> {
        // A repeat after a lost answer finds its own write and so a condition that doesn't hold: it is reported as moved.
        match self.call_patiently("UpdateItem", &request).await {
            Ok(Value::Object(mut answer)) => match answer.remove("Attributes") {
                Some(Value::Object(item)) => Ok(Some(item)),
                _ => Err(StoreError::Unavailable("a response without the item".to_owned())),
            },
            Ok(_) => Err(StoreError::Unavailable(
                "a response that is not an object".to_owned(),
            )),
            Err(StoreError::ConditionFailed) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
