//! `publishUserAggregate` over HTTP, as the function's role.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use backon::{ExponentialBuilder, Retryable as _};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::client::{Aws, AwsRequest, AwsResponse};
use crate::{PUBLISH_DOCUMENT, PublishError, Publisher, UserAggregate, publish_variables};

/// A publish takes some 50 ms. This limit is for all its attempts together, so a missing response is waited for once.
const PUBLISH_TIME: Duration = Duration::from_secs(3);
/// Retries after server errors (5xx).
const REPEATS: usize = 2;

/// Publishes to one AppSync API.
#[derive(Debug)]
pub struct AppSyncPublisher {
    aws: Aws,
    url: String,
    latencies: Mutex<Vec<Duration>>,
}

/// Records how long a publish took, also where its future is dropped at a deadline.
struct Watch<'a> {
    api: &'a AppSyncPublisher,
    started: Instant,
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        let mut latencies = self.api.latencies.lock().unwrap_or_else(PoisonError::into_inner);
        latencies.push(self.started.elapsed());
    }
}

impl AppSyncPublisher {
    /// At the API's GraphQL address.
    pub fn new(aws: Aws, url: &str) -> Self {
        Self {
            aws,
            url: url.to_owned(),
            latencies: Mutex::default(),
        }
    }

    /// Durations of the publishes since the last call, retries included, whether they succeeded, failed, or were
    /// dropped at the deadline.
    pub fn take_latencies(&self) -> Vec<Duration> {
        std::mem::take(&mut *self.latencies.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn attempt(&self, body: &[u8]) -> Result<(), PublishError> {
        let call = AwsRequest {
            service: "appsync",
            url: &self.url,
            headers: &[("content-type", "application/json")],
            time: PUBLISH_TIME,
        };
        match self.aws.post(call, body.to_vec()).await {
            Ok(answer) => classify(&answer),
            Err(error) => Err(PublishError::Unavailable(error.to_string())),
        }
    }
}

/// Reads AppSync's answer. A mutation has succeeded only where there are no errors: failed fields come with status 200.
///
/// Errors name types only: AppSync's messages may quote the request.
fn classify(answer: &AwsResponse) -> Result<(), PublishError> {
    let errors = answer.body.get("errors").and_then(Value::as_array);
    if answer.status == 200 && errors.is_none_or(Vec::is_empty) {
        let totals = answer.body.pointer("/data/publishUserAggregate");
        return if totals.is_some_and(Value::is_object) {
            Ok(())
        } else {
            Err(PublishError::Refused("HTTP 200 without the totals".to_owned()))
        };
    }
    let kinds: Vec<&str> = errors
        .into_iter()
        .flatten()
        .map(|error| {
            error
                .get("errorType")
                .and_then(Value::as_str)
                .unwrap_or("untyped")
        })
        .collect();
    let kinds = if kinds.is_empty() {
        answer.kind().to_owned()
    } else {
        kinds.join(", ")
    };
    let text = format!("HTTP {} {kinds}", answer.status);
    Err(match answer.status {
        429 => PublishError::Throttled(text),
        500.. => PublishError::Unavailable(text),
        _ => PublishError::Refused(text),
    })
}

#[async_trait]
impl Publisher for AppSyncPublisher {
    async fn publish(&self, totals: &UserAggregate) -> Result<(), PublishError> {
        let _watch = Watch {
            api: self,
            started: Instant::now(),
        };
        let body = json!({ "query": PUBLISH_DOCUMENT, "variables": publish_variables(totals) }).to_string();
        let pauses = ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(Duration::from_millis(50))
            .with_max_delay(Duration::from_millis(500))
            .with_max_times(REPEATS);
        let attempts = (|| self.attempt(body.as_bytes()))
            .retry(pauses)
            .sleep(tokio::time::sleep)
            // A retry after 429 would use more of the exhausted quota.
            .when(|error| matches!(error, PublishError::Unavailable(_)));
        tokio::time::timeout(PUBLISH_TIME, attempts)
            .await
            .unwrap_or_else(|_| {
                let seconds = PUBLISH_TIME.as_secs();
                Err(PublishError::Unavailable(format!(
                    "no response within {seconds} s"
                )))
            })
    }
}
