//! The runtime of the resolvers, without an API.

mod bounds;
mod globals;
mod pipelines;
mod regex;
mod transform;
mod utilities;

use std::sync::Arc;

use caltrack_resolvers::Files;
use serde_json::{Value, json};

use crate::{
    EmptyTables,
    support::{ME, Runtime, files},
};

/// A runtime with these files, on empty tables.
fn runtime_of(files: Files) -> Runtime {
    Runtime::of(files, Arc::new(EmptyTables))
}

/// A runtime with one resolver, `Query.test`, of this code.
fn runtime_with(code: &str) -> Runtime {
    runtime_of(files(&[("Query.test", code)], &[]))
}

/// The result of a resolver with this code, on the data source NONE.
async fn value(code: &str, arguments: Value) -> Value {
    runtime_with(&format!("// datasource: NoneSource\n{code}"))
        .ok("Query.test", ME, arguments)
        .await
}

#[tokio::test]
async fn the_data_source_none_returns_the_payload() {
    let code = "export const request = (ctx) => ({ payload: ctx.args.x }); export const response = (ctx) => ctx.result;";
    assert_eq!(value(code, json!({ "x": [1, "a"] })).await, json!([1, "a"]));
}

#[tokio::test]
async fn an_absent_argument_differs_from_null() {
    let code = "export function request(ctx) { return { payload: Object.keys(ctx.args) }; }
        export function response(ctx) { return ctx.result; }";
    assert_eq!(value(code, json!({ "given": null })).await, json!(["given"]));
}

#[tokio::test]
async fn an_error_of_the_request_skips_the_response() {
    let code = "// datasource: NoneSource
        import { util } from '@aws-appsync/utils';
        export function request() { util.error('no', 'Mine', { a: 1 }, 'info'); }
        export function response() { return 'reached'; }";
    let error = runtime_with(code)
        .full("Query.test", ME, json!({}))
        .await
        .unwrap_err();
    assert_eq!(
        (
            error.message.as_str(),
            error.error_type.as_deref(),
            error.data,
            error.info
        ),
        ("no", Some("Mine"), json!({ "a": 1 }), json!("info"))
    );
}

#[tokio::test]
async fn the_response_runs_after_a_data_source_error() {
    let code = "// datasource: UserTable
        export const request = () => ({ operation: 'Nonsense' });
        export const response = (ctx) => ctx.error.type + ' swallowed';";
    assert_eq!(
        runtime_with(code).ok("Query.test", ME, json!({})).await,
        json!("MappingTemplate swallowed")
    );
}

#[tokio::test]
async fn early_return_ends_a_unit_resolver_and_keeps_appended_errors() {
    let code = "// datasource: NoneSource
        import { runtime, util } from '@aws-appsync/utils';
        export function request() { util.appendError('careful', 'Warning'); runtime.earlyReturn({ early: true }); }
        export function response() { return 'reached'; }";
    let resolved = runtime_with(code)
        .full("Query.test", ME, json!({}))
        .await
        .unwrap();
    assert_eq!(resolved.value, json!({ "early": true }));
    assert_eq!(resolved.appended.len(), 1);
}

#[tokio::test]
async fn the_functions_of_a_pipeline_share_the_stash_and_prev_is_the_last_result() {
    let function = |name: &str| {
        format!(
            "// datasource: NoneSource\nexport function request(ctx) {{ ctx.stash.way = ctx.stash.way + '{name}'; \
             return {{ payload: ctx.prev.result + 1 }}; }} export function response(ctx) {{ return ctx.result; }}"
        )
    };
    let resolver = "// pipeline: a, b
        export function request(ctx) { ctx.stash.way = ''; return 10; }
        export function response(ctx) { return [ctx.prev.result, ctx.result, ctx.stash.way]; }";
    let (a, b) = (function("a"), function("b"));
    let api = runtime_of(files(&[("Query.test", resolver)], &[("a", &a), ("b", &b)]));
    assert_eq!(api.ok("Query.test", ME, json!({})).await, json!([12, 12, "ab"]));
}

#[tokio::test]
async fn the_dynamodb_helpers_build_valid_requests() {
    let code = "import * as ddb from '@aws-appsync/utils/dynamodb';
        export const request = () => ({ payload: [
            ddb.put({ key: { id: 'a' }, item: { n: 1, x: null }, condition: { id: { attributeExists: false } } }),
            ddb.update({ key: { id: 'a' }, update: { n: ddb.operations.increment(2), gone: ddb.operations.remove() } }),
            ddb.query({ query: { id: { eq: 'a' } }, limit: 3 }),
        ] });
        export const response = (ctx) => ctx.result;";
    let written = value(code, json!({})).await;
    assert_eq!(
        written[0]["attributeValues"],
        json!({ "n": { "N": 1 }, "x": { "NULL": null } })
    );
    assert_eq!(
        written[0]["condition"]["expression"],
        json!("(attribute_not_exists(#id))")
    );
    assert_eq!(
        written[1]["update"]["expression"],
        json!("SET #n = if_not_exists(#n, :v0) + :v1 REMOVE #gone")
    );
    assert_eq!(written[2]["query"]["expression"], json!("(#id = :id_eq)"));
}
