//! Records that come again: in one batch, in another, after an edit, after a delete, to two workers at once.

use futures_util::future;

use crate::support::{Bench, DAY, EVE, ME, Stream, meal, tombstone, with_text};

#[tokio::test]
async fn an_existing_marker_drops_its_record_and_the_rest_is_booked() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let batch = [
        stream.insert(&meal(1)),
        stream.insert(&meal(20)),
        stream.insert(&meal(300)),
    ];
    bench.give_well(&batch[1..2]).await;
    let outcome = bench.give_well(&batch).await;
    assert_eq!(bench.store.day(ME, DAY), Some((321, 0, 2)));
    assert_eq!((outcome.applied, outcome.duplicates), (2, 1));
    assert_eq!(
        bench.store.transactions(),
        [1, 3, 2],
        "the third without the marker that was there"
    );
}

#[tokio::test]
async fn an_event_that_stands_twice_in_a_batch_is_booked_once() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let (first, second) = (stream.insert(&meal(650)), stream.insert(&meal(30)));
    let outcome = bench.give_well(&[first.clone(), second, first]).await;
    assert_eq!(bench.store.day(ME, DAY), Some((680, 0, 1)));
    assert_eq!(outcome.applied, 2);
}

#[tokio::test]
async fn a_create_replayed_after_an_edit_changes_nothing() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let created = stream.insert(&meal(650));
    let edited = stream.modify(&meal(650), &meal(700));
    bench.give_well(&[created.clone(), edited]).await;
    let outcome = bench.give_well(&[created]).await;
    assert_eq!((outcome.applied, outcome.duplicates), (0, 1));
    assert_eq!(bench.store.day(ME, DAY), Some((700, 0, 1)));
}

#[tokio::test]
async fn a_create_replayed_after_a_delete_changes_nothing_and_nor_after_the_tombstones_end() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let created = stream.insert(&meal(650));
    let gone = tombstone(&meal(650));
    bench
        .give_well(&[created.clone(), stream.modify(&meal(650), &gone)])
        .await;
    bench.give_well(std::slice::from_ref(&created)).await;
    assert_eq!(bench.store.day(ME, DAY), Some((0, 0, 1)));
    bench.give_well(&[stream.expire(&gone)]).await;
    bench.give_well(&[created]).await;
    assert_eq!(bench.store.day(ME, DAY), Some((0, 0, 1)));
}

/// `deleteUserAggregate` with `erase` removes a row that counts no entry.
#[tokio::test]
async fn records_that_come_again_after_their_day_was_erased_make_no_row() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let gone = tombstone(&meal(650));
    let records = [stream.insert(&meal(650)), stream.modify(&meal(650), &gone)];
    bench.give_well(&records).await;
    bench.store.remove(ME, DAY);
    let outcome = bench.give_well(&records).await;
    assert_eq!((outcome.applied, outcome.duplicates), (0, 2));
    bench.give_well(&[stream.expire(&gone)]).await;
    assert_eq!(bench.store.day(ME, DAY), None);
}

#[tokio::test]
async fn an_edit_that_came_before_its_create_ends_in_the_same_sum() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let created = stream.insert(&meal(650));
    let edited = stream.modify(&meal(650), &meal(700));
    bench.give_well(&[edited]).await;
    bench.give_well(&[created]).await;
    assert_eq!(bench.store.day(ME, DAY), Some((700, 0, 2)));
}

#[tokio::test]
async fn of_a_move_that_was_booked_on_one_day_only_the_other_day_is_made_good() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let created = stream.insert(&meal(650));
    let moved = stream.modify(&meal(650), &with_text(&meal(650), "date", EVE));
    bench.give_well(&[created]).await;
    bench.store.set_out_of_reach(ME, EVE, true);
    let outcome = bench.give(std::slice::from_ref(&moved)).await;
    assert_eq!((outcome.failures.len(), outcome.applied), (1, 1));
    assert_eq!(
        (bench.store.day(ME, EVE), bench.store.day(ME, DAY)),
        (None, Some((0, 0, 2)))
    );
    bench.store.set_out_of_reach(ME, EVE, false);
    let outcome = bench.give_well(&[moved]).await;
    assert_eq!((outcome.applied, outcome.duplicates), (1, 1));
    assert_eq!(
        (bench.store.day(ME, EVE), bench.store.day(ME, DAY)),
        (Some((650, 0, 1)), Some((0, 0, 2)))
    );
}

#[tokio::test]
async fn two_workers_on_one_batch_book_it_once() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let batch: Vec<_> = (0..120).map(|_| stream.insert(&meal(10))).collect();
    let (one, other) = future::join(bench.give_well(&batch), bench.give_well(&batch)).await;
    assert_eq!(one.applied + other.applied, 120);
    assert_eq!(one.duplicates + other.duplicates, 120);
    assert_eq!(bench.store.day(ME, DAY), Some((1200, 0, 2)));
    bench.publisher.assert_one_truth_per_version();
}
