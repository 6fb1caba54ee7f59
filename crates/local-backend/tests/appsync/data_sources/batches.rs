//! Requests for several items.

use serde_json::json;

use super::*;

/// A resolver on the users' table that sends its argument `x` as its request and returns the result and the
/// type of the error.
fn api() -> Stored<Runtime> {
    runtime_with(
        "// datasource: UserTable
        export const request = (ctx) => ctx.args.x;
        export const response = (ctx) => [ctx.result, ctx.error ? ctx.error.type : null];",
    )
}

async fn execute(api: &Stored<Runtime>, request: Value) -> (Value, Value) {
    let response = api.ok("Query.test", ME, json!({ "x": request })).await;
    (response[0].clone(), response[1].clone())
}

const USERS: &str = caltrack_local_core::tables::USER_TABLE;

fn id(id: &str) -> Value {
    json!({ "id": { "S": id } })
}

fn put(id: &str) -> Value {
    json!({ "table": USERS, "operation": "PutItem", "key": { "id": { "S": id } }, "attributeValues": { "n": { "N": 1 } } })
}

#[tokio::test]
async fn batches_put_read_and_delete_items_in_the_order_of_their_keys() {
    let api = api();
    let items = json!([{ "id": { "S": "a" }, "n": { "N": 1 } }, { "id": { "S": "b" }, "n": { "N": 2 } }]);
    let (result, error) = execute(
        &api,
        json!({ "operation": "BatchPutItem", "tables": { USERS: items } }),
    )
    .await;
    assert_eq!(error, Value::Null);
    assert_eq!(
        result,
        json!({ "data": { USERS: [{ "id": "a", "n": 1 }, { "id": "b", "n": 2 }] }, "unprocessedItems": { USERS: [] } })
    );
    let keys = json!({ "keys": [id("b"), id("none"), id("a")], "consistentRead": true });
    let (result, _) = execute(
        &api,
        json!({ "operation": "BatchGetItem", "tables": { USERS: keys } }),
    )
    .await;
    assert_eq!(
        result,
        json!({ "data": { USERS: [{ "id": "b", "n": 2 }, null, { "id": "a", "n": 1 }] }, "unprocessedKeys": { USERS: [] } })
    );
    let (result, _) = execute(
        &api,
        json!({ "operation": "BatchDeleteItem", "tables": { USERS: [id("a")] } }),
    )
    .await;
    assert_eq!(
        result,
        json!({ "data": { USERS: [{ "id": "a" }] }, "unprocessedKeys": { USERS: [] } })
    );
    let (result, _) = execute(
        &api,
        json!({ "operation": "BatchGetItem", "tables": { USERS: [id("a"), id("b")] } }),
    )
    .await;
    assert_eq!(
        result["data"][USERS],
        json!([null, { "id": "b", "n": 2 }]),
        "a bare list of keys is accepted"
    );
}

#[tokio::test]
async fn a_transaction_returns_only_keys_and_null_for_a_missing_item() {
    let api = api();
    let update = json!({ "table": USERS, "operation": "UpdateItem", "key": id("c"),
        "update": { "expression": "SET n = :n", "expressionValues": { ":n": { "N": 3 } } } });
    let (result, error) = execute(
        &api,
        json!({ "operation": "TransactWriteItems", "transactItems": [put("a"), update] }),
    )
    .await;
    assert_eq!(
        (result, error),
        (
            json!({ "keys": [{ "id": "a" }, { "id": "c" }], "cancellationReasons": null }),
            Value::Null
        )
    );
    let get = |key: &str| json!({ "table": USERS, "key": id(key) });
    let (result, _) = execute(
        &api,
        json!({ "operation": "TransactGetItems", "transactItems": [get("c"), get("none")] }),
    )
    .await;
    assert_eq!(
        result,
        json!({ "items": [{ "id": "c", "n": 3 }, null], "cancellationReasons": null })
    );
}

#[tokio::test]
async fn a_cancelled_transaction_changes_nothing_and_returns_the_reason_of_each_item() {
    let api = api();
    execute(
        &api,
        json!({ "operation": "TransactWriteItems", "transactItems": [put("a")] }),
    )
    .await;
    let mut absent = put("a");
    absent["condition"] = json!({ "expression": "attribute_not_exists(id)" });
    let mut silent = put("a");
    silent["condition"] =
        json!({ "expression": "attribute_not_exists(id)", "returnValuesOnConditionCheckFailure": false });
    let (result, error) = execute(
        &api,
        json!({ "operation": "TransactWriteItems", "transactItems": [put("b"), absent] }),
    )
    .await;
    assert_eq!(error, "DynamoDB:TransactionCanceledException");
    assert_eq!(result["keys"], Value::Null);
    assert_eq!(
        result["cancellationReasons"],
        json!([
            { "type": "None", "message": "None" },
            { "type": "ConditionCheckFailed", "message": "The condition check failed.", "item": { "id": "a", "n": 1 } },
        ])
    );
    let (result, _) = execute(
        &api,
        json!({ "operation": "TransactWriteItems", "transactItems": [silent] }),
    )
    .await;
    assert_eq!(result["cancellationReasons"][0].get("item"), None);
    let (result, _) = execute(
        &api,
        json!({ "operation": "BatchGetItem", "tables": { USERS: [id("b")] } }),
    )
    .await;
    assert_eq!(result["data"][USERS], json!([null]));
}

#[tokio::test]
async fn too_many_items_and_unknown_operations_are_rejected() {
    let api = api();
    let (result, error) = execute(
        &api,
        json!({ "operation": "BatchPutItem", "tables": { USERS: (0..25).map(|n| id(&n.to_string())).collect::<Vec<_>>() } }),
    )
    .await;
    assert_eq!(
        (result["data"][USERS].as_array().map(Vec::len), error),
        (Some(25), Value::Null)
    );
    let many: Vec<Value> = (0..101).map(|n| id(&n.to_string())).collect();
    let gets: Vec<Value> = many
        .iter()
        .map(|key| json!({ "table": USERS, "key": key }))
        .collect();
    let puts: Vec<Value> = (0..101).map(|n| put(&n.to_string())).collect();
    for request in [
        json!({ "operation": "BatchPutItem", "tables": { USERS: many[..26] } }),
        json!({ "operation": "BatchDeleteItem", "tables": { USERS: many[..26] } }),
        json!({ "operation": "BatchGetItem", "tables": { USERS: many } }),
        json!({ "operation": "BatchGetItem", "tables": { USERS: { "keys": many } } }),
        json!({ "operation": "BatchGetItem", "tables": {} }),
        json!({ "operation": "TransactGetItems", "transactItems": gets }),
        json!({ "operation": "TransactWriteItems", "transactItems": puts }),
        json!({ "operation": "TransactWriteItems", "transactItems": [] }),
        json!({ "operation": "TransactWriteItems", "transactItems": [{ "table": USERS, "operation": "GetItem", "key": id("a") }] }),
        json!({ "operation": "Sync" }),
        json!({ "operation": "Nonsense" }),
    ] {
        let (result, error) = execute(&api, request.clone()).await;
        assert_eq!(
            (result, error),
            (Value::Null, json!("MappingTemplate")),
            "{request}"
        );
    }
}

#[tokio::test]
async fn the_helper_module_builds_batches_and_transactions() {
    let code = "import * as ddb from '@aws-appsync/utils/dynamodb';
        export const request = () => ({ payload: [
            ddb.batchGet({ tables: { T: { keys: [{ id: 'a' }], consistentRead: true } } }),
            ddb.batchPut({ tables: { T: [{ id: 'a', n: 1 }] } }),
            ddb.batchDelete({ tables: { T: [{ id: 'a' }] } }),
            ddb.transactGet({ items: [{ table: 'T', key: { id: 'a' } }] }),
            ddb.transactWrite({ items: [
                { table: 'T', putItem: { key: { id: 'a' }, item: { n: 1 } } },
                { table: 'T', deleteItem: { key: { id: 'b' } } },
                { table: 'T', conditionCheck: { key: { id: 'c' }, condition: { n: { eq: 1 } } } },
            ] }),
        ] });
        export const response = (ctx) => ctx.result;";
    let written = value(code, json!({})).await;
    let key = |id: &str| json!({ "id": { "S": id } });
    assert_eq!(
        written[0],
        json!({ "operation": "BatchGetItem", "tables": { "T": { "keys": [key("a")], "consistentRead": true } } })
    );
    assert_eq!(
        written[1]["tables"]["T"],
        json!([{ "id": { "S": "a" }, "n": { "N": 1 } }])
    );
    assert_eq!(written[2]["tables"]["T"], json!([key("a")]));
    assert_eq!(
        written[3]["transactItems"],
        json!([{ "table": "T", "key": key("a") }])
    );
    let writes = &written[4]["transactItems"];
    assert_eq!(
        (&writes[0]["operation"], &writes[0]["table"]),
        (&json!("PutItem"), &json!("T"))
    );
    assert_eq!(writes[1]["operation"], "DeleteItem");
    assert_eq!(writes[2]["condition"]["expression"], "(#n = :n_eq)");
}
