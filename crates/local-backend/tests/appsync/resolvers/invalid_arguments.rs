//! Arguments that DynamoDB would reject have the API's errors, never DynamoDB's.

use rstest::rstest;
use serde_json::{Value, json};

use crate::{deployed, support::ME};

#[rstest]
#[case("Mutation.updateActivity", json!({ "input": { "id": "", "caloriesConsumed": 1 } }))]
#[case("Mutation.deleteActivity", json!({ "input": { "id": "" } }))]
#[case("Mutation.updateUserAggregate", json!({ "input": { "userid": ME, "date": "", "caloriesConsumed": 1 } }))]
#[case("Mutation.deleteUserAggregate", json!({ "input": { "userid": ME, "date": "" } }))]
#[case("Mutation.updateActivityCategory", json!({ "input": { "category": "", "type": ["x"] } }))]
#[case("Mutation.deleteActivityCategory", json!({ "input": { "category": "" } }))]
#[tokio::test]
async fn a_write_of_an_empty_key_is_not_found(#[case] field: &str, #[case] arguments: Value) {
    assert_eq!(deployed().error_of(field, ME, arguments).await.0, "NotFound");
}

#[rstest]
#[case("Query.getActivity", json!({ "id": "" }))]
#[case("Query.getActivityCategory", json!({ "category": "" }))]
#[case("Query.getUserAggregate", json!({ "userid": ME, "date": "" }))]
#[tokio::test]
async fn a_read_of_an_empty_key_returns_null(#[case] field: &str, #[case] arguments: Value) {
    assert_eq!(deployed().ok(field, ME, arguments).await, Value::Null);
}

#[rstest]
#[case("Query.listActivitiesByDate", json!({ "from": "2026-11-24", "to": "2026-11-23" }))]
#[case("Query.listUserAggregatesByDate", json!({ "from": "2026-11-24", "to": "2026-11-23" }))]
#[case("Query.listActivities", json!({ "filter": { "creationDateTime": { "between": ["b", "a"] } } }))]
#[case("Query.listActivities", json!({ "filter": { "caloriesConsumed": { "between": [2, 1] } } }))]
#[case("Query.listUserAggregates", json!({ "filter": { "date": { "between": ["b", "a"] } } }))]
#[case("Query.listUsers", json!({ "filter": { "weight": { "between": [2, 1] }, "id": { "ne": ME } } }))]
#[case("Query.listActivityCategories", json!({ "filter": { "category": { "between": ["b", "a"] } } }))]
#[tokio::test]
async fn bounds_in_the_wrong_order_are_a_bad_request(#[case] field: &str, #[case] arguments: Value) {
    assert_eq!(deployed().error_of(field, ME, arguments).await.0, "BadRequest");
}
