//! Books a batch and publishes the changed totals.

mod booking;
mod processor;
mod publishing;
mod settings;

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt as _, stream};
use serde_json::Value;
use tokio::sync::OnceCell;

use self::{booking::DayOutcome, processor::BatchProcessor};
use crate::{
    BatchOutcome, Poison, Publisher, Store, fold,
    record::{self, Image, Record},
};

pub use settings::Settings;

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
    let processor = BatchProcessor {
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
        .map(|fold| processor.book_day(fold))
        .buffer_unordered(settings.concurrency.max(1))
        .collect()
        .await;
    if !days.is_empty() && days.iter().all(|day| day.denied.is_some()) {
        outcome.denied = days.iter().find_map(|day| day.denied.clone());
    }
    if let Some(publisher) = publisher {
        days = processor.publish_days(publisher, days).await;
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

/// The outcome for a stream whose view omits images: all records are affected, and none is the cause.
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

/// The reasons why records can't be booked, by index in the batch: a record is sent to the failure queue once, with all
/// of them.
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

/// Decodes every record and collects the faults of those that aren't valid.
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
