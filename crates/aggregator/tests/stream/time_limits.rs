//! Pauses, deadlines and days in several transactions. The clock is virtual.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use caltrack_aggregator::{
    BatchOutcome, CancellationReason, PublishError, Publisher, Settings, Store, StoreError, UserAggregate,
    process_batch,
};
use rstest::rstest;
use serde_json::{Map, Value};
use tokio::time::Instant;

use crate::support::{Bench, DAY, Fault, ME, NOW, Stream, meal};

/// An API that never responds.
struct Silence;

#[async_trait]
impl Publisher for Silence {
    async fn publish(&self, _: &UserAggregate) -> Result<(), PublishError> {
        std::future::pending().await
    }
}

/// A store with a conflict at first, which doesn't respond from then on.
#[derive(Default)]
struct ConflictThenSilence {
    was_called: AtomicBool,
}

#[async_trait]
impl Store for ConflictThenSilence {
    async fn transact_write_items(&self, _: Value) -> Result<(), StoreError> {
        if self.was_called.swap(true, Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        Err(StoreError::TransactionCanceled(vec![CancellationReason {
            code: "TransactionConflict".to_owned(),
            message: None,
        }]))
    }

    async fn get_item(&self, _: Value) -> Result<Option<Map<String, Value>>, StoreError> {
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_cut_off_by_the_deadline_reports_the_reason_of_the_attempt_before() {
    let store = ConflictThenSilence::default();
    let settings = Settings {
        until: Some(Instant::now() + Duration::from_secs(2)),
        ..Settings::default()
    };
    let records = [Stream::new().insert(&meal(650))];
    let outcome = process_batch(&records, &store, None, &settings, NOW).await;
    assert_eq!(outcome.failures.len(), 1);
    assert_eq!(
        outcome.errors,
        ["the transaction was cancelled: TransactionConflict"]
    );
}

#[tokio::test(start_paused = true)]
async fn attempts_are_separated_by_pauses() {
    let bench = Bench::new();
    bench.store.fail([Some(Fault::Throttled); 7]);
    let start = Instant::now();
    let records = [Stream::new().insert(&meal(650))];
    let outcome = process_batch(
        &records,
        &bench.store,
        Some(&bench.publisher),
        &Settings::default(),
        NOW,
    )
    .await;
    assert_eq!((outcome.days, outcome.applied), (1, 1));
    // Pauses are random, up to 25 ms first and 1 s at last.
    assert!(
        start.elapsed() > Duration::from_millis(7),
        "{:?}",
        start.elapsed()
    );
}

/// The earlier of both limits ends a publish that gets no response. Only the deadline of the batch leaves records that
/// are to come again: after the limit of publishing, the API counts as suspended.
#[rstest]
#[case::deadline_first(Some(2), 2, 1)]
#[case::both_at_once(Some(5), 5, 0)]
#[case::limit_of_publishing_first(Some(9), 5, 0)]
#[case::no_deadline(None, 5, 0)]
#[tokio::test(start_paused = true)]
async fn a_publish_without_response_ends_at_the_earlier_limit(
    #[case] deadline: Option<u64>,
    #[case] expected: u64,
    #[case] failures: usize,
) {
    let bench = Bench::new();
    let start = Instant::now();
    let settings = Settings {
        until: deadline.map(|seconds| start + Duration::from_secs(seconds)),
        publish_time: Duration::from_secs(5),
        ..Settings::default()
    };
    let records = [Stream::new().insert(&meal(650))];
    let outcome = process_batch(&records, &bench.store, Some(&Silence), &settings, NOW).await;
    assert_eq!(bench.store.day(ME, DAY), Some((650, 0, 1)));
    assert_eq!(start.elapsed().as_secs(), expected);
    assert_eq!(outcome.failures.len(), failures);
}

/// A day of 150 records takes two transactions.
#[tokio::test]
async fn a_day_that_is_denied_after_its_first_transaction_fails_only_the_other_records() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let records: Vec<Value> = (0..150).map(|_| stream.insert(&meal(1))).collect();
    bench.store.fail([None, Some(Fault::Denied)]);
    let BatchOutcome {
        denied,
        applied,
        failures,
        ..
    } = bench.give(&records).await;
    assert_eq!((denied, applied, failures.len()), (None, 99, 51));
    bench.give_well(&records).await;
    assert_eq!(bench.store.day(ME, DAY), Some((150, 0, 2)));
}
