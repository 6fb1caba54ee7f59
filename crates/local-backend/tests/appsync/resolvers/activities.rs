use rstest::rstest;
use serde_json::{Value, json};

use caltrack_local_core::tables::{ACTIVITY_TABLE, Operation};

use crate::{
    deployed,
    support::{ME, YOU},
};

pub(super) const ID: &str = "019aaaaa-0000-7000-8000-000000000001";

pub(super) fn lunch(id: &str, owner: &str) -> Value {
    json!({ "input": {
        "id": id, "userid": owner, "category": "Food", "type": "Lunch", "caloriesConsumed": 650,
        "date": "2026-11-23", "creationDateTime": "2026-11-23T12:00:00.000Z",
    }})
}

pub(super) fn assert_kind(error: &(String, String), kind: &str) {
    assert_eq!(error.0, kind, "{}", error.1);
}

#[tokio::test]
async fn a_create_returns_the_entry_and_a_repeat_the_stored_one() {
    let api = deployed();
    let created = api.ok("Mutation.createActivity", ME, lunch(ID, ME)).await;
    assert_eq!(
        created,
        json!({ "id": ID, "userid": ME, "category": "Food", "type": "Lunch", "caloriesConsumed": 650,
            "creationDateTime": "2026-11-23T12:00:00.000Z", "date": "2026-11-23", "rev": 1 })
    );
    let edit = json!({ "input": { "id": ID, "caloriesConsumed": 700 } });
    api.ok("Mutation.updateActivity", ME, edit).await;
    let again = api.ok("Mutation.createActivity", ME, lunch(ID, ME)).await;
    assert_eq!(
        (&again["caloriesConsumed"], &again["rev"]),
        (&json!(700), &json!(2))
    );
}

#[tokio::test]
async fn a_create_without_id_and_time_gets_both_and_the_utc_day() {
    let api = deployed();
    let input = json!({ "input": { "userid": ME, "category": "Exercise", "type": "Run" } });
    let created = api.ok("Mutation.createActivity", ME, input).await;
    assert_eq!(created["caloriesConsumed"], json!(0));
    assert_eq!(created["id"].as_str().unwrap().len(), 36);
    let at = created["creationDateTime"].as_str().unwrap();
    assert!(at.ends_with('Z') && at.len() == 24, "{at}");
    assert_eq!(created["date"].as_str(), at.get(..10));
}

#[tokio::test]
async fn a_create_for_another_user_is_unauthorized() {
    let refused = deployed()
        .error_of("Mutation.createActivity", ME, lunch(ID, YOU))
        .await;
    assert_eq!(
        refused,
        (
            "Unauthorized".into(),
            "Not Authorized to access createActivity on type Mutation".into()
        )
    );
}

#[tokio::test]
async fn an_id_of_another_users_entry_is_a_conflict_and_reveals_nothing() {
    let api = deployed();
    api.ok("Mutation.createActivity", YOU, lunch(ID, YOU)).await;
    assert_kind(
        &api.error_of("Mutation.createActivity", ME, lunch(ID, ME)).await,
        "Conflict",
    );
    assert_eq!(
        api.ok("Query.getActivity", ME, json!({ "id": ID })).await,
        Value::Null
    );
    let edit = json!({ "input": { "id": ID, "caloriesConsumed": 1 } });
    assert_kind(
        &api.error_of("Mutation.updateActivity", ME, edit).await,
        "NotFound",
    );
    assert_kind(
        &api.error_of("Mutation.deleteActivity", ME, json!({ "input": { "id": ID } }))
            .await,
        "NotFound",
    );
    assert_eq!(
        api.ok("Query.getActivity", YOU, json!({ "id": ID })).await["caloriesConsumed"],
        json!(650)
    );
}

#[tokio::test]
async fn a_deleted_id_stays_deleted_and_a_repeated_delete_succeeds() {
    let api = deployed();
    api.ok("Mutation.createActivity", ME, lunch(ID, ME)).await;
    for _ in 0..2 {
        let deleted = api
            .ok("Mutation.deleteActivity", ME, json!({ "input": { "id": ID } }))
            .await;
        assert_eq!(
            (&deleted["userid"], &deleted["caloriesConsumed"]),
            (&json!(ME), &json!(650))
        );
    }
    assert_kind(
        &api.error_of("Mutation.createActivity", ME, lunch(ID, ME)).await,
        "Deleted",
    );
    let edit = json!({ "input": { "id": ID, "caloriesConsumed": 1 } });
    assert_kind(
        &api.error_of("Mutation.updateActivity", ME, edit).await,
        "Deleted",
    );
    assert_eq!(
        api.ok("Query.getActivity", ME, json!({ "id": ID })).await,
        Value::Null
    );
    let day = api
        .ok("Query.listActivitiesByDate", ME, json!({ "date": "2026-11-23" }))
        .await;
    assert_eq!(day["items"], json!([]));
    // The id of a deleted entry reveals nothing to a stranger either.
    assert_kind(
        &api.error_of("Mutation.createActivity", YOU, lunch(ID, YOU)).await,
        "Conflict",
    );
    assert_kind(
        &api.error_of("Mutation.deleteActivity", YOU, json!({ "input": { "id": ID } }))
            .await,
        "NotFound",
    );
}

#[tokio::test]
async fn an_edit_sets_the_given_members_and_removes_null_ones() {
    let api = deployed();
    let mut input = lunch(ID, ME);
    input["input"]["name"] = json!("soup");
    input["input"]["note"] = json!("hot");
    api.ok("Mutation.createActivity", ME, input).await;
    let edit = json!({ "input": { "id": ID, "date": "2026-11-22", "name": null, "quantity": 1.5 } });
    let edited = api.ok("Mutation.updateActivity", ME, edit).await;
    assert_eq!(
        (
            &edited["date"],
            edited.get("name"),
            &edited["note"],
            &edited["quantity"],
            &edited["rev"]
        ),
        (&json!("2026-11-22"), None, &json!("hot"), &json!(1.5), &json!(2))
    );
    assert_kind(
        &api.error_of(
            "Mutation.updateActivity",
            ME,
            json!({ "input": { "id": ID, "expectedRev": 1, "name": "x" } }),
        )
        .await,
        "Conflict",
    );
    let edit = json!({ "input": { "id": ID, "expectedRev": 2, "name": "x" } });
    assert_eq!(api.ok("Mutation.updateActivity", ME, edit).await["rev"], json!(3));
}

#[tokio::test]
async fn unit_source_and_grams_are_set_and_removed_and_0_is_a_value() {
    let api = deployed();
    let mut input = lunch(ID, ME);
    let given = json!({ "quantity": 1.5, "unit": "bowl", "food": "usda:171287", "protein": 12.5, "fat": 0 });
    input["input"]
        .as_object_mut()
        .unwrap()
        .extend(given.as_object().unwrap().clone());
    input["input"]["carbohydrate"] = Value::Null;
    let created = api.ok("Mutation.createActivity", ME, input).await;
    for (name, value) in given.as_object().unwrap() {
        assert_eq!(&created[name], value, "{name}");
    }
    assert_eq!(created.get("carbohydrate"), None);
    let edit =
        json!({ "input": { "id": ID, "unit": "", "food": null, "protein": null, "carbohydrate": 0.1 } });
    let edited = api.ok("Mutation.updateActivity", ME, edit).await;
    for name in ["unit", "food", "protein"] {
        assert_eq!(edited.get(name), None, "{name}");
    }
    assert_eq!(
        (&edited["fat"], &edited["carbohydrate"]),
        (&json!(0), &json!(0.1))
    );
}

/// A number passes QuickJS, the data source and the engine as a decimal, not as the digits of a binary fraction.
#[tokio::test]
async fn every_tenth_of_a_gram_is_stored_and_returned_as_the_decimal_that_was_given() {
    let api = deployed();
    api.ok("Mutation.createActivity", ME, lunch(ID, ME)).await;
    for tenths in (0..=99).chain([99_899, 99_989, 99_990]) {
        let grams: Value = serde_json::from_str(&format!("{}.{}", tenths / 10, tenths % 10)).unwrap();
        let edit = json!({ "input": { "id": ID, "protein": grams } });
        let edited = api.ok("Mutation.updateActivity", ME, edit).await;
        assert_eq!(edited["protein"].as_f64(), grams.as_f64());
        let read = json!({ "TableName": ACTIVITY_TABLE, "Key": { "id": { "S": ID } } });
        let row = api.tables.call(Operation::GetItem, read).await.unwrap();
        let stored = row["Item"]["protein"]["N"].as_str().unwrap();
        let shortest = format!("{}.{}", tenths / 10, tenths % 10);
        assert_eq!(stored, shortest.strip_suffix(".0").unwrap_or(&shortest));
    }
}

#[tokio::test]
async fn a_delete_may_expect_a_revision() {
    let api = deployed();
    let delete = |rev: u32| json!({ "input": { "id": ID, "expectedRev": rev } });
    api.ok("Mutation.createActivity", ME, lunch(ID, ME)).await;
    let edit = json!({ "input": { "id": ID, "caloriesConsumed": 700 } });
    api.ok("Mutation.updateActivity", ME, edit).await;
    assert_kind(
        &api.error_of("Mutation.deleteActivity", ME, delete(1)).await,
        "Conflict",
    );
    assert_kind(
        &api.error_of("Mutation.deleteActivity", YOU, delete(2)).await,
        "NotFound",
    );
    assert_eq!(
        api.ok("Query.getActivity", ME, json!({ "id": ID })).await["rev"],
        json!(2)
    );
    // A repeat succeeds, whatever it expects.
    for rev in [2, 2, 1] {
        let deleted = api.ok("Mutation.deleteActivity", ME, delete(rev)).await;
        assert_eq!((&deleted["userid"], &deleted["rev"]), (&json!(ME), &json!(2)));
    }
    let other = "019aaaaa-0000-7000-8000-000000000002";
    let unknown = json!({ "input": { "id": other, "expectedRev": 1 } });
    assert_kind(
        &api.error_of("Mutation.deleteActivity", ME, unknown).await,
        "NotFound",
    );
}

#[tokio::test]
async fn a_page_token_is_valid_for_its_caller_only() {
    let api = deployed();
    for n in 0..5 {
        let id = format!("019aaaaa-0000-7000-8000-00000000000{n}");
        api.ok("Mutation.createActivity", ME, lunch(&id, ME)).await;
    }
    api.ok(
        "Mutation.createActivity",
        YOU,
        lunch("019aaaaa-0000-7000-8000-0000000000ff", YOU),
    )
    .await;
    let mut seen = Vec::new();
    let mut token = Value::Null;
    loop {
        let page = json!({ "from": "2026-11-01", "to": "2026-11-30", "limit": 2, "nextToken": token });
        let page = api.ok("Query.listActivitiesByDate", ME, page).await;
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        token = page["nextToken"].clone();
        if token.is_null() {
            break;
        }
        let stolen = json!({ "from": "2026-11-01", "to": "2026-11-30", "nextToken": token });
        assert_kind(
            &api.error_of("Query.listActivitiesByDate", YOU, stolen).await,
            "DynamoDB:UserIllegalArgumentException",
        );
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5);
    assert_kind(
        &api.error_of("Query.listActivitiesByDate", ME, json!({})).await,
        "BadRequest",
    );
    assert_kind(
        &api.error_of(
            "Query.listActivitiesByDate",
            ME,
            json!({ "date": "2026-11-23", "limit": 0 }),
        )
        .await,
        "DynamoDB:DynamoDbException",
    );
}

#[rstest]
#[case("Subscription.onCreateActivity", "userid")]
#[case("Subscription.onUpdateActivity", "userid")]
#[case("Subscription.onDeleteActivity", "userid")]
#[case("Subscription.onUpdateUserAggregate", "userid")]
#[case("Subscription.onDeleteUserAggregate", "userid")]
#[case("Subscription.onCreateUser", "id")]
#[case("Subscription.onUpdateUser", "id")]
#[case("Subscription.onDeleteUser", "id")]
#[tokio::test]
async fn subscriptions_are_filtered_by_the_caller_and_the_arguments(
    #[case] field: &str,
    #[case] owner: &str,
) {
    let api = deployed();
    let resolved = api
        .full(field, ME, json!({ owner: ME, "caloriesConsumed": 5 }))
        .await
        .unwrap();
    assert_eq!(resolved.value, Value::Null);
    let mut filters = resolved.subscription_filter.unwrap()["filterGroup"][0]["filters"]
        .as_array()
        .unwrap()
        .clone();
    filters.sort_by_key(ToString::to_string);
    assert_eq!(
        Value::from(filters),
        json!([
            { "fieldName": "caloriesConsumed", "operator": "eq", "value": 5 },
            { "fieldName": owner, "operator": "eq", "value": ME },
        ])
    );
    let without = api.full(field, ME, json!({})).await.unwrap();
    assert_eq!(
        without.subscription_filter,
        Some(
            json!({ "filterGroup": [{ "filters": [{ "fieldName": owner, "operator": "eq", "value": ME }] }] })
        )
    );
    assert_kind(
        &api.error_of(field, ME, json!({ owner: YOU })).await,
        "Unauthorized",
    );
}
