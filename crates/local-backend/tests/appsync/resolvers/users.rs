use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    deployed,
    support::{ME, YOU},
};

fn profile() -> Value {
    json!({ "input": { "username": "ann", "height": 170.0, "weight": 65.0, "caloriesTargetPerDay": 1900 } })
}

#[tokio::test]
async fn a_profile_is_created_once_with_its_body_mass_index() {
    let api = deployed();
    let created = api.ok("Mutation.createUser", ME, profile()).await;
    // 65 kg / (1.70 m)² = 22.49
    assert_eq!(
        (&created["id"], &created["bmi"], &created["rev"]),
        (&json!(ME), &json!(22.5), &json!(1))
    );
    let mut other = profile();
    other["input"]["weight"] = json!(66);
    assert_eq!(api.error_of("Mutation.createUser", ME, other).await.0, "Conflict");
}

#[tokio::test]
async fn an_edit_of_the_weight_recomputes_the_index() {
    let api = deployed();
    api.ok("Mutation.createUser", ME, profile()).await;
    let edited = api
        .ok(
            "Mutation.updateUser",
            ME,
            json!({ "input": { "id": ME, "weight": 80, "expectedRev": 1 } }),
        )
        .await;
    assert_eq!(
        (&edited["bmi"], &edited["rev"], &edited["height"]),
        (&json!(27.7), &json!(2), &json!(170))
    );
    let stale = json!({ "input": { "id": ME, "weight": 81, "expectedRev": 1 } });
    assert_eq!(api.error_of("Mutation.updateUser", ME, stale).await.0, "Conflict");
    assert_eq!(api.ok("Query.getUser", ME, json!({ "id": ME })).await, edited);
}

#[tokio::test]
async fn height_and_weight_are_optional_and_without_either_there_is_no_index() {
    let api = deployed();
    let new =
        json!({ "input": { "username": "ann", "caloriesTargetPerDay": 1900, "timeZone": "Europe/Berlin" } });
    let created = api.ok("Mutation.createUser", ME, new).await;
    assert_eq!(
        created,
        json!({ "id": ME, "username": "ann", "caloriesTargetPerDay": 1900, "timeZone": "Europe/Berlin", "rev": 1 })
    );
    for (edit, bmi) in [
        (json!({ "weight": 65 }), None),
        (json!({ "height": 170 }), Some(json!(22.5))),
        (json!({ "weight": null }), None),
    ] {
        let mut input = json!({ "id": ME });
        input
            .as_object_mut()
            .unwrap()
            .extend(edit.as_object().unwrap().clone());
        let edited = api.ok("Mutation.updateUser", ME, json!({ "input": input })).await;
        assert_eq!(edited.get("bmi"), bmi.as_ref(), "{edit}");
    }
    let stored = api.ok("Query.getUser", ME, json!({ "id": ME })).await;
    assert_eq!((stored.get("weight"), &stored["height"]), (None, &json!(170)));
}

#[tokio::test]
async fn a_stranger_cannot_read_or_write_a_profile() {
    let api = deployed();
    api.ok("Mutation.createUser", ME, profile()).await;
    assert_eq!(
        api.ok("Query.getUser", YOU, json!({ "id": ME })).await,
        Value::Null
    );
    let mut theirs = profile();
    theirs["input"]["id"] = json!(ME);
    assert_eq!(
        api.error_of("Mutation.createUser", YOU, theirs).await.0,
        "Unauthorized"
    );
    assert_eq!(
        api.error_of(
            "Mutation.updateUser",
            YOU,
            json!({ "input": { "id": ME, "weight": 1 } })
        )
        .await
        .0,
        "Unauthorized"
    );
    assert_eq!(
        api.error_of(
            "Mutation.updateUser",
            YOU,
            json!({ "input": { "id": YOU, "weight": 1 } })
        )
        .await
        .0,
        "NotFound"
    );
}

#[rstest]
#[case(json!({ "height": 0 }))]
#[case(json!({ "weight": -1 }))]
#[case(json!({ "caloriesTargetPerDay": 0 }))]
#[case(json!({ "caloriesTargetPerDay": null }))]
#[case(json!({ "username": null }))]
#[tokio::test]
async fn bad_values_are_rejected(#[case] bad: Value) {
    let api = deployed();
    api.ok("Mutation.createUser", ME, profile()).await;
    let mut edit = json!({ "input": { "id": ME } });
    for (name, value) in bad.as_object().unwrap() {
        edit["input"][name] = value.clone();
    }
    assert_eq!(
        api.error_of("Mutation.updateUser", ME, edit).await.0,
        "BadRequest"
    );
}

#[tokio::test]
async fn a_profile_is_deleted_by_its_owner_once() {
    let api = deployed();
    let input = |id: &str| json!({ "input": { "id": id } });
    let new =
        json!({ "input": { "username": "a", "height": 170, "weight": 65, "caloriesTargetPerDay": 1900 } });
    api.ok("Mutation.createUser", ME, new).await;
    assert_eq!(
        api.error_of("Mutation.deleteUser", YOU, input(ME)).await.0,
        "Unauthorized"
    );
    assert_eq!(
        api.ok("Mutation.deleteUser", ME, input(ME)).await["username"],
        "a"
    );
    assert_eq!(
        api.error_of("Mutation.deleteUser", ME, input(ME)).await.0,
        "NotFound"
    );
    assert_eq!(
        api.error_of("Mutation.deleteUser", YOU, input(YOU)).await.0,
        "NotFound"
    );
}
