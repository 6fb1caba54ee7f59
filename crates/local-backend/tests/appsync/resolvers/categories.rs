use serde_json::{Value, json};

use crate::{
    Stored, deployed,
    support::{ME, Runtime},
};

fn input(input: impl Into<Value>) -> Value {
    json!({ "input": input.into() })
}

async fn with_tea() -> Stored<Runtime> {
    let api = deployed();
    let made = api
        .ok(
            "Mutation.createActivityCategory",
            ME,
            input(json!({ "category": "Hot", "type": ["Tea", "Cocoa"] })),
        )
        .await;
    assert_eq!(made, json!({ "category": "Hot", "type": ["Tea", "Cocoa"] }));
    api
}

#[tokio::test]
async fn a_category_is_created_read_and_listed_by_filters() {
    let api = with_tea().await;
    api.ok(
        "Mutation.createActivityCategory",
        ME,
        input(json!({ "category": "Cold", "type": null })),
    )
    .await;
    assert_eq!(
        api.ok("Query.getActivityCategory", ME, json!({ "category": "Cold" }))
            .await,
        json!({ "category": "Cold" })
    );
    assert_eq!(
        api.ok("Query.getActivityCategory", ME, json!({ "category": "None" }))
            .await,
        Value::Null
    );
    for (filter, expected) in [
        (json!({ "category": { "beginsWith": "H" } }), vec!["Hot"]),
        (json!({ "category": { "ne": "Hot" } }), vec!["Cold"]),
        (json!({ "type": { "contains": "Tea" } }), vec!["Hot"]),
        (json!({ "type": { "contains": "Te" } }), vec![]),
    ] {
        let listed = api
            .ok("Query.listActivityCategories", ME, json!({ "filter": filter }))
            .await;
        let names: Vec<&str> = listed["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|one| one["category"].as_str())
            .collect();
        assert_eq!(names, expected, "{filter}");
    }
}

#[tokio::test]
async fn a_repeated_create_succeeds_and_a_different_one_conflicts() {
    let api = with_tea().await;
    let same = input(json!({ "category": "Hot", "type": ["Tea", "Cocoa"] }));
    assert_eq!(
        api.ok("Mutation.createActivityCategory", ME, same).await["type"],
        json!(["Tea", "Cocoa"])
    );
    let other = input(json!({ "category": "Hot", "type": ["Tea"] }));
    assert_eq!(
        api.error_of("Mutation.createActivityCategory", ME, other).await.0,
        "Conflict"
    );
}

#[tokio::test]
async fn types_are_set_kept_where_absent_and_removed_where_null() {
    let api = with_tea().await;
    for (change, expected) in [
        (
            json!({ "category": "Hot", "type": ["Soup"] }),
            json!({ "category": "Hot", "type": ["Soup"] }),
        ),
        (
            json!({ "category": "Hot" }),
            json!({ "category": "Hot", "type": ["Soup"] }),
        ),
        (
            json!({ "category": "Hot", "type": null }),
            json!({ "category": "Hot" }),
        ),
    ] {
        assert_eq!(
            api.ok("Mutation.updateActivityCategory", ME, input(change)).await,
            expected
        );
    }
}

#[tokio::test]
async fn an_unknown_category_is_neither_changed_nor_deleted() {
    let api = with_tea().await;
    let none = input(json!({ "category": "None" }));
    for field in [
        "Mutation.updateActivityCategory",
        "Mutation.deleteActivityCategory",
    ] {
        assert_eq!(
            api.error_of(field, ME, none.clone()).await.0,
            "NotFound",
            "{field}"
        );
    }
    let hot = input(json!({ "category": "Hot" }));
    let deleted = api.ok("Mutation.deleteActivityCategory", ME, hot.clone()).await;
    assert_eq!(deleted, json!({ "category": "Hot", "type": ["Tea", "Cocoa"] }));
    assert_eq!(
        api.error_of("Mutation.deleteActivityCategory", ME, hot).await.0,
        "NotFound"
    );
}

#[tokio::test]
async fn invalid_names_are_rejected() {
    let api = with_tea().await;
    let line = "x".repeat(100) + "\n";
    for bad in [
        json!({ "category": "" }),
        json!({ "category": "x".repeat(101) }),
        json!({ "category": line }),
        json!({ "category": "Hot", "type": [line] }),
        json!({ "category": "Hot", "type": [null] }),
        json!({ "category": "Hot", "type": [""] }),
        json!({ "category": "Hot", "type": vec!["x"; 101] }),
    ] {
        let error = api
            .error_of("Mutation.createActivityCategory", ME, input(bad.clone()))
            .await;
        assert_eq!(error.0, "BadRequest", "{bad}");
        if bad.get("type").is_some() {
            let error = api
                .error_of("Mutation.updateActivityCategory", ME, input(bad.clone()))
                .await;
            assert_eq!(error.0, "BadRequest", "{bad}");
        }
    }
}
