//! What users write to their days: totals and weights.

use caltrack_local_core::tables::{Operation, USER_AGGREGATE_TABLE};
use serde_json::{Value, json};

use super::aggregates::{totals, version, with_days};
use crate::{
    Stored, deployed,
    support::{ME, Runtime, YOU},
};

#[tokio::test]
async fn own_totals_and_weights_leave_what_was_counted_of_the_entries() {
    let api = deployed();
    let row = json!({ "userid": { "S": ME }, "date": { "S": "2026-11-23" }, "caloriesConsumed": { "N": "650" },
        "caloriesBurned": { "N": "0" }, "version": { "N": "2" }, "entries": { "N": "2" }, "digest": { "N": "8589934590" },
        "protein": { "N": "0.3" }, "fat": { "N": "0" }, "carbohydrate": { "N": "12.5" } });
    api.put(USER_AGGREGATE_TABLE, row).await;
    let date = "2026-11-23";
    for (field, arguments) in [
        ("Mutation.setWeight", json!({ "date": date, "weight": 70 })),
        (
            "Mutation.updateUserAggregate",
            totals(date, &json!({ "caloriesConsumed": 5 })),
        ),
        ("Mutation.deleteUserAggregate", totals(date, &json!({}))),
        ("Mutation.createUserAggregate", totals(date, &json!({}))),
        ("Query.getUserAggregate", json!({ "userid": ME, "date": date })),
    ] {
        let day = api.ok(field, ME, arguments).await;
        let counted = ["entries", "digest", "protein", "fat", "carbohydrate"].map(|name| day[name].as_f64());
        assert_eq!(
            counted,
            [2.0, 8_589_934_590.0, 0.3, 0.0, 12.5].map(Some),
            "{field}"
        );
    }
}

/// `reconcile` skips days with this mark.
#[tokio::test]
async fn totals_written_by_their_user_are_marked_and_a_weight_sets_no_mark() {
    let date = "2026-11-23";
    for (field, more, marked) in [
        (
            "Mutation.updateUserAggregate",
            json!({ "caloriesConsumed": 7 }),
            true,
        ),
        ("Mutation.updateUserAggregate", json!({}), false),
        ("Mutation.deleteUserAggregate", json!({}), true),
    ] {
        let api = with_days().await;
        api.ok(field, ME, totals(date, &more)).await;
        assert_eq!(is_marked(&api, date).await, marked, "{field} {more}");
    }
    let api = with_days().await;
    api.ok(
        "Mutation.createUserAggregate",
        ME,
        totals("2026-11-20", &json!({})),
    )
    .await;
    assert!(is_marked(&api, "2026-11-20").await);
    api.ok("Mutation.setWeight", ME, json!({ "date": date, "weight": 70 }))
        .await;
    assert!(!is_marked(&api, date).await);
}

/// Whether a row has `setByUser`, the mark of totals that its user wrote.
async fn is_marked(api: &Stored<Runtime>, date: &str) -> bool {
    let key = json!({ "userid": { "S": ME }, "date": { "S": date } });
    let read = json!({ "TableName": USER_AGGREGATE_TABLE, "Key": key });
    let response = api.tables.call(Operation::GetItem, read).await.unwrap();
    response["Item"].get("setByUser").is_some()
}

#[tokio::test]
async fn a_weight_is_set_changed_and_removed_and_totals_stay() {
    let api = with_days().await;
    for (date, weight, consumed, version) in [
        ("2026-11-23", json!(70.5), 650, 2),
        ("2026-11-23", Value::Null, 650, 3),
        ("2026-11-22", json!(71), 0, 5),
        ("2026-11-20", json!(72), 0, 1),
    ] {
        let day = api
            .ok(
                "Mutation.setWeight",
                ME,
                json!({ "date": date, "weight": weight }),
            )
            .await;
        assert_eq!(day.get("weight").cloned().unwrap_or_default(), weight, "{date}");
        assert_eq!(
            (&day["caloriesConsumed"], &day["version"]),
            (&json!(consumed), &json!(version)),
            "{date}"
        );
    }
    let gone = api
        .ok("Mutation.setWeight", ME, json!({ "date": "2026-11-20" }))
        .await;
    assert_eq!(gone.get("weight"), None, "an absent weight removes it too");
}

#[tokio::test]
async fn invalid_totals_and_weights_and_writes_to_another_users_day_are_rejected() {
    let api = with_days().await;
    for (field, arguments) in [
        ("Mutation.createUserAggregate", totals("2026-02-30", &json!({}))),
        (
            "Mutation.createUserAggregate",
            totals("2026-11-20", &json!({ "caloriesBurned": -1 })),
        ),
        (
            "Mutation.updateUserAggregate",
            totals("2026-11-23", &json!({ "caloriesConsumed": -1 })),
        ),
        (
            "Mutation.setWeight",
            json!({ "date": "2026-11-31", "weight": 70 }),
        ),
        (
            "Mutation.setWeight",
            json!({ "date": "2026-11-23\n", "weight": 70 }),
        ),
        ("Mutation.createUserAggregate", totals("2026-11-20\n", &json!({}))),
        ("Mutation.setWeight", json!({ "date": "2026-11-23", "weight": 0 })),
        (
            "Mutation.setWeight",
            json!({ "date": "2026-11-23", "weight": 1001 }),
        ),
    ] {
        assert_eq!(
            api.error_of(field, ME, arguments.clone()).await.0,
            "BadRequest",
            "{field} {arguments}"
        );
    }
    for field in [
        "Mutation.createUserAggregate",
        "Mutation.updateUserAggregate",
        "Mutation.deleteUserAggregate",
    ] {
        let error = api.error_of(field, YOU, totals("2026-11-23", &json!({}))).await;
        assert_eq!(error.0, "Unauthorized", "{field}");
    }
    assert_eq!(version(&api, "2026-11-23").await, json!(1));
}
