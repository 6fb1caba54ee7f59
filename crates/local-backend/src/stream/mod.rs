//! Delivers the activity table's stream to the aggregator, as AWS's event source mapping does.
//!
//! Every record is delivered at least once: the stream deletes it only after the aggregator booked it or it was stored as
//! poison, and the aggregator's markers make redelivery harmless. Failed records are retried together with newer ones,
//! which they don't delay; bookings are differences, so their order doesn't matter.

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

/// Maximum number of new records per batch. Lambda's default is 100, its limit 10,000.
const BATCH: usize = 1_000;
/// Maximum number of records that await a retry; with more, no new ones are read.
const MOST_RETRIES: usize = 10_000;
/// The pause before the first retry; it doubles up to [`LAST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LAST_PAUSE: Duration = Duration::from_secs(10);

/// The result of a batch; records are identified by their `SequenceNumber`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct BatchResult {
    /// Sequence numbers of the records to retry.
    pub(crate) failed: Vec<String>,
    /// Records that can't be counted, with the reason. A record can be in both lists: one image can't be read, and booking
    /// the other failed.
    pub(crate) poison: Vec<(String, String)>,
}

/// Books records, which can be redelivered.
#[async_trait]
pub(crate) trait Aggregate: Send + Sync {
    /// Books every record that it can; one failure doesn't stop the others.
    async fn process(&self, records: &[Value]) -> BatchResult;
}

/// Moves records from the stream to the aggregator.
pub(crate) struct Pump<A> {
    stream: Stream,
    aggregate: A,
    poison: PoisonFile,
    /// Failed records, in the stream's order.
    retries: Vec<StreamRecord>,
    /// Positions of the failed records that are stored as poison already.
    aside: HashSet<i64>,
    pause: Duration,
}

impl<A: Aggregate> Pump<A> {
    /// A pump that starts after the last handled record.
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

    /// Runs until the tables are closed; returns their error. Dropping the future loses no record.
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

    /// New records; none when it is time for a retry.
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

    /// Stores poison and returns the records to retry.
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

    /// Stores a poison record; returns whether it is durable.
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
                    "a change of the log can't be counted and was written to poison.jsonl"
                );
                self.aside.insert(record.position);
                true
            }
            Err(error) => {
                tracing::error!(number, reason, %error, "a change of the log can't be counted, nor written to poison.jsonl");
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
