//! The globals of `APPSYNC_JS`.

use caltrack_local_appsync::resolver::Resolvers;
use serde_json::json;

use super::*;

/// The value of an expression in a request handler.
async fn evaluate(expression: &str) -> Value {
    value(
        &format!(
            "export const request = (ctx) => ({{ payload: {expression} }}); export const response = (ctx) => ctx.result;"
        ),
        json!({}),
    )
    .await
}

/// Whether a request handler with this body fails with an error of type `Code`.
async fn fails(body: &str) -> bool {
    let code = format!(
        "// datasource: NoneSource\nimport {{ util, extensions, runtime }} from '@aws-appsync/utils';
        export function request(ctx) {{ {body} return {{ payload: 'continued' }}; }}
        export const response = (ctx) => ctx.result;"
    );
    match runtime_with(&code).full("Query.test", ME, json!({})).await {
        Ok(resolved) => {
            assert_eq!(resolved.value, "continued", "{body}");
            false
        }
        Err(error) => {
            assert_eq!(error.error_type.as_deref(), Some("Code"), "{body}");
            true
        }
    }
}

#[tokio::test]
async fn globals_that_appsync_lacks_are_undefined() {
    let names = [
        "Date",
        "Promise",
        "RegExp",
        "Map",
        "Set",
        "WeakMap",
        "Symbol",
        "Proxy",
        "Reflect",
        "BigInt",
        "Function",
        "Boolean",
        "Error",
        "TypeError",
        "ArrayBuffer",
        "Uint8Array",
        "eval",
        "isNaN",
        "isFinite",
        "parseInt",
        "parseFloat",
        "setTimeout",
        "fetch",
        "require",
        "process",
        "encodeURIComponent",
        "escape",
        "queueMicrotask",
        "structuredClone",
        "__native",
    ];
    let listed = names.map(|name| format!("typeof {name}")).join(", ");
    assert_eq!(
        evaluate(&format!("[{listed}]")).await,
        json!(vec!["undefined"; names.len()])
    );
    assert_eq!(
        evaluate("[typeof util.error, typeof extensions.setSubscriptionFilter, typeof runtime.earlyReturn, typeof console.log]").await,
        json!(vec!["function"; 4]),
        "these are defined without an import"
    );
}

#[tokio::test]
async fn methods_that_appsync_lacks_are_undefined() {
    let lacking = [
        "[].includes",
        "[].at",
        "[].entries",
        "[].toSorted",
        "[].copyWithin",
        "[].toLocaleString",
        "Array.isArray",
        "Array.from",
        "Array.of",
        "''.includes",
        "''.match",
        "''.substring",
        "''.substr",
        "''.padStart",
        "''.repeat",
        "''.charCodeAt",
        "''.localeCompare",
        "''.normalize",
        "String.fromCharCode",
        "Object.defineProperty",
        "Object.freeze",
        "Object.create",
        "Object.fromEntries",
        "Object.getPrototypeOf",
        "({}).hasOwnProperty",
        "({}).constructor",
        "(() => 1).constructor",
        "(() => 1).call",
        "(() => 1).apply",
        "(() => 1).bind",
        "Math.abs",
        "Math.pow",
        "Math.sqrt",
        "Number.parseInt",
        "Number.isInteger",
        "(1).toFixed",
        "({}).__proto__",
        "({}).__defineGetter__",
    ];
    let listed = lacking.map(|name| format!("typeof ({name})")).join(", ");
    assert_eq!(
        evaluate(&format!("[{listed}]")).await,
        json!(vec!["undefined"; lacking.len()])
    );
}

#[tokio::test]
async fn the_functions_that_the_guide_lists_work() {
    for (expression, expected) in [
        ("Object.entries(Object.assign({}, { a: 1 }))", json!([["a", 1]])),
        (
            "[Object.keys({ a: 1 }), Object.values({ a: 1 }), Object.hasOwn({ a: 1 }, 'a')]",
            json!([["a"], [1], true]),
        ),
        (
            "['a-b'.split('-'), ' x '.trim(), 'abc'.slice(1), 'abc'.charAt(1), 'a'.concat('b')]",
            json!([["a", "b"], "x", "bc", "b", "ab"]),
        ),
        (
            "['abc'.startsWith('a'), 'abc'.endsWith('c'), 'abcb'.lastIndexOf('b'), 'Ab'.toUpperCase()]",
            json!([true, true, 3, "AB"]),
        ),
        ("[3, 1, 2].sort()", json!([1, 2, 3])),
        (
            "[1, 2, 3].findLast((x) => x < 3) + [1, 2, 3].findLastIndex((x) => x < 3)",
            json!(3),
        ),
        ("[[1], [2]].flat().concat([3]).reverse().join('')", json!("321")),
        ("[1, 2].reduceRight((sum, x) => sum * 10 + x, 0)", json!(21)),
        (
            "[Math.round(1.5), Math.floor(1.5), Math.ceil(1.5), Math.min(1, 2), Math.max(1, 2)]",
            json!([2, 1, 2, 1, 2]),
        ),
        (
            "[Number.isNaN(NaN), Number.isFinite(Infinity)]",
            json!([true, false]),
        ),
        ("`${[1, [2, 3]]} ${{ a: 1 }}`", json!("1,2,3 [object Object]")),
        (
            "JSON.parse(JSON.stringify({ a: [1, null] }))",
            json!({ "a": [1, null] }),
        ),
        ("String.raw`a\\nb`", json!("a\\nb")),
        ("[...'ab'].map((c) => c + 1)", json!(["a1", "b1"])),
    ] {
        assert_eq!(evaluate(expression).await, expected, "{expression}");
    }
}

#[tokio::test]
async fn invalid_json_parses_to_an_empty_string() {
    assert_eq!(
        evaluate("[JSON.parse('{'), JSON.parse(''), JSON.parse('nul')]").await,
        json!(["", "", ""])
    );
}

#[tokio::test]
async fn sort_takes_no_comparator() {
    assert!(fails("[2, 1].sort((a, b) => a - b);").await);
}

#[tokio::test]
async fn replace_takes_javas_regular_expressions() {
    for (expression, expected) in [
        (r"'a.b.c'.replace('.', '-')", "-.b.c"),
        (r"'a.b.c'.replaceAll('.', '-')", "-----"),
        (r"'a.b.c'.replaceAll('\\.', '-')", "a-b-c"),
        (r"'a.b.c'.replaceAll('\\Q.\\E', '-')", "a-b-c"),
        (r"'2026-03-07'.replace('(\\d+)-(\\d+)', '$2/$1')", "03/2026-07"),
        (r"'Ada'.replaceAll('(?i)a', '\\$')", "$d$"),
        (r"'Grüße 7'.replaceAll('\\p{Alpha}+', 'x')", "xüßx 7"),
        (r"'Grüße 7'.replaceAll('\\p{L}+', 'x')", "x 7"),
        (
            r"'k: v'.replace('(?<key>\\w+): (?<value>\\w+)', '${value}=${key}')",
            "v=k",
        ),
    ] {
        assert_eq!(evaluate(expression).await, expected, "{expression}");
    }
    assert!(fails("'a'.replace('a', () => 'b');").await);
    assert!(fails("'a'.replace('(', 'b');").await);
}

#[tokio::test]
async fn resolvers_cannot_change_globals() {
    for body in [
        "Array.prototype.map = () => 'mine';",
        "Object.prototype.mine = 1;",
        "String.prototype.trim = () => 'mine';",
        "Math.round = () => 7;",
        "JSON.parse = () => 7;",
        "util.error = () => 7;",
        "util.time.nowISO8601 = () => 7;",
        "console.log = 1;",
        "globalThis.leak = ctx;",
        "leak = ctx;",
    ] {
        assert!(fails(body).await, "{body}");
    }
}

#[tokio::test]
async fn resolvers_see_the_apis_environment_variables() {
    let code = "// datasource: NoneSource
        export const request = (ctx) => ({ payload: ctx.env });
        export const response = (ctx) => ctx.result;";
    let variables = json!({ "STAGE": "test" });
    let api = runtime_with(code).with_environment(variables.clone());
    assert_eq!(api.ok("Query.test", ME, json!({})).await, variables);
    let none = runtime_with(code).with_environment(json!({}));
    assert_eq!(none.ok("Query.test", ME, json!({})).await, json!({}));
}

#[tokio::test]
async fn only_appsyncs_modules_can_be_imported() {
    for module in ["caltrack:engine", "caltrack:seal", "fs", "./other.js"] {
        let code = format!(
            "// datasource: NoneSource\nimport * as x from '{module}';
            export const request = () => ({{}}); export const response = () => 1;"
        );
        let files = files(&[("Query.test", &code)], &[]);
        assert!(
            Resolvers::load(files, Arc::new(EmptyTables), "secret").is_err(),
            "{module}"
        );
    }
}

#[tokio::test]
async fn the_selection_is_readable_but_not_enumerable() {
    let code = "// datasource: NoneSource
        export const request = (ctx) => ({ payload: [Object.keys(ctx.info).indexOf('selectionSetList'), ctx.info.selectionSetList,
            ctx.info.selectionSetGraphQL, JSON.stringify(ctx.info).indexOf('selectionSet')] });
        export const response = (ctx) => ctx.result;";
    assert_eq!(
        runtime_with(code).ok("Query.test", ME, json!({})).await,
        json!([-1, [], "", -1])
    );
}

#[tokio::test]
async fn extensions_fail_where_appsync_does_not_allow_them() {
    assert!(fails("extensions.setSubscriptionFilter({});").await);
    assert!(fails("extensions.setSubscriptionInvalidationFilter({});").await);
    assert!(fails("extensions.invalidateSubscriptions({ subscriptionField: 'onX', payload: {} });").await);
    assert!(fails("extensions.evictFromApiCache('Query', 'x', {});").await);
}

#[tokio::test]
async fn a_mutation_can_invalidate_at_most_five_subscriptions() {
    let api = |times: usize| {
        let calls =
            "extensions.invalidateSubscriptions({ subscriptionField: 'onX', payload: { userid: 'a' } });"
                .repeat(times);
        let code = format!(
            "// datasource: NoneSource\nimport {{ extensions, util }} from '@aws-appsync/utils';
            export const request = () => ({{}});
            export function response() {{ {calls} util.http.addResponseHeader('X-Mine', 7); return 1; }}"
        );
        runtime_of(files(&[("Mutation.test", &code)], &[]))
    };
    let resolved = api(5).full("Mutation.test", ME, json!({})).await.unwrap();
    assert_eq!(resolved.invalidations.len(), 5);
    assert_eq!(resolved.invalidations[0].subscription_field, "onX");
    assert_eq!(resolved.response_headers, [("x-mine".to_owned(), "7".to_owned())]);
    assert_eq!(api(6).error_of("Mutation.test", ME, json!({})).await.0, "Code");
}

#[tokio::test]
async fn a_mutation_can_call_evict_from_api_cache_although_there_is_no_cache() {
    let code = "// datasource: NoneSource
        import { extensions } from '@aws-appsync/utils';
        export const request = () => ({ payload: extensions.evictFromApiCache('Query', 'getUser', { 'context.arguments.id': 'a' }) });
        export const response = (ctx) => [ctx.result, extensions.evictFromApiCache('Query', 'getUser', {})];";
    let api = runtime_of(files(&[("Mutation.test", code)], &[]));
    assert_eq!(api.ok("Mutation.test", ME, json!({})).await, json!([true, true]));
}

#[tokio::test]
async fn the_response_handler_of_a_subscription_sets_its_filters() {
    let code = "// datasource: NoneSource
        import { extensions, util } from '@aws-appsync/utils';
        export const request = () => ({});
        export function response() {
            extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter({ a: { eq: 1 } }));
            extensions.setSubscriptionInvalidationFilter(util.transform.toSubscriptionFilter({ b: { eq: 2 } }));
            return null;
        }";
    let api = runtime_of(files(&[("Subscription.test", code)], &[]));
    let resolved = api.full("Subscription.test", ME, json!({})).await.unwrap();
    let filter = |name: &str, value: i64| {
        Some(
            json!({ "filterGroup": [{ "filters": [{ "fieldName": name, "operator": "eq", "value": value }] }] }),
        )
    };
    assert_eq!(
        (resolved.subscription_filter, resolved.invalidation_filter),
        (filter("a", 1), filter("b", 2))
    );
}
