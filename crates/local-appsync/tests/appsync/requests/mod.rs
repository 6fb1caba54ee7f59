//! Requests against the deployed schema and resolvers.

mod callers;
mod coercion;
mod headers;
mod large_responses;
mod settings;
mod validation;

use std::sync::Arc;

use caltrack_local_appsync::{ApiSettings, Caller, GraphQlRequest, Unparsable};
use caltrack_local_core::identity::{IamIdentity, Identity};
use serde_json::{Value, json};

use crate::{
    EmptyTables,
    support::{Api, ME, YOU, user},
};

/// The deployed API on empty tables, some of whose resolvers are replaced by `others`.
fn api_with(others: &[(&str, &str)]) -> Api {
    Api::of(Arc::new(EmptyTables), others, ApiSettings::default())
}

fn api() -> Api {
    api_with(&[])
}

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
async fn an_error_of_a_field_has_appsyncs_shape() {
    let body = api().run(&user(YOU), CREATE, lunch()).await;
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
async fn only_admins_change_categories() {
    let query = "mutation { createActivityCategory(input: { category: \"X\" }) { category } }";
    let body = api().run(&user(ME), query, json!({})).await;
    assert_eq!(body["errors"][0]["errorType"], json!("Unauthorized"));
}

#[tokio::test]
async fn an_invalid_request_is_reported_and_not_executed() {
    let api = api();
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
async fn a_query_that_is_not_graphql_is_unparsable() {
    let api = api();
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
async fn a_subscription_over_http_is_rejected() {
    let body = api()
        .run(&user(ME), "subscription { onCreateActivity { id } }", json!({}))
        .await;
    assert_eq!(body["errors"][0]["errorType"], json!("UnsupportedOperation"));
}

#[tokio::test]
async fn the_data_of_an_error_is_filtered_by_the_selection_and_its_info_is_not() {
    let code = "// datasource: NoneSource
        import { util } from '@aws-appsync/utils';
        const details = { id: '1', username: 'anna', weight: 65, secret: 'x' };
        export const request = () => ({});
        export function response(ctx) {
            if (ctx.args.id === 'B') util.error('second', 'B', details, details);
            util.appendError('first', 'A', details, details);
            return null;
        }";
    let api = api_with(&[("Query.getUser", code)]);
    let query = "{ a: getUser(id: \"A\") { id ...Name } b: getUser(id: \"B\") { ...Name id } }
        fragment Name on User { called: username }";
    let body = api.run(&user(ME), query, json!({})).await;
    let details = json!({ "id": "1", "username": "anna", "weight": 65, "secret": "x" });
    let mut errors = body["errors"].as_array().unwrap().clone();
    errors.sort_by_key(|error| error["errorType"].to_string());
    for (error, kind) in errors.iter().zip(["A", "B"]) {
        assert_eq!(error["errorType"], kind, "{body}");
        assert_eq!(error["data"], json!({ "id": "1", "username": "anna" }), "{body}");
        assert_eq!(error["errorInfo"], details, "{body}");
    }
    assert_eq!(errors.len(), 2, "{body}");
}

#[tokio::test]
async fn fields_with_the_same_key_are_merged_and_resolved_once() {
    let code = "// datasource: NoneSource
        export const request = (ctx) => ({ payload: { id: ctx.info.selectionSetList.join(), username: 'anna' } });
        export const response = (ctx) => ctx.result;";
    let api = api_with(&[("Query.getUser", code)]);
    let query = "{ getUser(id: \"1\") { id } ... on Query { getUser(id: \"1\") { called: username id } } }";
    let body = api.run(&user(ME), query, json!({})).await;
    assert_eq!(
        body,
        json!({ "data": { "getUser": { "id": "id,called", "called": "anna" } } })
    );
}
