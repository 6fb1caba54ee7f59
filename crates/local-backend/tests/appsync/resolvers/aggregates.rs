use serde_json::{Value, json};

use crate::{
    Stored, deployed,
    support::{ME, Runtime, YOU},
};
use caltrack_local_core::tables::{Operation, USER_AGGREGATE_TABLE};

pub(super) async fn with_days() -> Stored<Runtime> {
    let api = deployed();
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
async fn only_the_owner_reads_a_day() {
    let api = with_days().await;
    let day = json!({ "userid": ME, "date": "2026-11-23" });
    assert_eq!(
        api.ok("Query.getUserAggregate", ME, day.clone()).await["caloriesConsumed"],
        json!(650)
    );
    assert_eq!(
        api.error_of("Query.getUserAggregate", YOU, day).await.0,
        "Unauthorized"
    );
}

#[tokio::test]
async fn an_unknown_day_and_a_deleted_day_are_null() {
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
async fn days_are_ascending_and_only_the_callers() {
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
async fn publishing_returns_its_input() {
    let totals = json!({ "userid": ME, "date": "2026-11-23", "caloriesConsumed": 1, "caloriesBurned": 2, "version": 3, "weight": null });
    assert_eq!(
        deployed()
            .ok("Mutation.publishUserAggregate", ME, json!({ "input": totals }))
            .await,
        totals
    );
}

pub(super) async fn version(api: &Stored<Runtime>, date: &str) -> Value {
    let day = json!({ "userid": ME, "date": date });
    api.ok("Query.getUserAggregate", ME, day).await["version"].clone()
}

pub(super) fn totals(date: &str, more: &Value) -> Value {
    let mut input = json!({ "userid": ME, "date": date });
    input
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().cloned().unwrap());
    json!({ "input": input })
}

#[tokio::test]
async fn the_version_of_a_day_rises_with_every_create_update_and_delete_by_its_user() {
    let api = deployed();
    let date = "2026-11-23";
    let made = api
        .ok(
            "Mutation.createUserAggregate",
            ME,
            totals(date, &json!({ "caloriesConsumed": 5 })),
        )
        .await;
    assert_eq!(
        made,
        json!({ "entries": 0, "digest": 0, "protein": 0, "fat": 0, "carbohydrate": 0, "userid": ME, "date": date,
            "caloriesConsumed": 5, "caloriesBurned": 0, "version": 1, "setByUser": true, "userWrites": 1 })
    );
    assert_eq!(
        api.error_of("Mutation.createUserAggregate", ME, totals(date, &json!({})))
            .await
            .0,
        "Conflict"
    );
    let changed = api
        .ok(
            "Mutation.updateUserAggregate",
            ME,
            totals(date, &json!({ "caloriesBurned": 7 })),
        )
        .await;
    assert_eq!(
        (
            &changed["caloriesConsumed"],
            &changed["caloriesBurned"],
            &changed["version"]
        ),
        (&json!(5), &json!(7), &json!(2))
    );
    let nothing = api
        .ok(
            "Mutation.updateUserAggregate",
            ME,
            totals(date, &json!({ "caloriesConsumed": null })),
        )
        .await;
    assert_eq!(
        (&nothing["caloriesConsumed"], &nothing["version"]),
        (&json!(0), &json!(3)),
        "a total is never null"
    );
    let deleted = api
        .ok("Mutation.deleteUserAggregate", ME, totals(date, &json!({})))
        .await;
    assert_eq!(
        (&deleted["caloriesBurned"], &deleted["version"]),
        (&json!(7), &json!(4)),
        "the day before its deletion is returned"
    );
    assert_eq!(version(&api, date).await, Value::Null);
    for field in ["Mutation.deleteUserAggregate", "Mutation.updateUserAggregate"] {
        assert_eq!(
            api.error_of(field, ME, totals(date, &json!({}))).await.0,
            "NotFound",
            "{field}"
        );
    }
    let again = api
        .ok("Mutation.createUserAggregate", ME, totals(date, &json!({})))
        .await;
    assert_eq!(
        again["version"],
        json!(5),
        "a higher version, by which clients see that it is newer"
    );
}

/// A row with so many entries, without the member if there is no number.
fn counted(date: &str, entries: Option<&str>, more: &Value) -> Value {
    let mut row = json!({ "userid": { "S": ME }, "date": { "S": date }, "version": { "N": "7" } });
    let row_members = row.as_object_mut().unwrap();
    row_members.extend(more.as_object().cloned().unwrap());
    if let Some(entries) = entries {
        row["entries"] = json!({ "N": entries });
    }
    row
}

/// An account that is being deleted leaves no row of a day.
#[tokio::test]
async fn an_erased_day_has_no_row_and_one_that_counts_entries_is_kept() {
    let api = deployed();
    let kcal =
        json!({ "caloriesConsumed": { "N": "0" }, "caloriesBurned": { "N": "0" }, "weight": { "N": "70" } });
    api.put(USER_AGGREGATE_TABLE, counted("2026-11-20", Some("0"), &kcal))
        .await;
    api.put(USER_AGGREGATE_TABLE, counted("2026-11-21", None, &kcal))
        .await;
    // Its user has deleted its totals.
    api.put(USER_AGGREGATE_TABLE, counted("2026-11-22", Some("0"), &json!({})))
        .await;
    api.put(USER_AGGREGATE_TABLE, counted("2026-11-23", Some("1"), &kcal))
        .await;
    let erase = |date: &str| totals(date, &json!({ "erase": true }));
    for date in ["2026-11-20", "2026-11-21", "2026-11-22"] {
        let erased = api.ok("Mutation.deleteUserAggregate", ME, erase(date)).await;
        assert_eq!((&erased["date"], &erased["version"]), (&json!(date), &json!(7)));
        let again = api
            .error_of("Mutation.deleteUserAggregate", ME, erase(date))
            .await;
        assert_eq!(again.0, "NotFound", "{date}");
    }
    let refused = api
        .error_of("Mutation.deleteUserAggregate", ME, erase("2026-11-23"))
        .await;
    assert_eq!(refused.0, "Conflict");
    let strangers = api
        .error_of("Mutation.deleteUserAggregate", YOU, erase("2026-11-23"))
        .await;
    assert_eq!(strangers.0, "Unauthorized");
    let scan = json!({ "TableName": USER_AGGREGATE_TABLE });
    let rows = api.tables.call(Operation::Scan, scan).await.unwrap();
    assert_eq!(rows["Items"], json!([counted("2026-11-23", Some("1"), &kcal)]));
}

#[tokio::test]
async fn deleted_days_are_listed_on_request() {
    let api = with_days().await;
    for (deleted, expected) in [
        (json!(true), &["2026-11-21", "2026-11-22", "2026-11-23"][..]),
        (json!(false), &["2026-11-21", "2026-11-23"]),
        (Value::Null, &["2026-11-21", "2026-11-23"]),
    ] {
        let month = json!({ "from": "2026-11-01", "to": "2026-11-30", "deleted": deleted });
        let listed = api.ok("Query.listUserAggregatesByDate", ME, month).await;
        let days = listed["items"].as_array().unwrap().iter();
        let days: Vec<&str> = days.filter_map(|day| day["date"].as_str()).collect();
        assert_eq!(days, expected, "{deleted}");
    }
}

/// Whether a day has entries that were never counted can't be known afterwards, so the row counts its user's own writes.
#[tokio::test]
async fn a_day_with_writes_of_its_user_alone_has_no_entries_and_a_kcal_only_row_an_unknown_number() {
    let api = with_days().await;
    let counted = |day: &Value| {
        ["entries", "digest", "protein", "fat", "carbohydrate"].map(|name| day.get(name).cloned())
    };
    let zeros = [0; 5].map(|zero| Some(json!(zero)));
    for _ in 0..2 {
        let weight = json!({ "date": "2026-11-20", "weight": 70 });
        assert_eq!(counted(&api.ok("Mutation.setWeight", ME, weight).await), zeros);
    }
    let own = totals("2026-11-20", &json!({ "caloriesConsumed": 5 }));
    assert_eq!(
        counted(&api.ok("Mutation.updateUserAggregate", ME, own).await),
        zeros
    );
    let weight = json!({ "date": "2026-11-23", "weight": 70 });
    assert_eq!(
        counted(&api.ok("Mutation.setWeight", ME, weight).await),
        [const { None }; 5]
    );
    let month = json!({ "from": "2026-11-01", "to": "2026-11-30" });
    for (field, arguments) in [
        ("Query.listUserAggregates", json!({})),
        ("Query.listUserAggregatesByDate", month),
    ] {
        let days = api.ok(field, ME, arguments).await;
        let days: Vec<_> = days["items"].as_array().unwrap().iter().map(counted).collect();
        assert_eq!(
            days,
            [zeros.clone(), [const { None }; 5], [const { None }; 5]],
            "{field}"
        );
    }
    let day = json!({ "userid": ME, "date": "2026-11-20" });
    assert_eq!(counted(&api.ok("Query.getUserAggregate", ME, day).await), zeros);
}
