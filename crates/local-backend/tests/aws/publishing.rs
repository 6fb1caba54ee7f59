//! `publishUserAggregate` over HTTP, as the deployed aggregator calls it.

use serde_json::{Value, json};

use crate::{
    client::{Session, realtime::Realtime},
    signer::Request,
    the_box::{PASSWORD, sign_up},
    world::World,
};

const PUBLISH: &str = "mutation($input: PublishUserAggregateInput!) {
    publishUserAggregate(input: $input) { userid date caloriesConsumed caloriesBurned version weight } }";
const SUBSCRIBE: &str = "subscription($userid: String) {
    onUpdateUserAggregate(userid: $userid) { userid date caloriesConsumed caloriesBurned version } }";

fn publication(sub: &str) -> Value {
    json!({ "input": { "userid": sub, "date": "2026-11-23", "caloriesConsumed": 1_234, "caloriesBurned": 56, "version": 7 } })
}

fn graphql(world: &World, query: &str, variables: &Value) -> Request {
    let body = json!({ "query": query, "variables": variables }).to_string();
    Request::new(world.address, "/graphql", body).with("content-type", "application/json")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_aggregators_signature_publishes_totals_and_a_users_token_does_not() {
    let world = World::closed().await;
    sign_up(&world.socket, "anna").await;
    let anna = Session::sign_in(&world.socket, "anna", PASSWORD).await.unwrap();
    let mut subscriber = Realtime::connect(&anna).await;
    subscriber
        .subscribe(SUBSCRIBE, json!({ "userid": anna.sub }))
        .await
        .unwrap();

    let variables = publication(&anna.sub);
    let refused = anna.graphql(PUBLISH, variables.clone()).await;
    assert_eq!(refused["errors"][0]["errorType"], "Unauthorized", "{refused}");

    let request = graphql(&world, PUBLISH, &variables).signed(&world.aggregator, "appsync");
    let response = world.send(&request).await;
    assert_eq!(response.status, 200, "{response:?}");
    assert_eq!(response.body.get("errors"), None, "{response:?}");
    let event = subscriber.event().await;
    assert_eq!(
        event["onUpdateUserAggregate"]["caloriesConsumed"], 1_234,
        "{event}"
    );
    assert_eq!(event["onUpdateUserAggregate"]["version"], 7, "{event}");
}

/// The role may publish, and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn the_aggregators_signature_opens_no_other_field() {
    let world = World::closed().await;
    for query in [
        "{ listActivityCategories { nextToken } }",
        "{ listActivitiesByDate(date: \"2026-11-23\") { nextToken } }",
        "mutation { createActivity(input: { userid: \"x\", category: \"Food\", type: \"Lunch\" }) { id } }",
    ] {
        let request = graphql(&world, query, &json!({})).signed(&world.aggregator, "appsync");
        let response = world.send(&request).await;
        assert_eq!(
            (response.status, response.kind()),
            (200, "Unauthorized"),
            "{query}: {response:?}"
        );
    }
}
