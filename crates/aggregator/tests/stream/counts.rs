//! Entries, digest and grams of a day, and kcal-only rows, which an older function wrote.

use caltrack_aggregator::{Amounts, UserAggregate, recount};
use caltrack_domain::{Grams, entry_digest};
use serde_json::{Value, json};

use crate::support::{Bench, DAY, EVE, ME, Stream, amounts, meal, tombstone, with, with_text, without};

/// An entry of mine with its own id.
fn entry(id: &str, kcal: i64) -> Value {
    with_text(&meal(kcal), "id", id)
}

fn with_grams(item: &Value, grams: [&str; 3]) -> Value {
    let names = ["protein", "fat", "carbohydrate"];
    names.iter().zip(grams).fold(item.clone(), |item, (name, grams)| {
        with(&item, name, json!({ "N": grams }))
    })
}

fn edited(item: &Value, rev: u32) -> Value {
    with(item, "rev", json!({ "N": rev.to_string() }))
}

/// The row of a day of mine.
fn row(bench: &Bench, day: &str) -> UserAggregate {
    bench.store.totals(ME, day).unwrap()
}

/// Every day has what these entries add up to; days without entries have a row of zeros, if any.
fn assert_recounted(bench: &Bench, entries: &[Value]) {
    let mut expected = recount(entries);
    for (key, day) in bench.store.days() {
        assert_eq!(
            amounts(&day),
            expected.remove(&key).unwrap_or_default(),
            "{key:?}"
        );
    }
    assert!(expected.is_empty(), "{expected:?}");
}

/// A row that an older function has written.
fn kcal_only_row() -> Value {
    json!({ "caloriesConsumed": { "N": "650" }, "caloriesBurned": { "N": "0" }, "version": { "N": "3" } })
}

/// What an older function doesn't count.
fn counts(day: &UserAggregate) -> (Option<i64>, Option<i64>, [Option<Grams>; 3]) {
    (day.entries, day.digest, [day.protein, day.fat, day.carbohydrate])
}

const UNKNOWN: (Option<i64>, Option<i64>, [Option<Grams>; 3]) = (None, None, [None; 3]);

#[tokio::test]
async fn a_log_is_counted_member_by_member_and_each_record_once() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let soup = with_grams(&entry("soup", 300), ["12.5", "0.1", "30"]);
    let more = edited(&with_grams(&soup, ["13", "0", "30.2"]), 2);
    let named = edited(&with_text(&more, "name", "soup"), 3);
    let moved = edited(&with_text(&named, "date", EVE), 4);
    let run = with_grams(
        &with_text(&entry("run", 250), "category", "Exercise"),
        ["9", "9", "9"],
    );
    let nap = with_grams(
        &with_text(&entry("nap", 90), "category", "Sleep"),
        ["8", "8", "8"],
    );
    let awake = edited(&with_text(&nap, "category", "Food"), 2);
    let coffee = entry("coffee", 0);
    let undated = without(
        &with_text(
            &entry("undated", 20),
            "creationDateTime",
            "2026-11-24T00:30:00+01:00",
        ),
        "date",
    );
    let undone = with_text(&soup, "id", "soup-again");
    let history: [(Value, Vec<Value>); 12] = [
        (stream.insert(&soup), vec![soup.clone()]),
        (stream.modify(&soup, &more), vec![more.clone()]),
        (stream.modify(&more, &named), vec![named.clone()]),
        (stream.insert(&run), vec![named.clone(), run.clone()]),
        (stream.insert(&nap), vec![named.clone(), run.clone(), nap.clone()]),
        (
            stream.insert(&coffee),
            vec![named.clone(), run.clone(), nap.clone(), coffee.clone()],
        ),
        (
            stream.modify(&named, &moved),
            vec![moved.clone(), run.clone(), nap.clone(), coffee.clone()],
        ),
        (
            stream.modify(&nap, &awake),
            vec![moved.clone(), run.clone(), awake.clone(), coffee.clone()],
        ),
        (
            stream.insert(&undated),
            vec![
                moved.clone(),
                run.clone(),
                awake.clone(),
                coffee.clone(),
                undated.clone(),
            ],
        ),
        (
            stream.modify(&run, &tombstone(&run)),
            vec![moved.clone(), awake.clone(), coffee.clone(), undated.clone()],
        ),
        (
            stream.modify(&moved, &tombstone(&moved)),
            vec![awake.clone(), coffee.clone(), undated.clone()],
        ),
        (
            stream.insert(&undone),
            vec![awake.clone(), coffee.clone(), undated.clone(), undone.clone()],
        ),
    ];
    let mut before = Vec::new();
    for (record, entries) in &history {
        bench.give_well(std::slice::from_ref(record)).await;
        assert_recounted(&bench, entries);
        before.push(record.clone());
        let days = bench.store.days();
        bench.give_well(&before).await;
        assert_eq!(bench.store.days(), days, "redelivered");
        assert_eq!(bench.publisher.picture(), days);
    }
    let together = Bench::new();
    together.give_well(&before).await;
    assert_recounted(&together, &history.last().unwrap().1);
}

#[tokio::test]
async fn a_tenth_of_a_gram_booked_ten_times_is_one() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    for at_once in [1, 9] {
        let records: Vec<Value> = (0..at_once)
            .map(|n| {
                stream.insert(&with_grams(
                    &entry(&format!("{at_once}-{n}"), 1),
                    ["0.1", "0.1", "0.1"],
                ))
            })
            .collect();
        bench.give_well(&records).await;
    }
    assert_eq!(row(&bench, DAY).protein, Some(Grams::whole(1)));
}

#[tokio::test]
async fn an_entry_of_an_unknown_category_counts_in_entries_and_digest_alone() {
    let bench = Bench::new();
    let nap = with_text(
        &with_grams(&entry("nap", 90), ["8", "8", "8"]),
        "category",
        "Sleep",
    );
    bench
        .give_well(&[Stream::new().insert(&without(&nap, "rev"))])
        .await;
    let expected = Amounts {
        entries: 1,
        digest: i64::try_from(entry_digest("nap", 1)).unwrap(),
        ..Amounts::default()
    };
    assert_eq!(amounts(&row(&bench, DAY)), expected);
}

#[tokio::test]
async fn every_change_of_an_entry_raises_the_days_version_and_is_published() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    let coffee = entry("coffee", 0);
    let named = with_text(&coffee, "name", "espresso");
    let noted = edited(&with_text(&named, "note", "at noon"), 2);
    let gone = tombstone(&noted);
    for (version, record) in (1..).zip([
        stream.insert(&coffee),
        stream.modify(&coffee, &named),
        stream.modify(&named, &noted),
        stream.modify(&noted, &gone),
    ]) {
        let outcome = bench.give_well(&[record]).await;
        assert_eq!((row(&bench, DAY).version, outcome.published), (version, 1));
    }
    assert_eq!(amounts(&row(&bench, DAY)), Amounts::default());
}

#[tokio::test]
async fn a_kcal_only_row_gets_kcal_and_version_alone() {
    let bench = Bench::new();
    let mut stream = Stream::new();
    bench.store.put(ME, DAY, &kcal_only_row());
    let soup = with_grams(&entry("soup", 300), ["12.5", "0.1", "30"]);
    let records = [stream.insert(&soup), stream.insert(&entry("tea", 5))];
    for _ in 0..2 {
        bench.give_well(&records).await;
        assert_eq!(bench.store.day(ME, DAY), Some((955, 0, 4)));
        assert_eq!(counts(&row(&bench, DAY)), UNKNOWN);
    }
    let published = bench.publisher.published();
    assert_eq!(counts(published.last().unwrap()), UNKNOWN);
}

/// The workshop's function wrote no version.
#[tokio::test]
async fn a_row_of_the_workshop_is_kcal_only() {
    let bench = Bench::new();
    bench
        .store
        .put(ME, DAY, &json!({ "caloriesConsumed": { "N": "650" } }));
    bench.give_well(&[Stream::new().insert(&entry("tea", 5))]).await;
    assert_eq!(bench.store.day(ME, DAY), Some((655, 0, 1)));
    assert_eq!(counts(&row(&bench, DAY)), UNKNOWN);
}

#[tokio::test]
async fn a_row_that_is_filled_is_counted_from_then_on_whenever_that_happens() {
    let filled = json!({ "entries": { "N": "1" }, "digest": { "N": "7" }, "protein": { "N": "0.1" }, "fat": { "N": "0" },
        "carbohydrate": { "N": "0" } });
    // Filled before the transaction, between its two attempts, and after it.
    for (transactions, entries) in [(0, 2), (1, 2), (2, 1)] {
        let bench = Bench::new();
        let mut stream = Stream::new();
        bench.store.put(ME, DAY, &kcal_only_row());
        bench.store.write_later(transactions, ME, DAY, &filled);
        let first = stream.insert(&with_grams(&entry("soup", 300), ["0.2", "0", "0"]));
        bench.give_well(std::slice::from_ref(&first)).await;
        let next = stream.insert(&with_grams(&entry("tea", 5), ["0.4", "0", "0"]));
        bench.give_well(&[first, next]).await;
        let day = row(&bench, DAY);
        assert_eq!((day.calories_consumed, day.version), (955, 5));
        let protein = if entries == 2 { 7 } else { 5 };
        assert_eq!(
            (day.entries, day.protein),
            (Some(entries + 1), Some(Grams::from_tenths(protein)))
        );
    }
}

#[tokio::test]
async fn a_day_with_own_writes_of_its_user_alone_is_counted_from_its_first_entry() {
    for (own, version, is_counted) in [("1", "1", true), ("2", "2", true), ("1", "2", false)] {
        let bench = Bench::new();
        bench.store.put(
            ME,
            DAY,
            &json!({ "caloriesConsumed": { "N": "0" }, "caloriesBurned": { "N": "0" }, "weight": { "N": "70.5" },
                "version": { "N": version }, "userWrites": { "N": own } }),
        );
        let porridge = entry("porridge", 300);
        bench.give_well(&[Stream::new().insert(&porridge)]).await;
        if is_counted {
            assert_recounted(&bench, &[porridge]);
        } else {
            assert_eq!(counts(&row(&bench, DAY)), UNKNOWN);
        }
        assert_eq!(row(&bench, DAY).weight, Some(70.5));
    }
}

#[tokio::test]
async fn a_hundred_records_of_one_day_take_two_transactions_and_a_read_and_one_more_on_a_kcal_only_row() {
    for (is_kcal_only, transactions) in [(false, vec![99, 1]), (true, vec![99, 99, 1])] {
        let bench = Bench::new();
        let mut stream = Stream::new();
        if is_kcal_only {
            bench.store.put(ME, DAY, &kcal_only_row());
        }
        let records: Vec<Value> = (0..100)
            .map(|n| stream.insert(&entry(&n.to_string(), 1)))
            .collect();
        let outcome = bench.give_well(&records).await;
        assert_eq!(bench.store.transactions(), transactions);
        assert_eq!(bench.store.calls(), transactions.len() + 1);
        assert_eq!((outcome.applied, outcome.published), (100, 1));
    }
}
