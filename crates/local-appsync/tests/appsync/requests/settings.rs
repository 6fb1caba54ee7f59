//! Settings of the API: query depth, number of resolvers, introspection.

use serde_json::{Value, json};

use std::sync::Arc;

use super::{Api, ApiSettings, EmptyTables, ME, api, user};

/// Returns one category; needs no table.
const CATEGORIES: &str = "// datasource: NoneSource
    export const request = () => ({ payload: { items: [{ category: 'Food', type: ['Lunch'] }], nextToken: 'n' } });
    export const response = (ctx) => ctx.result;";
const USER: &str = "// datasource: NoneSource
    export const request = (ctx) => ({ payload: { id: ctx.args.id, username: 'anna' } });
    export const response = (ctx) => ctx.result;";

fn configured(settings: ApiSettings) -> Api {
    Api::of(
        Arc::new(EmptyTables),
        &[
            ("Query.listActivityCategories", CATEGORIES),
            ("Query.getUser", USER),
        ],
        settings,
    )
}

async fn execute(settings: ApiSettings, query: &str) -> Value {
    configured(settings).run(&user(ME), query, json!({})).await
}

#[test]
fn the_limits_are_those_of_the_deployed_api() {
    let ApiSettings {
        query_depth_limit,
        resolver_count_limit,
        ..
    } = ApiSettings::default();
    for template in [
        include_str!("../../../../../templates/appsync-api.yaml"),
        include_str!("../../../../../templates/caltrack.yaml"),
    ] {
        for (name, limit) in [
            ("QueryDepthLimit", query_depth_limit),
            ("ResolverCountLimit", resolver_count_limit),
        ] {
            let written: Vec<&str> = template
                .lines()
                .filter_map(|line| line.trim().strip_prefix(name)?.strip_prefix(": "))
                .collect();
            assert_eq!(written, [limit.to_string()], "{name}");
        }
    }
}

#[tokio::test]
async fn a_field_beyond_the_depth_limit_fails_and_the_others_are_returned() {
    let settings = |query_depth_limit| ApiSettings {
        query_depth_limit,
        ..ApiSettings::default()
    };
    let query = "{ listActivityCategories { nextToken items { type } } }";
    let whole = json!({ "listActivityCategories": { "nextToken": "n", "items": [{ "type": ["Lunch"] }] } });
    assert_eq!(
        execute(settings(3), query).await,
        json!({ "data": whole }),
        "a scalar counts as a level"
    );
    assert_eq!(
        execute(settings(2), query).await,
        json!({
            "data": { "listActivityCategories": { "nextToken": "n", "items": [{ "type": null }] } },
            "errors": [{ "path": ["listActivityCategories", "items", 0, "type"], "data": null,
                "errorType": "QueryDepthLimitReached", "errorInfo": null,
                "locations": [{ "line": 1, "column": 46, "sourceName": null }],
                "message": "Query depth limit of 2 reached." }],
        })
    );
    // A fragment does not count as a level.
    let flat =
        "{ listActivityCategories { ... { ...C } } } fragment C on ActivityCategoryConnection { nextToken }";
    assert_eq!(execute(settings(2), flat).await.get("errors"), None);
}

#[tokio::test]
async fn an_error_of_the_depth_limit_propagates_to_the_first_nullable_field() {
    let settings = ApiSettings {
        query_depth_limit: 2,
        ..ApiSettings::default()
    };
    let body = execute(
        settings,
        "{ listActivityCategories { nextToken items { category } } }",
    )
    .await;
    assert_eq!(
        body["data"],
        json!({ "listActivityCategories": { "nextToken": "n", "items": [null] } })
    );
    assert_eq!(body["errors"].as_array().unwrap().len(), 1, "{body}");
    assert_eq!(body["errors"][0]["errorType"], "QueryDepthLimitReached");
    assert_eq!(
        body["errors"][0]["path"],
        json!(["listActivityCategories", "items", 0, "category"])
    );
}

#[tokio::test]
async fn resolvers_beyond_the_limit_are_not_run_and_the_results_of_earlier_ones_are_returned() {
    let settings = ApiSettings {
        resolver_count_limit: 2,
        ..ApiSettings::default()
    };
    let query = "{ a: getUser(id: \"1\") { id } b: getUser(id: \"2\") { id } c: getUser(id: \"3\") { id } __typename }";
    assert_eq!(
        execute(settings, query).await,
        json!({
            "data": { "a": { "id": "1" }, "b": { "id": "2" }, "c": null, "__typename": "Query" },
            "errors": [{ "path": ["c"], "data": null, "errorType": "ResolverExecutionLimitReached", "errorInfo": null,
                "locations": [{ "line": 1, "column": 57, "sourceName": null }],
                "message": "Resolver count limit of 2 reached." }],
        })
    );
}

#[tokio::test]
async fn introspection_returns_the_types() {
    let body = api()
        .run(
            &user(ME),
            "{ __schema { queryType { name } } __type(name: \"Activity\") { kind } }",
            json!({}),
        )
        .await;
    assert_eq!(
        body["data"],
        json!({ "__schema": { "queryType": { "name": "Query" } }, "__type": { "kind": "OBJECT" } })
    );
}

/// Settings of an API with introspection disabled.
const NO_INTROSPECTION: fn() -> ApiSettings = || ApiSettings {
    introspection: false,
    ..ApiSettings::default()
};

#[tokio::test]
async fn with_introspection_disabled_its_fields_are_undefined() {
    for (query, field, ty, path, column) in [
        (
            "{ __schema { types { name } } }",
            "types",
            "__Schema",
            "__schema/types",
            14,
        ),
        (
            "{ __type(name: \"User\") { key: name __typename } }",
            "name",
            "__Type",
            "__type/name",
            26,
        ),
        (
            "{ getUser(id: \"1\") { id } ... on Query { __schema { ...S } } } fragment S on __Schema { queryType { name } }",
            "queryType",
            "__Schema",
            "queryType",
            89,
        ),
    ] {
        let message = format!(
            "Validation error of type FieldUndefined: Field '{field}' in type '{ty}' is undefined @ '{path}'"
        );
        let errors = json!([{ "path": null, "message": message,
            "locations": [{ "line": 1, "column": column, "sourceName": null }] }]);
        assert_eq!(
            execute(NO_INTROSPECTION(), query).await,
            json!({ "data": null, "errors": errors }),
            "{query}"
        );
    }
}

#[tokio::test]
async fn with_introspection_disabled_type_names_are_returned() {
    assert_eq!(
        execute(
            NO_INTROSPECTION(),
            "{ __typename getUser(id: \"1\") { __typename } __schema { __typename } }"
        )
        .await,
        json!({ "data": { "__typename": "Query", "getUser": { "__typename": "User" }, "__schema": { "__typename": "__Schema" } } })
    );
}
