//! Which values an entry may have.

use rstest::rstest;
use serde_json::{Value, json};

use super::activities::{ID, assert_kind, lunch};
use crate::{deployed, support::ME};

#[rstest]
#[case(json!({ "caloriesConsumed": -1 }))]
#[case(json!({ "caloriesConsumed": 100_000 }))]
#[case(json!({ "category": "" }))]
#[case(json!({ "type": "" }))]
#[case(json!({ "date": "2026-02-30" }))]
#[case(json!({ "date": "2026-2-3" }))]
#[case(json!({ "date": "2026-11-23\n" }))]
#[case(json!({ "date": "2026-11-٢٣" }))]
#[case(json!({ "date": "2025-02-29" }))]
#[case(json!({ "date": "2026-13-01" }))]
#[case(json!({ "date": "2026-00-10" }))]
#[case(json!({ "creationDateTime": "2026-11-23T24:00:00.000Z" }))]
#[case(json!({ "creationDateTime": "2026-02-30T10:00:00.000Z" }))]
#[case(json!({ "creationDateTime": "2026-11-23T10:00:00+01:00" }))]
#[case(json!({ "creationDateTime": "yesterday" }))]
#[case(json!({ "creationDateTime": "2026-11-23T10:00:00.000Z\n" }))]
#[case(json!({ "name": "x".repeat(201) }))]
#[case(json!({ "note": "x".repeat(2001) }))]
#[case(json!({ "note": "x".repeat(2000) + "\n" }))]
#[case(json!({ "category": "x".repeat(100) + "\n" }))]
#[case(json!({ "quantity": 0 }))]
#[case(json!({ "unit": "x".repeat(41) }))]
#[case(json!({ "food": "x".repeat(81) }))]
#[case(json!({ "protein": -0.1 }))]
#[case(json!({ "protein": 0.15 }))]
#[case(json!({ "fat": 9999.1 }))]
#[case(json!({ "carbohydrate": 0.300_000_000_000_000_04 }))]
#[tokio::test]
async fn bad_values_are_rejected_by_create_and_update_and_change_nothing(#[case] bad: Value) {
    let api = deployed();
    let mut create = lunch(ID, ME);
    let mut update = json!({ "input": { "id": ID } });
    for (name, value) in bad.as_object().unwrap() {
        create["input"][name] = value.clone();
        update["input"][name] = value.clone();
    }
    assert_kind(
        &api.error_of("Mutation.createActivity", ME, create).await,
        "BadRequest",
    );
    assert_eq!(
        api.ok("Query.getActivity", ME, json!({ "id": ID })).await,
        Value::Null
    );
    let created = api.ok("Mutation.createActivity", ME, lunch(ID, ME)).await;
    assert_kind(
        &api.error_of("Mutation.updateActivity", ME, update).await,
        "BadRequest",
    );
    assert_eq!(
        api.ok("Query.getActivity", ME, json!({ "id": ID })).await,
        created
    );
}

#[tokio::test]
async fn values_at_the_limits_are_accepted() {
    let api = deployed();
    let mut create = lunch(ID, ME);
    for (name, value) in [
        ("date", json!("2024-02-29")),
        ("creationDateTime", json!("2026-11-23T23:59:59Z")),
        ("name", json!("🍕".repeat(200))),
        ("caloriesConsumed", json!(99_999)),
        ("unit", json!("🍕".repeat(40))),
        ("food", json!("x".repeat(80))),
        ("protein", json!(9999)),
        ("fat", json!(0)),
    ] {
        create["input"][name] = value;
    }
    let created = api.ok("Mutation.createActivity", ME, create).await;
    assert_eq!((&created["protein"], &created["fat"]), (&json!(9999), &json!(0)));
    assert_eq!(created["creationDateTime"], json!("2026-11-23T23:59:59.000Z"));
}

#[rstest]
#[case("category")]
#[case("type")]
#[case("caloriesConsumed")]
#[case("creationDateTime")]
#[tokio::test]
async fn null_for_a_required_member_is_rejected(#[case] name: &str) {
    let edit = json!({ "input": { "id": ID, name: null } });
    assert_kind(
        &deployed().error_of("Mutation.updateActivity", ME, edit).await,
        "BadRequest",
    );
}
