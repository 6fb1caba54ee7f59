//! How long, how large and how deep a handler may become. The engine lives on after each.

use serde_json::json;

use super::*;

/// What AppSync says of a handler that can't go on, and of one that has gone on for too long.
const CRASHED: (&str, &str) = ("Code", "Runtime Error");
const TIMED_OUT: (&str, &str) = ("ExecutionTimeout", "Execution timed out.");

/// Runs a request's body where the argument `calm` isn't given, and afterwards once with it.
async fn is_ended(body: &str, by: (&str, &str)) {
    let code = format!(
        "// datasource: NoneSource\nexport function request(ctx) {{ if (ctx.args.calm) return {{}}; {body} }}
        export function response(ctx) {{ return 7; }}"
    );
    let api = runtime_with(&code);
    let (kind, message) = api.refused("Query.test", ME, json!({})).await;
    assert_eq!((&*kind, &*message), by, "{body}");
    assert_eq!(
        api.ok("Query.test", ME, json!({ "calm": true })).await,
        json!(7),
        "{body}"
    );
}

#[tokio::test]
async fn a_handlers_time_is_bounded() {
    is_ended("while (true) {}", TIMED_OUT).await;
}

#[tokio::test]
async fn the_time_of_a_regular_expression_is_bounded() {
    is_ended("return { payload: util.matches('^(a+)+b$', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') };", TIMED_OUT).await;
}

#[tokio::test]
async fn a_handlers_memory_is_bounded() {
    is_ended("let s = 'x'; while (true) { s = s + s; } return s;", CRASHED).await;
    is_ended(
        "const all = []; while (true) all.push([1, 2, 3, 4, 5, 6, 7, 8]);",
        CRASHED,
    )
    .await;
    is_ended("ctx.stash.all = ['x'].fill('y'); while (true) ctx.stash.all = [ctx.stash.all, ctx.stash.all.concat(ctx.stash.all)];", CRASHED).await;
}

#[tokio::test]
async fn the_depth_of_calls_is_bounded() {
    is_ended("const f = (n) => f(n + 1) + 1; return f(0);", CRASHED).await;
}

#[tokio::test]
async fn the_depth_of_a_value_is_bounded() {
    is_ended(
        "let deep = 1; for (let n = 0; n < 1000; n += 1) deep = [deep]; return { payload: deep };",
        CRASHED,
    )
    .await;
    is_ended(
        "let deep = 1; for (let n = 0; n < 100000; n += 1) deep = [deep]; return { payload: deep };",
        CRASHED,
    )
    .await;
    is_ended("let deep = 1; for (let n = 0; n < 100000; n += 1) deep = { deep }; util.dynamodb.toDynamoDB(deep); return {};", CRASHED).await;
    is_ended(
        "const round = {}; round.round = round; return { payload: round };",
        CRASHED,
    )
    .await;
}
