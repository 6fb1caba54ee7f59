//! Which subscriber receives which event, and which of its fields.

use serde_json::json;

use super::*;

#[tokio::test]
async fn a_subscriber_receives_its_own_events_with_its_own_selection() {
    let world = World::new();
    let mut socket = world.socket(&format!("user:{ME}")).await;
    let ack = socket
        .start("1", &format!("user:{ME}"), ON_CREATE, json!({ "u": ME }))
        .await;
    assert_eq!(ack, json!({ "type": "start_ack", "id": "1" }));
    world.create(YOU, 1, "id userid caloriesConsumed").await;
    world.create(ME, 2, "renamed: caloriesConsumed userid").await;
    let event = socket.next().await;
    assert_eq!(
        event,
        json!({ "type": "data", "id": "1", "payload": {
            "data": { "onCreateActivity": null },
            "errors": [{ "path": ["onCreateActivity", "id"], "locations": null,
                "message": "Cannot return null for non-nullable type: 'String' within parent 'Activity' (/onCreateActivity/id)" }],
        }}),
        "id is non-null, and the mutation did not select it"
    );
    world.create(ME, 3, "id caloriesConsumed userid").await;
    let event = socket.next().await;
    let activity = &event["payload"]["data"]["onCreateActivity"];
    assert_eq!(
        (&activity["kcal"], &activity["userid"], &activity["__typename"]),
        (&json!(3), &json!(ME), &json!("Activity"))
    );
}

#[tokio::test]
async fn a_mutation_that_does_not_select_the_owner_reaches_no_subscriber() {
    let world = World::new();
    let mut socket = world.socket(&format!("user:{ME}")).await;
    socket
        .start("1", &format!("user:{ME}"), ON_CREATE, json!({}))
        .await;
    world.create(ME, 1, "id caloriesConsumed").await;
    world.create(ME, 2, "id caloriesConsumed userid").await;
    assert_eq!(
        socket.next().await["payload"]["data"]["onCreateActivity"]["kcal"],
        json!(2)
    );
}

#[tokio::test]
async fn awsjson_reaches_a_subscriber_as_the_string_in_the_mutations_response() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    let query = "subscription { onCreateUser { library height } }";
    let ack = socket.start("1", &token, query, json!({})).await;
    assert_eq!(ack["type"], json!("start_ack"), "{ack}");
    let library = r#"{"foods":["kvass"]}"#;
    let request = GraphQlRequest {
        query: "mutation($i: CreateUserInput!) { createUser(input: $i) { id library height } }".to_owned(),
        variables: json!({ "i": { "username": "a", "height": 170, "weight": 65, "caloriesTargetPerDay": 1900, "library": library } })
            .as_object()
            .cloned()
            .unwrap(),
        operation_name: None,
    };
    let body = world.api.app.execute(&request, &user(ME)).await.unwrap().body;
    assert_eq!(body["data"]["createUser"]["library"], json!(library), "{body}");
    let event = socket.next().await["payload"]["data"]["onCreateUser"].clone();
    assert_eq!(event, json!({ "library": library, "height": 170.0 }));
}

#[tokio::test]
async fn a_field_that_a_mutation_selects_twice_is_published_once() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    socket.start("1", &token, ON_CREATE, json!({})).await;
    let create = |kcal: i32| {
        format!(
            "createActivity(input: {{ userid: \"{ME}\", category: \"Food\", type: \"Lunch\", caloriesConsumed: {kcal} }})"
        )
    };
    let request = GraphQlRequest {
        query: format!(
            "mutation {{ {one} {{ id userid }} {one} {{ caloriesConsumed }} other: {two} {{ id userid caloriesConsumed }} }}",
            one = create(1),
            two = create(2)
        ),
        ..GraphQlRequest::default()
    };
    world.api.app.execute(&request, &user(ME)).await.unwrap();
    for kcal in [1, 2] {
        assert_eq!(
            socket.next().await["payload"]["data"]["onCreateActivity"]["kcal"],
            json!(kcal)
        );
    }
}

#[tokio::test]
async fn an_event_above_240_kb_is_dropped_silently() {
    let large = "// datasource: NoneSource
        export const request = (ctx) => ({ payload: ctx.args.input });
        export function response(ctx) {
            let name = 'x';
            for (const doubling of [...'0123456789abcdef12']) name = name + name;
            return { ...ctx.result, id: 'i', caloriesConsumed: ctx.args.input.caloriesConsumed, name: ctx.args.input.caloriesConsumed ? '' : name };
        }";
    let world = World::of(
        api_with(&[("Mutation.createActivity", large)]),
        SocketTimes::default(),
    );
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    let query = "subscription { onCreateActivity { caloriesConsumed name } }";
    socket.start("1", &token, query, json!({})).await;
    for kcal in [0, 7] {
        world.create(ME, kcal, "id name caloriesConsumed userid").await;
    }
    assert_eq!(
        socket.next().await["payload"]["data"]["onCreateActivity"]["caloriesConsumed"],
        json!(7)
    );
}

#[tokio::test]
async fn an_alias_of_the_root_field_is_the_events_key() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    let query = "subscription { mine: onCreateActivity { caloriesConsumed } }";
    socket.start("1", &token, query, json!({})).await;
    world.create(ME, 3, "id caloriesConsumed userid").await;
    assert_eq!(
        socket.next().await["payload"],
        json!({ "data": { "mine": { "caloriesConsumed": 3 } } })
    );
}

/// Neither a rejected mutation nor one that returns null. The subscriptions have no filter.
#[tokio::test]
async fn a_failed_mutation_publishes_nothing() {
    let null = "// datasource: NoneSource
        export const request = () => ({ payload: null });
        export const response = () => null;";
    let api = api_with(&[
        ("Mutation.updateActivity", null),
        ("Subscription.onCreateActivity", null),
        ("Subscription.onUpdateActivity", null),
    ]);
    let world = World::of(api, SocketTimes::default());
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    for field in ["onCreateActivity", "onUpdateActivity"] {
        let query = format!("subscription {{ {field} {{ caloriesConsumed }} }}");
        let ack = socket.start(field, &token, &query, json!({})).await;
        assert_eq!(ack["type"], "start_ack", "{ack}");
    }
    let refused = format!(
        "mutation {{ createActivity(input: {{ userid: \"{YOU}\", category: \"Food\", type: \"x\" }}) {{ id userid }} }}"
    );
    let refused = world.execute(ME, &refused).await;
    assert_eq!(refused["data"], json!({ "createActivity": null }), "{refused}");
    let empty = "mutation { updateActivity(input: { id: \"x\" }) { id userid } }";
    let empty = world.execute(ME, empty).await;
    assert_eq!(empty, json!({ "data": { "updateActivity": null } }));
    world.create(ME, 8, "id caloriesConsumed userid").await;
    assert_eq!(
        socket.next().await,
        json!({ "type": "data", "id": "onCreateActivity",
            "payload": { "data": { "onCreateActivity": { "caloriesConsumed": 8 } } } }),
        "the first event is of the mutation that succeeded"
    );
}

#[tokio::test]
async fn an_open_subscription_outlives_its_token_and_a_new_one_is_rejected() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    socket.start("1", &token, ON_CREATE, json!({})).await;
    world.tokens.all_expired.store(true, Ordering::Relaxed);
    let refused = socket.start("2", &token, ON_CREATE, json!({})).await;
    assert_eq!(
        refused["payload"]["errors"][0],
        json!({ "errorType": "UnauthorizedException", "message": "Token has expired." })
    );
    world.create(ME, 4, "id caloriesConsumed userid").await;
    let event = socket.next().await;
    assert_eq!(
        (
            &event["id"],
            &event["payload"]["data"]["onCreateActivity"]["kcal"]
        ),
        (&json!("1"), &json!(4))
    );
}

#[tokio::test]
async fn a_filter_that_the_resolver_sets_replaces_the_arguments() {
    let filtering = "// datasource: NoneSource
        import { extensions } from '@aws-appsync/utils';
        export const request = () => ({});
        export function response() {
            const rule = { fieldName: 'caloriesConsumed', operator: 'gt', value: 100 };
            extensions.setSubscriptionFilter({ filterGroup: [{ filters: [rule] }] });
            return null;
        }";
    let world = World::of(
        api_with(&[("Subscription.onCreateActivity", filtering)]),
        SocketTimes::default(),
    );
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    // The argument alone would match only the first event.
    let query = "subscription { onCreateActivity(caloriesConsumed: 50) { caloriesConsumed } }";
    socket.start("1", &token, query, json!({})).await;
    for kcal in [50, 150] {
        world.create(ME, kcal, "id caloriesConsumed userid").await;
    }
    let event = socket.next().await;
    assert_eq!(
        event["payload"]["data"]["onCreateActivity"],
        json!({ "caloriesConsumed": 150 })
    );
}
