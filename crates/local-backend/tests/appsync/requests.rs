//! Requests against the deployed schema and resolvers.

use caltrack_local_appsync::{ApiSettings, Caller};
use caltrack_local_core::identity::{IamIdentity, Identity};
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    Stored, api_with,
    support::{Api, ME, YOU, user},
};

fn aggregator() -> Caller {
    let identity = Identity::Iam(IamIdentity {
        sign_in: None,
        user_arn: "arn:aws:sts::000000000000:assumed-role/aggregator/box".to_owned(),
        username: "AROABOX:aggregator".to_owned(),
        account_id: "000000000000".to_owned(),
        source_ip: Vec::new(),
    });
    Caller {
        identity,
        headers: serde_json::Map::new(),
    }
}

const CREATE: &str = "mutation C($input: CreateActivityInput!) { made: createActivity(input: $input) {
    __typename id kcal: caloriesConsumed userid ...Rest } } fragment Rest on Activity { date rev name }";

fn lunch() -> Value {
    json!({ "input": { "userid": ME, "category": "Food", "type": "Lunch", "caloriesConsumed": 650, "date": "2026-11-23",
        "id": "019aaaaa-0000-7000-8000-000000000001" } })
}

#[tokio::test]
async fn a_mutation_returns_its_selection() {
    let body = api_with(&[]).run(&user(ME), CREATE, lunch()).await;
    assert_eq!(
        body,
        json!({ "data": { "made": { "__typename": "Activity", "id": "019aaaaa-0000-7000-8000-000000000001", "kcal": 650,
            "userid": ME, "date": "2026-11-23", "rev": 1, "name": null } } })
    );
}

#[tokio::test]
async fn one_field_can_fail_while_another_succeeds() {
    let query = format!(
        "query {{ mine: getUserAggregate(userid: \"{ME}\", date: \"2026-11-23\") {{ version }}
            theirs: getUserAggregate(userid: \"{YOU}\", date: \"2026-11-23\") {{ version }} }}"
    );
    let body = api_with(&[]).run(&user(ME), &query, json!({})).await;
    assert_eq!(body["data"], json!({ "mine": null, "theirs": null }));
    assert_eq!(body["errors"].as_array().unwrap().len(), 1);
    assert_eq!(body["errors"][0]["path"], json!(["theirs"]));
}

const PUBLISH: &str = "mutation P($input: PublishUserAggregateInput!) { publishUserAggregate(input: $input) { userid version } }";

#[tokio::test]
async fn only_the_aggregator_publishes_and_it_can_do_nothing_else() {
    let api = api_with(&[]);
    let input = json!({ "input": { "userid": ME, "date": "2026-11-23", "version": 3 } });
    let refused = api.run(&user(ME), PUBLISH, input.clone()).await;
    assert_eq!(refused["data"], json!({ "publishUserAggregate": null }));
    assert_eq!(refused["errors"][0]["errorType"], json!("Unauthorized"));
    let published = api.run(&aggregator(), PUBLISH, input).await;
    assert_eq!(
        published,
        json!({ "data": { "publishUserAggregate": { "userid": ME, "version": 3 } } })
    );
    for query in [
        "{ listActivityCategories { items { category } } }",
        "{ listActivitiesByDate(date: \"2026-11-23\") { items { id } } }",
    ] {
        let refused = api.run(&aggregator(), query, json!({})).await;
        assert_eq!(
            refused["errors"][0]["errorType"],
            json!("Unauthorized"),
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_user_with_keys_has_the_fields_of_users_and_publishes_nothing() {
    let api = api_with(&[]);
    let caller = Caller {
        identity: Identity::Iam(IamIdentity::user(ME, "us-east-1:1")),
        headers: serde_json::Map::new(),
    };
    let body = api.run(&caller, CREATE, lunch()).await;
    assert_eq!(body["data"]["made"]["userid"], ME, "{body}");
    let totals = json!({ "input": { "userid": ME, "date": "2026-11-23", "version": 3 } });
    let category = json!({ "input": { "category": "Food", "type": [] } });
    let admins = "mutation C($input: UpdateActivityCategoryInput!) { updateActivityCategory(input: $input) { category } }";
    for (query, variables) in [(PUBLISH, totals), (admins, category)] {
        let refused = api.run(&caller, query, variables).await;
        assert_eq!(refused["errors"][0]["errorType"], "Unauthorized", "{refused}");
    }
}

#[tokio::test]
async fn awsjson_is_a_string_in_requests_and_responses() {
    let api = api_with(&[]);
    let query = "mutation($input: CreateUserInput!) { createUser(input: $input) { targets height } }";
    let targets = r#"[{"from":"2026-01-01","kcal":1900}]"#;
    let input = json!({ "input": { "username": "a", "height": 170, "weight": 65.5, "caloriesTargetPerDay": 1900, "targets": targets } });
    let body = api.run(&user(ME), query, input.clone()).await;
    assert_eq!(body["data"]["createUser"]["targets"], json!(targets), "{body}");
    assert_eq!(body["data"]["createUser"]["height"].as_f64(), Some(170.0));
}

#[tokio::test]
async fn a_mutation_beyond_the_limit_changes_nothing() {
    let settings = ApiSettings {
        resolver_count_limit: 1,
        ..ApiSettings::default()
    };
    let api = Stored::new(|tables| Api::of(tables, &[], settings));
    let create = |key: &str, id: &str| {
        format!(
            "{key}: createActivity(input: {{ userid: \"{ME}\", category: \"Food\", type: \"Lunch\", id: \"{id}\" }}) {{ id }}"
        )
    };
    let ids = [
        "019aaaaa-0000-7000-8000-000000000001",
        "019aaaaa-0000-7000-8000-000000000002",
    ];
    let query = format!("mutation {{ {} {} }}", create("a", ids[0]), create("b", ids[1]));
    let body = api.run(&user(ME), &query, json!({})).await;
    assert_eq!(
        body["data"],
        json!({ "a": { "id": ids[0] }, "b": null }),
        "{body}"
    );
    let query = format!("{{ getActivity(id: \"{}\") {{ id }} }}", ids[1]);
    let body = api.run(&user(ME), &query, json!({})).await;
    assert_eq!(body, json!({ "data": { "getActivity": null } }));
}

#[tokio::test]
async fn a_nested_variable_with_a_default_is_never_null() {
    let query = format!(
        "mutation($x: String = \"Food\") {{
            createActivity(input: {{ category: $x, type: \"Lunch\", userid: \"{ME}\" }}) {{ category }} }}"
    );
    let body = api_with(&[]).run(&user(ME), &query, json!({})).await;
    assert_eq!(body["data"]["createActivity"]["category"], "Food", "{body}");
}

#[tokio::test]
async fn deeply_nested_json_is_rejected_before_execution() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let input = |library: &str| json!({ "i": { "username": "a", "height": 170, "weight": 60, "caloriesTargetPerDay": 2000, "library": library } });
    let create = "mutation($i: CreateUserInput!) { setWeight(date: \"2026-01-01\", weight: 70) { weight }
        createUser(input: $i) { library } }";
    let assert_rejected = |body: &Value| {
        assert_eq!(body["data"], Value::Null, "{body}");
        assert_eq!(body["errors"][0]["errorType"], "BadRequest", "{body}");
        let message = "A value of type AWSJSON is nested deeper than 32 levels.";
        assert_eq!(body["errors"][0]["message"], message, "{body}");
    };
    let api = api_with(&[]);
    for levels in [33, 100, 1_000] {
        assert_rejected(&api.run(&user(ME), create, input(&nested(levels))).await);
        let literal = format!(
            "mutation {{ updateUser(input: {{ id: \"1\", library: \"{}\" }}) {{ id }} }}",
            nested(levels)
        );
        assert_rejected(&api.run(&user(ME), &literal, json!({})).await);
    }
    assert_eq!(weight_of(&api).await, Value::Null, "nothing was executed");
    let body = api.run(&user(ME), create, input(&nested(20))).await;
    assert_eq!(body["data"]["createUser"]["library"], nested(20), "{body}");
}

#[rstest]
#[case(
    "{ a: 1 }",
    "ObjectValue{objectFields=[ObjectField{name='a', value=IntValue{value=1}}]}"
)]
#[case("[]", "ArrayValue{values=[]}")]
#[case("5", "IntValue{value=5}")]
#[case("\"{a:1}\"", "StringValue{value='{a:1}'}")]
#[tokio::test]
async fn awsjson_literals_must_be_strings_of_json(#[case] literal: &str, #[case] quoted: &str) {
    let query = format!(
        "mutation {{ setWeight(date: \"2026-01-01\", weight: 70) {{ weight }} createUser(input: {{ username: \"a\",
            height: 170, weight: 60, caloriesTargetPerDay: 2000, library: {literal} }}) {{ id }} }}"
    );
    let api = api_with(&[]);
    let body = api.run(&user(ME), &query, json!({})).await;
    let message = format!(
        "Validation error of type WrongType: argument 'input.library' with value '{quoted}' is not a valid 'AWSJSON' @ 'createUser'"
    );
    let locations = json!([{ "line": 1, "column": query.find("input").unwrap() + 1, "sourceName": null }]);
    let errors = json!([{ "path": null, "locations": locations, "message": message }]);
    assert_eq!(body, json!({ "data": null, "errors": errors }));
    assert_eq!(weight_of(&api).await, Value::Null, "nothing was executed");
}

#[rstest]
#[case(json!({ "id": "x", "library": { "a": 1, "b": [true] } }), "Variable 'library' has an invalid value. Unable to parse {a=1, b=[true]} as valid JSON.")]
#[case(json!({ "id": "x", "library": [] }), "Variable 'library' has an invalid value. Unable to parse [] as valid JSON.")]
#[case(json!({ "id": "x", "targets": 5 }), "Variable 'targets' has an invalid value. Unable to parse 5 as valid JSON.")]
#[case(json!({ "id": "x", "library": "{a:1}" }), "Variable 'library' has an invalid value. Unable to parse {a:1} as valid JSON.")]
#[case(json!({ "id": ["x"] }), "Variable 'id' has an invalid value. Expected type 'ID' but was 'ArrayList'.")]
#[case(json!({ "id": "x", "expectedRev": "one" }), "Variable 'expectedRev' has an invalid value. Expected type 'Int' but was 'String'.")]
#[case(json!({}), "Variable 'i' has coerced Null value for NonNull type 'ID!'")]
#[case(json!({ "id": null }), "Variable 'i' has coerced Null value for NonNull type 'ID!'")]
#[case(json!(null), "Variable 'i' has coerced Null value for NonNull type 'UpdateUserInput!'")]
#[case(json!(5), "Variable 'i' has an invalid value. Expected type 'Map' but was 'Integer'. Variables for input objects must be an instance of type 'Map'.")]
#[tokio::test]
async fn invalid_variables_are_rejected_with_appsyncs_wording_before_execution(
    #[case] input: Value,
    #[case] message: &str,
) {
    let api = api_with(&[]);
    let query = "mutation($i: UpdateUserInput!) { setWeight(date: \"2026-01-01\", weight: 70) { weight }
        updateUser(input: $i) { id } }";
    let body = api.run(&user(ME), query, json!({ "i": input })).await;
    let locations = json!([{ "line": 1, "column": 10, "sourceName": null }]);
    let errors = json!([{ "path": null, "locations": locations, "message": message }]);
    assert_eq!(body, json!({ "data": null, "errors": errors }));
    assert_eq!(weight_of(&api).await, Value::Null, "nothing was executed");
}

/// The weight that the mutations above would have written.
async fn weight_of(api: &Api) -> Value {
    let query = format!("{{ getUserAggregate(userid: \"{ME}\", date: \"2026-01-01\") {{ weight }} }}");
    let body = api.run(&user(ME), &query, json!({})).await;
    assert_eq!(body.get("errors"), None, "{body}");
    body["data"]["getUserAggregate"].clone()
}
