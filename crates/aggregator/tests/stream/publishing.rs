//! What is announced, when, and what becomes of a batch whose totals can't be announced.

use caltrack_aggregator::{PublishError, StoreError, UserAggregate};
use caltrack_domain::{Grams, entry_digest};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    Bench, DAY, EVE, Fault, ME, NOW, Refusal, Stream, event_id, lowest, meal, sequence, unavailable,
    with_text,
};

#[tokio::test]
async fn what_is_announced_is_the_whole_row_as_stored() {
    let bench = Bench::new();
    let row = json!({ "weight": { "N": "71.5" }, "version": { "N": "4" }, "entries": { "N": "4" },
        "digest": { "N": "8589934592" }, "protein": { "N": "0.3" } });
    bench.store.put(ME, DAY, &row);
    bench.give_well(&[Stream::new().insert(&meal(650))]).await;
    let totals = UserAggregate {
        userid: ME.into(),
        date: DAY.into(),
        calories_consumed: 650,
        calories_burned: 0,
        version: 5,
        weight: Some(71.5),
        entries: Some(5),
        digest: Some(
            8_589_934_592 + i64::try_from(entry_digest("019aaaaa-0000-7000-8000-000000000001", 1)).unwrap(),
        ),
        protein: Some(Grams::from_tenths(3)),
        fat: Some(Grams::ZERO),
        carbohydrate: Some(Grams::ZERO),
    };
    assert_eq!(bench.publisher.published(), [totals]);
}

#[tokio::test]
async fn after_a_duplicate_the_stored_total_is_announced_again() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let record = stream.insert(&meal(650));
    bench.give_well(std::slice::from_ref(&record)).await;
    bench.give_well(&[stream.insert(&meal(30))]).await;
    let outcome = bench.give_well(&[record]).await;
    assert_eq!(
        (outcome.applied, outcome.duplicates, outcome.published),
        (0, 1, 1)
    );
    let versions: Vec<(i64, i64)> = bench
        .publisher
        .published()
        .iter()
        .map(|totals| (totals.version, totals.calories_consumed))
        .collect();
    assert_eq!(versions, [(1, 650), (2, 680), (2, 680)]);
}

#[tokio::test]
async fn a_day_of_which_nothing_was_committed_is_not_announced() {
    let bench = Bench::new();
    bench.store.fail([Some(Fault::Unreached); 3]);
    let outcome = bench.give(&[Stream::new().insert(&meal(650))]).await;
    assert_eq!((outcome.published, outcome.publish_abandoned), (0, 0));
    assert_eq!(bench.publisher.published(), []);
}

/// A record's age decides what a publish does that may succeed later: `true` where the record is to come again.
#[rstest]
#[case::just_written(json!(NOW), true)]
#[case::with_a_fraction(json!(1_795_435_199.5), true)]
#[case::a_second_short_of_a_minute(json!(NOW - 59), true)]
#[case::a_minute(json!(NOW - 60), false)]
#[case::a_day(json!(NOW - 86_400), false)]
#[case::by_a_fast_clock(json!(NOW + 5), true)]
#[case::absent(Value::Null, false)]
#[case::no_number(json!("soon"), false)]
#[case::before_all_time(json!(i64::MIN), false)]
#[case::before_all_time_with_a_fraction(json!(-1e300), false)]
#[tokio::test]
async fn a_publish_that_may_succeed_later_fails_its_records_once_while_they_are_younger_than_a_minute(
    #[case] created: Value,
    #[case] comes_again: bool,
) {
    let bench = Bench::new();
    bench.publisher.set_broken(Some(unavailable()));
    let record = Stream::created(created).insert(&meal(650));
    let outcome = bench.give(std::slice::from_ref(&record)).await;
    assert_eq!(
        bench.store.day(ME, DAY),
        Some((650, 0, 1)),
        "the totals stand in any case"
    );
    assert_eq!(lowest(&outcome), comes_again.then(|| sequence(&record)));
    assert_eq!(outcome.publish_abandoned, usize::from(!comes_again));
    assert_eq!((outcome.published, outcome.errors.len()), (0, 1));
    let again = bench.give(&[record]).await;
    assert_eq!(
        (lowest(&again), again.duplicates, again.publish_abandoned),
        (None, 1, 1),
        "it was failed once"
    );
}

#[rstest]
#[case::refused(PublishError::Refused("HTTP 401 UnauthorizedException".into()))]
#[case::throttled(PublishError::Throttled("HTTP 429".into()))]
#[case::suspended(PublishError::Suspended)]
#[tokio::test]
async fn a_publish_that_a_repeat_can_t_help_is_abandoned_at_once_and_fails_no_record(
    #[case] error: PublishError,
) {
    let bench = Bench::new();
    bench.publisher.set_broken(Some(error));
    let mut stream = Stream::new();
    let batch = [
        stream.insert(&with_text(&meal(1), "date", EVE)),
        stream.insert(&meal(20)),
    ];
    let outcome = bench.give(&batch).await;
    assert_eq!((outcome.failures, outcome.poison), (vec![], vec![]));
    assert_eq!((outcome.applied, outcome.publish_abandoned), (2, 2));
    assert!(!outcome.errors.is_empty(), "the reason is logged");
}

#[tokio::test]
async fn of_a_day_that_is_not_announced_the_young_records_come_again() {
    let bench = Bench::new();
    bench.publisher.fail([Some(unavailable())]);
    let old = Stream::created(json!(NOW - 3600)).insert(&meal(1));
    let mut stream = Stream::new();
    // Its first record is left out: it would have the old one's number.
    stream.insert(&meal(0));
    let batch = [old, stream.insert(&meal(20)), stream.insert(&meal(300))];
    let outcome = bench.give(&batch).await;
    assert_eq!(outcome.failures.len(), 2);
    assert_eq!(lowest(&outcome), Some(sequence(&batch[1])));
    bench.give_well(&batch[1..]).await;
    assert_eq!(bench.store.day(ME, DAY), Some((321, 0, 1)));
    assert_eq!(bench.publisher.picture(), bench.store.days());
}

#[tokio::test]
async fn one_day_that_is_not_announced_does_not_keep_the_others_from_it() {
    let bench = Bench::new();
    bench.publisher.fail([Some(unavailable())]);
    let mut stream = Stream::new();
    let batch = [
        stream.insert(&with_text(&meal(1), "date", EVE)),
        stream.insert(&meal(20)),
    ];
    let outcome = bench.give(&batch).await;
    assert_eq!((outcome.published, outcome.failures.len()), (1, 1));
    assert_eq!(lowest(&outcome), Some(sequence(&batch[0])));
}

#[tokio::test]
async fn a_refused_record_is_handled_even_where_its_day_is_not_announced() {
    let bench = Bench::new();
    bench.publisher.set_broken(Some(unavailable()));
    let mut stream = Stream::new();
    let batch = [stream.insert(&meal(1)), stream.insert(&meal(20))];
    bench.store.refuse(event_id(&batch[0]), Refusal::Request);
    let outcome = bench.give(&batch).await;
    assert_eq!(outcome.poison.len(), 1);
    assert_eq!(
        lowest(&outcome),
        Some(sequence(&batch[1])),
        "else it would go to the failure queue again and again"
    );
}

#[rstest]
#[case(StoreError::Unavailable("no answer".into()), 3, true)]
#[case(StoreError::Throttled("rate exceeded".into()), 3, true)]
#[case(StoreError::Rejected("ValidationException".into()), 1, false)]
#[case(StoreError::Denied("AccessDenied".into()), 1, false)]
#[tokio::test]
async fn totals_that_cannot_be_read_count_as_not_published(
    #[case] error: StoreError,
    #[case] reads: usize,
    #[case] comes_again: bool,
) {
    let bench = Bench::new();
    bench.store.fail_reads(vec![Some(error); reads]);
    let record = Stream::new().insert(&meal(650));
    let outcome = bench.give(std::slice::from_ref(&record)).await;
    assert_eq!(bench.store.calls(), 1 + reads);
    assert_eq!(lowest(&outcome), comes_again.then(|| sequence(&record)));
    assert_eq!(outcome.publish_abandoned, usize::from(!comes_again));
    bench.give_well(&[record]).await;
    assert_eq!(bench.publisher.picture(), bench.store.days());
}

#[tokio::test]
async fn a_read_that_fails_once_is_tried_again() {
    let bench = Bench::new();
    bench
        .store
        .fail_reads([Some(StoreError::Unavailable("no answer".into()))]);
    bench.give_well(&[Stream::new().insert(&meal(650))]).await;
    assert_eq!(bench.publisher.picture(), bench.store.days());
}

#[tokio::test]
async fn a_day_that_its_user_deleted_continues_from_its_version() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    bench.give_well(&[stream.insert(&meal(650))]).await;
    // deleteUserAggregate: the version grows, and nothing else is left.
    bench.store.put(ME, DAY, &json!({ "version": { "N": "2" } }));
    bench.give_well(&[stream.insert(&meal(30))]).await;
    assert_eq!(bench.store.day(ME, DAY), Some((30, 0, 3)));
    assert_eq!(bench.publisher.picture(), bench.store.days());
    bench.publisher.assert_versions_never_fall();
}

#[tokio::test]
async fn a_day_whose_row_is_gone_has_nothing_to_announce() {
    let bench = Bench::new();
    let record = Stream::new().insert(&meal(650));
    bench.give_well(std::slice::from_ref(&record)).await;
    bench.store.remove(ME, DAY);
    let outcome = bench.give_well(&[record]).await;
    assert_eq!((outcome.duplicates, outcome.published), (1, 0));
    assert_eq!(bench.publisher.published().len(), 1);
}
