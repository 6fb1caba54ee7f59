//! Commits a batch and publishes what it changed.

use std::{collections::BTreeSet, time::Duration};

use futures_util::{StreamExt as _, stream};
use serde_json::Value;

use crate::{
    BatchOutcome, CancellationReason, Poison, Publisher, Store, StoreError, UserAggregate,
    fold::{self, DayFold, MARKERS_PER_TRANSACTION, Part},
    record::{self, Image, Record},
};

/// How hard to try.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Tries of one transaction or read that meets conflicts, throttling or silence.
    pub attempts: u32,
    /// The first pause is up to this long, and each further one up to twice the last (full jitter).
    pub first_pause: Duration,
    /// No pause is longer.
    pub longest_pause: Duration,
    /// A failed publish fails its records while they are younger than this; then the totals stand, but unannounced.
    pub publish_grace: Duration,
    /// Days of users that are worked on at once.
    pub concurrency: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            attempts: 8,
            first_pause: Duration::from_millis(25),
            longest_pause: Duration::from_secs(1),
            publish_grace: Duration::from_mins(1),
            concurrency: 8,
        }
    }
}

/// Books a batch of raw stream records and publishes the days it touched. `now` is in seconds since 1970.
///
/// All good records are applied whatever else fails.
pub async fn process_batch(
    records: &[Value],
    store: &dyn Store,
    publisher: &dyn Publisher,
    settings: &Settings,
    now: i64,
) -> BatchOutcome {
    let mut outcome = BatchOutcome {
        records: records.len(),
        ..BatchOutcome::default()
    };
    let decoded = decode_all(records, &mut outcome);
    let folds = fold::fold(decoded.iter().map(|(index, record)| (*index, record)));
    let worker = Worker {
        store,
        publisher,
        settings,
        now,
    };
    let days: Vec<DayOutcome> = stream::iter(folds)
        .map(|fold| worker.day(fold))
        .buffer_unordered(settings.concurrency.max(1))
        .collect()
        .await;

    let mut failures = BTreeSet::new();
    for day in days {
        outcome.applied += day.applied;
        outcome.duplicates += day.duplicates;
        outcome.published += usize::from(day.published);
        outcome.publish_abandoned += usize::from(day.abandoned);
        outcome.errors.extend(day.errors);
        failures.extend(day.failed.into_iter().map(|part| part.sequence));
        outcome
            .poison
            .extend(day.rejected.into_iter().filter_map(|(part, reason)| {
                records.get(part.index).map(|record| Poison {
                    record: record.clone(),
                    reason,
                })
            }));
    }
    outcome.failures = failures.into_iter().collect();
    outcome
}

/// Reads every record; what can't be read is noted as poison.
fn decode_all(records: &[Value], outcome: &mut BatchOutcome) -> Vec<(usize, Record)> {
    let mut decoded = Vec::with_capacity(records.len());
    for (index, raw) in records.iter().enumerate() {
        match record::decode(raw) {
            Ok(record) => {
                for image in [&record.old, &record.new] {
                    if let Image::Unreadable(reason) = image {
                        outcome.poison.push(Poison {
                            record: raw.clone(),
                            reason: reason.clone(),
                        });
                    }
                }
                decoded.push((index, record));
            }
            Err(reason) => outcome.poison.push(Poison {
                record: raw.clone(),
                reason,
            }),
        }
    }
    decoded
}

/// What became of one user's day.
#[derive(Default)]
struct DayOutcome {
    applied: usize,
    duplicates: usize,
    published: bool,
    abandoned: bool,
    failed: Vec<Part>,
    rejected: Vec<(Part, String)>,
    errors: Vec<String>,
}

struct Worker<'a> {
    store: &'a dyn Store,
    publisher: &'a dyn Publisher,
    settings: &'a Settings,
    now: i64,
}

impl Worker<'_> {
    async fn day(&self, fold: DayFold) -> DayOutcome {
        let mut outcome = DayOutcome::default();
        for chunk in fold.parts.chunks(MARKERS_PER_TRANSACTION) {
            self.book(&fold.userid, &fold.date, chunk.to_vec(), &mut outcome)
                .await;
        }
        if outcome.applied + outcome.duplicates == 0 {
            return outcome;
        }
        match self.announce(&fold.userid, &fold.date).await {
            Ok(published) => outcome.published = published,
            Err(error) => {
                outcome.errors.push(error);
                let grace = i64::try_from(self.settings.publish_grace.as_secs()).unwrap_or(i64::MAX);
                let young = |part: &Part| {
                    part.created
                        .is_some_and(|created| self.now.saturating_sub(created) < grace)
                };
                // What the store refused is handled: given again, it would be refused again.
                let handled = |part: &Part| {
                    outcome
                        .rejected
                        .iter()
                        .any(|(rejected, _)| rejected.index == part.index)
                };
                let repeat: Vec<Part> = fold
                    .parts
                    .into_iter()
                    .filter(|part| young(part) && !handled(part))
                    .collect();
                outcome.abandoned = repeat.is_empty();
                outcome.failed.extend(repeat);
            }
        }
        outcome
    }

    /// Commits parts of one day in one transaction, less those that turn out to be committed already.
    async fn book(&self, userid: &str, date: &str, mut parts: Vec<Part>, outcome: &mut DayOutcome) {
        let mut attempt = 0;
        while !parts.is_empty() {
            let request = fold::transaction(userid, date, &parts, self.now);
            let error = match self.store.transact_write_items(request).await {
                Ok(()) => {
                    outcome.applied += parts.len();
                    return;
                }
                Err(error) => error,
            };
            match verdict(&error, parts.len()) {
                Verdict::Committed(markers) => {
                    let before = parts.len();
                    let mut index = 0;
                    parts.retain(|_| {
                        index += 1;
                        !markers.contains(&(index - 1))
                    });
                    outcome.duplicates += before - parts.len();
                }
                Verdict::Again => {
                    attempt += 1;
                    if attempt >= self.settings.attempts {
                        outcome.errors.push(error.to_string());
                        outcome.failed.append(&mut parts);
                        return;
                    }
                    self.pause(attempt).await;
                }
                Verdict::Never => {
                    if let [_, _, ..] = parts.as_slice() {
                        // One of them is at fault: the others must not share its fate.
                        for part in parts {
                            Box::pin(self.book(userid, date, vec![part], outcome)).await;
                        }
                    } else {
                        outcome
                            .rejected
                            .extend(parts.drain(..).map(|part| (part, error.to_string())));
                    }
                    return;
                }
            }
        }
    }

    /// Reads the stored totals and publishes them; `false` where there are none.
    async fn announce(&self, userid: &str, date: &str) -> Result<bool, String> {
        let mut attempt = 0;
        let item = loop {
            match self.store.get_item(fold::read(userid, date)).await {
                Ok(item) => break item,
                Err(StoreError::Rejected(reason)) => return Err(reason),
                Err(error) => {
                    attempt += 1;
                    if attempt >= self.settings.attempts {
                        return Err(error.to_string());
                    }
                    self.pause(attempt).await;
                }
            }
        };
        // A day whose row is gone (a user's own deleteUserAggregate leaves a version behind) has nothing to tell.
        let Some(item) = item else { return Ok(false) };
        let totals = UserAggregate::from_item(userid, date, &item);
        self.publisher
            .publish(&totals)
            .await
            .map(|()| true)
            .map_err(|error| error.to_string())
    }

    /// Full jitter: anything between nothing and the doubled pause, so that rivals don't meet again.
    async fn pause(&self, attempt: u32) {
        let doubled = self
            .settings
            .first_pause
            .saturating_mul(1 << attempt.saturating_sub(1).min(16));
        let ceiling = doubled.min(self.settings.longest_pause);
        tokio::time::sleep(ceiling.mul_f64(rand::random::<f64>())).await;
    }
}

/// What an error means for the transaction's parts.
enum Verdict {
    /// These parts (by index) had been committed before.
    Committed(Vec<usize>),
    /// Nobody's fault: again, later.
    Again,
    /// It would fail for ever.
    Never,
}

fn verdict(error: &StoreError, parts: usize) -> Verdict {
    match error {
        StoreError::Throttled(_) | StoreError::Unavailable(_) => Verdict::Again,
        StoreError::Rejected(_) => Verdict::Never,
        StoreError::TransactionCanceled(reasons) => {
            let is = |reason: &CancellationReason, codes: &[&str]| codes.contains(&reason.code.as_str());
            let committed: Vec<usize> = reasons
                .iter()
                .take(parts)
                .enumerate()
                .filter(|(_, reason)| is(reason, &["ConditionalCheckFailed"]))
                .map(|(index, _)| index)
                .collect();
            if !committed.is_empty() {
                Verdict::Committed(committed)
            } else if reasons
                .iter()
                .any(|reason| is(reason, &["ValidationError", "ItemCollectionSizeLimitExceeded"]))
            {
                Verdict::Never
            } else {
                // TransactionConflict, ThrottlingError, ProvisionedThroughputExceeded, or no reason at all.
                Verdict::Again
            }
        }
    }
}
