//! Limits of a handler's time, memory and depth. The engine works on after each failure.

use serde_json::json;

use super::*;

/// AppSync's error type and message for a handler that crashes.
const CRASHED: (&str, &str) = ("Code", "Runtime Error");
/// AppSync's error type and message for a handler that exceeds its time.
const TIMED_OUT: (&str, &str) = ("ExecutionTimeout", "Execution timed out.");

/// Runs `body` in a request handler, which fails with the error `expected`; a second run with the argument `calm`
/// skips it.
async fn fails(body: &str, expected: (&str, &str)) {
    let code = format!(
        "// datasource: NoneSource\nexport function request(ctx) {{ if (ctx.args.calm) return {{}}; {body} }}
        export function response(ctx) {{ return 7; }}"
    );
    let api = runtime_with(&code);
    let (kind, message) = api.error_of("Query.test", ME, json!({})).await;
    assert_eq!((&*kind, &*message), expected, "{body}");
    assert_eq!(
        api.ok("Query.test", ME, json!({ "calm": true })).await,
        json!(7),
        "{body}"
    );
}

#[tokio::test]
async fn a_handlers_time_is_bounded() {
    fails("while (true) {}", TIMED_OUT).await;
}

#[tokio::test]
async fn the_time_of_a_regular_expression_is_bounded() {
    fails("return { payload: util.matches('^(a+)+b$', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') };", TIMED_OUT).await;
}

#[tokio::test]
async fn a_handlers_memory_is_bounded() {
    fails("let s = 'x'; while (true) { s = s + s; } return s;", CRASHED).await;
    fails(
        "const all = []; while (true) all.push([1, 2, 3, 4, 5, 6, 7, 8]);",
        CRASHED,
    )
    .await;
    fails("ctx.stash.all = ['x'].fill('y'); while (true) ctx.stash.all = [ctx.stash.all, ctx.stash.all.concat(ctx.stash.all)];", CRASHED).await;
}

#[tokio::test]
async fn the_depth_of_calls_is_bounded() {
    fails("const f = (n) => f(n + 1) + 1; return f(0);", CRASHED).await;
}

#[tokio::test]
async fn the_depth_of_a_value_is_bounded() {
    fails(
        "let deep = 1; for (let n = 0; n < 1000; n += 1) deep = [deep]; return { payload: deep };",
        CRASHED,
    )
    .await;
    fails(
        "let deep = 1; for (let n = 0; n < 100000; n += 1) deep = [deep]; return { payload: deep };",
        CRASHED,
    )
    .await;
    fails("let deep = 1; for (let n = 0; n < 100000; n += 1) deep = { deep }; util.dynamodb.toDynamoDB(deep); return {};", CRASHED).await;
    fails(
        "const round = {}; round.round = round; return { payload: round };",
        CRASHED,
    )
    .await;
}
