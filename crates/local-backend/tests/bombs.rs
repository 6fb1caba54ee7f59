//! Small requests that ask for much: each ends in an error that says why, with little work, and the box goes on.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod client;
#[path = "client/the_box.rs"]
#[expect(dead_code, reason = "no box is started again here")]
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

    async fn ask(&self, query: &str, variables: Value) -> (u16, Value) {
        let headers = [
            ("content-type", "application/json"),
            ("authorization", self.user.token.as_str()),
        ];
        let body = json!({ "query": query, "variables": variables });
        post(&self.the_box.socket, "/graphql", &headers, &body).await
    }

    /// The one error's message.
    async fn refused(&self, query: &str, variables: Value) -> String {
        let (status, answer) = self.ask(query, variables).await;
        let text = answer.to_string();
        assert!(text.len() < 200_000, "{} bytes for a refusal", text.len());
        assert!(status == 200 || status == 400, "{status}: {text}");
        assert_eq!(answer.get("data").unwrap_or(&Value::Null), &Value::Null, "{text}");
        answer["errors"][0]["message"].as_str().expect(&text).to_owned()
    }

    async fn is_well(&self) {
        let mut socket = Realtime::connect(&self.user).await;
        socket
            .subscribe("subscription { onCreateActivity { id } }", json!({}))
            .await
            .unwrap();
        let create = "mutation($i: CreateActivityInput!) { createActivity(input: $i) { id userid } }";
        let input = json!({ "i": { "userid": self.user.sub, "category": "Food", "type": "Lunch" } });
        let created = self.user.ask("createActivity", create, input).await;
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

/// `F0` spreads `F1` twice, and so on: two to the power of `levels` in a few hundred bytes.
fn doublings(ty: &str, levels: usize, leaf: &str) -> String {
    let mut query = String::new();
    for n in 0..levels {
        write!(query, " fragment F{n} on {ty} {{ ...F{0} ...F{0} }}", n + 1).unwrap();
    }
    write!(query, " fragment F{levels} on {ty} {{ {leaf} }}").unwrap();
    query
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_under_ten_thousand_names() {
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
        let refused = world.refused(&query, json!({})).await;
        assert!(refused.contains("tokens"), "{refused}");
    }
    // Many, but not too many: what a client with a long list to send may do.
    let (status, answer) = world
        .ask(&aliases("query", 100, "getActivity(id: \"x\") { id }"), json!({}))
        .await;
    assert_eq!((status, answer.get("errors")), (200, None));
    assert_eq!(answer["data"].as_object().unwrap().len(), 100);
    // Of more, the first hundred are executed, as the deployed API does.
    let create = format!(
        "createActivity(input: {{ userid: \"{}\", category: \"Food\", type: \"Lunch\" }}) {{ id }}",
        world.user.sub
    );
    let (status, answer) = world.ask(&aliases("mutation", 500, &create), json!({})).await;
    assert_eq!(status, 200);
    let data = answer["data"].as_object().unwrap();
    assert_eq!(data.len(), 500);
    assert!(
        (0..500).all(|n| data[&format!("a{n}")].is_object() == (n < 100)),
        "{answer}"
    );
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 400);
    assert!(
        errors
            .iter()
            .all(|error| error["errorType"] == "ResolverExecutionLimitReached")
    );
    let all = "{ listActivitiesOrdered(userid: \"ME\", limit: 1000) { items { id } } }";
    let kept = world.ask(&all.replace("ME", &world.user.sub), json!({})).await.1;
    let kept = kept["data"]["listActivitiesOrdered"]["items"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(kept, 100);
    world.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fragments_that_double_and_double() {
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
        let refused = world.refused(&format!("{query}{fragments}"), json!({})).await;
        assert!(refused.contains("fields"), "{refused}");
    }
    let subscription = format!(
        "subscription {{ onCreateActivity {{ ...F0 }} }}{}",
        doublings("Activity", 60, "id")
    );
    let mut socket = Realtime::connect(&world.user).await;
    let refused = socket.subscribe(&subscription, json!({})).await.unwrap_err();
    assert!(refused.to_string().contains("fields"), "{refused}");
    world.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fragments_in_a_circle_and_without_end() {
    let world = World::new().await;
    let circle =
        "{ getActivity(id: \"x\") { ...A } } fragment A on Activity { ...B } fragment B on Activity { ...A }";
    world.refused(circle, json!({})).await;
    let itself = "{ getActivity(id: \"x\") { ...A } } fragment A on Activity { id ...A }";
    world.refused(itself, json!({})).await;
    let mut chain = "{ getActivity(id: \"x\") { ...F0 } }".to_owned();
    for n in 0..1_000 {
        write!(chain, " fragment F{n} on Activity {{ ...F{} }}", n + 1).unwrap();
    }
    chain += " fragment F1000 on Activity { id }";
    world.refused(&chain, json!({})).await;
    // None of these is deep by itself.
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
    let refused = world.refused(&tower, json!({})).await;
    assert!(refused.contains("levels"), "{refused}");
    world.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn depth_without_end() {
    let world = World::new().await;
    for depth in [40, 75, 90, 99, 490, 2_000, 20_000] {
        let inline = format!("{{ {}__typename{} }}", "... { ".repeat(depth), " }".repeat(depth));
        let (_, answer) = world.ask(&inline, json!({})).await;
        if depth < 95 {
            assert_eq!(answer, json!({ "data": { "__typename": "Query" } }));
        } else if depth > 100 {
            let told = answer["errors"][0]["message"].as_str().unwrap();
            assert!(told.contains("levels") || told.contains("tokens"), "{told}");
        }
        for (open, close) in [("[", "]"), ("{ a: ", " }")] {
            let value = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            world
                .refused(&format!("{{ getUser(id: {value}) {{ id }} }}"), json!({}))
                .await;
            // A scalar of one's own kind takes any literal.
            let input = format!("{{ id: \"x\", targets: {value} }}");
            let (status, answer) = world
                .ask(
                    &format!("mutation {{ updateUser(input: {input}) {{ id }} }}"),
                    json!({}),
                )
                .await;
            assert!(status == 400 || answer["errors"].is_array(), "{answer}");
        }
        let ty = format!(
            "query($x: {}Int{}) {{ __typename }}",
            "[".repeat(depth),
            "]".repeat(depth)
        );
        world.refused(&ty, json!({})).await;
    }
    world.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_about_the_types_of_the_types() {
    let world = World::new().await;
    let nested = |levels: usize| {
        format!(
            "{{ __schema {{ types {{ {}name{} }} }} }}",
            "fields { type { ".repeat(levels),
            " } }".repeat(levels)
        )
    };
    world.refused(&nested(2), json!({})).await;
    world.refused(&nested(12), json!({})).await;
    let types = aliases("query", 100, "__schema { types { name } }");
    world.refused(&types, json!({})).await;
    let types = format!("{{ __schema {} }}", aliases("", 100, "types { name }"));
    world.refused(&types, json!({})).await;
    let (status, answer) = world.ask(INTROSPECTION, json!({})).await;
    assert_eq!(
        (status, answer.get("errors")),
        (200, None),
        "the usual question is answered"
    );
    world.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_variable_used_again_and_again() {
    let world = World::new().await;
    let note = "x".repeat(900_000);
    let create = format!(
        "mutation($i: CreateActivityInput!) {}",
        aliases("", 500, "createActivity(input: $i) { id }")
    );
    let input =
        json!({ "i": { "userid": world.user.sub, "category": "Food", "type": "Lunch", "note": note } });
    let refused = world.refused(&create, input).await;
    assert!(refused.contains("variables"), "{refused}");

    let numbers: Vec<u32> = vec![1; 400_000];
    let list = format!(
        "query($n: [Int]) {}",
        aliases(
            "",
            500,
            "listActivities(filter: { caloriesConsumed: { between: $n } }) { nextToken }"
        )
    );
    let refused = world.refused(&list, json!({ "n": numbers })).await;
    assert!(refused.contains("variables"), "{refused}");

    let many = "$x ".repeat(5_000);
    let one =
        format!("mutation($x: String) {{ updateUser(input: {{ id: \"x\", targets: [{many}] }}) {{ id }} }}");
    let (_, answer) = world.ask(&one, json!({ "x": note })).await;
    assert!(answer["errors"].is_array());

    // Once, it may be as large as a request may be.
    let create = "mutation($i: CreateActivityInput!) { createActivity(input: $i) { id } }";
    let input =
        json!({ "i": { "userid": world.user.sub, "category": "Food", "type": "Lunch", "note": note } });
    let (_, answer) = world.ask(create, input).await;
    assert_eq!(
        answer["errors"][0]["errorType"], "BadRequest",
        "of the resolver's own"
    );
    world.is_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_without_end_are_told_a_hundred_times_at_most() {
    let world = World::new().await;
    let query = format!("{{ getUser(id: \"x\") {{ {} }} }}", "nothing ".repeat(5_000));
    let (_, answer) = world.ask(&query, json!({})).await;
    let told = answer["errors"].as_array().unwrap().len();
    assert!((1..=100).contains(&told), "{told}");
    let long = "x".repeat(500_000);
    let query = format!("{{ getUser(id: {{ a: [\"{long}\"] }}) {{ id }} }}");
    world.refused(&query, json!({})).await;
    world
        .refused(
            "query($n: Int) { listActivityCategories(limit: $n) { nextToken } }",
            json!({ "n": long }),
        )
        .await;
    let conflicts = (0..1_000).fold(String::new(), |mut query, n| {
        write!(query, " a: getUser(id: \"{n}\") {{ id }}").unwrap();
        query
    });
    let (_, answer) = world.ask(&format!("{{ {conflicts} }}"), json!({})).await;
    let told = answer["errors"].as_array().unwrap().len();
    assert!((1..=100).contains(&told), "{told}");
    world.is_well().await;
}

/// What tools ask: graphql-js's introspection query.
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
