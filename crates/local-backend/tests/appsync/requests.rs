//! Requests against the deployed schema and resolvers.

use caltrack_local_appsync::Caller;
use caltrack_local_core::identity::{IamIdentity, Identity};
use serde_json::{Value, json};

use crate::{
    api_with,
    support::{ME, YOU, user},
};

fn aggregator() -> Caller {
    let identity = Identity::Iam(IamIdentity {
        user_arn: "arn:aws:sts::000000000000:assumed-role/aggregator/box".to_owned(),
        username: "AROABOX:aggregator".to_owned(),
        account_id: "000000000000".to_owned(),
        source_ip: Vec::new(),
    });
    Caller {
        identity,
        headers: serde_json::Map::new(),
    }
}

const CREATE: &str = "mutation C($input: CreateActivityInput!) { made: createActivity(input: $input) {
    __typename id kcal: caloriesConsumed userid ...Rest } } fragment Rest on Activity { date rev name }";

fn lunch() -> Value {
    json!({ "input": { "userid": ME, "category": "Food", "type": "Lunch", "caloriesConsumed": 650, "date": "2026-11-23",
        "id": "019aaaaa-0000-7000-8000-000000000001" } })
}

#[tokio::test]
async fn a_mutation_answers_with_what_it_selects() {
    let body = api_with(&[]).run(&user(ME), CREATE, lunch()).await;
    assert_eq!(
        body,
        json!({ "data": { "made": { "__typename": "Activity", "id": "019aaaaa-0000-7000-8000-000000000001", "kcal": 650,
            "userid": ME, "date": "2026-11-23", "rev": 1, "name": null } } })
    );
}

#[tokio::test]
async fn one_field_may_fail_beside_another_that_does_not() {
    let query = format!(
        "query {{ mine: getUserAggregate(userid: \"{ME}\", date: \"2026-11-23\") {{ version }}
            theirs: getUserAggregate(userid: \"{YOU}\", date: \"2026-11-23\") {{ version }} }}"
    );
    let body = api_with(&[]).run(&user(ME), &query, json!({})).await;
    assert_eq!(body["data"], json!({ "mine": null, "theirs": null }));
    assert_eq!(body["errors"].as_array().unwrap().len(), 1);
    assert_eq!(body["errors"][0]["path"], json!(["theirs"]));
}

const PUBLISH: &str = "mutation P($input: PublishUserAggregateInput!) { publishUserAggregate(input: $input) { userid version } }";

#[tokio::test]
async fn publishing_is_the_aggregators_alone_and_it_may_do_nothing_else() {
    let api = api_with(&[]);
    let input = json!({ "input": { "userid": ME, "date": "2026-11-23", "version": 3 } });
    let refused = api.run(&user(ME), PUBLISH, input.clone()).await;
    assert_eq!(refused["data"], json!({ "publishUserAggregate": null }));
    assert_eq!(refused["errors"][0]["errorType"], json!("Unauthorized"));
    let published = api.run(&aggregator(), PUBLISH, input).await;
    assert_eq!(
        published,
        json!({ "data": { "publishUserAggregate": { "userid": ME, "version": 3 } } })
    );
    for query in [
        "{ listActivityCategories { items { category } } }",
        "{ listActivitiesByDate(date: \"2026-11-23\") { items { id } } }",
    ] {
        let refused = api.run(&aggregator(), query, json!({})).await;
        assert_eq!(
            refused["errors"][0]["errorType"],
            json!("Unauthorized"),
            "{query}"
        );
    }
}

#[tokio::test]
async fn awsjson_goes_in_and_out_as_a_string() {
    let api = api_with(&[]);
    let query = "mutation($input: CreateUserInput!) { createUser(input: $input) { targets height } }";
    let targets = r#"[{"from":"2026-01-01","kcal":1900}]"#;
    let input = json!({ "input": { "username": "a", "height": 170, "weight": 65.5, "caloriesTargetPerDay": 1900, "targets": targets } });
    let body = api.run(&user(ME), query, input.clone()).await;
    assert_eq!(body["data"]["createUser"]["targets"], json!(targets), "{body}");
    assert_eq!(body["data"]["createUser"]["height"].as_f64(), Some(170.0));
}
