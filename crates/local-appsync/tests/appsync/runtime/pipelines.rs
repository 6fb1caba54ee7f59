//! Pipelines: resolvers of several functions.

use serde_json::json;

use super::*;

/// A pipeline of the functions `first` and `second` on the data source NONE, by the bodies of their request handlers.
fn api(resolver: &str, first: &str, second: &str) -> Runtime {
    let function = |name: &str, body: &str| {
        format!(
            "// datasource: NoneSource
            export function request(ctx) {{ ctx.stash.way.push('{name}'); {body} }}
            export function response(ctx) {{ ctx.stash.way.push('{name} responded'); return ctx.result; }}"
        )
    };
    let code = format!(
        "// pipeline: first, second
        export function request(ctx) {{ ctx.stash.way = []; {resolver} }}
        export function response(ctx) {{ return [ctx.prev.result, ctx.result, ctx.stash.way]; }}"
    );
    let (first, second) = (function("first", first), function("second", second));
    runtime_of(files(
        &[("Query.test", &code)],
        &[("first", &first), ("second", &second)],
    ))
}

async fn run(resolver: &str, first: &str, second: &str) -> Value {
    api(resolver, first, second).ok("Query.test", ME, json!({})).await
}

const INCREMENT: &str = "return { payload: ctx.prev.result + 1 };";

#[tokio::test]
async fn the_functions_run_in_order() {
    assert_eq!(
        run("return 1;", INCREMENT, INCREMENT).await,
        json!([3, 3, ["first", "first responded", "second", "second responded"]])
    );
}

#[tokio::test]
async fn an_early_return_of_a_function_skips_its_data_source_and_response_and_continues_with_the_next() {
    let way = json!([11, 11, ["first", "second", "second responded"]]);
    assert_eq!(run("return 1;", "runtime.earlyReturn(10);", INCREMENT).await, way);
    assert_eq!(
        run(
            "return 1;",
            "runtime.earlyReturn(10, { skipTo: 'NEXT' });",
            INCREMENT
        )
        .await,
        way
    );
}

#[tokio::test]
async fn an_early_return_to_the_end_skips_later_functions() {
    assert_eq!(
        run(
            "return 1;",
            "runtime.earlyReturn(10, { skipTo: 'END' });",
            INCREMENT
        )
        .await,
        json!([10, 10, ["first"]])
    );
}

#[tokio::test]
async fn an_early_return_of_the_resolvers_request_skips_every_function() {
    assert_eq!(
        run("runtime.earlyReturn({ early: true });", INCREMENT, INCREMENT).await,
        json!([{ "early": true }, { "early": true }, []])
    );
    assert_eq!(
        run("runtime.earlyReturn();", INCREMENT, INCREMENT).await,
        json!([null, null, []])
    );
}

#[tokio::test]
async fn an_error_of_a_function_ends_the_pipeline() {
    let api = api("return 1;", "util.error('no', 'Mine');", INCREMENT);
    assert_eq!(
        api.error_of("Query.test", ME, json!({})).await,
        ("Mine".to_owned(), "no".to_owned())
    );
}

#[tokio::test]
async fn the_stash_can_be_changed_but_not_replaced() {
    let replaced = "ctx.stash.kept = 1; ctx.stash = { way: [], mine: true }; return { payload: 0 };";
    let seen = "return { payload: [ctx.stash.kept, Object.hasOwn(ctx.stash, 'mine')] };";
    assert_eq!(run("return 1;", replaced, seen).await[0], json!([1, false]));
}
