//! `@aws-appsync/utils/dynamodb`: the requests that it builds are executed.

use serde_json::json;

use super::*;
use caltrack_local_core::tables::{USER_AGGREGATE_TABLE, USER_TABLE};

/// A resolver that calls the module's function `call` with the argument `input`. Each of `operations`, a function's
/// name and arguments, becomes a member of the input's `update`.
fn api(source: &str) -> Stored<Runtime> {
    runtime_with(&format!(
        "// datasource: {source}
        import * as ddb from '@aws-appsync/utils/dynamodb';
        const entered = (input, given) => {{
            if (!given) return input;
            const update = {{ ...input.update }};
            for (const name of Object.keys(given)) {{
                const [operation, ...args] = given[name];
                update[name] = ddb.operations[operation](...args);
            }}
            return {{ ...input, update }};
        }};
        export const request = (ctx) => ddb[ctx.args.call](entered(ctx.args.input, ctx.args.operations));
        export const response = (ctx) => (ctx.error ? [ctx.error.type, ctx.result] : ctx.result);"
    ))
}

async fn call(api: &Stored<Runtime>, name: &str, input: Value) -> Value {
    api.ok("Query.test", ME, json!({ "call": name, "input": input }))
        .await
}

fn a() -> Value {
    json!({ "id": "a" })
}

const FAILED: &str = "DynamoDB:ConditionalCheckFailedException";

#[tokio::test]
async fn an_item_is_put_read_and_removed() {
    let api = api("UserTable");
    let item = json!({ "n": 1, "x": null, "list": [1, "b", true], "map": { "k": 2 } });
    let whole = json!({ "id": "a", "n": 1, "x": null, "list": [1, "b", true], "map": { "k": 2 } });
    assert_eq!(
        call(&api, "put", json!({ "key": a(), "item": item })).await,
        whole
    );
    assert_eq!(
        call(&api, "get", json!({ "key": a(), "consistentRead": true })).await,
        whole
    );
    assert_eq!(
        call(&api, "get", json!({ "key": a(), "projection": ["n", "map"] })).await,
        json!({ "n": 1, "map": { "k": 2 } })
    );
    assert_eq!(
        call(&api, "get", json!({ "key": { "id": "none" } })).await,
        Value::Null
    );
    let other =
        json!({ "key": a(), "item": { "n": 2 }, "condition": { "id": { "attributeExists": false } } });
    assert_eq!(call(&api, "put", other).await, json!([FAILED, whole]));
    let wrong = json!({ "key": a(), "condition": { "n": { "gt": 1 } } });
    assert_eq!(call(&api, "remove", wrong).await, json!([FAILED, whole]));
    let right =
        json!({ "key": a(), "condition": { "n": { "between": [1, 2] }, "x": { "attributeType": "NULL" } } });
    assert_eq!(call(&api, "remove", right).await, whole);
    assert_eq!(call(&api, "get", json!({ "key": a() })).await, Value::Null);
}

#[tokio::test]
async fn an_update_sets_plain_values_and_stores_null() {
    let api = api("UserTable");
    let update = json!({ "key": a(), "update": { "n": 1, "text": "x", "x": null, "map": { "k": [1] } } });
    assert_eq!(
        call(&api, "update", update).await,
        json!({ "id": "a", "n": 1, "text": "x", "x": null, "map": { "k": [1] } })
    );
    let kept = json!({ "key": a(), "update": { "n": 2 }, "condition": { "n": { "eq": 1 }, "x": { "attributeExists": true } } });
    assert_eq!(call(&api, "update", kept.clone()).await["n"], 2);
    let error = call(&api, "update", kept).await;
    assert_eq!((&error[0], &error[1]["n"]), (&json!(FAILED), &json!(2)));
}

#[tokio::test]
async fn every_operation_of_an_update_has_its_effect() {
    let api = api("UserTable");
    let before = json!({ "kept": "k", "n": 5, "m": 5, "list": ["b"], "other": ["x"], "items": [1, 2, 3], "map": { "old": 1 }, "gone": 1 });
    call(&api, "put", json!({ "key": a(), "item": before })).await;
    let operations = json!({
        "added": ["add", { "street": "Main" }],
        "map": ["replace", { "new": 2 }],
        "n": ["increment", 3],
        "m": ["decrement", 2],
        "fresh": ["increment"],
        "below": ["decrement"],
        "list": ["append", ["c", "d"]],
        "other": ["prepend", ["w"]],
        "begun": ["append", ["first"]],
        "ahead": ["prepend", ["first"]],
        "items": ["updateListItem", 20, 1],
        "gone": ["remove"],
    });
    let arguments =
        json!({ "call": "update", "input": { "key": a(), "update": {} }, "operations": operations });
    assert_eq!(
        api.ok("Query.test", ME, arguments).await,
        json!({ "id": "a", "kept": "k", "added": { "street": "Main" }, "map": { "new": 2 }, "n": 8, "m": 3, "fresh": 1, "below": -1,
            "list": ["b", "c", "d"], "other": ["w", "x"], "begun": ["first"], "ahead": ["first"], "items": [1, 20, 3] })
    );
}

#[tokio::test]
async fn a_query_has_ranges_filters_projections_pages_and_directions() {
    let api = api("UserAggregateTable");
    for day in 1..=4 {
        let item = json!({ "userid": { "S": ME }, "date": { "S": format!("d{day}") }, "n": { "N": day.to_string() } });
        api.put(USER_AGGREGATE_TABLE, item).await;
    }
    let days = |response: &Value| -> Vec<String> {
        let items = response["items"].as_array().expect("items").iter();
        items
            .map(|item| item["date"].as_str().unwrap_or("-").to_owned())
            .collect()
    };
    let mine = json!({ "userid": { "eq": ME } });
    let ranged = json!({ "query": { "userid": { "eq": ME }, "date": { "between": ["d2", "d3"] } } });
    let response = call(&api, "query", ranged).await;
    assert_eq!(days(&response), ["d2", "d3"]);
    assert_eq!(
        (&response["scannedCount"], &response["nextToken"]),
        (&json!(2), &Value::Null)
    );
    let filtered = json!({ "query": mine, "filter": { "n": { "gt": 2 } }, "scanIndexForward": false, "projection": ["date"] });
    let response = call(&api, "query", filtered).await;
    assert_eq!(response["items"], json!([{ "date": "d4" }, { "date": "d3" }]));
    assert_eq!(response["scannedCount"], 4, "counted before the filter");
    let first = call(
        &api,
        "query",
        json!({ "query": mine, "limit": 3, "consistentRead": true }),
    )
    .await;
    assert_eq!(days(&first), ["d1", "d2", "d3"]);
    let next = json!({ "query": mine, "limit": 3, "consistentRead": true, "nextToken": first["nextToken"] });
    assert_eq!(days(&call(&api, "query", next).await), ["d4"]);
    let counted = call(&api, "query", json!({ "query": mine, "select": "COUNT" })).await;
    assert_eq!(
        (&counted["items"], &counted["scannedCount"]),
        (&json!([]), &json!(4))
    );
}

#[tokio::test]
async fn a_scan_has_filters_and_a_query_can_use_an_index() {
    let api = api("ActivityTable");
    for (id, owner, day) in [
        ("x", ME, "2026-11-21"),
        ("y", ME, "2026-11-22"),
        ("z", "other", "2026-11-22"),
    ] {
        let item = json!({ "id": { "S": id }, "userid": { "S": owner }, "date": { "S": day } });
        api.put(caltrack_local_core::tables::ACTIVITY_TABLE, item).await;
    }
    let scan = json!({ "filter": { "or": [{ "id": { "eq": "z" } }, { "date": { "beginsWith": "2026-11-21" } }] }, "projection": ["id"] });
    let response = call(&api, "scan", scan).await;
    let mut found: Vec<&str> = response["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|item| item["id"].as_str())
        .collect();
    found.sort_unstable();
    assert_eq!((found, &response["scannedCount"]), (vec!["x", "z"], &json!(3)));
    let indexed = json!({ "index": "userid-date-index", "query": { "userid": { "eq": ME }, "date": { "ge": "2026-11-22" } } });
    assert_eq!(call(&api, "query", indexed).await["items"][0]["id"], "y");
}

#[tokio::test]
async fn a_sync_of_an_unversioned_data_source_is_an_error() {
    let api = api("UserTable");
    assert_eq!(
        call(
            &api,
            "sync",
            json!({ "limit": 1, "filter": { "n": { "eq": 1 } } })
        )
        .await[0],
        "MappingTemplate"
    );
}

#[tokio::test]
async fn batches_are_put_read_and_deleted() {
    let api = api("UserTable");
    let items = json!([{ "id": "a", "n": 1 }, { "id": "b", "n": 2 }]);
    call(&api, "batchPut", json!({ "tables": { USER_TABLE: items } })).await;
    let keys = json!({ "keys": [{ "id": "b" }, { "id": "none" }, { "id": "a" }], "projection": ["id", "n"], "consistentRead": true });
    let got = call(&api, "batchGet", json!({ "tables": { USER_TABLE: keys } })).await;
    assert_eq!(
        got["data"][USER_TABLE],
        json!([{ "id": "b", "n": 2 }, null, { "id": "a", "n": 1 }])
    );
    call(&api, "batchDelete", json!({ "tables": { USER_TABLE: [a()] } })).await;
    let got = call(
        &api,
        "batchGet",
        json!({ "tables": { USER_TABLE: { "keys": [a(), { "id": "b" }] } } }),
    )
    .await;
    assert_eq!(got["data"][USER_TABLE], json!([null, { "id": "b", "n": 2 }]));
}

#[tokio::test]
async fn transactions_write_every_kind_of_item_and_read_them() {
    let api = api("UserTable");
    for id in ["b", "c", "d"] {
        call(&api, "put", json!({ "key": { "id": id }, "item": { "n": 1 } })).await;
    }
    let one = |kind: &str, input: Value| json!({ "table": USER_TABLE, kind: input });
    // Each condition holds where the item has the value of its argument.
    let items = |there: bool, b: i64, c: i64, d: i64| {
        json!({ "items": [
            one("putItem", json!({ "key": a(), "item": { "n": 9 }, "condition": { "id": { "attributeExists": there } } })),
            one("updateItem", json!({ "key": { "id": "b" }, "update": { "n": 2, "x": null }, "condition": { "n": { "eq": b } } })),
            one("deleteItem", json!({ "key": { "id": "c" }, "condition": { "n": { "eq": c } } })),
            one("conditionCheck", json!({ "key": { "id": "d" }, "condition": { "n": { "eq": d } } })),
        ] })
    };
    for (failing, items) in [
        items(true, 1, 1, 1),
        items(false, 2, 1, 1),
        items(false, 1, 2, 1),
        items(false, 1, 1, 2),
    ]
    .into_iter()
    .enumerate()
    {
        let error = call(&api, "transactWrite", items).await;
        assert_eq!(error[0], "DynamoDB:TransactionCanceledException");
        let reasons = error[1]["cancellationReasons"].as_array().expect("reasons");
        for (place, reason) in reasons.iter().enumerate() {
            let expected = if place == failing {
                "ConditionCheckFailed"
            } else {
                "None"
            };
            assert_eq!(reason["type"], expected, "{error}");
        }
    }
    let written = call(&api, "transactWrite", items(false, 1, 1, 1)).await;
    assert_eq!(
        written,
        json!({ "keys": [{ "id": "a" }, { "id": "b" }, { "id": "c" }, { "id": "d" }], "cancellationReasons": null })
    );
    let gets: Vec<Value> = ["a", "b", "c", "d"]
        .iter()
        .map(|id| json!({ "table": USER_TABLE, "key": { "id": id }, "projection": ["id", "x"] }))
        .collect();
    assert_eq!(
        call(&api, "transactGet", json!({ "items": gets })).await["items"],
        json!([{ "id": "a" }, { "id": "b", "x": null }, null, { "id": "d" }])
    );
}
