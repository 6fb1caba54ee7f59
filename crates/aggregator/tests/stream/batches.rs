//! A batch: who shares a transaction, and how many calls it takes.

use rstest::rstest;
use serde_json::Value;

use crate::support::{Bench, DAY, EVE, ME, Stream, YOU, meal, with_text};

fn meals(count: usize) -> Vec<Value> {
    let mut stream = Stream::new();
    (0..count).map(|_| stream.insert(&meal(10))).collect()
}

#[rstest]
#[case(1, &[1])]
#[case(99, &[99])]
#[case(100, &[99, 1])]
#[case(198, &[99, 99])]
#[case(250, &[99, 99, 52])]
#[tokio::test]
async fn at_most_99_records_share_a_transaction(#[case] records: usize, #[case] transactions: &[usize]) {
    let bench = Bench::new();
    let outcome = bench.give_well(&meals(records)).await;
    assert_eq!(bench.store.transactions(), transactions);
    let kcal = i64::try_from(10 * records).unwrap();
    let version = i64::try_from(transactions.len()).unwrap();
    assert_eq!(bench.store.day(ME, DAY), Some((kcal, 0, version)));
    assert_eq!(bench.store.markers().len(), records);
    assert_eq!((outcome.applied, outcome.published), (records, 1));
    assert_eq!(
        bench.publisher.published().len(),
        1,
        "one publication for all transactions of a day"
    );
}

#[tokio::test]
async fn a_hundred_records_of_one_day_take_three_calls_and_one_publication() {
    let bench = Bench::new();
    bench.give_well(&meals(100)).await;
    assert_eq!((bench.store.calls(), bench.publisher.published().len()), (3, 1));
}

#[tokio::test]
async fn the_largest_batch_that_a_mapping_can_be_set_to_is_worked_off() {
    let bench = Bench::new();
    bench.give_well(&meals(10_000)).await;
    assert_eq!(bench.store.day(ME, DAY), Some((100_000, 0, 102)));
}

#[tokio::test]
async fn the_largest_kcal_in_the_largest_batch_overflow_nothing() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let batch: Vec<Value> = (0..10_000)
        .map(|_| stream.insert(&meal(i32::MAX.into())))
        .collect();
    bench.give_well(&batch).await;
    assert_eq!(
        bench.store.day(ME, DAY),
        Some((10_000 * i64::from(i32::MAX), 0, 102))
    );
}

#[tokio::test]
async fn users_and_days_are_booked_apart() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let batch = [
        stream.insert(&meal(1)),
        stream.insert(&with_text(&meal(20), "date", EVE)),
        stream.insert(&with_text(&meal(300), "userid", YOU)),
        stream.insert(&meal(4000)),
    ];
    let outcome = bench.give_well(&batch).await;
    assert_eq!(bench.store.day(ME, DAY), Some((4001, 0, 1)));
    assert_eq!(bench.store.day(ME, EVE), Some((20, 0, 1)));
    assert_eq!(bench.store.day(YOU, DAY), Some((300, 0, 1)));
    assert_eq!((outcome.applied, outcome.published), (4, 3));
}

#[tokio::test]
async fn changes_of_a_day_that_cancel_each_other_out_are_booked_nevertheless() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let batch = [stream.insert(&meal(650)), stream.remove(&meal(650))];
    bench.give_well(&batch).await;
    assert_eq!(bench.store.day(ME, DAY), Some((0, 0, 1)));
    assert_eq!(
        bench.store.markers().len(),
        2,
        "else a repeat of the first alone would count"
    );
    bench.give_well(&batch[..1]).await;
    assert_eq!(bench.store.day(ME, DAY), Some((0, 0, 1)));
}

#[tokio::test]
async fn an_empty_batch_is_nothing() {
    let bench = Bench::new();
    bench.give_well(&[]).await;
    assert_eq!(bench.store.calls(), 0);
}
