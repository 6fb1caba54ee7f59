//! Commits a batch and publishes what it changed.

use std::{collections::BTreeSet, time::Duration};

use futures_util::{StreamExt as _, stream};
use serde_json::Value;
use tokio::time::Instant;

use crate::{
    AGGREGATE_TABLE, BatchOutcome, CancellationReason, Poison, Publisher, Store, StoreError, UserAggregate,
    fold::{self, DayFold, MARKERS_PER_TRANSACTION, Part},
    record::{self, Image, Record},
};

/// How hard to try.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The table of totals and markers.
    pub table: String,
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
    /// What isn't done by then fails, so that there is time to say so.
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
            concurrency: 8,
            until: None,
        }
    }
}

/// Books a batch of raw stream records and publishes the days it touched. `now` is in seconds since 1970. Without a
/// publisher, totals are booked and nobody is told.
///
/// All good records are applied whatever else fails: nothing is announced before every day had its turn.
pub async fn process_batch(
    records: &[Value],
    store: &dyn Store,
    publisher: Option<&dyn Publisher>,
    settings: &Settings,
    now: i64,
) -> BatchOutcome {
    let mut outcome = BatchOutcome {
        records: records.len(),
        ..BatchOutcome::default()
    };
    let decoded = decode_all(records, &mut outcome);
    let folds = fold::fold(decoded.iter().map(|(index, record)| (*index, record)));
    let worker = Worker { store, settings, now };
    outcome.days = folds.len();
    let at_once = settings.concurrency.max(1);
    let mut days: Vec<DayOutcome> = stream::iter(folds)
        .map(|fold| worker.book_day(fold))
        .buffer_unordered(at_once)
        .collect()
        .await;
    if let Some(publisher) = publisher {
        days = stream::iter(days)
            .map(|day| worker.announce_day(publisher, day))
            .buffer_unordered(at_once)
            .collect()
            .await;
    }

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
struct DayOutcome {
    fold: DayFold,
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
    settings: &'a Settings,
    now: i64,
}

impl Worker<'_> {
    async fn book_day(&self, fold: DayFold) -> DayOutcome {
        let mut day = DayOutcome {
            fold,
            applied: 0,
            duplicates: 0,
            published: false,
            abandoned: false,
            failed: Vec::new(),
            rejected: Vec::new(),
            errors: Vec::new(),
        };
        let chunks: Vec<Vec<Part>> = day
            .fold
            .parts
            .chunks(MARKERS_PER_TRANSACTION)
            .map(<[Part]>::to_vec)
            .collect();
        for chunk in chunks {
            self.book(chunk, &mut day).await;
        }
        day
    }

    async fn announce_day(&self, publisher: &dyn Publisher, mut day: DayOutcome) -> DayOutcome {
        if day.applied + day.duplicates == 0 {
            return day;
        }
        match self.announce(publisher, &day.fold).await {
            Ok(told) => day.published = told,
            Err(error) => {
                day.errors.push(error);
                let grace = i64::try_from(self.settings.publish_grace.as_secs()).unwrap_or(i64::MAX);
                let young = |part: &Part| {
                    part.created
                        .is_some_and(|created| self.now.saturating_sub(created) < grace)
                };
                // What the store refused is handled: given again, it would be refused again.
                let handled = |part: &Part| {
                    day.rejected
                        .iter()
                        .any(|(rejected, _)| rejected.index == part.index)
                };
                let repeat: Vec<Part> = std::mem::take(&mut day.fold.parts)
                    .into_iter()
                    .filter(|part| young(part) && !handled(part))
                    .collect();
                day.abandoned = repeat.is_empty();
                day.failed.extend(repeat);
            }
        }
        day
    }

    /// Commits parts of one day in one transaction, less those that turn out to be committed already.
    async fn book(&self, mut parts: Vec<Part>, outcome: &mut DayOutcome) {
        let mut attempt = 0;
        while !parts.is_empty() {
            let DayFold { userid, date, .. } = &outcome.fold;
            let request = fold::transaction(&self.settings.table, userid, date, &parts, self.now);
            let answer = self.in_time(self.store.transact_write_items(request)).await;
            let error = match answer {
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
                    if !self.pause(attempt).await {
                        outcome.errors.push(error.to_string());
                        outcome.failed.append(&mut parts);
                    }
                }
                Verdict::Later => {
                    outcome.errors.push(error.to_string());
                    outcome.failed.append(&mut parts);
                }
                Verdict::Never => {
                    if let [_, _, ..] = parts.as_slice() {
                        // One of them is at fault: the others must not share its fate.
                        for part in parts {
                            Box::pin(self.book(vec![part], outcome)).await;
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
    async fn announce(&self, publisher: &dyn Publisher, fold: &DayFold) -> Result<bool, String> {
        let DayFold { userid, date, .. } = fold;
        let mut attempt = 0;
        let item = loop {
            let request = fold::read(&self.settings.table, userid, date);
            match self.in_time(self.store.get_item(request)).await {
                Ok(item) => break item,
                Err(
                    error @ (StoreError::Rejected(_) | StoreError::Denied(_) | StoreError::ConditionFailed),
                ) => {
                    return Err(error.to_string());
                }
                Err(error) => {
                    attempt += 1;
                    if !self.pause(attempt).await {
                        return Err(error.to_string());
                    }
                }
            }
        };
        // A day whose row is gone (a user's own deleteUserAggregate leaves a version behind) has nothing to tell.
        let Some(item) = item else { return Ok(false) };
        let totals = UserAggregate::from_item(userid, date, &item);
        let publish = async {
            let answer = publisher.publish(&totals).await;
            answer.map(|()| true).map_err(|error| error.to_string())
        };
        match self.settings.until {
            None => publish.await,
            Some(until) => tokio::time::timeout_at(until, publish)
                .await
                .unwrap_or_else(|_| Err("totals were not published in the time that was left".to_owned())),
        }
    }

    /// A call that nobody waits for beyond the end of time.
    async fn in_time<T>(
        &self,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        match self.settings.until {
            None => call.await,
            Some(until) => tokio::time::timeout_at(until, call).await.unwrap_or_else(|_| {
                Err(StoreError::Unavailable(
                    "no answer in the time that was left".to_owned(),
                ))
            }),
        }
    }

    /// Waits before the next attempt, unless there is none: all were made, or the time is over.
    ///
    /// Full jitter: anything between nothing and the doubled pause, so that rivals don't meet again.
    async fn pause(&self, attempts: u32) -> bool {
        if attempts >= self.settings.attempts {
            return false;
        }
        let doubled = self
            .settings
            .first_pause
            .saturating_mul(1 << attempts.saturating_sub(1).min(16));
        let ceiling = doubled.min(self.settings.longest_pause);
        let end = Instant::now() + ceiling.mul_f64(rand::random::<f64>());
        if self.settings.until.is_some_and(|until| end >= until) {
            return false;
        }
        tokio::time::sleep_until(end).await;
        true
    }
}

/// What an error means for the transaction's parts.
enum Verdict {
    /// These parts (by index) had been committed before.
    Committed(Vec<usize>),
    /// Nobody's fault: again, in a moment.
    Again,
    /// Nobody's fault, and a moment won't help: the records must be given again.
    Later,
    /// It would fail for ever.
    Never,
}

fn verdict(error: &StoreError, parts: usize) -> Verdict {
    match error {
        StoreError::Throttled(_) | StoreError::Unavailable(_) => Verdict::Again,
        StoreError::Rejected(_) | StoreError::ConditionFailed => Verdict::Never,
        StoreError::Denied(_) => Verdict::Later,
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
