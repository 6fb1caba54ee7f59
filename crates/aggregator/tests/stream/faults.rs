//! What goes wrong with the store, and what still gets through.

use caltrack_aggregator::StoreError;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    Bench, DAY, EVE, Fault, ME, Refusal, Stream, YOU, event_id, lowest, meal, sequence, with_text,
};

#[rstest]
#[case(Fault::Conflict)]
#[case(Fault::MarkerConflict)]
#[case(Fault::Throttled)]
#[case(Fault::Unreached)]
#[tokio::test]
async fn a_conflict_a_throttle_and_a_silence_are_tried_again(#[case] fault: Fault) {
    let bench = Bench::new();
    bench.store.fail([Some(fault), Some(fault)]);
    let outcome = bench.give_well(&[Stream::new().insert(&meal(650))]).await;
    assert_eq!(bench.store.day(ME, DAY), Some((650, 0, 1)));
    assert_eq!((bench.store.transactions().len(), outcome.applied), (3, 1));
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_booked_exactly_once_and_announced() {
    let bench = Bench::new();
    bench.store.fail([Some(Fault::AnswerLost)]);
    let mut stream = Stream::new();
    let batch = [stream.insert(&meal(650)), stream.insert(&meal(30))];
    let outcome = bench.give_well(&batch).await;
    assert_eq!(bench.store.day(ME, DAY), Some((680, 0, 1)));
    assert_eq!((outcome.applied, outcome.duplicates), (0, 2));
    assert_eq!(bench.publisher.picture(), bench.store.days());
}

#[tokio::test]
async fn a_commit_whose_last_answer_is_lost_is_reported_and_booked_once_when_given_again() {
    let bench = Bench::new();
    bench.store.fail([
        Some(Fault::Throttled),
        Some(Fault::Throttled),
        Some(Fault::AnswerLost),
    ]);
    let record = Stream::new().insert(&meal(650));
    let outcome = bench.give(std::slice::from_ref(&record)).await;
    assert_eq!(lowest(&outcome), Some(sequence(&record)));
    assert_eq!(bench.store.day(ME, DAY), Some((650, 0, 1)));
    bench.give_well(&[record]).await;
    assert_eq!(bench.store.day(ME, DAY), Some((650, 0, 1)));
    assert_eq!(bench.publisher.picture(), bench.store.days());
}

#[tokio::test]
async fn all_good_records_are_applied_whatever_else_fails() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let batch = [
        stream.insert(&with_text(&meal(1), "date", EVE)),
        stream.insert(&meal(20)),
        stream.insert(&with_text(&meal(300), "userid", YOU)),
    ];
    bench.store.set_out_of_reach(ME, EVE, true);
    let outcome = bench.give(&batch).await;
    assert_eq!(bench.store.day(ME, EVE), None);
    assert_eq!(bench.store.day(ME, DAY), Some((20, 0, 1)));
    assert_eq!(bench.store.day(YOU, DAY), Some((300, 0, 1)));
    assert_eq!(
        (lowest(&outcome), outcome.errors.len()),
        (Some(sequence(&batch[0])), 1)
    );
    assert_eq!(bench.publisher.picture(), bench.store.days());
}

#[tokio::test]
async fn of_several_failures_the_lowest_is_reported_as_a_number_not_as_a_text() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let lost = with_text(&meal(1), "date", EVE);
    // The seventh to the thirteenth can't be booked: from 21 digits to 22.
    let mut batch: Vec<Value> = (0..6).map(|_| stream.insert(&meal(20))).collect();
    batch.extend((0..7).map(|_| stream.insert(&lost)));
    // Sequence numbers don't order a batch across items.
    batch.reverse();
    bench.store.set_out_of_reach(ME, EVE, true);
    let outcome = bench.give(&batch).await;
    let (short, long) = (sequence(&batch[6]), sequence(&batch[0]));
    assert!(short.len() < long.len() && short > long, "{short} {long}");
    assert_eq!((outcome.failures.len(), lowest(&outcome)), (7, Some(short)));
}

#[rstest]
#[case(Refusal::Request)]
#[case(Refusal::Reason)]
#[tokio::test]
async fn a_record_that_the_store_refuses_becomes_poison_and_the_others_are_booked(#[case] refusal: Refusal) {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let batch = [
        stream.insert(&meal(1)),
        stream.insert(&meal(20)),
        stream.insert(&meal(300)),
    ];
    bench.store.refuse(event_id(&batch[1]), refusal);
    let outcome = bench.give(&batch).await;
    assert_eq!(bench.store.day(ME, DAY), Some((301, 0, 2)));
    assert_eq!(outcome.failures, []);
    let poison: Vec<&Value> = outcome.poison.iter().map(|poison| &poison.record).collect();
    assert_eq!(poison, [&batch[1]]);
    assert_eq!((outcome.applied, outcome.published), (2, 1));
}

#[tokio::test]
async fn a_lost_response_before_a_rejection_books_no_record_twice() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let batch = [
        stream.insert(&meal(1)),
        stream.insert(&meal(20)),
        stream.insert(&meal(300)),
    ];
    bench.give_well(&batch[2..]).await;
    bench.store.refuse(event_id(&batch[1]), Refusal::Request);
    // Refused as a whole; then one by one, the first without an answer.
    bench.store.fail([None, Some(Fault::AnswerLost)]);
    let outcome = bench.give(&batch).await;
    assert_eq!(bench.store.day(ME, DAY), Some((301, 0, 2)));
    assert_eq!((outcome.duplicates, outcome.poison.len()), (2, 1));
}

#[tokio::test]
async fn a_batch_fails_as_denied_only_if_every_day_is_denied() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let batch = [
        stream.insert(&meal(1)),
        stream.insert(&with_text(&meal(20), "date", EVE)),
    ];
    bench.store.fail([Some(Fault::Denied), Some(Fault::Denied)]);
    let outcome = bench.give(&batch).await;
    assert!(
        outcome
            .denied
            .is_some_and(|reason| reason.contains("AccessDenied")),
        "nothing was booked"
    );
    assert_eq!((outcome.failures.len(), outcome.poison.len()), (2, 0));
    bench.store.fail([Some(Fault::Denied), None]);
    let outcome = bench.give(&batch).await;
    assert_eq!(
        (outcome.denied, outcome.failures.len(), outcome.applied),
        (None, 1, 1)
    );
    // The record that was booked is a duplicate now: the table still answers it.
    bench.store.fail([Some(Fault::Denied), None]);
    let outcome = bench.give(&batch).await;
    assert_eq!(outcome.denied, None);
    bench.give_well(&batch).await;
    assert_eq!(
        (bench.store.day(ME, DAY), bench.store.day(ME, EVE)),
        (Some((1, 0, 1)), Some((20, 0, 1)))
    );
}

#[tokio::test]
async fn a_batch_that_is_throttled_to_the_end_is_not_denied() {
    let bench = Bench::new();
    bench.store.fail([Some(Fault::Throttled); 3]);
    let outcome = bench.give(&[Stream::new().insert(&meal(1))]).await;
    assert_eq!((outcome.denied, outcome.failures.len()), (None, 1));
}

/// One day or many: the table is the cause, and no record goes to the failure queue.
#[rstest]
#[case(1, Refusal::Request)]
#[case(1, Refusal::Reason)]
#[case(150, Refusal::Request)]
#[case(150, Refusal::Reason)]
#[tokio::test]
async fn a_table_with_other_keys_is_at_fault_itself(#[case] records: usize, #[case] refusal: Refusal) {
    let bench = Bench::new();
    bench.store.set_other_keys(refusal);
    let mut stream = Stream::new();
    let batch: Vec<Value> = (0..records)
        .map(|number| stream.insert(&with_text(&meal(10), "userid", &format!("user-{}", number % 40))))
        .collect();
    let outcome = bench.give(&batch).await;
    let reason = outcome.denied.expect("the reason is reported");
    assert!(reason.contains("other keys"), "{reason}");
    assert_eq!((outcome.failures.len(), outcome.poison.len()), (records, 0));
    let days = records.min(40);
    assert_eq!(
        bench.store.calls(),
        days + 1,
        "one look at the table for all days"
    );
}

#[tokio::test]
async fn a_refusal_while_the_table_can_t_be_looked_at_is_given_again() {
    let bench = Bench::new();
    let record = Stream::new().insert(&meal(1));
    bench.store.refuse(event_id(&record), Refusal::Request);
    bench
        .store
        .fail_reads([Some(StoreError::Unavailable("no answer".into()))]);
    let outcome = bench.give(std::slice::from_ref(&record)).await;
    assert_eq!((outcome.failures.len(), outcome.poison.len()), (1, 0));
    let outcome = bench.give(&[record]).await;
    assert_eq!((outcome.failures.len(), outcome.poison.len()), (0, 1));
}

/// A row that a foreign program wrote: only that day is affected, and `reconcile` repairs it.
#[tokio::test]
async fn a_total_that_is_no_number_makes_poison_of_its_own_records_alone() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let batch = [
        stream.insert(&meal(1)),
        stream.insert(&with_text(&meal(20), "date", EVE)),
    ];
    bench
        .store
        .put(ME, EVE, &json!({ "caloriesConsumed": { "S": "a lot" } }));
    let outcome = bench.give(&batch).await;
    let poison: Vec<&Value> = outcome.poison.iter().map(|poison| &poison.record).collect();
    assert_eq!((poison, outcome.denied), (vec![&batch[1]], None));
    assert_eq!(
        (bench.store.day(ME, DAY), outcome.failures),
        (Some((1, 0, 1)), vec![])
    );
}
