//! A stranger who listens hears nothing of the owner's, whatever the owner does.
//!
//! Nobody waits for silence: events come in order, so the stranger's own are awaited, and nothing may come before them. That
//! there was something to hear is told by the owner's ears.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use crate::{
    client::{Session, realtime::Realtime},
    fields::fields_of,
    world::{DATE, FREE, MEAL, World},
};

const ENTRY: &str = "id userid category type caloriesConsumed creationDateTime date name note quantity rev";
const TOTALS: &str = "userid date caloriesConsumed caloriesBurned version weight";
const PROFILE: &str = "id username height weight bmi caloriesTargetPerDay caloriesConsumed targets timeZone dayStartsAt \
     countExercise library rev";
/// A day on which nobody has entries.
const OTHER_DAY: &str = "2020-02-02";

/// A mutation: its field, the type of its input, and the input.
type Deed = (&'static str, &'static str, Value);

/// Everything that one may do with what is one's own, one after another.
fn deeds(sub: &str, old: &str, new: &str, kcal: i32, has_profile: bool) -> Vec<Deed> {
    let entry = json!({ "id": new, "userid": sub, "category": "Food", "type": "Lunch", "caloriesConsumed": kcal,
        "date": DATE, "name": format!("of {sub}") });
    let profile = json!({ "id": sub, "username": format!("u-{kcal}"), "height": 150, "weight": 50, "caloriesTargetPerDay": kcal });
    let edit = json!({ "id": new, "caloriesConsumed": kcal + 1 });
    let day = json!({ "userid": sub, "date": OTHER_DAY });
    let totals = json!({ "userid": sub, "date": OTHER_DAY, "caloriesConsumed": kcal });
    let unmake = ("deleteUser", "DeleteUserInput", json!({ "id": sub }));
    let mut deeds = vec![
        ("createActivity", "CreateActivityInput", entry),
        ("updateActivity", "UpdateActivityInput", edit),
        ("deleteActivity", "DeleteActivityInput", json!({ "id": old })),
    ];
    deeds.extend(has_profile.then(|| unmake.clone()));
    deeds.extend([
        ("createUser", "CreateUserInput", profile),
        (
            "updateUser",
            "UpdateUserInput",
            json!({ "id": sub, "weight": 51 }),
        ),
    ]);
    deeds.extend((!has_profile).then_some(unmake));
    deeds.extend([
        ("setWeight", "", json!({})),
        ("createUserAggregate", "CreateUserAggregateInput", totals.clone()),
        ("updateUserAggregate", "UpdateUserAggregateInput", totals),
        ("deleteUserAggregate", "DeleteUserAggregateInput", day),
    ]);
    deeds
}

async fn perform(user: &Session, deeds: Vec<Deed>) {
    for (field, input_type, input) in deeds {
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
        user.ask(field, &document, json!({ "input": input })).await;
    }
}

/// Every way to listen without naming an owner that would be refused.
fn ears(own: &str) -> Vec<(&'static str, String)> {
    let by_owner = [
        String::new(),
        format!("(userid: \"{own}\")"),
        "(userid: null)".to_owned(),
    ];
    let by_id = [String::new(), format!("(id: \"{own}\")"), "(id: null)".to_owned()];
    let on_day = |day: &str| [by_owner.as_slice(), &[format!("(date: \"{day}\")")]].concat();
    let mut ears = Vec::new();
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
            ears.push((
                field,
                format!("subscription {{ {field}{arguments} {{ {selected} }} }}"),
            ));
        }
    }
    ears
}

/// A user's ears, opened, and how many there are for each field.
async fn listen(user: &Session) -> (Realtime, HashMap<&'static str, usize>) {
    let mut listening = Realtime::connect(user).await;
    let mut opened = HashMap::new();
    for (field, document) in ears(&user.sub) {
        listening.subscribe(&document, json!({})).await.expect(&document);
        *opened.entry(field).or_default() += 1;
    }
    (listening, opened)
}

/// The field of an event, and its value, which is of this user.
fn own<'a>(event: &'a Value, user: &Session) -> (&'a str, &'a Value) {
    let (field, value) = event.as_object().unwrap().iter().next().unwrap();
    let owner = value.get("userid").or_else(|| value.get("id")).unwrap();
    assert_eq!(owner, &json!(user.sub), "a stranger hears {event}");
    (field, value)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_listens_to_everything_hears_only_what_is_the_strangers_own() {
    let world = World::new().await;
    let (anna, ben) = (&world.anna.session, &world.ben.session);
    let (mut of_anna, _) = listen(anna).await;
    let (mut listening, mut awaited) = listen(ben).await;
    // And by the id of the owner's entry, which a stranger may have come by.
    for field in ["onCreateActivity", "onUpdateActivity"] {
        let document = format!("subscription {{ {field}(id: \"{MEAL}\") {{ {ENTRY} }} }}");
        listening.subscribe(&document, json!({})).await.unwrap();
    }

    perform(anna, deeds(&anna.sub, MEAL, FREE, 77_777, true)).await;
    let mut unheard: BTreeSet<&str> = awaited.keys().copied().collect();
    while !unheard.is_empty() {
        let event = of_anna.event().await;
        unheard.remove(own(&event, anna).0);
    }

    let entry = "019aaf9e-5f00-7000-8000-00000000b002";
    perform(ben, deeds(&ben.sub, entry, entry, 5, false)).await;
    // Deeds may be counted together, so the number of totals is open, but not which are the last: those of the answer.
    let query = format!(
        "{{ getUserAggregate(userid: \"{}\", date: \"{DATE}\") {{ version }} }}",
        ben.sub
    );
    let last = ben.ask("getUserAggregate", &query, json!({})).await["version"].clone();

    while awaited.values().any(|count| *count > 0) {
        let event = listening.event().await;
        let (field, value) = own(&event, ben);
        let is_last = value["version"] == last && value["date"] == DATE;
        if field != "onUpdateUserAggregate" || is_last {
            let count = awaited.get_mut(field).unwrap();
            *count = count.checked_sub(1).expect("one event for each deed");
        }
    }
}

/// Whoever adds a subscription adds what keeps strangers out of it, and an ear for it here.
#[test]
fn every_subscription_to_something_that_has_an_owner_asks_who_listens() {
    let owned: BTreeSet<String> = fields_of("Subscription")
        .into_iter()
        .map(|(field, _)| field)
        .filter(|field| !field.ends_with("ActivityCategory"))
        .collect();
    let resolvers = caltrack_resolvers::Files::embedded().unwrap().resolvers;
    let code_of = |field: &str| {
        let resolver = resolvers
            .iter()
            .find(|resolver| format!("{}.{}", resolver.type_name, resolver.field) == field);
        resolver
            .map(|resolver| resolver.code.as_str())
            .unwrap_or_default()
    };
    for field in &owned {
        let code = code_of(field);
        assert!(
            code.contains("ctx.identity.sub") && code.contains("setSubscriptionFilter"),
            "{field} lets everybody listen"
        );
    }
    let heard: BTreeSet<String> = ears("")
        .iter()
        .map(|(field, _)| format!("Subscription.{field}"))
        .collect();
    assert_eq!(owned, heard);
}
