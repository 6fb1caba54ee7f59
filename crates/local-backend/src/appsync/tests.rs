//! Requests against the deployed schema and resolvers.

mod callers;
mod coercion;
mod headers;
mod large_answers;
mod settings;
mod validation;

use serde_json::{Value, json};

use super::{
    ApiSettings, AppSync, Caller, GraphQlRequest, Unparsable,
    identity::{CognitoIdentity, IamIdentity, Identity},
    resolver::Resolvers,
};
use crate::dynamodb::Tables;

pub(crate) const ME: &str = "00000000-0000-4000-8000-00000000000a";
pub(crate) const YOU: &str = "00000000-0000-4000-8000-00000000000b";

pub(crate) struct Api {
    pub(crate) app: AppSync,
    _directory: tempfile::TempDir,
}

impl Api {
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    /// With other resolvers in place of the built-in ones.
    pub(crate) fn with(others: &[(&str, &str)]) -> Self {
        Self::configured(others, ApiSettings::default())
    }

    fn configured(others: &[(&str, &str)], settings: ApiSettings) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let tables = Tables::open(&directory.path().join("tables.db")).unwrap();
        let app = AppSync::new(Resolvers::with(&tables, others).unwrap(), settings).unwrap();
        Self {
            app,
            _directory: directory,
        }
    }

    async fn run(&self, caller: &Caller, query: &str, variables: Value) -> Value {
        let request = GraphQlRequest {
            query: query.to_owned(),
            variables: variables.as_object().cloned().unwrap_or_default(),
            operation_name: None,
        };
        self.app.execute(&request, caller).await.unwrap().body
    }
}

pub(crate) fn user(sub: &str) -> Caller {
    Caller {
        identity: Identity::Cognito(CognitoIdentity {
            sub: sub.to_owned(),
            username: "someone".to_owned(),
            issuer: "http://localhost/pool".to_owned(),
            groups: None,
            claims: serde_json::Map::new(),
            source_ip: Vec::new(),
        }),
        headers: serde_json::Map::new(),
    }
}

fn aggregator() -> Caller {
    let identity = Identity::Iam(IamIdentity {
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
async fn a_mutation_answers_with_what_it_selects() {
    let body = Api::new().run(&user(ME), CREATE, lunch()).await;
    assert_eq!(
        body,
        json!({ "data": { "made": { "__typename": "Activity", "id": "019aaaaa-0000-7000-8000-000000000001", "kcal": 650,
            "userid": ME, "date": "2026-11-23", "rev": 1, "name": null } } })
    );
}

#[tokio::test]
async fn an_error_of_a_field_has_appsyncs_shape() {
    let body = Api::new().run(&user(YOU), CREATE, lunch()).await;
    assert_eq!(
        body,
        json!({ "data": { "made": null }, "errors": [{
            "path": ["made"], "data": null, "errorType": "Unauthorized", "errorInfo": null,
            "locations": [{ "line": 1, "column": 44, "sourceName": null }],
            "message": "Not Authorized to access createActivity on type Mutation",
        }] })
    );
}

#[tokio::test]
async fn one_field_may_fail_beside_another_that_does_not() {
    let query = format!(
        "query {{ mine: getUserAggregate(userid: \"{ME}\", date: \"2026-11-23\") {{ version }}
            theirs: getUserAggregate(userid: \"{YOU}\", date: \"2026-11-23\") {{ version }} }}"
    );
    let body = Api::new().run(&user(ME), &query, json!({})).await;
    assert_eq!(body["data"], json!({ "mine": null, "theirs": null }));
    assert_eq!(body["errors"].as_array().unwrap().len(), 1);
    assert_eq!(body["errors"][0]["path"], json!(["theirs"]));
}

const PUBLISH: &str = "mutation P($input: PublishUserAggregateInput!) { publishUserAggregate(input: $input) { userid version } }";

#[tokio::test]
async fn publishing_is_the_aggregators_alone_and_it_may_do_nothing_else() {
    let api = Api::new();
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
async fn categories_are_changed_by_admins_alone() {
    let query = "mutation { createActivityCategory(input: { category: \"X\" }) { category } }";
    let body = Api::new().run(&user(ME), query, json!({})).await;
    assert_eq!(body["errors"][0]["errorType"], json!("Unauthorized"));
}

#[tokio::test]
async fn what_does_not_fit_the_schema_is_told_and_not_executed() {
    let api = Api::new();
    for (query, variables, part) in [
        ("{ nothing }", json!({}), "FieldUndefined"),
        ("{ getUser { id } }", json!({}), "MissingFieldArgument"),
        ("{ listActivityCategories }", json!({}), "SubSelectionRequired"),
        (
            "query($id: Int) { getUser(id: $id) { id } }",
            json!({}),
            "VariableTypeMismatch",
        ),
        (
            CREATE,
            json!({}),
            "Variable 'input' has coerced Null value for NonNull type 'CreateActivityInput!'",
        ),
        (
            CREATE,
            json!({ "input": { "userid": ME } }),
            "Variable 'input' has coerced Null value for NonNull type 'String!'",
        ),
    ] {
        let body = api.run(&user(ME), query, variables).await;
        assert_eq!(body["data"], Value::Null, "{query}");
        let message = body["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(part), "{query}: {message}");
    }
}

#[tokio::test]
async fn what_is_no_graphql_is_no_request() {
    let api = Api::new();
    for query in ["{", "nonsense", "{ getUser(id: } }"] {
        let request = GraphQlRequest {
            query: query.to_owned(),
            ..GraphQlRequest::default()
        };
        assert_eq!(
            api.app.execute(&request, &user(ME)).await,
            Err(Unparsable),
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_subscription_over_http_is_refused() {
    let body = Api::new()
        .run(&user(ME), "subscription { onCreateActivity { id } }", json!({}))
        .await;
    assert_eq!(body["errors"][0]["errorType"], json!("UnsupportedOperation"));
}

#[tokio::test]
async fn awsjson_goes_in_and_out_as_a_string() {
    let api = Api::new();
    let query = "mutation($input: CreateUserInput!) { createUser(input: $input) { targets height } }";
    let targets = r#"[{"from":"2026-01-01","kcal":1900}]"#;
    let input = json!({ "input": { "username": "a", "height": 170, "weight": 65.5, "caloriesTargetPerDay": 1900, "targets": targets } });
    let body = api.run(&user(ME), query, input.clone()).await;
    assert_eq!(body["data"]["createUser"]["targets"], json!(targets), "{body}");
    assert_eq!(body["data"]["createUser"]["height"].as_f64(), Some(170.0));
}

#[tokio::test]
async fn an_errors_data_is_filtered_by_the_selection_and_its_info_is_not() {
    let code = "// datasource: NoneSource
        import { util } from '@aws-appsync/utils';
        const told = { id: '1', username: 'anna', weight: 65, secret: 'x' };
        export const request = () => ({});
        export function response(ctx) {
            if (ctx.args.id === 'B') util.error('second', 'B', told, told);
            util.appendError('first', 'A', told, told);
            return null;
        }";
    let api = Api::with(&[("Query.getUser", code)]);
    let query = "{ a: getUser(id: \"A\") { id ...Name } b: getUser(id: \"B\") { ...Name id } }
        fragment Name on User { called: username }";
    let body = api.run(&user(ME), query, json!({})).await;
    let told = json!({ "id": "1", "username": "anna", "weight": 65, "secret": "x" });
    let mut errors = body["errors"].as_array().unwrap().clone();
    errors.sort_by_key(|error| error["errorType"].to_string());
    for (error, kind) in errors.iter().zip(["A", "B"]) {
        assert_eq!(error["errorType"], kind, "{body}");
        assert_eq!(error["data"], json!({ "id": "1", "username": "anna" }), "{body}");
        assert_eq!(error["errorInfo"], told, "{body}");
    }
    assert_eq!(errors.len(), 2, "{body}");
}

#[tokio::test]
async fn a_field_that_stands_twice_under_one_key_is_asked_once_for_all_that_is_selected() {
    let code = "// datasource: NoneSource
        export const request = (ctx) => ({ payload: { id: ctx.info.selectionSetList.join(), username: 'anna' } });
        export const response = (ctx) => ctx.result;";
    let api = Api::with(&[("Query.getUser", code)]);
    let query = "{ getUser(id: \"1\") { id } ... on Query { getUser(id: \"1\") { called: username id } } }";
    let body = api.run(&user(ME), query, json!({})).await;
    assert_eq!(
        body,
        json!({ "data": { "getUser": { "id": "id,called", "called": "anna" } } })
    );
}
