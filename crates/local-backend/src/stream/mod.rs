//! Hands the activity table's stream to the aggregator, as AWS's event source mapping would.
//!
//! Every record is handled at least once: the stream forgets it only after the aggregator applied it or it was put
//! aside, and the aggregator's markers make repeats harmless. What failed is tried again together with what came
//! meanwhile, so that it holds nobody up; changes are differences, so their order doesn't matter.

mod aggregator;
mod poison;
#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use async_trait::async_trait;
use caltrack_local_core::tables::DynamoError;
use caltrack_local_dynamodb::{Stream, StreamBatch, StreamRecord};
use serde_json::Value;

pub(crate) use self::{aggregator::Aggregator, poison::PoisonFile};

/// The most records handed over at once, as many as wait at most: Lambda's default is 100, its limit 10,000.
const BATCH: usize = 1_000;
/// While more records than this wait for another try, no new ones are taken.
const MOST_RETRIES: usize = 10_000;
/// The pause before the first repeat; it doubles up to the last.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LAST_PAUSE: Duration = Duration::from_secs(10);

/// What became of a batch; records are named by their `SequenceNumber`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct BatchResult {
    /// To be tried again.
    pub(crate) failed: Vec<String>,
    /// To be put aside, and why. A record may be in both: one image can't be read, and booking the other failed.
    pub(crate) poison: Vec<(String, String)>,
}

/// Books records; a record may come again.
#[async_trait]
pub(crate) trait Aggregate: Send + Sync {
    /// Applies every record it can, whatever fails.
    async fn process(&self, records: &[Value]) -> BatchResult;
}

/// Between the stream and the aggregator.
pub(crate) struct Pump<A> {
    stream: Stream,
    aggregate: A,
    poison: PoisonFile,
    /// Records that failed, in order.
    retries: Vec<StreamRecord>,
    /// Which of them were put aside already.
    aside: HashSet<i64>,
    pause: Duration,
}

impl<A: Aggregate> Pump<A> {
    /// From where the stream was last handled.
    pub(crate) fn new(stream: Stream, aggregate: A, poison: PoisonFile) -> Self {
        Self {
            stream,
            aggregate,
            poison,
            retries: Vec::new(),
            aside: HashSet::new(),
            pause: FIRST_PAUSE,
        }
    }

    /// Runs until the tables are closed; ends with the error that says so. Drop it to stop: nothing is lost.
    pub(crate) async fn run(mut self) -> DynamoError {
        loop {
            if let Err(error) = self.step().await {
                return error;
            }
        }
    }

    async fn step(&mut self) -> Result<(), DynamoError> {
        let batch = self.next().await?;
        let mut records = std::mem::take(&mut self.retries);
        records.extend(batch.records);
        if !records.is_empty() {
            let events: Vec<Value> = records.iter().map(|record| record.event.clone()).collect();
            let outcome = self.aggregate.process(&events).await;
            self.retries = self.sort_out(records, &outcome).await;
        }
        let through = if let Some(oldest) = self.retries.first() {
            oldest.position - 1
        } else {
            self.pause = FIRST_PAUSE;
            batch.through
        };
        self.stream.handled(through).await
    }

    /// New records; or none, when it is time to try the failed ones again.
    async fn next(&mut self) -> Result<StreamBatch, DynamoError> {
        if self.retries.is_empty() {
            return self.stream.next_batch(BATCH).await;
        }
        let pause = tokio::time::sleep(self.pause);
        let room = self.retries.len() < MOST_RETRIES;
        tokio::select! {
            batch = self.stream.next_batch(BATCH), if room => batch,
            () = pause => {
                self.pause = (self.pause * 2).min(LAST_PAUSE);
                Ok(StreamBatch { records: Vec::new(), through: self.stream.position() })
            }
        }
    }

    /// Puts poison aside and returns what is to be tried again.
    async fn sort_out(&mut self, records: Vec<StreamRecord>, outcome: &BatchResult) -> Vec<StreamRecord> {
        if outcome.failed.is_empty() && outcome.poison.is_empty() {
            self.aside.clear();
            return Vec::new();
        }
        let reasons: HashMap<&str, &str> = outcome
            .poison
            .iter()
            .map(|(number, reason)| (number.as_str(), reason.as_str()))
            .collect();
        let failed: HashSet<&str> = outcome.failed.iter().map(String::as_str).collect();
        let mut again = Vec::new();
        for record in records {
            let number = sequence_number(&record.event);
            let kept = match reasons.get(number) {
                Some(reason) => self.put_aside(&record, reason).await,
                None => true,
            };
            if !kept || failed.contains(number) {
                again.push(record);
            }
        }
        self.aside
            .retain(|position| again.iter().any(|record| record.position == *position));
        if !again.is_empty() {
            tracing::warn!(records = again.len(), pause = ?self.pause, "changes of the log will be counted later");
        }
        again
    }

    /// Whether it is safe in the file now.
    async fn put_aside(&mut self, record: &StreamRecord, reason: &str) -> bool {
        if self.aside.contains(&record.position) {
            return true;
        }
        let number = sequence_number(&record.event);
        match self.poison.keep(reason, &record.event).await {
            Ok(()) => {
                tracing::error!(
                    number,
                    reason,
                    "a change of the log can't be counted and was put aside"
                );
                self.aside.insert(record.position);
                true
            }
            Err(error) => {
                tracing::error!(number, reason, %error, "a change of the log can't be counted, nor put aside");
                false
            }
        }
    }
}

fn sequence_number(event: &Value) -> &str {
    event
        .pointer("/dynamodb/SequenceNumber")
        .and_then(Value::as_str)
        .unwrap_or_default()
}
