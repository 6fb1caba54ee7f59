//! A stranger's subscriptions receive no event of the owner's.
//!
//! Events arrive in order, so the test waits for the stranger's own events, and no other may precede them. The
//! owner's subscriptions show that there are events to receive.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use crate::{
    client::{Session, realtime::Realtime},
    fields::fields_of,
    world::{DATE, FREE, MEAL, World},
};

const ENTRY: &str = "id userid category type caloriesConsumed creationDateTime date name note quantity unit food protein \
     fat carbohydrate rev";
const TOTALS: &str =
    "userid date caloriesConsumed caloriesBurned version weight entries digest protein fat carbohydrate";
const PROFILE: &str = "id username height weight bmi caloriesTargetPerDay caloriesConsumed targets timeZone dayStartsAt \
     countExercise library rev";
/// A day without entries.
const OTHER_DAY: &str = "2020-02-02";

/// A mutation: its field, the type of its input, and the input.
type Change = (&'static str, &'static str, Value);

/// Every mutation of a user's own data, in order.
fn changes(sub: &str, old: &str, new: &str, kcal: i32, has_profile: bool) -> Vec<Change> {
    let entry = json!({ "id": new, "userid": sub, "category": "Food", "type": "Lunch", "caloriesConsumed": kcal,
        "date": DATE, "name": format!("of {sub}") });
    let profile = json!({ "id": sub, "username": format!("u-{kcal}"), "height": 150, "weight": 50, "caloriesTargetPerDay": kcal });
    let edit = json!({ "id": new, "caloriesConsumed": kcal + 1 });
    let day = json!({ "userid": sub, "date": OTHER_DAY });
    let totals = json!({ "userid": sub, "date": OTHER_DAY, "caloriesConsumed": kcal });
    let unmake = ("deleteUser", "DeleteUserInput", json!({ "id": sub }));
    let mut changes = vec![
        ("createActivity", "CreateActivityInput", entry),
        ("updateActivity", "UpdateActivityInput", edit),
        ("deleteActivity", "DeleteActivityInput", json!({ "id": old })),
    ];
    changes.extend(has_profile.then(|| unmake.clone()));
    changes.extend([
        ("createUser", "CreateUserInput", profile),
        (
            "updateUser",
            "UpdateUserInput",
            json!({ "id": sub, "weight": 51 }),
        ),
    ]);
    changes.extend((!has_profile).then_some(unmake));
    changes.extend([
        ("setWeight", "", json!({})),
        ("createUserAggregate", "CreateUserAggregateInput", totals.clone()),
        ("updateUserAggregate", "UpdateUserAggregateInput", totals),
        ("deleteUserAggregate", "DeleteUserAggregateInput", day),
    ]);
    changes
}

async fn perform(user: &Session, changes: Vec<Change>) {
    for (field, input_type, input) in changes {
        let selected = match field {
            "setWeight" => TOTALS,
            _ if field.ends_with("User") => PROFILE,
            _ if field.ends_with("Aggregate") => TOTALS,
            _ => ENTRY,
        };
        let document = match field {
            "setWeight" => {
                format!("mutation {{ setWeight(date: \"{DATE}\", weight: 52) {{ {selected} }} }}")
            }
            _ => format!("mutation($input: {input_type}!) {{ {field}(input: $input) {{ {selected} }} }}"),
        };
        user.execute(field, &document, json!({ "input": input })).await;
    }
}

/// Every subscription to a user's data whose arguments are accepted: its field and document.
fn subscriptions(own: &str) -> Vec<(&'static str, String)> {
    let by_owner = [
        String::new(),
        format!("(userid: \"{own}\")"),
        "(userid: null)".to_owned(),
    ];
    let by_id = [String::new(), format!("(id: \"{own}\")"), "(id: null)".to_owned()];
    let on_day = |day: &str| [by_owner.as_slice(), &[format!("(date: \"{day}\")")]].concat();
    let mut subscriptions = Vec::new();
    for (field, selected, arguments) in [
        ("onCreateActivity", ENTRY, by_owner.to_vec()),
        ("onUpdateActivity", ENTRY, by_owner.to_vec()),
        ("onDeleteActivity", ENTRY, by_owner.to_vec()),
        ("onUpdateUserAggregate", TOTALS, on_day(DATE)),
        ("onDeleteUserAggregate", TOTALS, on_day(OTHER_DAY)),
        ("onCreateUser", PROFILE, by_id.to_vec()),
        ("onUpdateUser", PROFILE, by_id.to_vec()),
        ("onDeleteUser", PROFILE, by_id.to_vec()),
    ] {
        for arguments in arguments {
            subscriptions.push((
                field,
                format!("subscription {{ {field}{arguments} {{ {selected} }} }}"),
            ));
        }
    }
    subscriptions
}

/// Starts all subscriptions of a user, and returns how many each field has.
async fn subscribe(user: &Session) -> (Realtime, HashMap<&'static str, usize>) {
    let mut socket = Realtime::connect(user).await;
    let mut opened = HashMap::new();
    for (field, document) in subscriptions(&user.sub) {
        socket.subscribe(&document, json!({})).await.expect(&document);
        *opened.entry(field).or_default() += 1;
    }
    (socket, opened)
}

/// The field and the value of an event. Panics if it is not the user's own.
fn own<'a>(event: &'a Value, user: &Session) -> (&'a str, &'a Value) {
    let (field, value) = event.as_object().unwrap().iter().next().unwrap();
    let owner = value.get("userid").or_else(|| value.get("id")).unwrap();
    assert_eq!(owner, &json!(user.sub), "a user receives {event} of another");
    (field, value)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_subscribes_to_everything_receives_only_own_events() {
    let world = World::new().await;
    let (anna, ben) = (&world.anna.session, &world.ben.session);
    let (mut of_anna, _) = subscribe(anna).await;
    let (mut socket, mut awaited) = subscribe(ben).await;
    // Also by the id of the owner's entry, which a stranger may know.
    for field in ["onCreateActivity", "onUpdateActivity"] {
        let document = format!("subscription {{ {field}(id: \"{MEAL}\") {{ {ENTRY} }} }}");
        socket.subscribe(&document, json!({})).await.unwrap();
    }

    perform(anna, changes(&anna.sub, MEAL, FREE, 77_777, true)).await;
    let mut outstanding: BTreeSet<&str> = awaited.keys().copied().collect();
    while !outstanding.is_empty() {
        let event = of_anna.event().await;
        outstanding.remove(own(&event, anna).0);
    }

    let entry = "019aaf9e-5f00-7000-8000-00000000b002";
    perform(ben, changes(&ben.sub, entry, entry, 5, false)).await;
    // The aggregator may batch changes, so the number of totals is open. The last totals have the version of
    // this response.
    let query = format!(
        "{{ getUserAggregate(userid: \"{}\", date: \"{DATE}\") {{ version }} }}",
        ben.sub
    );
    let last = ben.execute("getUserAggregate", &query, json!({})).await["version"].clone();

    while awaited.values().any(|count| *count > 0) {
        let event = socket.event().await;
        let (field, value) = own(&event, ben);
        let is_last = value["version"] == last && value["date"] == DATE;
        if field != "onUpdateUserAggregate" || is_last {
            let count = awaited.get_mut(field).unwrap();
            *count = count.checked_sub(1).expect("one event for each change");
        }
    }
}

/// A new subscription needs a filter by caller, and a row in [`subscriptions`].
#[test]
fn every_subscription_to_owned_data_is_filtered_by_its_caller() {
    let owned: BTreeSet<String> = fields_of("Subscription")
        .into_iter()
        .map(|(field, _)| field)
        .filter(|field| !field.ends_with("ActivityCategory"))
        .collect();
    let resolvers = caltrack_resolvers::Files::embedded().resolvers;
    let code_of = |field: &str| {
        let resolver = resolvers
            .iter()
            .find(|resolver| format!("{}.{}", resolver.type_name, resolver.field) == field);
        resolver
            .map(|resolver| resolver.code.as_ref())
            .unwrap_or_default()
    };
    for field in &owned {
        let code = code_of(field);
        assert!(
            code.contains("{eq:ownerOf(ctx)}") && code.contains("setSubscriptionFilter"),
            "{field} is open to every caller"
        );
    }
    let covered: BTreeSet<String> = subscriptions("")
        .iter()
        .map(|(field, _)| format!("Subscription.{field}"))
        .collect();
    assert_eq!(owned, covered);
}
