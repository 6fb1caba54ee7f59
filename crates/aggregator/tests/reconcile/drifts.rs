//! What is a drift, and what is written where one is.

use caltrack_aggregator::reconcile::{Resolution, Summary, WorkError};
use rstest::rstest;
use serde_json::{Value, json};

use super::world::{ANN, BOB, DAY, EVE, World, entry, totals};

#[tokio::test]
async fn where_nothing_drifts_nothing_is_written_nor_waited_for() {
    let world = World::new();
    assert_eq!(world.reconcile().await.unwrap(), Summary::default());
    assert_eq!(world.waited(), 0);
    assert!(!world.tables.calls().contains(&"UpdateItem".to_owned()));
    assert!(!world.state().exists(), "the work is done");
}

#[tokio::test]
async fn a_drift_is_repaired_after_ten_minutes_and_announced_and_the_weight_stays() {
    let world = World::new();
    let mut row = totals(100, 300, 7);
    row["weight"] = json!({ "N": "71.5" });
    world.tables.row(ANN, DAY, &row);
    let summary = world.reconcile().await.unwrap();
    assert_eq!(summary.repaired, 1);
    assert_eq!(world.waited(), 600);
    assert_eq!(world.totals(ANN, DAY), (650, 300, 8));
    let published = world.published.lock().unwrap();
    assert_eq!(
        (
            published[0].calories_consumed,
            published[0].version,
            published[0].weight
        ),
        (650, 8, Some(71.5))
    );
    assert_eq!(world.findings(), [(ANN.into(), DAY.into(), Resolution::Repaired)]);
}

#[tokio::test]
async fn without_repair_it_is_reported_from_one_reading() {
    let mut world = World::new();
    world.options.repair = false;
    world.tables.row(ANN, DAY, &totals(0, 300, 1));
    assert_eq!(world.reconcile().await.unwrap().drifts, 1);
    assert_eq!((world.waited(), world.totals(ANN, DAY)), (0, (0, 300, 1)));
}

#[tokio::test]
async fn a_row_that_is_missing_is_made_and_one_that_counts_what_is_gone_goes_to_zero() {
    let world = World::new();
    world.tables.entry("5", &entry(BOB, "Food", 400, DAY));
    world.tables.row(BOB, "2026-01-01", &totals(90, 10, 3));
    assert_eq!(world.reconcile().await.unwrap().repaired, 2);
    assert_eq!(world.totals(BOB, DAY), (400, 0, 1));
    assert_eq!(world.totals(BOB, "2026-01-01"), (0, 0, 4));
}

#[tokio::test]
async fn what_moves_between_the_readings_is_left_alone() {
    let mut world = World::new();
    world.tables.row(ANN, DAY, &totals(0, 300, 1));
    world.tables.row(BOB, EVE, &totals(0, 0, 9));
    // The stream delivers the missing record; a newer version with the same totals is a write too.
    world.meanwhile = Some(Box::new(|tables| {
        tables.row(ANN, DAY, &totals(650, 300, 2));
        tables.row(BOB, EVE, &totals(0, 0, 10));
    }));
    assert_eq!(world.reconcile().await.unwrap().moved, 2);
    assert_eq!(
        (world.totals(ANN, DAY), world.totals(BOB, EVE)),
        ((650, 300, 2), (0, 0, 10))
    );
}

#[tokio::test]
async fn nothing_is_repaired_while_the_stream_is_behind_and_the_next_run_continues_there() {
    let world = World::new();
    world.tables.row(ANN, DAY, &totals(0, 300, 1));
    *world.behind.lock().unwrap() = Some("it was 300 s behind".to_owned());
    let error = world.reconcile().await.unwrap_err();
    assert!(matches!(error, WorkError::Behind(_)), "{error}");
    assert_eq!(world.totals(ANN, DAY), (0, 300, 1));
    *world.behind.lock().unwrap() = None;
    let scans = |world: &World| world.tables.calls().iter().filter(|call| *call == "Scan").count();
    let before = scans(&world);
    assert_eq!(world.reconcile().await.unwrap().repaired, 1);
    assert_eq!(scans(&world), before, "no scan again");
    assert_eq!(world.waited(), 600, "nor ten minutes more");
}

/// The workshop's function writes no version, and its clients no `date`.
#[tokio::test]
async fn a_store_that_the_workshop_s_function_has_filled_is_counted_by_the_moment() {
    let world = World::new();
    for (id, moment) in [
        ("w1", "2026-11-20T23:30:00Z"),
        ("w2", "2026-11-21T00:30:00+02:00"),
        ("w3", "2026-11-21T08:00:00.000Z"),
    ] {
        let mut item = entry("ann", "Food", 100, "");
        item["creationDateTime"] = json!({ "S": moment });
        item.as_object_mut().unwrap().remove("date");
        world.tables.entry(id, &item);
    }
    // Two runs of the function over one record: one too many.
    world.tables.row(
        "ann",
        "2026-11-20",
        &json!({ "caloriesConsumed": { "N": "300" } }),
    );
    world.tables.row(
        "ann",
        "2026-11-21",
        &json!({ "caloriesConsumed": { "N": "100" } }),
    );
    assert_eq!(world.reconcile().await.unwrap().repaired, 1);
    assert_eq!(
        world.totals("ann", "2026-11-20"),
        (200, 0, 1),
        "00:30 at +02:00 is the evening before"
    );
    assert_eq!(world.totals("ann", "2026-11-21"), (100, 0, 0));
}

/// The workshop's template makes one index; our resolvers write `date` to its table all the same.
#[tokio::test]
async fn a_table_without_the_index_by_date_is_counted_by_the_other_one() {
    let world = World::new();
    world.tables.drop_index_by_date();
    let mut undated = entry(ANN, "Food", 50, DAY);
    undated.as_object_mut().unwrap().remove("date");
    world.tables.entry("6", &undated);
    // Written on another day than it is about.
    let mut late = entry(ANN, "Drink", 7, EVE);
    late["date"] = json!({ "S": DAY });
    world.tables.entry("7", &late);
    assert_eq!(world.reconcile().await.unwrap().repaired, 1);
    assert_eq!(world.totals(ANN, DAY), (707, 300, 3));
    assert_eq!(world.totals(BOB, EVE), (5, 0, 1), "right as it was");
}

/// The row has its user's figures, as `updateUserAggregate` and `deleteUserAggregate` leave it, and also after entries
/// that were logged since: those are added to it.
#[rstest]
#[case::set(with_mark(&totals(850, 300, 3)))]
#[case::set_then_logged(with_mark(&totals(999, 300, 4)))]
#[case::deleted(with_mark(&json!({ "version": { "N": "3" } })))]
#[case::deleted_before_there_was_a_mark(json!({ "version": { "N": "3" } }))]
#[case::deleted_then_logged(with_mark(&totals(30, 0, 4)))]
#[tokio::test]
async fn totals_that_their_user_set_or_deleted_are_repaired_only_on_request(#[case] row: Value) {
    let mut world = World::new();
    world.tables.row(ANN, DAY, &row);
    assert_eq!(world.reconcile().await.unwrap(), Summary::default());
    let before = world.totals(ANN, DAY);
    world.scope.include_set = true;
    assert_eq!(world.reconcile().await.unwrap().repaired, 1);
    assert_eq!(world.totals(ANN, DAY), (650, 300, before.2 + 1));
    let stored = world.tables.stored(ANN, DAY).unwrap();
    assert!(stored.get("setByUser").is_none(), "it is counted from here on");
    assert_eq!(world.reconcile().await.unwrap(), Summary::default());
}

/// The mark is part of both readings: a total that its user sets in between has moved.
#[tokio::test]
async fn a_total_that_is_set_between_the_readings_is_left_alone() {
    let mut world = World::new();
    world.tables.row(ANN, DAY, &totals(0, 300, 1));
    world.meanwhile = Some(Box::new(|tables| {
        tables.row(ANN, DAY, &with_mark(&totals(0, 300, 1)));
    }));
    assert_eq!(world.reconcile().await.unwrap().moved, 1);
    assert_eq!(world.totals(ANN, DAY), (0, 300, 1));
}

/// No program of ours writes them, so they come from an import or by hand: `ADD` refuses them, and a repair replaces them.
#[rstest]
#[case::text(json!({ "caloriesConsumed": { "S": "650" }, "caloriesBurned": { "N": "300" }, "version": { "N": "7" } }), 8)]
#[case::null(json!({ "caloriesConsumed": { "NULL": true }, "caloriesBurned": { "N": "300" }, "version": { "N": "7" } }), 8)]
#[case::fraction(json!({ "caloriesConsumed": { "N": "650.5" }, "caloriesBurned": { "N": "300" }, "version": { "N": "7" } }), 8)]
#[case::version(json!({ "caloriesConsumed": { "N": "1" }, "caloriesBurned": { "N": "300" }, "version": { "S": "7" } }), 1_600)]
#[case::all(json!({ "caloriesConsumed": { "L": [] }, "caloriesBurned": { "BOOL": true }, "version": { "S": "" } }), 1_600)]
#[tokio::test]
async fn a_total_that_is_no_number_is_a_drift_and_is_repaired(#[case] row: Value, #[case] version: i64) {
    let world = World::new();
    world.tables.row(ANN, DAY, &row);
    assert_eq!(world.reconcile().await.unwrap().repaired, 1);
    assert_eq!(world.totals(ANN, DAY), (650, 300, version));
    let finding = json!(world.found.lock().unwrap()[0]);
    let consumed = &row["caloriesConsumed"];
    assert_eq!(
        &finding["stored"]["consumed"],
        consumed.get("N").unwrap_or(consumed),
        "the report has it as it stood"
    );
}

#[tokio::test]
async fn one_user_or_one_day_or_both_is_looked_at_alone() {
    for (user, date, repaired) in [
        (Some(ANN), None, 2),
        (None, Some(EVE), 2),
        (Some(BOB), Some(EVE), 1),
    ] {
        let mut world = World::new();
        world.scope.user = user.map(str::to_owned);
        world.scope.date = date.map(str::to_owned);
        world.tables.row(ANN, DAY, &totals(1, 1, 1));
        world.tables.row(ANN, EVE, &totals(1, 1, 1));
        world.tables.row(BOB, EVE, &totals(1, 1, 1));
        assert_eq!(
            world.reconcile().await.unwrap().repaired,
            repaired,
            "{user:?} {date:?}"
        );
        if user.is_some() {
            assert!(
                !world.tables.calls().contains(&"Scan".to_owned()),
                "one user is queried"
            );
        }
    }
}

/// A row that its user has written by the API.
fn with_mark(row: &Value) -> Value {
    let mut row = row.clone();
    row["setByUser"] = json!({ "BOOL": true });
    row
}
