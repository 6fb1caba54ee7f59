//! Invalid records go to the failure queue, count as handled, and don't delay others.

use caltrack_aggregator::recount;
use proptest::{collection::vec, prelude::*, sample::select};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    Bench, DAY, EVE, ME, Refusal, Stream, YOU, amounts, event_id, meal, unavailable, with, with_text, without,
};

#[rstest]
#[case::nothing(json!(null))]
#[case::not_a_record(json!({ "Records": [] }))]
#[case::no_event_id(without(&Stream::new().insert(&meal(650)), "eventID"))]
#[case::no_change(without(&Stream::new().insert(&meal(650)), "dynamodb"))]
#[case::no_kcal_to_read(Stream::new().insert(&with(&meal(0), "caloriesConsumed", json!({ "N": "1.5" }))))]
#[case::no_day_of_the_calendar(Stream::new().insert(&with_text(&meal(650), "date", "2026-02-30")))]
#[case::no_key(Stream::new().insert(&with_text(&meal(650), "userid", "")))]
#[tokio::test]
async fn an_undecodable_record_becomes_poison_counts_as_handled_and_blocks_no_other(#[case] bad: Value) {
    let bench = Bench::new();
    let mut stream = Stream::new();
    stream.insert(&meal(0));
    let batch = [stream.insert(&meal(1)), bad.clone(), stream.insert(&meal(20))];
    let outcome = bench.give(&batch).await;
    assert_eq!(bench.store.day(ME, DAY), Some((21, 0, 1)));
    assert_eq!((outcome.failures, outcome.applied), (vec![], 2));
    let [poison] = outcome.poison.as_slice() else {
        panic!("{:?}", outcome.poison);
    };
    assert_eq!(poison.record, bad, "whole, with its images");
    assert!(!poison.reason.is_empty());
}

#[tokio::test]
async fn of_a_record_with_one_unreadable_image_the_other_is_booked() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let (good, bad) = (meal(650), with_text(&meal(700), "date", "someday"));
    let history = [
        (stream.insert(&good), 0, 650),
        // The old image is subtracted; the new one can't be added.
        (stream.modify(&good, &bad), 1, 0),
        // What was never added isn't taken away; and where the entry is readable again, or gone, nothing is left to look at.
        (stream.modify(&bad, &good), 0, 650),
        (stream.modify(&good, &bad), 1, 0),
        (stream.remove(&bad), 0, 0),
    ];
    for (record, unreadable, kcal) in history {
        let outcome = bench.give(std::slice::from_ref(&record)).await;
        assert_eq!(
            (outcome.failures, outcome.poison.len()),
            (vec![], unreadable),
            "{record}"
        );
        assert_eq!(bench.store.day(ME, DAY).map(|day| day.0), Some(kcal), "{record}");
    }
}

#[tokio::test]
async fn a_record_with_two_unreadable_images_is_handed_over_once_with_what_is_wrong_now() {
    let bench = Bench::new();
    let dateless = with_text(&meal(650), "date", "someday");
    let fraction = with(&meal(650), "caloriesConsumed", json!({ "N": "1.5" }));
    let outcome = bench.give(&[Stream::new().modify(&dateless, &fraction)]).await;
    let [poison] = outcome.poison.as_slice() else {
        panic!("{:?}", outcome.poison);
    };
    assert!(poison.reason.contains("1.5"), "{}", poison.reason);
    assert_eq!((outcome.failures, bench.store.calls()), (vec![], 0));
}

/// One record, two days: the store refuses both.
#[tokio::test]
async fn a_record_that_is_refused_on_two_days_is_handed_over_once() {
    let bench = Bench::new();
    let record = Stream::new().modify(&meal(650), &with_text(&meal(650), "date", EVE));
    bench.store.refuse(event_id(&record), Refusal::Request);
    let outcome = bench.give(&[record]).await;
    assert_eq!((outcome.poison.len(), outcome.failures), (1, vec![]));
}

/// A record of a view without one of the images is booked wrongly or not at all: none of the stream is.
#[rstest]
#[case("NEW_IMAGE")]
#[case("OLD_IMAGE")]
#[case("KEYS_ONLY")]
#[tokio::test]
async fn a_stream_of_another_view_is_not_booked_and_none_of_it_becomes_poison(#[case] view: &str) {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let records = [
        stream.insert(&meal(100)),
        stream.modify(&meal(100), &meal(130)),
        stream.remove(&meal(130)),
    ];
    let cut: Vec<Value> = records
        .iter()
        .map(|record| {
            let mut record = record.clone();
            let change = record["dynamodb"].as_object_mut().unwrap();
            for image in ["NewImage", "OldImage"] {
                if !view.contains(&image[..3].to_uppercase()) {
                    change.remove(image);
                }
            }
            change["StreamViewType"] = json!(view);
            record
        })
        .collect();
    let outcome = bench.give(&cut).await;
    assert_eq!((bench.store.calls(), outcome.poison), (0, vec![]));
    assert_eq!(outcome.failures.len(), 3, "all of them must be given again");
    let reason = outcome.denied.expect("the reason is reported");
    assert_eq!(outcome.errors, [reason.as_str()]);
    assert!(
        reason.contains(view) && reason.contains("NEW_AND_OLD_IMAGES"),
        "{reason}"
    );
    bench.give_well(&records).await;
    assert_eq!(bench.store.day(ME, DAY), Some((0, 0, 1)));
}

#[tokio::test]
async fn kcal_below_zero_are_booked_as_they_stand_and_come_off_again() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let odd = meal(-300);
    bench.give_well(&[stream.insert(&odd)]).await;
    assert_eq!(bench.store.day(ME, DAY), Some((-300, 0, 1)));
    bench.give_well(&[stream.remove(&odd)]).await;
    assert_eq!(bench.store.day(ME, DAY), Some((0, 0, 2)));
}

/// Any JSON, DynamoDB's above all.
fn junk() -> impl Strategy<Value = Value> {
    let text = select(vec![
        "",
        "5",
        "-5",
        "1e3",
        "Food",
        "Exercise",
        DAY,
        "2026-02-30",
        "\0",
        "😀",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let name = select(vec![
            "S", "N", "NULL", "M", "L", "eventID", "dynamodb", "NewImage",
        ]);
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            vec((name, inner), 0..3).prop_map(|members| {
                let members = members.into_iter().map(|(name, value)| (name.to_owned(), value));
                Value::Object(members.collect())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn junk_beside_a_good_record_breaks_nothing(
        junk in junk(),
        place in select(vec![
            "", "/eventID", "/dynamodb", "/dynamodb/SequenceNumber", "/dynamodb/ApproximateCreationDateTime",
            "/dynamodb/OldImage", "/dynamodb/NewImage", "/dynamodb/NewImage/userid",
            "/dynamodb/NewImage/category", "/dynamodb/NewImage/date", "/dynamodb/NewImage/caloriesConsumed",
        ]),
        publication_fails: bool,
    ) {
        let mut stream = Stream::new();
        let good = stream.insert(&with_text(&meal(20), "userid", YOU));
        let mut bad = stream.modify(&meal(650), &meal(700));
        *bad.pointer_mut(place).unwrap() = junk;
        let bench = Bench::new();
        bench.publisher.set_broken(publication_fails.then(unavailable));
        let outcome = run(bench.give(&[bad, good]));
        prop_assert_eq!(bench.store.day(YOU, DAY), Some((20, 0, 1)));
        prop_assert!(publication_fails || outcome.failures.is_empty());
    }

    #[test]
    fn whatever_an_image_holds_the_stream_books_what_a_recount_counts(
        junk in junk(),
        name in select(vec!["userid", "category", "date", "creationDateTime", "caloriesConsumed", "id", "rev", "protein", "fat", "carbohydrate"]),
        dated: bool,
    ) {
        let item = with(&meal(650), name, junk);
        let item = if dated { item } else { without(&item, "date") };
        prop_assume!(item.pointer("/userid/S") != Some(&json!("")), "no key of an index is empty");
        let bench = Bench::new();
        run(bench.give(&[Stream::new().insert(&item)]));
        let days = bench.store.days();
        let booked = days.into_iter().map(|(key, day)| (key, amounts(&day)));
        prop_assert_eq!(booked.collect::<caltrack_aggregator::Recount>(), recount([&item]));
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    runtime.unwrap().block_on(future)
}
