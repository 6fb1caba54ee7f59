//! Kcal-only rows, which an older function wrote, and drifts of entries, digest and grams.

use caltrack_aggregator::{
    Amounts,
    reconcile::{Resolution, Summary},
    recount,
};
use rstest::rstest;
use serde_json::{Value, json};

use super::world::{ANN, BOB, DAY, EVE, World, entry, totals};

/// A day without a row.
const COFFEE_DAY: &str = "2026-11-20";

/// A world to fill, with a meal that has grams and a coffee of 0 kcal, whose day has no row.
fn world() -> World {
    let mut world = World::new();
    world.scope.backfill = true;
    world.options.repair = false;
    let mut soup = entry(ANN, "Food", 650, DAY);
    soup["protein"] = json!({ "N": "12.5" });
    soup["rev"] = json!({ "N": "2" });
    world.tables.entry("1", &soup);
    world.tables.entry("5", &entry(BOB, "Drink", 0, COFFEE_DAY));
    world
}

/// What the entries of a day add up to.
fn expected(world: &World, user: &str, date: &str) -> Amounts {
    let entries = world.tables.entries();
    recount(&entries)
        .remove(&(user.to_owned(), date.to_owned()))
        .unwrap_or_default()
}

fn assert_filled(world: &World, user: &str, date: &str) {
    let row = world.tables.stored(user, date).unwrap();
    for (name, number) in expected(world, user, date).counted() {
        assert_eq!(row[name]["N"], number, "{name} of {row}");
    }
}

fn has_counts(world: &World, user: &str, date: &str) -> bool {
    world.tables.stored(user, date).unwrap().get("entries").is_some()
}

/// A row with all totals.
fn full(world: &World, user: &str, date: &str, version: i64) -> Value {
    let amounts = expected(world, user, date);
    let mut row = totals(amounts.consumed, amounts.burned, version);
    for (name, number) in amounts.counted() {
        row[name] = json!({ "N": number });
    }
    row
}

#[tokio::test]
async fn what_is_unknown_is_no_drift_and_is_filled_by_a_backfill_alone() {
    let mut world = world();
    world.scope.backfill = false;
    for repair in [false, true] {
        world.options.repair = repair;
        assert_eq!(world.reconcile().await.unwrap(), Summary::default());
    }
    assert!(!has_counts(&world, ANN, DAY));
    assert_eq!(world.tables.stored(BOB, COFFEE_DAY), None);
}

#[tokio::test]
async fn kcal_only_rows_are_filled_at_their_version_after_two_readings_and_published() {
    let world = world();
    let summary = world.reconcile().await.unwrap();
    assert_eq!((summary.filled, summary.drifts, summary.moved), (3, 0, 0));
    assert_eq!(world.waited(), 600);
    assert_eq!(world.totals(ANN, DAY), (650, 300, 2));
    assert_eq!(world.totals(BOB, EVE), (5, 0, 1));
    // Its coffee adds no kcal, so no row was ever made.
    assert_eq!(world.totals(BOB, COFFEE_DAY), (0, 0, 1));
    for (user, date) in [(ANN, DAY), (BOB, EVE), (BOB, COFFEE_DAY)] {
        assert_filled(&world, user, date);
    }
    let published = world.published.lock().unwrap().clone();
    assert_eq!(published.len(), 3);
    assert!(published.iter().all(|totals| totals.digest.is_some()));
    assert_eq!(world.reconcile().await.unwrap(), Summary::default(), "once");
}

#[tokio::test]
async fn a_row_that_is_written_meanwhile_is_filled_by_the_next_run() {
    let mut world = world();
    world.meanwhile = Some(Box::new(|tables| {
        tables.entry("6", &entry(ANN, "Food", 50, DAY));
        tables.row(ANN, DAY, &totals(700, 300, 3));
    }));
    let summary = world.reconcile().await.unwrap();
    assert_eq!((summary.filled, summary.moved), (2, 1));
    assert!(!has_counts(&world, ANN, DAY));
    world.meanwhile = None;
    assert_eq!(world.reconcile().await.unwrap().filled, 1);
    assert_eq!(world.totals(ANN, DAY), (700, 300, 3));
    assert_filled(&world, ANN, DAY);
}

/// It may have any cause, so a repair alone writes it.
#[tokio::test]
async fn a_row_whose_kcal_drift_is_reported_and_a_repair_fills_it_too() {
    let mut world = world();
    world.tables.row(ANN, DAY, &totals(100, 300, 7));
    let summary = world.reconcile().await.unwrap();
    assert_eq!((summary.filled, summary.drifts), (2, 1));
    assert!(!has_counts(&world, ANN, DAY));
    world.options.repair = true;
    assert_eq!(world.reconcile().await.unwrap().repaired, 1);
    assert_eq!(world.totals(ANN, DAY), (650, 300, 8));
    assert_filled(&world, ANN, DAY);
}

#[tokio::test]
async fn totals_that_their_users_have_set_or_deleted_keep_their_kcal() {
    let world = world();
    let mut set = totals(1234, 0, 2);
    set["setByUser"] = json!({ "BOOL": true });
    world.tables.row(ANN, DAY, &set);
    world.tables.row(
        BOB,
        EVE,
        &json!({ "version": { "N": "4" }, "setByUser": { "BOOL": true } }),
    );
    assert_eq!(world.reconcile().await.unwrap().filled, 3);
    assert_eq!(world.totals(ANN, DAY), (1234, 0, 2));
    for (user, date) in [(ANN, DAY), (BOB, EVE)] {
        assert_filled(&world, user, date);
        let row = world.tables.stored(user, date).unwrap();
        assert_eq!(row["setByUser"], json!({ "BOOL": true }));
    }
    assert_eq!(
        world.tables.stored(BOB, EVE).unwrap().get("caloriesConsumed"),
        None
    );
}

#[tokio::test]
async fn a_repair_of_what_was_counted_keeps_the_kcal_that_a_user_has_set() {
    let mut world = world();
    world.options.repair = true;
    let mut row = full(&world, ANN, DAY, 4);
    row["caloriesConsumed"] = json!({ "N": "1234" });
    row["setByUser"] = json!({ "BOOL": true });
    row["entries"] = json!({ "N": "1" });
    world.tables.row(ANN, DAY, &row);
    assert_eq!(world.reconcile().await.unwrap().repaired, 1);
    assert_eq!(world.totals(ANN, DAY), (1234, 300, 5));
    assert_filled(&world, ANN, DAY);
    assert_eq!(
        world.tables.stored(ANN, DAY).unwrap()["setByUser"],
        json!({ "BOOL": true })
    );
}

/// As an older function that is still running leaves it, or a record in the failure queue.
#[rstest]
#[case("entries", "1")]
#[case("digest", "5")]
#[case("protein", "12.4")]
#[case("fat", "0.1")]
#[case("carbohydrate", "-1")]
#[tokio::test]
async fn each_number_that_differs_is_a_drift(#[case] name: &str, #[case] number: &str) {
    let mut world = world();
    world.scope.backfill = false;
    world.options.repair = true;
    let mut row = full(&world, ANN, DAY, 4);
    row[name] = json!({ "N": number });
    world.tables.row(ANN, DAY, &row);
    assert_eq!(world.reconcile().await.unwrap().repaired, 1);
    assert_eq!(world.findings(), [(ANN.into(), DAY.into(), Resolution::Repaired)]);
    assert_eq!(world.totals(ANN, DAY), (650, 300, 5));
    assert_filled(&world, ANN, DAY);
}

/// A day of 0 kcal is kept, and one number may be written in several ways.
#[tokio::test]
async fn equal_numbers_are_no_drift() {
    let mut world = world();
    world.scope.backfill = false;
    let mut row = full(&world, ANN, DAY, 4);
    row["protein"] = json!({ "N": "1.25E+1" });
    row.as_object_mut().unwrap().remove("fat");
    world.tables.row(ANN, DAY, &row);
    let row = full(&world, BOB, COFFEE_DAY, 1);
    world.tables.row(BOB, COFFEE_DAY, &row);
    assert_eq!(world.reconcile().await.unwrap(), Summary::default());
}
