//! `publishUserAggregate` over HTTP, as the function's role.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use backon::{ExponentialBuilder, Retryable as _};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::client::{Answer, Aws, Call};
use crate::{PUBLISH_DOCUMENT, PublishError, Publisher, UserAggregate, publish_variables};

/// A publish takes some 50 ms. One that takes this long holds up the next batch of its shard.
const ANSWER_TIME: Duration = Duration::from_secs(3);
/// After the first attempt.
const REPEATS: usize = 2;

/// One API.
#[derive(Debug)]
pub struct AppSync {
    aws: Aws,
    url: String,
    latencies: Mutex<Vec<Duration>>,
}

/// Takes down how long a publish took, also where its future is dropped at the deadline.
struct Watch<'a> {
    api: &'a AppSync,
    started: Instant,
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        let mut latencies = self.api.latencies.lock().unwrap_or_else(PoisonError::into_inner);
        latencies.push(self.started.elapsed());
    }
}

/// Why a mutation did not succeed. Names kinds alone: texts of AppSync may quote what was sent.
#[derive(Debug)]
struct Failure {
    text: String,
    passing: bool,
}

impl AppSync {
    /// At the API's GraphQL address.
    pub fn new(aws: Aws, url: &str) -> Self {
        Self {
            aws,
            url: url.to_owned(),
            latencies: Mutex::default(),
        }
    }

    /// How long each publish took since the last call of this, repeats included, whether it succeeded, failed, or was waited for no
    /// longer: the slow ones are what the figure is looked at for.
    pub fn take_latencies(&self) -> Vec<Duration> {
        std::mem::take(&mut *self.latencies.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn attempt(&self, body: &[u8]) -> Result<(), Failure> {
        let call = Call {
            service: "appsync",
            url: &self.url,
            headers: &[("content-type", "application/json")],
            time: ANSWER_TIME,
        };
        match self.aws.post(call, body.to_vec()).await {
            Ok(answer) => judge(&answer),
            Err(error) => Err(Failure {
                text: error.to_string(),
                passing: true,
            }),
        }
    }
}

/// A mutation has succeeded only where the answer says so without errors: AppSync reports failed fields with status 200.
fn judge(answer: &Answer) -> Result<(), Failure> {
    let errors = answer.body.get("errors").and_then(Value::as_array);
    if answer.status == 200 && errors.is_none_or(Vec::is_empty) {
        return if answer
            .body
            .pointer("/data/publishUserAggregate")
            .is_some_and(Value::is_object)
        {
            Ok(())
        } else {
            Err(Failure {
                text: "HTTP 200 without the totals".to_owned(),
                passing: false,
            })
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
    Err(Failure {
        text: format!("HTTP {} {kinds}", answer.status),
        passing: answer.status == 429 || answer.status >= 500,
    })
}

#[async_trait]
impl Publisher for AppSync {
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
        (|| self.attempt(body.as_bytes()))
            .retry(pauses)
            .sleep(tokio::time::sleep)
            .when(|failure| failure.passing)
            .await
            .map_err(|failure| PublishError(failure.text))
    }
}
