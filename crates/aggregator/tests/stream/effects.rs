//! What one record changes, and on which day.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    Bench, DAY, EVE, ME, NOW, Stream, YOU, event_id, meal, tombstone, with, with_text, without,
};

#[tokio::test]
async fn an_entry_that_is_logged_edited_and_deleted_is_added_corrected_and_taken_away() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let (lunch, larger) = (meal(650), meal(700));
    let gone = tombstone(&larger);
    bench.give_well(&[stream.insert(&lunch)]).await;
    assert_eq!(bench.store.day(ME, DAY), Some((650, 0, 1)));
    bench.give_well(&[stream.modify(&lunch, &larger)]).await;
    assert_eq!(bench.store.day(ME, DAY), Some((700, 0, 2)));
    bench.give_well(&[stream.modify(&larger, &gone)]).await;
    assert_eq!(bench.store.day(ME, DAY), Some((0, 0, 3)));
    let calls = bench.store.calls();
    bench.give_well(&[stream.expire(&gone)]).await;
    assert_eq!(
        bench.store.calls(),
        calls,
        "the tombstone's removal changes no totals"
    );
}

#[rstest]
#[case("Food", Some((650, 0, 1)))]
#[case("Drink", Some((650, 0, 1)))]
#[case("Exercise", Some((0, 650, 1)))]
#[case("Sleep", Some((0, 0, 1)))]
#[case("food", Some((0, 0, 1)))]
#[case("", Some((0, 0, 1)))]
#[tokio::test]
async fn a_category_books_what_it_stands_for(#[case] category: &str, #[case] day: Option<(i64, i64, i64)>) {
    let bench = Bench::new();
    let entry = with_text(&meal(650), "category", category);
    bench.give_well(&[Stream::new().insert(&entry)]).await;
    assert_eq!(bench.store.day(ME, DAY), day);
}

#[tokio::test]
async fn an_entry_that_changes_its_category_moves_between_the_totals_at_once() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let eaten = meal(650);
    let burned = with_text(&eaten, "category", "Exercise");
    let other = with_text(&eaten, "category", "Sleep");
    bench.give_well(&[stream.insert(&eaten)]).await;
    bench.give_well(&[stream.modify(&eaten, &burned)]).await;
    assert_eq!(bench.store.day(ME, DAY), Some((0, 650, 2)));
    bench.give_well(&[stream.modify(&burned, &other)]).await;
    assert_eq!(bench.store.day(ME, DAY), Some((0, 0, 3)));
    bench.give_well(&[stream.modify(&other, &eaten)]).await;
    assert_eq!(bench.store.day(ME, DAY), Some((650, 0, 4)));
}

#[tokio::test]
async fn one_event_that_touches_two_days_books_two_markers() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let today = meal(650);
    let yesterday = with_text(&meal(500), "date", EVE);
    let moved = stream.modify(&today, &yesterday);
    bench.give_well(&[stream.insert(&today)]).await;
    let outcome = bench.give_well(std::slice::from_ref(&moved)).await;
    assert_eq!(bench.store.day(ME, DAY), Some((0, 0, 2)));
    assert_eq!(bench.store.day(ME, EVE), Some((500, 0, 1)));
    assert_eq!((outcome.applied, outcome.published), (2, 2));
    let event = format!("evt#{}", event_id(&moved));
    let booked: Vec<String> = bench
        .store
        .markers()
        .into_keys()
        .filter_map(|(id, day)| (id == event).then_some(day))
        .collect();
    assert_eq!(booked, [EVE, DAY]);
}

#[tokio::test]
async fn an_entry_that_changes_hands_leaves_one_users_day_and_enters_the_others() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let mine = meal(650);
    let yours = with_text(&mine, "userid", YOU);
    let handed = stream.modify(&mine, &yours);
    let batch = [stream.insert(&mine), handed];
    bench.give_well(&batch).await;
    bench.give_well(&batch).await;
    assert_eq!(bench.store.day(ME, DAY), Some((0, 0, 1)));
    assert_eq!(bench.store.day(YOU, DAY), Some((650, 0, 1)));
}

#[rstest]
#[case("2026-11-23T23:59:59.999Z", "2026-11-23")]
#[case("2026-11-24T00:00:00.000Z", "2026-11-24")]
#[case("2026-11-24T00:30:00+01:00", "2026-11-23")]
#[tokio::test]
async fn an_entry_without_a_date_is_booked_on_its_moments_utc_day(#[case] moment: &str, #[case] day: &str) {
    for date in [None, Some(json!({ "NULL": true }))] {
        let bench = Bench::new();
        let entry = with_text(&meal(650), "creationDateTime", moment);
        let entry = match date {
            None => without(&entry, "date"),
            Some(null) => with(&entry, "date", null),
        };
        bench.give_well(&[Stream::new().insert(&entry)]).await;
        assert_eq!(bench.store.day(ME, day), Some((650, 0, 1)));
    }
}

#[tokio::test]
async fn an_entrys_own_date_counts_and_not_its_moments() {
    let bench = Bench::new();
    let entry = with_text(&meal(650), "creationDateTime", "2026-11-24T01:30:00.000Z");
    bench.give_well(&[Stream::new().insert(&entry)]).await;
    assert_eq!(bench.store.day(ME, DAY), Some((650, 0, 1)));
}

/// Records of what is no entry of a user.
fn without_effect() -> Vec<Value> {
    let mut stream = Stream::new();
    let nobodys = without(&meal(650), "userid");
    vec![
        stream.insert(&nobodys),
        stream.remove(&nobodys),
        stream.modify(&nobodys, &with_text(&nobodys, "name", "soup")),
        stream.insert(&with(&meal(650), "userid", json!({ "NULL": true }))),
    ]
}

#[tokio::test]
async fn changes_without_an_owner_need_no_call_of_the_store() {
    for record in without_effect() {
        let bench = Bench::new();
        let outcome = bench.give_well(std::slice::from_ref(&record)).await;
        assert_eq!((bench.store.calls(), outcome.published), (0, 0), "{record}");
    }
}

#[tokio::test]
async fn a_marker_lasts_3_days() {
    let bench = Bench::new();
    bench.give_well(&[Stream::new().insert(&meal(650))]).await;
    let expiries: Vec<i64> = bench.store.markers().into_values().collect();
    assert_eq!(expiries, [NOW + 3 * 24 * 60 * 60]);
}
