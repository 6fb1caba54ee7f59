//! Lists with filters return only the caller's rows.

use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    Stored, deployed,
    support::{ME, Runtime, YOU},
};
use caltrack_local_core::tables::{ACTIVITY_TABLE, USER_AGGREGATE_TABLE, USER_TABLE};

/// The deployed resolvers on three entries of `ME` and one of `YOU`.
async fn with_entries() -> Stored<Runtime> {
    let api = deployed();
    for (id, owner, day, kind, kcal) in [
        ("a", ME, "21", "Lunch", "500"),
        ("b", ME, "22", "Dinner", "650"),
        ("c", ME, "23", "Lunch", "700"),
        ("d", YOU, "22", "Lunch", "9"),
    ] {
        let item = json!({ "id": { "S": id }, "userid": { "S": owner }, "category": { "S": "Food" }, "type": { "S": kind },
            "caloriesConsumed": { "N": kcal }, "creationDateTime": { "S": format!("2026-11-{day}T08:00:00.000Z") },
            "date": { "S": format!("2026-11-{day}") } });
        api.put(ACTIVITY_TABLE, item).await;
    }
    api
}

fn ids(list: &Value) -> String {
    let items = list["items"].as_array().expect("items");
    items.iter().filter_map(|item| item["id"].as_str()).collect()
}

#[rstest]
#[case(json!({}), "abc")]
#[case(json!({ "type": { "eq": "Lunch" } }), "ac")]
#[case(json!({ "type": { "ne": "Lunch" } }), "b")]
#[case(json!({ "type": { "beginsWith": "Lu" }, "caloriesConsumed": { "gt": 500 } }), "c")]
#[case(json!({ "caloriesConsumed": { "between": [500, 650] } }), "ab")]
#[case(json!({ "caloriesConsumed": { "ge": 650, "lt": 700 } }), "b")]
#[case(json!({ "id": { "contains": "c" } }), "c")]
#[case(json!({ "type": { "notContains": "unc" } }), "b")]
#[case(json!({ "date": { "le": "2026-11-22" } }), "ab")]
#[case(json!({ "creationDateTime": { "ge": "2026-11-22", "lt": "2026-11-23" } }), "b")]
#[case(json!({ "creationDateTime": { "between": ["2026-11-21", "2026-11-22T23"] } }), "ab")]
#[case(json!({ "creationDateTime": { "beginsWith": "2026-11-23" } }), "c")]
#[case(json!({ "creationDateTime": { "ne": "2026-11-22T08:00:00.000Z" } }), "ac")]
#[case(json!({ "creationDateTime": { "contains": "-22T" } }), "b")]
#[case(json!({ "creationDateTime": { "notContains": "-22T", "gt": "2026-11-21T09" } }), "c")]
#[case(json!({ "creationDateTime": { "eq": "2026-11-22T08:00:00.000Z" } }), "b")]
#[case(json!({ "userid": { "eq": ME } }), "abc")]
#[case(json!({ "userid": { "ne": ME } }), "")]
#[case(json!({ "userid": { "eq": YOU } }), "")]
#[case(json!({ "type": { "eq": null }, "userid": null }), "abc")]
#[tokio::test]
async fn filters_on_keys_and_other_members_select_entries(#[case] filter: Value, #[case] expected: &str) {
    let api = with_entries().await;
    let listed = api
        .ok("Query.listActivities", ME, json!({ "filter": filter }))
        .await;
    assert_eq!(ids(&listed), expected, "{filter}");
    if !expected.is_empty() {
        let yours = api
            .ok("Query.listActivities", YOU, json!({ "filter": filter }))
            .await;
        assert!("d".contains(&ids(&yours)), "{filter}");
    }
}

#[tokio::test]
async fn between_needs_two_values() {
    let api = with_entries().await;
    for member in ["caloriesConsumed", "creationDateTime"] {
        let filter = json!({ "filter": { member: { "between": [1] } } });
        assert_eq!(
            api.error_of("Query.listActivities", ME, filter).await.0,
            "BadRequest"
        );
    }
}

#[tokio::test]
async fn a_limit_counts_before_the_filter_and_a_token_is_valid_for_its_caller_and_field_only() {
    let api = with_entries().await;
    let arguments =
        |token: Value| json!({ "filter": { "type": { "eq": "Lunch" } }, "limit": 2, "nextToken": token });
    let first = api.ok("Query.listActivities", ME, arguments(Value::Null)).await;
    assert_eq!(ids(&first), "a");
    let token = first["nextToken"].clone();
    assert_eq!(
        ids(&api.ok("Query.listActivities", ME, arguments(token.clone())).await),
        "c"
    );
    let elsewhere = json!({ "userid": ME, "nextToken": token });
    for (field, caller, arguments) in [
        ("Query.listActivities", YOU, arguments(token)),
        ("Query.listActivities", ME, arguments(json!("abc"))),
        ("Query.listActivitiesOrdered", ME, elsewhere),
    ] {
        let (kind, message) = api.error_of(field, caller, arguments).await;
        assert_eq!(kind, "DynamoDB:UserIllegalArgumentException", "{field}");
        assert!(message.ends_with("Invalid pagination token given."), "{message}");
    }
}

#[rstest]
#[case("Query.listActivities", json!({}))]
#[case("Query.listActivitiesByDate", json!({ "from": "2026-11-01", "to": "2026-11-30" }))]
#[case("Query.listActivitiesOrdered", json!({ "userid": ME }))]
#[case("Query.listActivityCategories", json!({}))]
#[case("Query.listUserAggregates", json!({}))]
#[case("Query.listUserAggregatesByDate", json!({ "from": "2026-11-01", "to": "2026-11-30" }))]
#[case("Query.listUsers", json!({}))]
#[tokio::test]
async fn an_empty_token_counts_as_absent(#[case] field: &str, #[case] mut arguments: Value) {
    let api = with_entries().await;
    let listed = api.ok(field, ME, arguments.clone()).await;
    arguments["nextToken"] = json!("");
    assert_eq!(api.ok(field, ME, arguments).await, listed);
}

#[tokio::test]
async fn a_limit_below_one_is_dynamodbs_error_and_there_is_no_upper_bound() {
    let api = with_entries().await;
    for limit in [0, -1] {
        let (kind, message) = api
            .error_of("Query.listActivities", ME, json!({ "limit": limit }))
            .await;
        assert_eq!(kind, "DynamoDB:DynamoDbException", "{limit}");
        assert!(
            message.starts_with("1 validation error detected: Value "),
            "{message}"
        );
        let id = message
            .split_once("(Service: DynamoDb, Status Code: 400, Request ID: ")
            .and_then(|(_, rest)| rest.strip_suffix(')'))
            .unwrap_or_else(|| panic!("{message}"));
        assert_eq!(id.len(), 52, "{message}");
        assert!(
            id.bytes()
                .all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit()),
            "{id}"
        );
    }
    for limit in [1_001, i32::MAX] {
        let listed = api
            .ok("Query.listActivities", ME, json!({ "limit": limit }))
            .await;
        assert_eq!(
            (ids(&listed).as_str(), &listed["nextToken"]),
            ("abc", &Value::Null),
            "{limit}"
        );
    }
}

#[tokio::test]
async fn the_ordered_list_has_only_the_callers_entries_newest_first() {
    let api = with_entries().await;
    assert_eq!(
        ids(&api
            .ok("Query.listActivitiesOrdered", ME, json!({ "userid": ME }))
            .await),
        "cba"
    );
    assert_eq!(
        api.error_of("Query.listActivitiesOrdered", YOU, json!({ "userid": ME }))
            .await
            .0,
        "Unauthorized"
    );
}

#[tokio::test]
async fn the_default_limit_of_lists_is_twenty() {
    let api = deployed();
    for n in 10..35 {
        let item = json!({ "id": { "S": n.to_string() }, "userid": { "S": ME }, "category": { "S": "Food" }, "type": { "S": "Tea" },
            "caloriesConsumed": { "N": "1" }, "creationDateTime": { "S": format!("2026-11-{n}T08:00:00.000Z") } });
        api.put(ACTIVITY_TABLE, item).await;
    }
    for (field, arguments) in [
        ("Query.listActivities", json!({})),
        ("Query.listActivitiesOrdered", json!({ "userid": ME })),
    ] {
        let listed = api.ok(field, ME, arguments).await;
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(20), "{field}");
        assert!(listed["nextToken"].is_string(), "{field}");
    }
}

#[tokio::test]
async fn filters_select_days_without_markers_and_deleted_days() {
    let api = deployed();
    let day = |userid: &str, date: &str, kcal: Option<&str>| {
        let mut item = json!({ "userid": { "S": userid }, "date": { "S": date }, "version": { "N": "1" } });
        if let Some(kcal) = kcal {
            item["caloriesConsumed"] = json!({ "N": kcal });
            item["caloriesBurned"] = json!({ "N": "0" });
        }
        item
    };
    for item in [
        day(ME, "2026-11-21", Some("500")),
        day(ME, "2026-11-22", None),
        day(ME, "2026-11-23", Some("700")),
        day(YOU, "2026-11-23", Some("9")),
        day("evt#1", "2026-11-23", None),
    ] {
        api.put(USER_AGGREGATE_TABLE, item).await;
    }
    for (filter, expected) in [
        (json!({}), vec!["2026-11-21", "2026-11-23"]),
        (json!({ "date": { "gt": "2026-11-21" } }), vec!["2026-11-23"]),
        (json!({ "caloriesConsumed": { "lt": 600 } }), vec!["2026-11-21"]),
        (
            json!({ "date": { "contains": "-23" }, "caloriesBurned": { "eq": 0 } }),
            vec!["2026-11-23"],
        ),
        (json!({ "userid": { "eq": YOU } }), vec![]),
        (json!({ "userid": { "beginsWith": "evt#" } }), vec![]),
    ] {
        let listed = api
            .ok("Query.listUserAggregates", ME, json!({ "filter": filter }))
            .await;
        let dates: Vec<&str> = listed["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|day| day["date"].as_str())
            .collect();
        assert_eq!(dates, expected, "{filter}");
    }
}

#[tokio::test]
async fn the_list_of_users_has_only_the_callers_profile() {
    let api = deployed();
    for id in [ME, YOU] {
        let row = json!({ "id": { "S": id }, "username": { "S": "someone" }, "height": { "N": "170.5" }, "weight": { "N": "65" },
            "caloriesTargetPerDay": { "N": "1900" } });
        api.put(USER_TABLE, row).await;
    }
    for (filter, there) in [
        (json!({}), true),
        (
            json!({ "height": { "between": [170, 171] }, "username": { "eq": "someone" } }),
            true,
        ),
        (json!({ "caloriesTargetPerDay": { "gt": 1900 } }), false),
        (json!({ "id": { "eq": ME } }), true),
        (json!({ "id": { "eq": YOU } }), false),
    ] {
        let listed = api.ok("Query.listUsers", ME, json!({ "filter": filter })).await;
        assert_eq!(ids(&listed), if there { ME } else { "" }, "{filter}");
    }
}

#[tokio::test]
async fn suggested_foods_are_within_both_bounds_and_have_every_field() {
    let api = deployed();
    let names = |listed: &Value| -> Vec<String> {
        let foods = listed.as_array().expect("foods").iter();
        foods
            .filter_map(|food| food["name"].as_str().map(str::to_owned))
            .collect()
    };
    let usual = api.ok("Query.suggestedFood", ME, json!({ "userid": ME })).await;
    assert!(names(&usual).contains(&"Egg (1 egg)".to_owned()), "{usual}");
    assert!(
        !names(&usual).iter().any(|name| name.starts_with("Banana")),
        "more than 2 g of sugar"
    );
    for food in usual.as_array().unwrap() {
        assert!(food["caloriesConsumed"].as_i64().unwrap() < 400, "{food}");
        for member in ["id", "userid", "category", "type", "creationDateTime"] {
            assert!(food[member].is_string(), "{member}: {food}");
        }
    }
    let bounded = json!({ "userid": ME, "calorie": 30, "sugar": 5, "bmi": 22 });
    let few = api.ok("Query.suggestedFood", ME, bounded).await;
    assert!(
        few.as_array()
            .unwrap()
            .iter()
            .all(|food| food["caloriesConsumed"].as_i64().unwrap() < 30)
    );
    assert!(names(&few).iter().any(|name| name.starts_with("Tea")), "{few}");
    assert_eq!(
        api.error_of("Query.suggestedFood", YOU, json!({ "userid": ME }))
            .await
            .0,
        "Unauthorized"
    );
}

/// AppSync's loops end silently after 1,000 items (aws-appsync-community #371), and these resolvers loop over
/// the items.
#[tokio::test]
async fn lists_that_loop_over_items_have_pages_of_at_most_a_thousand() {
    const DAYS: u32 = 1_003;
    let api = deployed();
    for number in 0..DAYS {
        let date = format!("{:04}-01-01", 1_000 + number);
        let total = json!({ "userid": { "S": ME }, "date": { "S": date }, "caloriesConsumed": { "N": "1" } });
        api.put(USER_AGGREGATE_TABLE, total).await;
        let item = json!({ "id": { "S": format!("{number}") }, "userid": { "S": ME }, "category": { "S": "Food" }, "type": { "S": "Lunch" },
            "caloriesConsumed": { "N": "1" }, "creationDateTime": { "S": format!("{:04}-01-01T08:00:00.000Z", 1_000 + number) } });
        api.put(ACTIVITY_TABLE, item).await;
    }
    let all = json!({ "from": "1000-01-01", "to": "9999-12-31" });
    for (field, arguments) in [
        ("Query.listActivities", json!({})),
        ("Query.listUserAggregates", json!({})),
        ("Query.listUserAggregatesByDate", all),
    ] {
        let mut arguments = arguments;
        arguments["limit"] = json!(5_000);
        let first = api.ok(field, ME, arguments.clone()).await;
        assert_eq!(first["items"].as_array().expect(field).len(), 1_000, "{field}");
        arguments["nextToken"] = first["nextToken"].clone();
        let rest = api.ok(field, ME, arguments).await;
        assert_eq!(rest["items"].as_array().expect(field).len(), 3, "{field}");
        assert_eq!(rest["nextToken"], Value::Null, "{field}");
    }
}
