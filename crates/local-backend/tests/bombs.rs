//! Small requests for much work: each is rejected with its reason and little work, and the box continues to serve.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod client;
#[path = "client/the_box.rs"]
#[expect(dead_code, reason = "no box is restarted here")]
mod the_box;

use std::fmt::Write as _;

use client::{Session, cognito, post, realtime::Realtime};
use serde_json::{Value, json};
use the_box::{PASSWORD, TheBox};

struct World {
    the_box: TheBox,
    user: Session,
}

impl World {
    async fn new() -> Self {
        let the_box = TheBox::start().await;
        the_box.sign_up("anna").await;
        let user = Session::sign_in(&the_box.socket, "anna", PASSWORD).await.unwrap();
        Self { the_box, user }
    }

    async fn request(&self, query: &str, variables: Value) -> (u16, Value) {
        let headers = [
            ("content-type", "application/json"),
            ("authorization", self.user.token.as_str()),
        ];
        let body = json!({ "query": query, "variables": variables });
        post(&self.the_box.socket, "/graphql", &headers, &body).await
    }

    /// The message of the error that rejects the request.
    async fn rejection(&self, query: &str, variables: Value) -> String {
        let (status, response) = self.request(query, variables).await;
        let text = response.to_string();
        assert!(text.len() < 200_000, "{} bytes for an error", text.len());
        assert!(status == 200 || status == 400, "{status}: {text}");
        assert_eq!(
            response.get("data").unwrap_or(&Value::Null),
            &Value::Null,
            "{text}"
        );
        response["errors"][0]["message"].as_str().expect(&text).to_owned()
    }

    async fn assert_works(&self) {
        let mut socket = Realtime::connect(&self.user).await;
        socket
            .subscribe("subscription { onCreateActivity { id } }", json!({}))
            .await
            .unwrap();
        let create = "mutation($i: CreateActivityInput!) { createActivity(input: $i) { id userid } }";
        let input = json!({ "i": { "userid": self.user.sub, "category": "Food", "type": "Lunch" } });
        let created = self.user.execute("createActivity", create, input).await;
        assert_eq!(socket.event().await["onCreateActivity"]["id"], created["id"]);
        let jwt = json!({ "AccessToken": "x" });
        cognito(&self.the_box.socket, "GetUser", jwt).await.unwrap_err();
    }
}

/// `{ a0: <field> a1: <field> … }`
fn aliases(operation: &str, number: usize, field: &str) -> String {
    let mut query = format!("{operation} {{");
    for n in 0..number {
        write!(query, " a{n}: {field}").unwrap();
    }
    query + " }"
}

/// `F0` spreads `F1` twice, `F1` spreads `F2` twice and so on: 2^`levels` leaves in a few hundred bytes.
fn doublings(ty: &str, levels: usize, leaf: &str) -> String {
    let mut query = String::new();
    for n in 0..levels {
        write!(query, " fragment F{n} on {ty} {{ ...F{0} ...F{0} }}", n + 1).unwrap();
    }
    write!(query, " fragment F{levels} on {ty} {{ {leaf} }}").unwrap();
    query
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_fields_are_rejected_and_at_most_a_hundred_resolvers_run() {
    let world = World::new().await;
    for query in [
        aliases("query", 10_000, "getActivity(id: \"x\") { id }"),
        aliases(
            "query",
            10_000,
            "listActivityCategories { items { category type } }",
        ),
        aliases("mutation", 10_000, "deleteActivity(input: { id: \"x\" }) { id }"),
        aliases("query", 20_000, "__typename"),
        format!("query {{ getUser(id: \"x\") {{ {} }} }}", "id ".repeat(40_000)),
        format!("query {{ {} }}", "nothing ".repeat(40_000)),
    ] {
        let rejection = world.rejection(&query, json!({})).await;
        assert!(rejection.contains("tokens"), "{rejection}");
    }
    // A hundred fields all run: a client may have a long list to send.
    let (status, response) = world
        .request(&aliases("query", 100, "getActivity(id: \"x\") { id }"), json!({}))
        .await;
    assert_eq!((status, response.get("errors")), (200, None));
    assert_eq!(response["data"].as_object().unwrap().len(), 100);
    // Of five hundred, the first hundred run, as in the deployed API.
    let create = format!(
        "createActivity(input: {{ userid: \"{}\", category: \"Food\", type: \"Lunch\" }}) {{ id }}",
        world.user.sub
    );
    let (status, response) = world.request(&aliases("mutation", 500, &create), json!({})).await;
    assert_eq!(status, 200);
    let data = response["data"].as_object().unwrap();
    assert_eq!(data.len(), 500);
    assert!(
        (0..500).all(|n| data[&format!("a{n}")].is_object() == (n < 100)),
        "{response}"
    );
    let errors = response["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 400);
    assert!(
        errors
            .iter()
            .all(|error| error["errorType"] == "ResolverExecutionLimitReached")
    );
    let all = "{ listActivitiesOrdered(userid: \"ME\", limit: 1000) { items { id } } }";
    let kept = world
        .request(&all.replace("ME", &world.user.sub), json!({}))
        .await
        .1;
    let kept = kept["data"]["listActivitiesOrdered"]["items"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(kept, 100);
    world.assert_works().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fragments_that_double_at_each_level_are_rejected() {
    let world = World::new().await;
    for (query, fragments) in [
        (
            "{ getActivity(id: \"x\") { ...F0 } }",
            doublings("Activity", 60, "id"),
        ),
        (
            "mutation { deleteActivity(input: { id: \"x\" }) { ...F0 } }",
            doublings("Activity", 60, "id userid"),
        ),
        (
            "{ ...F0 }",
            doublings("Query", 60, "getActivity(id: \"x\") { id }"),
        ),
        (
            "{ __schema { types { ...F0 } } }",
            doublings("__Type", 60, "name"),
        ),
    ] {
        let rejection = world.rejection(&format!("{query}{fragments}"), json!({})).await;
        assert!(rejection.contains("fields"), "{rejection}");
    }
    let subscription = format!(
        "subscription {{ onCreateActivity {{ ...F0 }} }}{}",
        doublings("Activity", 60, "id")
    );
    let mut socket = Realtime::connect(&world.user).await;
    let rejection = socket.subscribe(&subscription, json!({})).await.unwrap_err();
    assert!(rejection.to_string().contains("fields"), "{rejection}");
    world.assert_works().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cycles_and_long_chains_of_fragments_are_rejected() {
    let world = World::new().await;
    let circle =
        "{ getActivity(id: \"x\") { ...A } } fragment A on Activity { ...B } fragment B on Activity { ...A }";
    world.rejection(circle, json!({})).await;
    let itself = "{ getActivity(id: \"x\") { ...A } } fragment A on Activity { id ...A }";
    world.rejection(itself, json!({})).await;
    let mut chain = "{ getActivity(id: \"x\") { ...F0 } }".to_owned();
    for n in 0..1_000 {
        write!(chain, " fragment F{n} on Activity {{ ...F{} }}", n + 1).unwrap();
    }
    chain += " fragment F1000 on Activity { id }";
    world.rejection(&chain, json!({})).await;
    // Each of these fragments is shallow by itself.
    let mut tower = "{ getActivity(id: \"x\") { ...F0 } }".to_owned();
    for n in 0..30 {
        let (open, close) = ("... { ".repeat(90), " }".repeat(90));
        write!(
            tower,
            " fragment F{n} on Activity {{ {open} ...F{} {close} }}",
            n + 1
        )
        .unwrap();
    }
    tower += " fragment F30 on Activity { id }";
    let rejection = world.rejection(&tower, json!({})).await;
    assert!(rejection.contains("levels"), "{rejection}");
    world.assert_works().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deep_nesting_is_rejected() {
    let world = World::new().await;
    for depth in [40, 75, 90, 99, 490, 2_000, 20_000] {
        let inline = format!("{{ {}__typename{} }}", "... { ".repeat(depth), " }".repeat(depth));
        let (_, response) = world.request(&inline, json!({})).await;
        if depth < 95 {
            assert_eq!(response, json!({ "data": { "__typename": "Query" } }));
        } else if depth > 100 {
            let message = response["errors"][0]["message"].as_str().unwrap();
            assert!(
                message.contains("levels") || message.contains("tokens"),
                "{message}"
            );
        }
        for (open, close) in [("[", "]"), ("{ a: ", " }")] {
            let value = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            world
                .rejection(&format!("{{ getUser(id: {value}) {{ id }} }}"), json!({}))
                .await;
            // A custom scalar accepts any literal.
            let input = format!("{{ id: \"x\", targets: {value} }}");
            let (status, response) = world
                .request(
                    &format!("mutation {{ updateUser(input: {input}) {{ id }} }}"),
                    json!({}),
                )
                .await;
            assert!(status == 400 || response["errors"].is_array(), "{response}");
        }
        let ty = format!(
            "query($x: {}Int{}) {{ __typename }}",
            "[".repeat(depth),
            "]".repeat(depth)
        );
        world.rejection(&ty, json!({})).await;
    }
    world.assert_works().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nested_introspection_is_rejected_and_the_query_of_tools_is_executed() {
    let world = World::new().await;
    let nested = |levels: usize| {
        format!(
            "{{ __schema {{ types {{ {}name{} }} }} }}",
            "fields { type { ".repeat(levels),
            " } }".repeat(levels)
        )
    };
    world.rejection(&nested(2), json!({})).await;
    world.rejection(&nested(12), json!({})).await;
    let types = aliases("query", 100, "__schema { types { name } }");
    world.rejection(&types, json!({})).await;
    let types = format!("{{ __schema {} }}", aliases("", 100, "types { name }"));
    world.rejection(&types, json!({})).await;
    let (status, response) = world.request(INTROSPECTION, json!({})).await;
    assert_eq!(
        (status, response.get("errors")),
        (200, None),
        "the introspection query of tools is executed"
    );
    world.assert_works().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_variable_used_many_times_is_rejected() {
    let world = World::new().await;
    let note = "x".repeat(900_000);
    let create = format!(
        "mutation($i: CreateActivityInput!) {}",
        aliases("", 500, "createActivity(input: $i) { id }")
    );
    let input =
        json!({ "i": { "userid": world.user.sub, "category": "Food", "type": "Lunch", "note": note } });
    let rejection = world.rejection(&create, input).await;
    assert!(rejection.contains("variables"), "{rejection}");

    let numbers: Vec<u32> = vec![1; 400_000];
    let list = format!(
        "query($n: [Int]) {}",
        aliases(
            "",
            500,
            "listActivities(filter: { caloriesConsumed: { between: $n } }) { nextToken }"
        )
    );
    let rejection = world.rejection(&list, json!({ "n": numbers })).await;
    assert!(rejection.contains("variables"), "{rejection}");

    let many = "$x ".repeat(5_000);
    let one =
        format!("mutation($x: String) {{ updateUser(input: {{ id: \"x\", targets: [{many}] }}) {{ id }} }}");
    let (_, response) = world.request(&one, json!({ "x": note })).await;
    assert!(response["errors"].is_array());

    // Used once, a variable may fill the whole request.
    let create = "mutation($i: CreateActivityInput!) { createActivity(input: $i) { id } }";
    let input =
        json!({ "i": { "userid": world.user.sub, "category": "Food", "type": "Lunch", "note": note } });
    let (_, response) = world.request(create, input).await;
    assert_eq!(
        response["errors"][0]["errorType"], "BadRequest",
        "the resolver rejects the note"
    );
    world.assert_works().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_most_a_hundred_errors_are_reported() {
    let world = World::new().await;
    let query = format!("{{ getUser(id: \"x\") {{ {} }} }}", "nothing ".repeat(5_000));
    let (_, response) = world.request(&query, json!({})).await;
    let reported = response["errors"].as_array().unwrap().len();
    assert!((1..=100).contains(&reported), "{reported}");
    let long = "x".repeat(500_000);
    let query = format!("{{ getUser(id: {{ a: [\"{long}\"] }}) {{ id }} }}");
    world.rejection(&query, json!({})).await;
    world
        .rejection(
            "query($n: Int) { listActivityCategories(limit: $n) { nextToken } }",
            json!({ "n": long }),
        )
        .await;
    let conflicts = (0..1_000).fold(String::new(), |mut query, n| {
        write!(query, " a: getUser(id: \"{n}\") {{ id }}").unwrap();
        query
    });
    let (_, response) = world.request(&format!("{{ {conflicts} }}"), json!({})).await;
    let reported = response["errors"].as_array().unwrap().len();
    assert!((1..=100).contains(&reported), "{reported}");
    world.assert_works().await;
}

/// The introspection query of graphql-js, which tools send.
const INTROSPECTION: &str = "
query IntrospectionQuery {
  __schema {
    queryType { name } mutationType { name } subscriptionType { name }
    types { ...FullType }
    directives { name description locations args { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description
  fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
  inputFields { ...InputValue }
  interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
fragment TypeRef on __Type {
  kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
    ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
}";
