//! The aggregator as an AWS Lambda: runtime `provided.al2023`, event source a DynamoDB stream.
//!
//! The event source mapping must have `ReportBatchItemFailures`: without it a reported failure counts as success.

pub mod environment;
mod failure_queue;
mod report;

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use self::{environment::Environment, failure_queue::FailureQueue};
use crate::{
    BatchOutcome, CircuitBreaker, Poison, Publisher, Settings,
    aws::{AppSyncPublisher, Aws, DynamoDb},
    process_batch,
    record::{self, SequenceNumber},
};

/// The time at the end of an invocation that is reserved for reporting failures, at most.
const REPORTING_TIME: Duration = Duration::from_secs(2);

/// Takes lines for the log, each a JSON document.
pub type Log = Box<dyn Fn(&Value) + Send + Sync>;

/// The response to Lambda (`ReportBatchItemFailures`): it retries everything from the lowest sequence number on.
///
/// Source: Lambda guide, "Configuring partial batch response with DynamoDB and Lambda".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// Empty if all records are handled; otherwise the first that failed, from which Lambda redelivers.
    pub batch_item_failures: Vec<BatchItemFailure>,
}

/// A record that Lambda must redeliver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchItemFailure {
    /// The record's sequence number.
    pub item_identifier: String,
}

/// The whole batch must be retried. Unlike a [`Response`] this counts in Lambda's metric `Errors`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// The event isn't one of a DynamoDB stream.
    #[error("the event has no list of records")]
    NoRecords,
    /// A record without a sequence number failed, and a response can't name it.
    #[error("a record without a sequence number couldn't be sent to the failure queue")]
    Nameless,
    /// Nothing can be booked before an operator acts; see [`BatchOutcome::denied`].
    #[error("no record of the batch was booked, and none can be until this is fixed: {0}")]
    Denied(String),
}

/// The function with its connections, which outlive an invocation.
pub struct LambdaHandler {
    name: String,
    store: DynamoDb,
    publisher: Option<CircuitBreaker<AppSyncPublisher>>,
    failure_queue: Option<FailureQueue>,
    settings: Settings,
    log: Log,
}

impl LambdaHandler {
    /// Prepares everything and connects to nothing.
    ///
    /// # Errors
    ///
    /// A text where TLS can't be set up.
    pub fn new(environment: Environment, log: Log) -> Result<Self, String> {
        let aws = Aws::new(environment.aws.credentials, &environment.aws.region)
            .map_err(|error| error.to_string())?;
        if environment.graphql.is_none() {
            let name = environment::GRAPHQL;
            log(
                &json!({ "level": "INFO", "message": format!("{name} is empty: totals are booked and not published") }),
            );
        }
        if environment.failure_queue.is_none() {
            let name = environment::FAILURE_QUEUE;
            log(
                &json!({ "level": "WARN", "message": format!("{name} is empty: a record that can't be read fails") }),
            );
        }
        Ok(Self {
            name: environment.function,
            store: DynamoDb::new(aws.clone(), &environment.aws.dynamodb),
            publisher: environment
                .graphql
                .map(|url| CircuitBreaker::new(AppSyncPublisher::new(aws.clone(), &url))),
            failure_queue: environment
                .failure_queue
                .map(|queue| FailureQueue::new(aws, queue)),
            settings: Settings {
                table: environment.table,
                // As often as the time allows.
                attempts: u32::MAX,
                ..Settings::default()
            },
            log,
        })
    }

    /// Processes one event. `deadline` is when Lambda ends the invocation, in milliseconds since 1970.
    ///
    /// # Errors
    ///
    /// [`BatchError`] where no partial response is possible; then Lambda retries the batch in halves.
    pub async fn handle(&self, event: &Value, deadline: u64) -> Result<Response, BatchError> {
        let started = Instant::now();
        let Some(records) = event.get("Records").and_then(Value::as_array) else {
            (self.log)(&json!({ "level": "ERROR", "message": BatchError::NoRecords.to_string() }));
            return Err(BatchError::NoRecords);
        };
        let now = Timestamp::now();
        let left = Duration::from_millis(deadline.saturating_sub(now.as_millisecond().unsigned_abs()));
        let reserve = REPORTING_TIME.min(left / 4);
        let settings = Settings {
            until: Some(started + left.saturating_sub(reserve)),
            ..self.settings.clone()
        };
        let publisher = self.publisher.as_ref().map(|api| -> &dyn Publisher { api });
        let outcome = process_batch(records, &self.store, publisher, &settings, now.as_second()).await;
        let until = started + left.saturating_sub(reserve / 4);
        let due = due_poison(&outcome);
        let kept = self.put_aside(&due, until).await;

        let latencies = self
            .publisher
            .as_ref()
            .map(|publisher| publisher.inner().take_latencies())
            .unwrap_or_default();
        for line in report::metrics(
            &self.name,
            &outcome,
            kept.len(),
            &latencies,
            started.elapsed(),
            now,
        ) {
            (self.log)(&line);
        }
        for line in report::troubles(&outcome, &due, &kept) {
            (self.log)(&line);
        }
        respond(&outcome, &kept)
    }

    /// Sends poison to the failure queue in stream order. Returns the records that couldn't be sent, and the reasons.
    ///
    /// It stops at the first failure: later records are redelivered with that one, and an unresponsive queue must not
    /// use up the time.
    async fn put_aside<'a>(&self, poison: &[&'a Poison], until: Instant) -> Vec<(&'a Poison, String)> {
        let sends = poison.iter().map(|poison| self.send(poison, until));
        let mut sends = stream::iter(sends).buffered(self.settings.concurrency);
        let mut taken = 0;
        while let Some(sent) = sends.next().await {
            if let Err(error) = sent {
                let left = poison.iter().skip(taken);
                return left.map(|poison| (*poison, error.clone())).collect();
            }
            taken += 1;
        }
        Vec::new()
    }

    async fn send(&self, poison: &Poison, until: Instant) -> Result<(), String> {
        let Some(queue) = &self.failure_queue else {
            return Err("there is no failure queue".to_owned());
        };
        tokio::time::timeout_at(until, queue.send(poison))
            .await
            .unwrap_or_else(|_| Err("no response in the time that was left".to_owned()))
    }
}

/// Poison that won't be redelivered, in stream order. Records after a failure are redelivered with it, and would be
/// sent to the queue with each retry.
fn due_poison(outcome: &BatchOutcome) -> Vec<&Poison> {
    if outcome.denied.is_some() {
        return Vec::new();
    }
    let lowest = outcome.lowest_failure();
    let is_due = |poison: &&Poison| match (record::sequence_of(&poison.record), lowest) {
        (Some(sequence), Some(lowest)) => sequence < *lowest,
        (None, _) | (_, None) => true,
    };
    let mut due: Vec<&Poison> = outcome.poison.iter().filter(is_due).collect();
    due.sort_by_key(|poison| record::sequence_of(&poison.record));
    due
}

/// The response with the lowest sequence number of failed records and of poison that wasn't sent (`kept`).
fn respond(outcome: &BatchOutcome, kept: &[(&Poison, String)]) -> Result<Response, BatchError> {
    if let Some(reason) = &outcome.denied {
        return Err(BatchError::Denied(reason.clone()));
    }
    let mut lowest: Option<SequenceNumber> = outcome.lowest_failure().cloned();
    for (poison, _) in kept {
        let sequence = record::sequence_of(&poison.record).ok_or(BatchError::Nameless)?;
        lowest = Some(lowest.map_or_else(|| sequence.clone(), |lowest| lowest.min(sequence.clone())));
    }
    Ok(Response {
        batch_item_failures: lowest
            .into_iter()
            .map(|sequence| BatchItemFailure {
                item_identifier: sequence.to_string(),
            })
            .collect(),
    })
}
