//! An API that fails, hangs or is slow: its cost in requests and time, and that booking continues. Time is virtual.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use caltrack_aggregator::{
    BatchOutcome, CircuitBreaker, PublishError, Publisher, Settings, UserAggregate,
    breaker::{MAX_FAILURES, PROBE_AFTER},
    process_batch,
};
use rstest::rstest;
use serde_json::Value;
use tokio::time::Instant;

use crate::support::{DAY, Dynamo, ME, NOW, Stream, meal, with_text};

/// What the API does with a request; and how long it takes.
type AwsResponse = Result<(), PublishError>;

/// An API that answers all requests alike.
struct Api {
    answer: Mutex<(Duration, AwsResponse)>,
    requests: AtomicUsize,
}

impl Api {
    fn new(takes: Duration, answer: AwsResponse) -> Self {
        Self {
            answer: Mutex::new((takes, answer)),
            requests: AtomicUsize::new(0),
        }
    }

    fn set(&self, takes: Duration, answer: AwsResponse) {
        *self.answer.lock().unwrap() = (takes, answer);
    }

    /// Requests since the last call of this.
    fn requests(&self) -> usize {
        self.requests.swap(0, Ordering::Relaxed)
    }
}

#[async_trait]
impl Publisher for Api {
    async fn publish(&self, _: &UserAggregate) -> AwsResponse {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let (takes, answer) = self.answer.lock().unwrap().clone();
        tokio::time::sleep(takes).await;
        answer
    }
}

/// An API behind a breaker whose clock is tokio's.
fn guarded(takes: Duration, answer: AwsResponse) -> CircuitBreaker<Api> {
    let start = Instant::now();
    CircuitBreaker::with_clock(Api::new(takes, answer), move || {
        SystemTime::UNIX_EPOCH + start.elapsed()
    })
}

/// A new entry each of so many users.
fn batch(stream: &mut Stream, users: usize) -> Vec<Value> {
    (0..users)
        .map(|user| stream.insert(&with_text(&meal(10), "userid", &format!("user-{user}"))))
        .collect()
}

async fn give(records: &[Value], api: &dyn Publisher, store: &Dynamo) -> (BatchOutcome, Duration) {
    let settings = Settings {
        attempts: 3,
        first_pause: Duration::ZERO,
        ..Settings::default()
    };
    let started = Instant::now();
    let outcome = process_batch(records, store, Some(api), &settings, NOW).await;
    (outcome, started.elapsed())
}

const FAST: Duration = Duration::from_millis(30);
/// As long as the AppSync client waits for an answer.
const SILENCE: Duration = Duration::from_secs(3);
const FOR_EVER: Duration = Duration::from_hours(24);

fn unavailable() -> AwsResponse {
    Err(PublishError::Unavailable("HTTP 503".into()))
}

/// A hundred users' batch: whatever the API does, all is booked in less than ten seconds, no record fails, and requests are few.
#[rstest]
#[case::refuses(FAST, Err(PublishError::Refused("HTTP 401".into())), 100)]
#[case::throttles(FAST, Err(PublishError::Throttled("HTTP 429".into())), 10)]
#[case::is_down(FAST, unavailable(), 10)]
#[case::is_silent(SILENCE, unavailable(), 10)]
#[case::never_answers(FOR_EVER, Ok(()), 8)]
#[case::crawls(Duration::from_millis(2_900), Ok(()), 16)]
#[tokio::test(start_paused = true)]
async fn a_failing_api_costs_a_batch_little_and_keeps_nothing_from_being_booked(
    #[case] takes: Duration,
    #[case] answer: AwsResponse,
    #[case] most_requests: usize,
) {
    let (api, store, mut stream) = (guarded(takes, answer), Dynamo::default(), Stream::new());
    let (outcome, took) = give(&batch(&mut stream, 100), &api, &store).await;
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert_eq!((outcome.applied, store.days().len()), (100, 100));
    assert_eq!(outcome.failures, [], "no record is given again for a publish");
    assert_eq!(outcome.published + outcome.publish_abandoned, 100);
    let requests = api.inner().requests();
    assert!(requests <= most_requests, "{requests}");
}

#[tokio::test(start_paused = true)]
async fn after_a_failure_the_api_is_called_again_by_a_probe_five_seconds_later() {
    let (api, store, mut stream) = (guarded(SILENCE, unavailable()), Dynamo::default(), Stream::new());
    give(&batch(&mut stream, 100), &api, &store).await;
    api.inner().requests();

    let reads = |calls: usize| calls - 100;
    let before = store.calls();
    let (outcome, took) = give(&batch(&mut stream, 100), &api, &store).await;
    assert_eq!((outcome.applied, outcome.publish_abandoned), (100, 100));
    assert_eq!((api.inner().requests(), took), (0, Duration::ZERO));
    assert_eq!(reads(store.calls() - before), 0, "nor are totals read in vain");

    tokio::time::advance(PROBE_AFTER).await;
    give(&batch(&mut stream, 100), &api, &store).await;
    assert_eq!(api.inner().requests(), 1, "the probe");

    tokio::time::advance(PROBE_AFTER).await;
    api.inner().set(FAST, Ok(()));
    let (outcome, _) = give(&batch(&mut stream, 1), &api, &store).await;
    assert_eq!(outcome.published, 1, "the probe");
    let (outcome, _) = give(&batch(&mut stream, 100), &api, &store).await;
    assert_eq!(outcome.published, 100);
}

#[tokio::test(start_paused = true)]
async fn a_large_batch_is_published_whole_where_the_api_is_well() {
    let (api, store) = (guarded(FAST, Ok(())), Dynamo::default());
    let (outcome, _) = give(&batch(&mut Stream::new(), 900), &api, &store).await;
    assert_eq!((outcome.published, outcome.publish_abandoned), (900, 0));
}

/// Two failures among successes are no reason to stop; the records of a total that may be published later come again, once.
#[tokio::test(start_paused = true)]
async fn single_failures_leave_the_breaker_closed_and_are_given_again() {
    let (api, store, mut stream) = (guarded(FAST, Ok(())), Dynamo::default(), Stream::new());
    for _ in 0..4 {
        let failing = batch(&mut stream, 2);
        api.inner().set(FAST, unavailable());
        let (outcome, _) = give(&failing, &api, &store).await;
        assert_eq!((outcome.failures.len(), outcome.publish_abandoned), (2, 0));
        api.inner().set(FAST, Ok(()));
        let (outcome, _) = give(&failing, &api, &store).await;
        assert_eq!((outcome.published, outcome.failures), (2, vec![]));
    }
}

fn totals() -> UserAggregate {
    UserAggregate {
        userid: ME.into(),
        date: DAY.into(),
        calories_consumed: 1,
        calories_burned: 0,
        version: 1,
        weight: None,
        entries: None,
        digest: None,
        protein: None,
        fat: None,
        carbohydrate: None,
    }
}

#[tokio::test]
async fn a_breaker_opens_with_the_third_failure_in_a_row_and_an_answer_starts_the_count_anew() {
    let breaker = CircuitBreaker::new(Api::new(Duration::ZERO, unavailable()));
    let publish = async |answer: AwsResponse| {
        breaker.inner().set(Duration::ZERO, answer);
        breaker.publish(&totals()).await
    };
    for answer in [Ok(()), Err(PublishError::Refused("HTTP 400".into()))] {
        for _ in 1..MAX_FAILURES {
            publish(unavailable()).await.unwrap_err();
        }
        assert_eq!(publish(answer.clone()).await, answer);
        assert!(!breaker.is_suspended());
    }
    for _ in 0..MAX_FAILURES {
        assert!(!breaker.is_suspended());
        publish(unavailable()).await.unwrap_err();
    }
    assert!(breaker.is_suspended());
    assert_eq!(publish(Ok(())).await, Err(PublishError::Suspended));
}

/// Only the wall clock includes the time in which the process was frozen; if it is set back, publishing must not stay
/// suspended.
#[rstest]
#[case::too_early(4_999, true)]
#[case::due(5_000, false)]
#[case::set_back(-1, false)]
#[tokio::test]
async fn a_probe_is_due_by_the_wall_clock(#[case] milliseconds: i64, #[case] suspended: bool) {
    const OPENED: u64 = 1_000_000;
    let now = Arc::new(AtomicU64::new(OPENED));
    let clock = Arc::clone(&now);
    let breaker = CircuitBreaker::with_clock(Api::new(Duration::ZERO, unavailable()), move || {
        SystemTime::UNIX_EPOCH + Duration::from_millis(clock.load(Ordering::Relaxed))
    });
    for _ in 0..MAX_FAILURES {
        breaker.publish(&totals()).await.unwrap_err();
    }
    now.store(OPENED.saturating_add_signed(milliseconds), Ordering::Relaxed);
    assert_eq!(breaker.is_suspended(), suspended);
    let requests = breaker.inner().requests.load(Ordering::Relaxed);
    let _ = breaker.publish(&totals()).await;
    let probes = breaker.inner().requests.load(Ordering::Relaxed) - requests;
    assert_eq!(probes, usize::from(!suspended));
    assert!(breaker.is_suspended(), "the probe has failed");
}
