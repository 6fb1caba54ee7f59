//! What goes wrong with the store, and what still gets through.

use rstest::rstest;
use serde_json::Value;

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
    // Sequence numbers say nothing of the order of a batch across items.
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
async fn a_lost_answer_before_a_refusal_books_nobody_twice() {
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
