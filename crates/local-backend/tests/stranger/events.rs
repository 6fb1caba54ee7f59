//! A stranger who listens hears nothing of the owner's, whatever the owner does.
//!
//! Nobody waits for silence: events come in order, so the stranger's own are awaited, and nothing may come before them.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::{
    client::{Session, realtime::Realtime},
    world::{DATE, FREE, MEAL, World},
};

const ENTRY: &str = "id userid category type caloriesConsumed creationDateTime date name note quantity rev";
const TOTALS: &str = "userid date caloriesConsumed caloriesBurned version weight";
const PROFILE: &str = "id username height weight bmi caloriesTargetPerDay caloriesConsumed targets timeZone dayStartsAt \
     countExercise library rev";

/// What one may do, one after another: fields and inputs of mutations.
fn deeds(
    sub: &str,
    old: &str,
    new: &str,
    kcal: i32,
    create_profile: bool,
) -> Vec<(&'static str, &'static str, Value)> {
    let entry = json!({ "id": new, "userid": sub, "category": "Food", "type": "Lunch", "caloriesConsumed": kcal,
        "date": DATE, "name": format!("of {sub}") });
    let profile = json!({ "id": sub, "username": format!("u-{kcal}"), "height": 150, "weight": 50, "caloriesTargetPerDay": kcal });
    let mut deeds = vec![
        ("createActivity", "CreateActivityInput", entry),
        (
            "updateActivity",
            "UpdateActivityInput",
            json!({ "id": new, "caloriesConsumed": kcal + 1 }),
        ),
        ("deleteActivity", "DeleteActivityInput", json!({ "id": old })),
    ];
    if create_profile {
        deeds.push(("createUser", "CreateUserInput", profile));
    }
    deeds.push((
        "updateUser",
        "UpdateUserInput",
        json!({ "id": sub, "weight": 51 }),
    ));
    deeds
}

async fn perform(user: &Session, deeds: Vec<(&str, &str, Value)>) {
    for (field, input_type, input) in deeds {
        let selected = if field.ends_with("User") { PROFILE } else { ENTRY };
        let document =
            format!("mutation($input: {input_type}!) {{ {field}(input: $input) {{ {selected} }} }}");
        user.ask(field, &document, json!({ "input": input })).await;
    }
}

/// Every way to listen without naming an owner that would be refused.
fn ears(ben: &str) -> Vec<(&'static str, String)> {
    let mut ears = Vec::new();
    for (field, selected, arguments) in [
        (
            "onCreateActivity",
            ENTRY,
            vec![
                String::new(),
                format!("(userid: \"{ben}\")"),
                "(userid: null)".to_owned(),
            ],
        ),
        (
            "onUpdateActivity",
            ENTRY,
            vec![
                String::new(),
                format!("(userid: \"{ben}\")"),
                "(userid: null)".to_owned(),
            ],
        ),
        (
            "onDeleteActivity",
            ENTRY,
            vec![
                String::new(),
                format!("(userid: \"{ben}\")"),
                "(userid: null)".to_owned(),
            ],
        ),
        (
            "onUpdateUserAggregate",
            TOTALS,
            vec![
                String::new(),
                format!("(userid: \"{ben}\")"),
                "(userid: null)".to_owned(),
                format!("(date: \"{DATE}\")"),
            ],
        ),
        ("onCreateUser", PROFILE, vec![String::new()]),
        ("onUpdateUser", PROFILE, vec![String::new()]),
    ] {
        for arguments in arguments {
            ears.push((
                field,
                format!("subscription {{ {field}{arguments} {{ {selected} }} }}"),
            ));
        }
    }
    ears
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_listens_to_everything_hears_only_what_is_the_strangers_own() {
    let world = World::new().await;
    let (anna, ben) = (&world.anna.session, &world.ben.session);
    let mut listening = Realtime::connect(ben).await;
    let mut awaited: HashMap<&str, usize> = HashMap::new();
    for (field, document) in ears(&ben.sub) {
        listening.subscribe(&document, json!({})).await.expect(&document);
        *awaited.entry(field).or_default() += 1;
    }
    // And by the id of the owner's entry, which a stranger may have come by.
    for field in ["onCreateActivity", "onUpdateActivity"] {
        let document = format!("subscription {{ {field}(id: \"{MEAL}\") {{ {ENTRY} }} }}");
        listening.subscribe(&document, json!({})).await.unwrap();
    }

    perform(anna, deeds(&anna.sub, MEAL, FREE, 77_777, false)).await;
    let edit = json!({ "input": { "id": FREE, "note": "of Anna's" } });
    anna.ask(
        "updateActivity",
        "mutation($input: UpdateActivityInput!) { updateActivity(input: $input) { id userid note } }",
        edit,
    )
    .await;

    let own = "019aaf9e-5f00-7000-8000-00000000b002";
    perform(ben, deeds(&ben.sub, own, own, 5, true)).await;
    // Deeds may be counted together, so the number of totals is open, but not which are the last: those of the answer.
    let query = format!(
        "{{ getUserAggregate(userid: \"{}\", date: \"{DATE}\") {{ version }} }}",
        ben.sub
    );
    let last = ben.ask("getUserAggregate", &query, json!({})).await["version"].clone();

    while awaited.values().any(|count| *count > 0) {
        let event = listening.event().await;
        let (field, value) = event.as_object().unwrap().iter().next().unwrap();
        let owner = value.get("userid").or_else(|| value.get("id")).unwrap();
        assert_eq!(owner, &json!(ben.sub), "a stranger hears {event}");
        if field != "onUpdateUserAggregate" || value["version"] == last {
            let count = awaited.get_mut(field.as_str()).unwrap();
            *count = count.checked_sub(1).expect("one event for each deed");
        }
    }
}

/// Whoever adds a subscription adds what keeps strangers out of it.
#[test]
fn every_subscription_to_something_that_has_an_owner_asks_who_listens() {
    let manifest = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = std::fs::read_to_string(manifest.join("../../graphql/schema.graphql")).unwrap();
    let body = schema.split_once("type Subscription {").unwrap().1;
    let body = body.split_once("\n}").unwrap().0;
    let fields = body.lines().map(str::trim).filter(|line| line.starts_with("on"));
    let mut owned = 0;
    for line in fields.filter(|line| !line.ends_with(": ActivityCategory")) {
        let name = line.split(['(', ':']).next().unwrap();
        let resolver = manifest.join(format!("../../graphql/resolvers/Subscription.{name}.js"));
        let code = std::fs::read_to_string(resolver).unwrap_or_default();
        assert!(
            code.contains("ctx.identity.sub") && code.contains("setSubscriptionFilter"),
            "{name} lets everybody listen"
        );
        owned += 1;
    }
    assert!(owned >= 8, "{owned}");
}
