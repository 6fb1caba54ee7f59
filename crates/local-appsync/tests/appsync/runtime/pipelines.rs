//! Resolvers of several functions.

use serde_json::json;

use super::*;

/// A pipeline of `first` and `second`, each on no data source, with these request handlers' bodies.
fn api(resolver: &str, first: &str, second: &str) -> Runtime {
    let function = |name: &str, body: &str| {
        format!(
            "// datasource: NoneSource
            export function request(ctx) {{ ctx.stash.way.push('{name}'); {body} }}
            export function response(ctx) {{ ctx.stash.way.push('{name} answered'); return ctx.result; }}"
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

const ON: &str = "return { payload: ctx.prev.result + 1 };";

#[tokio::test]
async fn every_function_is_run_in_turn() {
    assert_eq!(
        run("return 1;", ON, ON).await,
        json!([3, 3, ["first", "first answered", "second", "second answered"]])
    );
}

#[tokio::test]
async fn an_early_return_of_a_function_skips_its_source_and_response_and_goes_on_to_the_next() {
    let way = json!([11, 11, ["first", "second", "second answered"]]);
    assert_eq!(run("return 1;", "runtime.earlyReturn(10);", ON).await, way);
    assert_eq!(
        run("return 1;", "runtime.earlyReturn(10, { skipTo: 'NEXT' });", ON).await,
        way
    );
}

#[tokio::test]
async fn an_early_return_to_the_end_skips_the_functions_behind_it() {
    assert_eq!(
        run("return 1;", "runtime.earlyReturn(10, { skipTo: 'END' });", ON).await,
        json!([10, 10, ["first"]])
    );
}

#[tokio::test]
async fn an_early_return_of_the_resolvers_request_skips_every_function() {
    assert_eq!(
        run("runtime.earlyReturn({ early: true });", ON, ON).await,
        json!([{ "early": true }, { "early": true }, []])
    );
    assert_eq!(
        run("runtime.earlyReturn();", ON, ON).await,
        json!([null, null, []])
    );
}

#[tokio::test]
async fn an_error_of_a_function_ends_the_pipeline() {
    let api = api("return 1;", "util.error('no', 'Mine');", ON);
    assert_eq!(
        api.refused("Query.test", ME, json!({})).await,
        ("Mine".to_owned(), "no".to_owned())
    );
}

#[tokio::test]
async fn the_stash_is_changed_and_never_replaced() {
    let replaced = "ctx.stash.kept = 1; ctx.stash = { way: [], mine: true }; return { payload: 0 };";
    let seen = "return { payload: [ctx.stash.kept, Object.hasOwn(ctx.stash, 'mine')] };";
    assert_eq!(run("return 1;", replaced, seen).await[0], json!([1, false]));
}
