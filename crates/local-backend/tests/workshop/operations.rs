//! Every operation of the workshop, executed as its client would, and every event that follows.

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

/// A client that asks for what the workshop knows and for nothing else.
pub(crate) struct Client {
    interface: Interface,
    pub(crate) session: Session,
    asked: BTreeSet<String>,
}

impl Client {
    pub(crate) async fn new(world: &World) -> Self {
        sign_up(&world.socket, NAME).await;
        Self {
            interface: Interface::workshop(),
            session: Session::sign_in(&world.socket, NAME, PASSWORD).await.unwrap(),
            asked: BTreeSet::new(),
        }
    }

    /// The field's answer, where there was no error.
    pub(crate) async fn ask(&mut self, root: &str, field: &str, variables: Value) -> Value {
        self.asked.insert(format!("{root}.{field}"));
        let document = self.interface.document(root, field);
        self.session.ask(field, &document, variables).await
    }

    pub(crate) async fn query(&mut self, field: &str, variables: Value) -> Value {
        self.ask("Query", field, variables).await
    }

    pub(crate) async fn change(&mut self, field: &str, input: Value) -> Value {
        self.ask("Mutation", field, json!({ "input": input })).await
    }

    /// Changes something, and waits until the subscription that belongs to it tells the same.
    async fn change_and_hear(&mut self, ears: &mut Realtime, field: &str, input: Value) -> Value {
        let answer = self.change(field, input).await;
        let subscription = format!("on{}{}", field[..1].to_uppercase(), &field[1..]);
        self.hear(ears, &subscription, &answer).await;
        answer
    }

    /// Totals are published for entries as well, and come in between.
    async fn hear(&mut self, ears: &mut Realtime, subscription: &str, expected: &Value) {
        loop {
            let event = ears.event().await;
            match event.get(subscription) {
                Some(told) if told == expected => break,
                Some(_) if subscription == "onUpdateUserAggregate" => {}
                Some(told) => panic!("{subscription} tells {told}, not {expected}"),
                None => assert!(event.get("onUpdateUserAggregate").is_some(), "{event}"),
            }
        }
        self.asked.insert(format!("Subscription.{subscription}"));
    }

    /// Listens to all that there is, without arguments.
    async fn listen(&self) -> Realtime {
        let mut ears = Realtime::connect(&self.session).await;
        for field in self.interface.fields("Subscription") {
            let document = self.interface.document("Subscription", &field.name);
            ears.subscribe(&document, json!({})).await.expect(&document);
        }
        ears
    }
}

async fn join_admins(world: &World) {
    let join = json!({ "UserPoolId": POOL_ID, "Username": NAME, "GroupName": "admin" });
    let request = world.call("AWSCognitoIdentityProviderService.AdminAddUserToGroup", &join);
    let answer = world.send(&request.signed(&world.exposed, "cognito-idp")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_of_the_workshop_succeeds_and_every_subscription_tells_of_it() {
    let world = World::exposed().await;
    let mut client = Client::new(&world).await;
    let mut ears = client.listen().await;
    users(&mut client, &mut ears).await;
    activities(&mut client, &mut ears).await;
    aggregates(&mut client, &mut ears).await;
    categories(&mut client, &mut ears, &world).await;
    suggestions(&mut client).await;
    let everything: BTreeSet<String> = ["Query", "Mutation", "Subscription"]
        .into_iter()
        .flat_map(|root| {
            let fields = client.interface.fields(root);
            fields.iter().map(move |field| format!("{root}.{}", field.name))
        })
        .collect();
    assert_eq!(client.asked, everything);
}

async fn users(client: &mut Client, ears: &mut Realtime) {
    let id = client.session.sub.clone();
    // `caloriesConsumed` is left out, which the workshop itself stumbled over.
    let input =
        json!({ "id": id, "username": "Ann", "height": 160.0, "weight": 64.0, "caloriesTargetPerDay": 1900 });
    let created = client.change_and_hear(ears, "createUser", input).await;
    let expected = json!({ "id": id, "username": "Ann", "height": 160.0, "weight": 64.0, "bmi": 25.0,
        "caloriesTargetPerDay": 1900, "caloriesConsumed": null });
    assert_eq!(created, expected);
    let updated = client
        .change_and_hear(
            ears,
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
        .change_and_hear(ears, "deleteUser", json!({ "id": id }))
        .await;
    assert_eq!(deleted, updated);
    assert_eq!(client.query("getUser", json!({ "id": id })).await, Value::Null);
}

async fn activities(client: &mut Client, ears: &mut Realtime) {
    let userid = client.session.sub.clone();
    let mut made = Vec::new();
    for kcal in [json!({}), json!({ "caloriesConsumed": 650 })] {
        let mut input = json!({ "userid": userid, "category": "Food", "type": "Lunch" });
        input
            .as_object_mut()
            .unwrap()
            .extend(kcal.as_object().unwrap().clone());
        let created = client.change_and_hear(ears, "createActivity", input).await;
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
    made[0] = client.change_and_hear(ears, "updateActivity", edit).await;
    assert_eq!(made[0]["caloriesConsumed"], 120);
    let found = client.query("getActivity", json!({ "id": made[0]["id"] })).await;
    assert_eq!(found, made[0]);

    // A page of one, and the other; newest first where the list is ordered.
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
        .change_and_hear(ears, "deleteActivity", json!({ "id": id }))
        .await;
    assert_eq!(deleted, made[0]);
    assert_eq!(
        client.query("getActivity", json!({ "id": id })).await,
        Value::Null
    );
}

async fn aggregates(client: &mut Client, ears: &mut Realtime) {
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
        .change_and_hear(ears, "updateUserAggregate", input.clone())
        .await;
    assert_eq!(updated, input);
    assert_eq!(client.query("getUserAggregate", key.clone()).await, updated);
    let filter = json!({ "filter": { "date": { "eq": DATE } } });
    assert_eq!(
        client.query("listUserAggregates", filter).await,
        json!({ "items": [updated], "nextToken": null })
    );

    // Not of the workshop: but its totals are told by the workshop's subscription.
    let weigh = "mutation($d: String!) { setWeight(date: $d, weight: 70.5) {
        userid date caloriesConsumed caloriesBurned } }";
    let weighed = client.session.ask("setWeight", weigh, json!({ "d": DATE })).await;
    assert_eq!(weighed, updated);
    client.hear(ears, "onUpdateUserAggregate", &weighed).await;

    let deleted = client
        .change_and_hear(ears, "deleteUserAggregate", key.clone())
        .await;
    assert_eq!(deleted, updated);
    assert_eq!(client.query("getUserAggregate", key).await, Value::Null);
}

/// By a token whose `cognito:groups` holds `admin`, which the directive asks for; the same user without it is refused.
async fn categories(client: &mut Client, ears: &mut Realtime, world: &World) {
    let create = json!({ "input": { "category": CATEGORY, "type": ["Chess", "Go"] } });
    let document = client.interface.document("Mutation", "createActivityCategory");
    let refused = client.session.graphql(&document, create.clone()).await;
    assert_eq!(refused["errors"][0]["errorType"], "Unauthorized", "{refused}");
    join_admins(world).await;
    client.session = Session::sign_in(&world.socket, NAME, PASSWORD).await.unwrap();

    let created = client
        .change_and_hear(ears, "createActivityCategory", create["input"].clone())
        .await;
    assert_eq!(created, create["input"]);
    let update = json!({ "category": CATEGORY, "type": ["Chess"] });
    let updated = client
        .change_and_hear(ears, "updateActivityCategory", update.clone())
        .await;
    assert_eq!(updated, update);
    let key = json!({ "category": CATEGORY });
    assert_eq!(client.query("getActivityCategory", key.clone()).await, updated);
    let all = client.query("listActivityCategories", json!({})).await;
    assert_eq!(all["items"].as_array().unwrap().len(), 4, "{all}");
    let deleted = client
        .change_and_hear(ears, "deleteActivityCategory", key.clone())
        .await;
    assert_eq!(deleted, updated);
    assert_eq!(client.query("getActivityCategory", key).await, Value::Null);
}

/// Of what is suggested, category and type mean something.
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
