//! Pauses, deadlines and days in several transactions. The clock is virtual.

use std::time::Duration;

use async_trait::async_trait;
use caltrack_aggregator::{BatchOutcome, PublishError, Publisher, Settings, UserAggregate, process_batch};
use rstest::rstest;
use serde_json::Value;
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
