//! Responses to `start`.

use serde_json::json;

use super::*;

const DELETE: &str = "mutation { deleteActivity(input: { id: \"x\" }) { id } }";
const BELOW: &str = "subscription S($n: Int) { onCreateActivity(caloriesConsumed: $n) { id } }";

/// An API where [`DELETE`] invalidates the subscriptions by [`BELOW`] with an `$n` of less than 5.
fn invalidating() -> World {
    let subscribing = "// datasource: NoneSource
        import { extensions } from '@aws-appsync/utils';
        export const request = () => ({});
        export function response(ctx) {
            const rule = { fieldName: 'kcal', operator: 'gt', value: ctx.args.caloriesConsumed };
            extensions.setSubscriptionInvalidationFilter({ filterGroup: [{ filters: [rule] }] });
            return null;
        }";
    let deleting = "// datasource: NoneSource
        import { extensions } from '@aws-appsync/utils';
        export const request = () => ({});
        export function response() {
            extensions.invalidateSubscriptions({ subscriptionField: 'onCreateActivity', payload: { kcal: 5 } });
            return null;
        }";
    let api = api_with(&[
        ("Subscription.onCreateActivity", subscribing),
        ("Mutation.deleteActivity", deleting),
    ]);
    World::of(api, SocketTimes::default())
}

#[tokio::test]
async fn a_subscription_to_another_users_events_is_rejected() {
    let world = World::new();
    let mut socket = world.socket(&format!("user:{ME}")).await;
    let refused = socket
        .start("1", &format!("user:{ME}"), ON_CREATE, json!({ "u": YOU }))
        .await;
    assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!("1")));
    assert_eq!(
        refused["payload"]["errors"][0]["errorType"],
        json!("Unauthorized")
    );
}

#[tokio::test]
async fn stop_is_acknowledged_and_ends_the_events() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    socket.start("1", &token, ON_CREATE, json!({})).await;
    socket.send(json!({ "id": "1", "type": "stop" })).await;
    assert_eq!(socket.next().await, json!({ "type": "complete", "id": "1" }));
    world.create(ME, 1, "id caloriesConsumed userid").await;
    assert_eq!(
        socket.start("1", &token, ON_CREATE, json!({})).await["type"],
        json!("start_ack")
    );
}

#[tokio::test]
async fn bad_starts_get_an_error_and_the_connection_stays_open() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    socket.start("1", &token, ON_CREATE, json!({})).await;
    for (id, token, query, kind) in [
        ("1", token.as_str(), ON_CREATE, Some("DuplicatedOperationError")),
        (
            "2",
            token.as_str(),
            "{ listActivityCategories { nextToken } }",
            Some("UnsupportedOperation"),
        ),
        (
            "3",
            token.as_str(),
            "subscription {",
            Some("UnsupportedOperation"),
        ),
        // Validation errors have no type.
        ("4", token.as_str(), "subscription { onNothing { id } }", None),
        ("5", "expired", ON_CREATE, Some("UnauthorizedException")),
        ("6", "garbage", ON_CREATE, Some("UnauthorizedException")),
    ] {
        let refused = socket.start(id, token, query, json!({})).await;
        assert_eq!(
            (&refused["type"], &refused["id"]),
            (&json!("error"), &json!(id)),
            "{refused}"
        );
        assert_eq!(
            refused["payload"]["errors"][0].get("errorType"),
            kind.map(Value::from).as_ref(),
            "{refused}"
        );
    }
    assert_eq!(
        socket.start("7", &token, ON_CREATE, json!({})).await["type"],
        json!("start_ack")
    );
}

#[tokio::test]
async fn the_hundred_and_first_subscription_is_rejected() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    for n in 0..100 {
        assert_eq!(
            socket.start(&n.to_string(), &token, ON_CREATE, json!({})).await["type"],
            json!("start_ack")
        );
    }
    let refused = socket.start("100", &token, ON_CREATE, json!({})).await;
    assert_eq!(
        refused["payload"]["errors"][0]["errorType"],
        json!("MaxSubscriptionsReachedError")
    );
}

#[tokio::test]
async fn an_invalidation_ends_only_the_subscriptions_whose_filter_it_matches() {
    let world = invalidating();
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    for (id, n) in [("low", 1), ("high", 9)] {
        assert_eq!(
            socket.start(id, &token, BELOW, json!({ "n": n })).await["type"],
            "start_ack"
        );
    }
    world.execute(ME, DELETE).await;
    assert_eq!(socket.next().await, json!({ "type": "complete", "id": "low" }));
    assert_eq!(
        socket.start("low", &token, BELOW, json!({ "n": 1 })).await["type"],
        "start_ack",
        "its id is free again"
    );
    assert_eq!(
        socket.start("high", &token, BELOW, json!({ "n": 1 })).await["payload"]["errors"][0]["errorType"],
        "DuplicatedOperationError"
    );
}

#[tokio::test]
async fn invalidated_subscriptions_do_not_count_towards_the_limit() {
    let world = invalidating();
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    for n in 0..100 {
        socket
            .start(&n.to_string(), &token, BELOW, json!({ "n": 1 }))
            .await;
    }
    let full = socket.start("100", &token, BELOW, json!({ "n": 1 })).await;
    assert_eq!(
        full["payload"]["errors"][0]["errorType"],
        "MaxSubscriptionsReachedError"
    );
    world.execute(ME, DELETE).await;
    for _ in 0..100 {
        assert_eq!(socket.next().await["type"], "complete");
    }
    let ack = socket.start("100", &token, BELOW, json!({ "n": 1 })).await;
    assert_eq!(ack, json!({ "type": "start_ack", "id": "100" }));
}

#[tokio::test]
async fn two_root_fields_are_an_error_with_the_id_of_their_start() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    for (id, query) in [
        (
            "1",
            "subscription { onCreateActivity { id } onDeleteActivity { id } }",
        ),
        (
            "2",
            "subscription { onCreateActivity { id } other: onCreateActivity { id } }",
        ),
        (
            "3",
            "subscription { ...Two } fragment Two on Subscription { onCreateActivity { id } onDeleteActivity { id } }",
        ),
    ] {
        let refused = socket.start(id, &token, query, json!({})).await;
        assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!(id)));
        assert!(
            refused["payload"]["errors"][0]["message"].is_string(),
            "{refused}"
        );
    }
    world.create(ME, 1, "id userid").await;
    assert_eq!(
        socket.start("4", &token, ON_CREATE, json!({})).await["type"],
        "start_ack",
        "none of them is registered, so no event precedes this frame"
    );
}

#[tokio::test]
async fn an_invalid_variable_is_an_error_without_a_type() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    let required = "subscription($u: String!) { onCreateActivity(userid: $u) { id } }";
    let number = "subscription($n: Int) { onCreateActivity(caloriesConsumed: $n) { id } }";
    for (id, query, variables, named) in [
        ("1", required, json!({}), "u"),
        ("2", required, json!({ "u": null }), "u"),
        ("3", number, json!({ "n": "many" }), "n"),
    ] {
        let refused = socket.start(id, &token, query, variables).await;
        assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!(id)));
        let error = &refused["payload"]["errors"][0];
        assert!(error["message"].as_str().unwrap().contains(named), "{refused}");
        assert_eq!(error.get("errorType"), None, "{refused}");
    }
}

/// The resolver of a subscription usually returns null. Any other result must match the selection, and is not
/// an event.
#[tokio::test]
async fn the_result_of_a_subscriptions_resolver_must_match_the_selection_and_is_not_published() {
    let returning = "// datasource: NoneSource
        export const request = () => ({ payload: null });
        export const response = (ctx) => (ctx.args.id === 'whole' ? { id: 'i', userid: 'u' } : { userid: 'u' });";
    let world = World::of(
        api_with(&[("Subscription.onCreateActivity", returning)]),
        SocketTimes::default(),
    );
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    let query = |id: &str| format!("subscription {{ onCreateActivity(id: \"{id}\") {{ id userid }} }}");
    let refused = socket.start("1", &token, &query("half"), json!({})).await;
    assert_eq!(
        (&refused["type"], &refused["id"]),
        (&json!("error"), &json!("1")),
        "id may not be null: {refused}"
    );
    let ack = socket.start("2", &token, &query("whole"), json!({})).await;
    assert_eq!(ack, json!({ "type": "start_ack", "id": "2" }));
    socket.send(json!({ "type": "stop", "id": "2" })).await;
    assert_eq!(socket.next().await, json!({ "type": "complete", "id": "2" }));
}

#[tokio::test]
async fn a_start_for_another_host_is_a_bad_request() {
    let world = World::new();
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    for (id, authorization) in [
        ("1", json!({ "host": "other.example", "Authorization": token })),
        ("2", json!({ "Authorization": token })),
    ] {
        let refused = socket.start_as(id, &authorization, ON_CREATE, json!({})).await;
        assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!(id)));
        assert_eq!(
            refused["payload"]["errors"][0]["errorType"],
            "BadRequestException"
        );
    }
    assert_eq!(
        socket.start("1", &token, ON_CREATE, json!({})).await["type"],
        "start_ack"
    );
}

/// `650.0` is the Int 650, `5` the ID "5" and 170 the Float 170.0, in variables as in literals.
#[tokio::test]
async fn arguments_are_coerced_before_they_are_compared() {
    let returning = "// datasource: NoneSource
        export const request = () => ({ payload: null });
        export const response = () => ({ id: 5, username: 'anna', height: 170, weight: 60, caloriesTargetPerDay: 650 });";
    let world = World::of(
        api_with(&[
            ("Mutation.createUser", returning),
            ("Subscription.onCreateUser", NO_FILTER),
        ]),
        SocketTimes::default(),
    );
    let token = format!("user:{ME}");
    let mut socket = world.socket(&token).await;
    for (id, query, variables) in [
        (
            "1",
            "subscription { onCreateUser(id: 5, height: 170) { username } }",
            json!({}),
        ),
        (
            "2",
            "subscription($n: Int, $h: Float) { onCreateUser(caloriesTargetPerDay: $n, height: $h) { username } }",
            json!({ "n": 650.0, "h": "170" }),
        ),
        (
            "3",
            "subscription($n: Int = 650) { onCreateUser(caloriesTargetPerDay: $n) { username } }",
            json!({}),
        ),
        (
            "4",
            "subscription($n: Int = 649) { onCreateUser(caloriesTargetPerDay: $n) { username } }",
            json!({}),
        ),
    ] {
        let ack = socket.start(id, &token, query, variables).await;
        assert_eq!(ack, json!({ "type": "start_ack", "id": id }));
    }
    let create =
        "mutation { createUser(input: { username: \"x\", height: 1, weight: 1, caloriesTargetPerDay: 1 }) {
        id username height caloriesTargetPerDay } }";
    world.execute(ME, create).await;
    let mut ids: Vec<String> = Vec::new();
    for _ in 0..3 {
        ids.push(socket.next().await["id"].as_str().unwrap().to_owned());
    }
    ids.sort();
    assert_eq!(ids, ["1", "2", "3"]);
}

/// A resolver of a subscription that sets no filter.
const NO_FILTER: &str = "// datasource: NoneSource
    export const request = () => ({ payload: null });
    export const response = () => null;";
