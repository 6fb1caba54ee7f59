//! Every operation of the workshop, executed as by its client, and every event that follows.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    client::{POOL_ID, Session, realtime::Realtime},
    interface::Interface,
    the_box::{PASSWORD, sign_up},
    world::World,
};

const NAME: &str = "of-the-workshop";
const DATE: &str = "2019-02-03";
const CATEGORY: &str = "Board games";

/// A client that requests only fields of the workshop.
pub(crate) struct Client {
    interface: Interface,
    pub(crate) session: Session,
    executed: BTreeSet<String>,
}

impl Client {
    pub(crate) async fn new(world: &World) -> Self {
        sign_up(&world.socket, NAME).await;
        Self {
            interface: Interface::workshop(),
            session: Session::sign_in(&world.socket, NAME, PASSWORD).await.unwrap(),
            executed: BTreeSet::new(),
        }
    }

    /// Executes an operation and returns its field. Panics if the response has errors.
    pub(crate) async fn execute(&mut self, root: &str, field: &str, variables: Value) -> Value {
        self.executed.insert(format!("{root}.{field}"));
        let document = self.interface.document(root, field);
        self.session.execute(field, &document, variables).await
    }

    pub(crate) async fn query(&mut self, field: &str, variables: Value) -> Value {
        self.execute("Query", field, variables).await
    }

    pub(crate) async fn change(&mut self, field: &str, input: Value) -> Value {
        self.execute("Mutation", field, json!({ "input": input })).await
    }

    /// Executes a mutation and waits until its subscription publishes the same data.
    async fn change_and_receive(&mut self, events: &mut Realtime, field: &str, input: Value) -> Value {
        let response = self.change(field, input).await;
        let subscription = format!("on{}{}", field[..1].to_uppercase(), &field[1..]);
        self.receive(events, &subscription, &response).await;
        response
    }

    /// Waits for an event with this data. Totals, which are published for entries too, may come in between.
    async fn receive(&mut self, events: &mut Realtime, subscription: &str, expected: &Value) {
        loop {
            let event = events.event().await;
            match event.get(subscription) {
                Some(data) if data == expected => break,
                Some(_) if subscription == "onUpdateUserAggregate" => {}
                Some(data) => panic!("{subscription} publishes {data}, not {expected}"),
                None => assert!(event.get("onUpdateUserAggregate").is_some(), "{event}"),
            }
        }
        self.executed.insert(format!("Subscription.{subscription}"));
    }

    /// Starts every subscription, without arguments.
    async fn subscribe(&self) -> Realtime {
        let mut events = Realtime::connect(&self.session).await;
        for field in self.interface.fields("Subscription") {
            let document = self.interface.document("Subscription", &field.name);
            events.subscribe(&document, json!({})).await.expect(&document);
        }
        events
    }
}

async fn join_admins(world: &World) {
    let join = json!({ "UserPoolId": POOL_ID, "Username": NAME, "GroupName": "admin" });
    let request = world.call("AWSCognitoIdentityProviderService.AdminAddUserToGroup", &join);
    let response = world.send(&request.signed(&world.exposed, "cognito-idp")).await;
    assert_eq!(response.status, 200, "{response:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_of_the_workshop_succeeds_and_every_subscription_publishes_it() {
    let world = World::exposed().await;
    let mut client = Client::new(&world).await;
    let mut events = client.subscribe().await;
    users(&mut client, &mut events).await;
    activities(&mut client, &mut events).await;
    aggregates(&mut client, &mut events).await;
    categories(&mut client, &mut events, &world).await;
    suggestions(&mut client).await;
    let everything: BTreeSet<String> = ["Query", "Mutation", "Subscription"]
        .into_iter()
        .flat_map(|root| {
            let fields = client.interface.fields(root);
            fields.iter().map(move |field| format!("{root}.{}", field.name))
        })
        .collect();
    assert_eq!(client.executed, everything);
}

async fn users(client: &mut Client, events: &mut Realtime) {
    let id = client.session.sub.clone();
    // `caloriesConsumed` is left out, although the workshop's own resolver failed without it.
    let input =
        json!({ "id": id, "username": "Ann", "height": 160.0, "weight": 64.0, "caloriesTargetPerDay": 1900 });
    let created = client.change_and_receive(events, "createUser", input).await;
    let expected = json!({ "id": id, "username": "Ann", "height": 160.0, "weight": 64.0, "bmi": 25.0,
        "caloriesTargetPerDay": 1900, "caloriesConsumed": null });
    assert_eq!(created, expected);
    let updated = client
        .change_and_receive(
            events,
            "updateUser",
            json!({ "id": id, "username": "Anna", "caloriesConsumed": 5, "caloriesTargetPerDay": 2000,
                "height": 160.0, "weight": 66.0 }),
        )
        .await;
    assert_eq!(
        [
            &updated["username"],
            &updated["weight"],
            &updated["caloriesConsumed"]
        ],
        [&json!("Anna"), &json!(66.0), &json!(5)]
    );
    assert_eq!(client.query("getUser", json!({ "id": id })).await, updated);
    let users = client.query("listUsers", json!({})).await;
    assert_eq!(users, json!({ "items": [updated], "nextToken": null }));
    let deleted = client
        .change_and_receive(events, "deleteUser", json!({ "id": id }))
        .await;
    assert_eq!(deleted, updated);
    assert_eq!(client.query("getUser", json!({ "id": id })).await, Value::Null);
}

async fn activities(client: &mut Client, events: &mut Realtime) {
    let userid = client.session.sub.clone();
    let mut made = Vec::new();
    for kcal in [json!({}), json!({ "caloriesConsumed": 650 })] {
        let mut input = json!({ "userid": userid, "category": "Food", "type": "Lunch" });
        input
            .as_object_mut()
            .unwrap()
            .extend(kcal.as_object().unwrap().clone());
        let created = client.change_and_receive(events, "createActivity", input).await;
        assert_eq!(created["userid"], json!(userid));
        assert!(created["creationDateTime"].as_str().unwrap().ends_with('Z'));
        made.push(created);
    }
    assert_ne!(made[0]["id"], made[1]["id"]);
    assert_eq!(
        [&made[0]["caloriesConsumed"], &made[1]["caloriesConsumed"]],
        [&json!(0), &json!(650)]
    );
    let edit = json!({ "id": made[0]["id"], "userid": userid, "caloriesConsumed": 120 });
    made[0] = client.change_and_receive(events, "updateActivity", edit).await;
    assert_eq!(made[0]["caloriesConsumed"], 120);
    let found = client.query("getActivity", json!({ "id": made[0]["id"] })).await;
    assert_eq!(found, made[0]);

    // Two pages of one entry each; newest first where the list is ordered.
    for (list, first) in [("listActivities", 0), ("listActivitiesOrdered", 1)] {
        let mut variables = json!({ "limit": 1 });
        if list == "listActivitiesOrdered" {
            variables["userid"] = json!(userid);
        }
        // Both may have been made in one millisecond; then either may be the first.
        let together = made[0]["creationDateTime"] == made[1]["creationDateTime"];
        let page = client.query(list, variables.clone()).await;
        assert!(
            together || page["items"] == json!([made[first]]),
            "{list}: {page}"
        );
        variables["nextToken"] = page["nextToken"].clone();
        assert!(variables["nextToken"].is_string(), "{list}: {page}");
        let rest = client.query(list, variables).await;
        assert!(
            together || rest["items"] == json!([made[1 - first]]),
            "{list}: {rest}"
        );
        assert_ne!(page["items"], rest["items"]);
    }

    let id = made[0]["id"].clone();
    let deleted = client
        .change_and_receive(events, "deleteActivity", json!({ "id": id }))
        .await;
    assert_eq!(deleted, made[0]);
    assert_eq!(
        client.query("getActivity", json!({ "id": id })).await,
        Value::Null
    );
}

async fn aggregates(client: &mut Client, events: &mut Realtime) {
    let key = json!({ "userid": client.session.sub, "date": DATE });
    let with = |more: Value| {
        let mut input = key.clone();
        input
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        input
    };
    let input = with(json!({ "caloriesConsumed": 1500, "caloriesBurned": 200 }));
    let created = client.change("createUserAggregate", input.clone()).await;
    assert_eq!(created, input);
    let input = with(json!({ "caloriesConsumed": 1600, "caloriesBurned": 300 }));
    let updated = client
        .change_and_receive(events, "updateUserAggregate", input.clone())
        .await;
    assert_eq!(updated, input);
    assert_eq!(client.query("getUserAggregate", key.clone()).await, updated);
    let filter = json!({ "filter": { "date": { "eq": DATE } } });
    assert_eq!(
        client.query("listUserAggregates", filter).await,
        json!({ "items": [updated], "nextToken": null })
    );

    // `setWeight` isn't of the workshop, but the workshop's subscription publishes its totals.
    let weigh = "mutation($d: String!) { setWeight(date: $d, weight: 70.5) {
        userid date caloriesConsumed caloriesBurned } }";
    let weighed = client
        .session
        .execute("setWeight", weigh, json!({ "d": DATE }))
        .await;
    assert_eq!(weighed, updated);
    client.receive(events, "onUpdateUserAggregate", &weighed).await;

    let deleted = client
        .change_and_receive(events, "deleteUserAggregate", key.clone())
        .await;
    assert_eq!(deleted, updated);
    assert_eq!(client.query("getUserAggregate", key).await, Value::Null);
}

/// With a token whose `cognito:groups` has `admin`, as the directive requires; without the group the user is
/// rejected.
async fn categories(client: &mut Client, events: &mut Realtime, world: &World) {
    let create = json!({ "input": { "category": CATEGORY, "type": ["Chess", "Go"] } });
    let document = client.interface.document("Mutation", "createActivityCategory");
    let refused = client.session.graphql(&document, create.clone()).await;
    assert_eq!(refused["errors"][0]["errorType"], "Unauthorized", "{refused}");
    join_admins(world).await;
    client.session = Session::sign_in(&world.socket, NAME, PASSWORD).await.unwrap();

    let created = client
        .change_and_receive(events, "createActivityCategory", create["input"].clone())
        .await;
    assert_eq!(created, create["input"]);
    let update = json!({ "category": CATEGORY, "type": ["Chess"] });
    let updated = client
        .change_and_receive(events, "updateActivityCategory", update.clone())
        .await;
    assert_eq!(updated, update);
    let key = json!({ "category": CATEGORY });
    assert_eq!(client.query("getActivityCategory", key.clone()).await, updated);
    let all = client.query("listActivityCategories", json!({})).await;
    assert_eq!(all["items"].as_array().unwrap().len(), 4, "{all}");
    let deleted = client
        .change_and_receive(events, "deleteActivityCategory", key.clone())
        .await;
    assert_eq!(deleted, updated);
    assert_eq!(client.query("getActivityCategory", key).await, Value::Null);
}

/// Suggested foods have a category and a type.
async fn suggestions(client: &mut Client) {
    let userid = client.session.sub.clone();
    let of = |more: Value| {
        let mut variables = json!({ "userid": userid });
        variables
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        variables
    };
    let some = client.query("suggestedFood", of(json!({}))).await;
    let some = some.as_array().unwrap();
    assert!(!some.is_empty());
    for food in some {
        assert!(
            ["Food", "Drink"].contains(&food["category"].as_str().unwrap()),
            "{food}"
        );
        assert!(!food["type"].as_str().unwrap().is_empty(), "{food}");
    }
    let bounds = json!({ "bmi": 22.0, "calorie": 100.0, "sugar": 1.0 });
    let fewer = client.query("suggestedFood", of(bounds)).await;
    let fewer = fewer.as_array().unwrap().len();
    assert!((1..some.len()).contains(&fewer), "{fewer}");
}
