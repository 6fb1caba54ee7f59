//! Commits a batch and publishes what it changed.

mod booking;
mod publishing;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use serde_json::Value;
use tokio::{sync::OnceCell, time::Instant};

use crate::{
    AGGREGATE_TABLE, BatchOutcome, Poison, Publisher, Store, StoreError,
    fold::{self, Part},
    record::{self, Image, Record},
};

use self::booking::DayOutcome;

/// Limits of retries, time and concurrency.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The table of totals and markers.
    pub table: String,
    /// Attempts at one transaction or read after conflicts, throttling or no response.
    pub attempts: u32,
    /// The first pause is up to this long, and each further one up to twice the last (full jitter).
    pub first_pause: Duration,
    /// No pause is longer.
    pub longest_pause: Duration,
    /// A publish that may succeed later fails its records only while they are younger than this.
    pub publish_grace: Duration,
    /// Publishing takes at most this long for each hundred days of a batch, including publishes under way, so that a
    /// slow or unresponsive API doesn't delay the next batch. The remaining days stay unpublished.
    pub publish_time: Duration,
    /// Days of users that are processed concurrently.
    pub concurrency: usize,
    /// What isn't done by then fails, so that there is time to report it.
    pub until: Option<Instant>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            table: AGGREGATE_TABLE.to_owned(),
            attempts: 8,
            first_pause: Duration::from_millis(25),
            longest_pause: Duration::from_secs(1),
            publish_grace: Duration::from_mins(1),
            publish_time: Duration::from_secs(5),
            concurrency: 8,
            until: None,
        }
    }
}

/// Books a batch of raw stream records and publishes the days it touched. `now` is in seconds since 1970. Without a
/// publisher, totals are booked and not published.
///
/// All valid records are booked whatever else fails: nothing is published before all days are booked. Of a stream with
/// another view type than `NEW_AND_OLD_IMAGES` nothing is booked ([`BatchOutcome::denied`]).
pub async fn process_batch(
    records: &[Value],
    store: &dyn Store,
    publisher: Option<&dyn Publisher>,
    settings: &Settings,
    now: i64,
) -> BatchOutcome {
    if let Some(view) = records.iter().find_map(record::partial_view) {
        return without_both_images(records, view);
    }
    let mut faults = Faults::default();
    let decoded = decode_all(records, &mut faults);
    let folds = fold::fold(decoded.iter().map(|(index, record)| (*index, record)));
    let worker = Worker {
        store,
        settings,
        now,
        table: OnceCell::new(),
    };
    let mut outcome = BatchOutcome {
        records: records.len(),
        days: folds.len(),
        ..BatchOutcome::default()
    };
    let mut days: Vec<DayOutcome> = stream::iter(folds)
        .map(|fold| worker.book_day(fold))
        .buffer_unordered(settings.concurrency.max(1))
        .collect()
        .await;
    if !days.is_empty() && days.iter().all(|day| day.denied.is_some()) {
        outcome.denied = days.iter().find_map(|day| day.denied.clone());
    }
    if let Some(publisher) = publisher {
        days = worker.publish_days(publisher, days).await;
    }

    let mut failures = BTreeSet::new();
    for day in days {
        outcome.applied += day.applied.len();
        outcome.duplicates += day.duplicates;
        outcome.published += usize::from(day.published);
        outcome.publish_abandoned += usize::from(day.abandoned);
        outcome.errors.extend(day.denied);
        outcome.errors.extend(day.errors);
        failures.extend(day.failed.into_iter().map(|part| part.sequence));
        for (part, reason) in day.rejected {
            faults.add(part.index, reason);
        }
    }
    outcome.failures = failures.into_iter().collect();
    outcome.poison = faults.poison(records);
    outcome
}

/// A stream whose records lack an image: all of its records are affected, and none is the cause.
fn without_both_images(records: &[Value], view: &str) -> BatchOutcome {
    let reason = format!(
        "the stream's view is {view} and must be NEW_AND_OLD_IMAGES: without both images totals would be wrong"
    );
    let sequences: BTreeSet<_> = records.iter().filter_map(record::sequence_of).collect();
    BatchOutcome {
        records: records.len(),
        failures: sequences.into_iter().collect(),
        errors: vec![reason.clone()],
        denied: Some(reason),
        ..BatchOutcome::default()
    }
}

/// What is wrong with records, by their index in the batch: a record is sent to the failure queue once, with all
/// reasons.
#[derive(Default)]
struct Faults(BTreeMap<usize, BTreeSet<String>>);

impl Faults {
    fn add(&mut self, index: usize, reason: String) {
        self.0.entry(index).or_default().insert(reason);
    }

    fn poison(self, records: &[Value]) -> Vec<Poison> {
        let faults = self.0.into_iter();
        faults
            .filter_map(|(index, reasons)| {
                records.get(index).map(|record| Poison {
                    record: record.clone(),
                    reason: reasons.into_iter().collect::<Vec<_>>().join("; "),
                })
            })
            .collect()
    }
}

/// Reads every record, and collects what can't be read.
///
/// An old image that can't be read was reported when it was the new one; if the image that replaces it can be read, or
/// the item is gone, there is nothing to report.
fn decode_all(records: &[Value], faults: &mut Faults) -> Vec<(usize, Record)> {
    let mut decoded = Vec::with_capacity(records.len());
    for (index, raw) in records.iter().enumerate() {
        match record::decode(raw) {
            Ok(record) => {
                if let Image::Unreadable(reason) = &record.new {
                    faults.add(index, reason.clone());
                }
                decoded.push((index, record));
            }
            Err(reason) => faults.add(index, reason),
        }
    }
    decoded
}

/// Processes the days of one batch.
struct Worker<'a> {
    store: &'a dyn Store,
    settings: &'a Settings,
    now: i64,
    /// Whether the table has the keys of a table of totals; checked once, and only after it refused a transaction.
    table: OnceCell<bool>,
}

impl Worker<'_> {
    /// A call to the store that is abandoned at the deadline.
    async fn in_time<T>(
        deadline: Option<Instant>,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        match deadline {
            None => call.await,
            Some(deadline) => tokio::time::timeout_at(deadline, call).await.unwrap_or_else(|_| {
                Err(StoreError::Unavailable(
                    "no answer in the time that was left".to_owned(),
                ))
            }),
        }
    }

    /// Waits before the next attempt. Returns `false` if there is none: all attempts were made, or the deadline would
    /// pass.
    ///
    /// Full jitter: a random pause between zero and the doubled pause, so that concurrent writers don't collide again.
    async fn pause(&self, attempts: u32, deadline: Option<Instant>) -> bool {
        if attempts >= self.settings.attempts {
            return false;
        }
        let doubled = self
            .settings
            .first_pause
            .saturating_mul(1 << attempts.saturating_sub(1).min(16));
        let ceiling = doubled.min(self.settings.longest_pause);
        let end = Instant::now() + ceiling.mul_f64(rand::random::<f64>());
        if deadline.is_some_and(|deadline| end >= deadline) {
            return false;
        }
        tokio::time::sleep_until(end).await;
        true
    }

    /// Parts of records that are younger than the grace of a failed publish.
    fn young(&self, parts: &[Part]) -> Vec<Part> {
        let grace = i64::try_from(self.settings.publish_grace.as_secs()).unwrap_or(i64::MAX);
        let is_young = |part: &&Part| {
            part.created
                .is_some_and(|created| self.now.saturating_sub(created) < grace)
        };
        parts.iter().filter(is_young).cloned().collect()
    }
}
