//! The box's whole loop on a socket file: sign up, confirm, sign in by SRP, log, receive the totals, restart.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a test fails by panicking"
)]

mod client;
#[path = "client/the_box.rs"]
mod the_box;

use client::{Session, realtime::Realtime};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use the_box::{PASSWORD, TheBox};

const CREATE: &str = concat!(
    include_str!("../../../graphql/operations/CreateActivity.graphql"),
    include_str!("../../../graphql/operations/fragments/Entry.graphql"),
);
const UPDATE: &str = concat!(
    include_str!("../../../graphql/operations/UpdateActivity.graphql"),
    include_str!("../../../graphql/operations/fragments/Entry.graphql"),
);
const DELETE: &str = concat!(
    include_str!("../../../graphql/operations/DeleteActivity.graphql"),
    include_str!("../../../graphql/operations/fragments/Entry.graphql"),
);
const DAY: &str = concat!(
    include_str!("../../../graphql/operations/Day.graphql"),
    include_str!("../../../graphql/operations/fragments/Entry.graphql"),
    include_str!("../../../graphql/operations/fragments/Totals.graphql"),
);
const CATEGORIES: &str = include_str!("../../../graphql/operations/ListActivityCategories.graphql");
const ON_CREATE: &str = concat!(
    include_str!("../../../graphql/operations/OnCreateActivity.graphql"),
    include_str!("../../../graphql/operations/fragments/Entry.graphql"),
);
const ON_TOTALS: &str = concat!(
    include_str!("../../../graphql/operations/OnUpdateUserAggregate.graphql"),
    include_str!("../../../graphql/operations/fragments/Totals.graphql"),
);

const DATE: &str = "2026-11-23";

async fn user(the_box: &TheBox, name: &str) -> Session {
    the_box.sign_up(name).await;
    Session::sign_in(&the_box.socket, name, PASSWORD).await.unwrap()
}

fn entry(session: &Session, id: &str, category: &str, kind: &str, kcal: u32) -> Value {
    json!({ "input": {
        "id": id, "userid": session.sub, "category": category, "type": kind, "caloriesConsumed": kcal,
        "creationDateTime": "2026-11-23T12:30:00.000Z", "date": DATE,
    }})
}

async fn day(session: &Session, of: &str) -> Value {
    let response = session
        .graphql(DAY, json!({ "date": DATE, "userid": of, "limit": 100 }))
        .await;
    assert_eq!(response.get("errors"), None, "{response}");
    response["data"].clone()
}

fn totals(row: &Value) -> [Option<i64>; 3] {
    ["caloriesConsumed", "caloriesBurned", "version"].map(|name| row[name].as_i64())
}

/// The digest of listed entries, by its definition.
fn digest(entries: &Value) -> u64 {
    let part = |entry: &Value| {
        let text = format!("{}:{}", entry["id"].as_str().unwrap(), entry["rev"]);
        let hash = Sha256::digest(text);
        u64::from(u32::from_be_bytes(hash[..4].try_into().unwrap()))
    };
    entries.as_array().unwrap().iter().map(part).sum()
}

/// Its first entry follows a weight: the day can be verified at once and after every change.
#[tokio::test(flavor = "multi_thread")]
async fn the_totals_of_a_day_prove_its_list_and_grams_are_exact() {
    let the_box = TheBox::start().await;
    let user = user(&the_box, "anna").await;
    let assert_proven = async |entries: u64, protein: f64| {
        let day = day(&user, &user.sub).await;
        let (list, totals) = (&day["listActivitiesByDate"]["items"], &day["getUserAggregate"]);
        assert_eq!(list.as_array().unwrap().len() as u64, entries);
        assert_eq!(totals["entries"], entries, "{totals}");
        assert_eq!(totals["digest"].as_f64(), Some(digest(list) as f64), "{totals}");
        assert_eq!(totals["protein"].as_f64(), Some(protein), "{totals}");
    };
    let weight =
        format!("mutation {{ setWeight(date: \"{DATE}\", weight: 70.5) {{ userid date weight version }} }}");
    user.execute("setWeight", &weight, json!({})).await;
    assert_proven(0, 0.0).await;
    let id = |n: u32| format!("019aaf9e-5f00-7000-8000-{n:012}");
    for n in 1..=10 {
        let mut tea = entry(&user, &id(n), "Drink", "Tea", 0);
        tea["input"]["protein"] = json!(0.1);
        user.execute("createActivity", CREATE, tea).await;
    }
    assert_proven(10, 1.0).await;
    user.execute(
        "createActivity",
        CREATE,
        entry(&user, &id(11), "Sleep", "Nap", 90),
    )
    .await;
    assert_proven(11, 1.0).await;
    let edits = [
        (json!({ "id": id(1), "name": "green" }), 11, 1.0),
        (json!({ "id": id(2), "protein": 12.3 }), 11, 13.2),
        (json!({ "id": id(3), "date": "2026-11-22" }), 10, 13.1),
        (
            json!({ "id": id(11), "category": "Food", "protein": 0.4 }),
            10,
            13.5,
        ),
    ];
    for (edit, entries, protein) in edits {
        user.execute("updateActivity", UPDATE, json!({ "input": edit }))
            .await;
        assert_proven(entries, protein).await;
    }
    user.execute("setWeight", &weight, json!({})).await;
    user.execute(
        "deleteActivity",
        DELETE,
        json!({ "input": { "id": id(2), "expectedRev": 2 } }),
    )
    .await;
    assert_proven(9, 1.2).await;
}

const LUNCH: &str = "019aaf9e-5f00-7000-8000-000000000001";
const RUN: &str = "019aaf9e-5f00-7000-8000-000000000002";

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_updates_the_totals_of_subscribers_and_survives_a_restart() {
    let the_box = TheBox::start().await;
    let user = user(&the_box, "anna").await;
    let mut realtime = Realtime::connect(&user).await;
    let of_the_user = json!({ "userid": user.sub });
    realtime.subscribe(ON_CREATE, of_the_user.clone()).await.unwrap();
    realtime.subscribe(ON_TOTALS, of_the_user).await.unwrap();

    let created = user
        .execute(
            "createActivity",
            CREATE,
            entry(&user, LUNCH, "Food", "Lunch", 650),
        )
        .await;
    assert_eq!(
        (&created["caloriesConsumed"], &created["rev"]),
        (&json!(650), &json!(1))
    );

    // The next response has the acknowledged write, without waiting for the events.
    let now = day(&user, &user.sub).await;
    assert_eq!(totals(&now["getUserAggregate"]), [Some(650), Some(0), Some(1)]);
    assert_eq!(now["listActivitiesByDate"]["items"], json!([created]));

    let mut events = [realtime.event().await, realtime.event().await];
    events.sort_by_key(|event| event.get("onCreateActivity").is_none());
    assert_eq!(events[0]["onCreateActivity"], created);
    assert_eq!(events[1]["onUpdateUserAggregate"], now["getUserAggregate"]);

    user.execute(
        "createActivity",
        CREATE,
        entry(&user, RUN, "Exercise", "Run", 300),
    )
    .await;
    let patch = json!({ "input": { "id": LUNCH, "caloriesConsumed": 700, "expectedRev": 1 } });
    assert_eq!(user.execute("updateActivity", UPDATE, patch).await["rev"], 2);
    let before = day(&user, &user.sub).await;
    assert_eq!(
        totals(&before["getUserAggregate"]),
        [Some(700), Some(300), Some(3)]
    );

    let the_box = the_box.restarted().await;
    let user = Session::sign_in(&the_box.socket, "anna", PASSWORD).await.unwrap();
    assert_eq!(day(&user, &user.sub).await, before);

    user.execute("deleteActivity", DELETE, json!({ "input": { "id": RUN } }))
        .await;
    let after = day(&user, &user.sub).await;
    assert_eq!(totals(&after["getUserAggregate"]), [Some(700), Some(0), Some(4)]);
    assert_eq!(
        after["listActivitiesByDate"]["items"].as_array().unwrap().len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replayed_create_counts_once_after_an_edit_and_not_at_all_after_a_delete() {
    let the_box = TheBox::start().await;
    let user = user(&the_box, "anna").await;
    let create = entry(&user, LUNCH, "Food", "Lunch", 650);
    user.execute("createActivity", CREATE, create.clone()).await;
    let patch = json!({ "input": { "id": LUNCH, "caloriesConsumed": 700 } });
    let edited = user.execute("updateActivity", UPDATE, patch).await;
    assert_eq!(
        user.execute("createActivity", CREATE, create.clone()).await,
        edited
    );
    assert_eq!(
        totals(&day(&user, &user.sub).await["getUserAggregate"]),
        [Some(700), Some(0), Some(2)]
    );

    user.execute("deleteActivity", DELETE, json!({ "input": { "id": LUNCH } }))
        .await;
    let replayed = user.graphql(CREATE, create).await;
    assert_eq!(replayed["errors"][0]["errorType"], "Deleted", "{replayed}");
    let empty = day(&user, &user.sub).await;
    assert_eq!(totals(&empty["getUserAggregate"]), [Some(0), Some(0), Some(3)]);
    assert_eq!(empty["listActivitiesByDate"]["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_user_receives_nothing_of_the_first() {
    let the_box = TheBox::start().await;
    let (anna, ben) = (user(&the_box, "anna").await, user(&the_box, "ben").await);
    let mut subscriber = Realtime::connect(&ben).await;
    let own = json!({ "userid": ben.sub });
    subscriber.subscribe(ON_CREATE, own.clone()).await.unwrap();
    subscriber.subscribe(ON_TOTALS, own).await.unwrap();
    let foreign = subscriber
        .subscribe(ON_CREATE, json!({ "userid": anna.sub }))
        .await;
    assert!(
        foreign.is_err(),
        "a subscription to another user's events was accepted"
    );

    let secret = "annas-secret";
    let mut create = entry(&anna, LUNCH, "Food", "Lunch", 650);
    create["input"]["name"] = json!(secret);
    anna.execute("createActivity", CREATE, create).await;

    for response in [
        ben.graphql(DAY, json!({ "date": DATE, "userid": anna.sub, "limit": 100 }))
            .await,
        ben.graphql(UPDATE, json!({ "input": { "id": LUNCH, "caloriesConsumed": 1 } }))
            .await,
        ben.graphql(DELETE, json!({ "input": { "id": LUNCH } })).await,
        ben.graphql(CREATE, entry(&ben, LUNCH, "Food", "Lunch", 1)).await,
        ben.graphql(CREATE, entry(&anna, RUN, "Food", "Lunch", 1)).await,
    ] {
        assert!(response["errors"].is_array(), "{response}");
        let text = response.to_string();
        assert!(!text.contains(secret) && !text.contains("650"), "{response}");
    }
    let untouched = day(&anna, &anna.sub).await;
    assert_eq!(
        totals(&untouched["getUserAggregate"]),
        [Some(650), Some(0), Some(1)]
    );
    assert_eq!(untouched["listActivitiesByDate"]["items"][0]["name"], secret);

    // Ben's own entry is the first event that he receives.
    let created = ben
        .execute("createActivity", CREATE, entry(&ben, RUN, "Exercise", "Run", 5))
        .await;
    let mut events = [subscriber.event().await, subscriber.event().await];
    events.sort_by_key(|event| event.get("onCreateActivity").is_none());
    assert_eq!(events[0]["onCreateActivity"], created);
    assert_eq!(events[1]["onUpdateUserAggregate"]["caloriesBurned"], 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_box_offers_the_three_categories() {
    let the_box = TheBox::start().await;
    let user = user(&the_box, "anna").await;
    let listed = user
        .execute("listActivityCategories", CATEGORIES, json!({}))
        .await;
    let mut names: Vec<_> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|category| category["category"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["Drink", "Exercise", "Food"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_a_tampered_token_are_rejected() {
    let the_box = TheBox::start().await;
    let mut user = user(&the_box, "anna").await;
    let refused = Session::sign_in(&the_box.socket, "anna", "Wrong-Horse-7!")
        .await
        .unwrap_err();
    assert!(
        refused["__type"]
            .as_str()
            .unwrap()
            .contains("NotAuthorizedException"),
        "{refused}"
    );

    // The last character carries unused bits: one in the middle of the signature is changed.
    let signature = user.token.rfind('.').unwrap() + 20;
    let other = if &user.token[signature..=signature] == "A" {
        "B"
    } else {
        "A"
    };
    user.token.replace_range(signature..=signature, other);
    let headers = [
        ("content-type", "application/json"),
        ("authorization", user.token.as_str()),
    ];
    for headers in [&headers[..], &headers[..1]] {
        let (status, response) = client::post(
            &the_box.socket,
            "/graphql",
            headers,
            &json!({ "query": CATEGORIES }),
        )
        .await;
        assert_eq!(status, 401, "{response}");
        assert_eq!(
            response["errors"][0]["errorType"], "UnauthorizedException",
            "{response}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_token_is_valid_after_a_restart_and_invalid_in_another_directory() {
    let the_box = TheBox::start().await;
    let mut user = user(&the_box, "anna").await;
    for (id, kind) in [(LUNCH, "Food"), (RUN, "Exercise")] {
        user.execute("createActivity", CREATE, entry(&user, id, kind, "x", 100))
            .await;
    }
    let query = "query($date: String, $token: String) {
        listActivitiesByDate(date: $date, limit: 1, nextToken: $token) { items { id } nextToken } }";
    let page = async |session: &Session, token: &Value| {
        let variables = json!({ "date": DATE, "token": token });
        session.graphql(query, variables).await
    };
    let first = page(&user, &Value::Null).await["data"]["listActivitiesByDate"].clone();
    let token = &first["nextToken"];
    assert!(token.is_string(), "{first}");

    let the_box = the_box.restarted().await;
    user.socket.clone_from(&the_box.socket);
    let second = page(&user, token).await;
    let mut ids =
        [&first, &second["data"]["listActivitiesByDate"]].map(|page| page["items"][0]["id"].clone());
    ids.sort_by_key(Value::to_string);
    assert_eq!(ids, [json!(LUNCH), json!(RUN)], "{second}");

    // Another directory has another user and another secret.
    let other = TheBox::start().await;
    let stranger = self::user(&other, "anna").await;
    let refused = page(&stranger, token).await;
    assert_eq!(
        refused["errors"][0]["errorType"], "DynamoDB:UserIllegalArgumentException",
        "{refused}"
    );
}
