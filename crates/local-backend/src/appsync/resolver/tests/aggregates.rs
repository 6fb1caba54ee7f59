use serde_json::{Value, json};

use super::{Api, ME, YOU};
use crate::dynamodb::USER_AGGREGATE_TABLE;

async fn with_days() -> Api {
    let api = Api::new();
    for (user, date, kcal) in [
        (ME, "2026-11-21", "500"),
        (ME, "2026-11-23", "650"),
        (YOU, "2026-11-23", "9"),
    ] {
        let day = json!({ "userid": { "S": user }, "date": { "S": date }, "caloriesConsumed": { "N": kcal },
            "caloriesBurned": { "N": "0" }, "version": { "N": "1" } });
        api.put(USER_AGGREGATE_TABLE, day).await;
    }
    let deleted = json!({ "userid": { "S": ME }, "date": { "S": "2026-11-22" }, "version": { "N": "4" } });
    api.put(USER_AGGREGATE_TABLE, deleted).await;
    api
}

#[tokio::test]
async fn a_day_is_read_by_its_owner_alone() {
    let api = with_days().await;
    let day = json!({ "userid": ME, "date": "2026-11-23" });
    assert_eq!(
        api.ok("Query.getUserAggregate", ME, day.clone()).await["caloriesConsumed"],
        json!(650)
    );
    assert_eq!(
        api.refused("Query.getUserAggregate", YOU, day).await.0,
        "Unauthorized"
    );
}

#[tokio::test]
async fn a_day_never_touched_and_a_day_deleted_are_null() {
    let api = with_days().await;
    for date in ["2026-11-20", "2026-11-22"] {
        assert_eq!(
            api.ok(
                "Query.getUserAggregate",
                ME,
                json!({ "userid": ME, "date": date })
            )
            .await,
            Value::Null
        );
    }
}

#[tokio::test]
async fn days_come_ascending_and_only_the_callers() {
    let api = with_days().await;
    let listed = api
        .ok(
            "Query.listUserAggregatesByDate",
            ME,
            json!({ "from": "2026-11-01", "to": "2026-11-30" }),
        )
        .await;
    let days: Vec<&str> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|day| day["date"].as_str())
        .collect();
    assert_eq!(days, ["2026-11-21", "2026-11-23"]);
}

#[tokio::test]
async fn publishing_gives_back_what_it_got() {
    let totals = json!({ "userid": ME, "date": "2026-11-23", "caloriesConsumed": 1, "caloriesBurned": 2, "version": 3, "weight": null });
    assert_eq!(
        Api::new()
            .ok("Mutation.publishUserAggregate", ME, json!({ "input": totals }))
            .await,
        totals
    );
}
