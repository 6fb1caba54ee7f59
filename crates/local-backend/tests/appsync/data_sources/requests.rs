//! Request objects and their results.

use serde_json::json;

use super::*;
use caltrack_local_core::tables::{USER_AGGREGATE_TABLE, USER_TABLE};

/// A resolver that sends its argument `x` as its request and returns the result and the type of the error.
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

const FAILED: &str = "DynamoDB:ConditionalCheckFailedException";

fn key() -> Value {
    json!({ "id": { "S": "a" } })
}

fn get() -> Value {
    json!({ "operation": "GetItem", "key": key() })
}

/// A put of `n` and `at` that succeeds only without an item.
fn put(n: i64, at: &str, condition: &Value) -> Value {
    let mut put = json!({ "operation": "PutItem", "key": key(), "attributeValues": { "n": { "N": n }, "at": { "S": at } },
        "condition": { "expression": "attribute_not_exists(id)" } });
    for (name, value) in condition.as_object().expect("an object") {
        put["condition"][name] = value.clone();
    }
    put
}

#[tokio::test]
async fn equals_ignore_excludes_attributes_from_the_comparison_of_a_repeat() {
    let api = api();
    let (stored, _) = execute(&api, put(1, "8:00", &json!({}))).await;
    assert_eq!(
        execute(&api, put(1, "9:00", &json!({}))).await,
        (stored.clone(), json!(FAILED))
    );
    assert_eq!(
        execute(&api, put(1, "9:00", &json!({ "equalsIgnore": ["at"] }))).await,
        (stored.clone(), Value::Null),
        "the stored item is returned"
    );
    assert_eq!(
        execute(&api, put(2, "9:00", &json!({ "equalsIgnore": ["at"] }))).await,
        (stored, json!(FAILED))
    );
}

#[tokio::test]
async fn the_stored_item_is_returned_with_either_consistency() {
    let api = api();
    let (stored, _) = execute(&api, put(1, "8:00", &json!({}))).await;
    for consistent in [true, false] {
        assert_eq!(
            execute(&api, put(2, "8:00", &json!({ "consistentRead": consistent }))).await,
            (stored.clone(), json!(FAILED))
        );
    }
}

#[tokio::test]
async fn a_failed_update_is_never_treated_as_a_repeat() {
    let api = api();
    let (stored, _) = execute(&api, put(1, "8:00", &json!({}))).await;
    let update = json!({ "operation": "UpdateItem", "key": key(),
        "update": { "expression": "SET n = :n", "expressionValues": { ":n": { "N": 1 } } },
        "condition": { "expression": "n = :m", "expressionValues": { ":m": { "N": 7 } }, "equalsIgnore": ["n", "at"] } });
    assert_eq!(execute(&api, update).await, (stored, json!(FAILED)));
}

#[tokio::test]
async fn a_custom_handler_of_a_failed_condition_is_an_error_without_a_lambda() {
    let api = api();
    let handler = |strategy: &str| json!({ "conditionalCheckFailedHandler": { "strategy": strategy, "lambdaArn": "arn:x" } });
    assert_eq!(
        execute(&api, put(1, "8:00", &handler("Custom"))).await,
        (Value::Null, json!("MappingTemplate"))
    );
    assert_eq!(
        execute(&api, put(1, "8:00", &handler("Nonsense"))).await.1,
        "MappingTemplate"
    );
    assert_eq!(
        execute(&api, get()).await,
        (Value::Null, Value::Null),
        "nothing was written"
    );
    assert_eq!(
        execute(&api, put(1, "8:00", &handler("Reject"))).await.1,
        Value::Null
    );
    assert_eq!(execute(&api, put(2, "8:00", &handler("Reject"))).await.1, FAILED);
}

#[tokio::test]
async fn a_projection_reads_part_of_an_item() {
    let api = api();
    execute(&api, put(1, "8:00", &json!({}))).await;
    let mut part = get();
    part["projection"] = json!({ "expression": "#n, absent", "expressionNames": { "#n": "n" } });
    assert_eq!(execute(&api, part).await, (json!({ "n": 1 }), Value::Null));
}

#[tokio::test]
async fn sets_binaries_and_nulls_are_returned_as_plain_json() {
    let api = api();
    let values = json!({ "ss": { "SS": ["x", "y"] }, "ns": { "NS": [1, 2.5] }, "b": { "B": "AQI=" }, "bs": { "BS": ["AQ==", "Ag=="] },
        "nothing": { "NULL": null }, "yes": { "BOOL": true }, "list": { "L": [{ "N": 1 }, { "NULL": null }] }, "map": { "M": { "k": { "B": "AQ==" } } } });
    let put = json!({ "operation": "PutItem", "key": key(), "attributeValues": values });
    let plain = json!({ "id": "a", "ss": ["x", "y"], "ns": [1, 2.5], "b": "AQI=", "bs": ["AQ==", "Ag=="], "nothing": null, "yes": true,
        "list": [1, null], "map": { "k": "AQ==" } });
    assert_eq!(execute(&api, put).await, (plain.clone(), Value::Null));
    assert_eq!(execute(&api, get()).await, (plain, Value::Null));
}

#[tokio::test]
async fn whole_numbers_beyond_53_bits_lose_their_last_digits() {
    let api = api();
    let item =
        json!({ "id": { "S": "a" }, "n": { "N": "9007199254740993" }, "m": { "N": "9007199254740991" } });
    api.put(USER_TABLE, item).await;
    assert_eq!(
        execute(&api, get()).await.0,
        json!({ "id": "a", "n": 9_007_199_254_740_992_i64, "m": 9_007_199_254_740_991_i64 })
    );
}

#[tokio::test]
async fn the_segments_of_a_scan_have_every_item_once() {
    let api = api();
    let mut left: Vec<String> = (0..20).map(|n| format!("u{n:02}")).collect();
    for id in &left {
        api.put(USER_TABLE, json!({ "id": { "S": id } })).await;
    }
    let all = left.len();
    for segment in 0..3 {
        let scan = json!({ "operation": "Scan", "segment": segment, "totalSegments": 3 });
        let (result, error) = execute(&api, scan).await;
        assert_eq!(error, Value::Null);
        let items = result["items"].as_array().unwrap();
        assert!(items.len() < all, "a segment has a part of the items");
        for item in items {
            let place = left.iter().position(|id| item["id"] == **id);
            left.remove(place.expect("each item is in one segment"));
        }
    }
    assert_eq!(left, Vec::<String>::new());
    let alone = json!({ "operation": "Scan", "segment": 0 });
    assert_eq!(execute(&api, alone).await.1, "DynamoDB:DynamoDbException");
}

#[tokio::test]
async fn two_writes_on_one_item_cancel_a_transaction() {
    let api = api();
    let write = |n: i64| json!({ "table": USER_TABLE, "operation": "PutItem", "key": key(), "attributeValues": { "n": { "N": n } } });
    let check = json!({ "table": USER_TABLE, "operation": "ConditionCheck", "key": key(), "condition": { "expression": "attribute_not_exists(id)" } });
    for second in [write(2), check] {
        let request = json!({ "operation": "TransactWriteItems", "transactItems": [write(1), second] });
        let (_, error) = execute(&api, request).await;
        assert_eq!(error, "DynamoDB:DynamoDbException");
        assert_eq!(execute(&api, get()).await.0, Value::Null, "nothing was written");
    }
}

#[tokio::test]
async fn an_unknown_table_is_dynamodbs_error() {
    let request =
        json!({ "operation": "TransactGetItems", "transactItems": [{ "table": "none", "key": key() }] });
    assert_eq!(
        execute(&api(), request).await.1,
        "DynamoDB:ResourceNotFoundException"
    );
}

#[tokio::test]
async fn a_limit_is_a_whole_number_of_at_least_one() {
    let api = api();
    api.put(
        USER_AGGREGATE_TABLE,
        json!({ "userid": { "S": ME }, "date": { "S": "d" } }),
    )
    .await;
    for (limit, expected) in [
        (json!(0), json!("DynamoDB:DynamoDbException")),
        (json!(1001), Value::Null),
        (json!("1"), json!("DynamoDB:DynamoDbException")),
        (json!(1000), Value::Null),
        (Value::Null, Value::Null),
    ] {
        let scan = json!({ "operation": "Scan", "limit": limit });
        assert_eq!(execute(&api, scan).await.1, expected, "{limit}");
    }
}

#[tokio::test]
async fn a_repeated_conditional_put_and_a_conditional_delete_of_nothing_succeed() {
    let put = "// datasource: UserTable
        export const request = (ctx) => ({ operation: 'PutItem', key: { id: { S: 'a' } }, attributeValues: { n: { N: ctx.args.n } },
            condition: { expression: 'attribute_not_exists(id)' } });
        export const response = (ctx) => ctx.error ? [ctx.error.type, ctx.result] : ctx.result;";
    let api = runtime_with(put);
    assert_eq!(
        api.ok("Query.test", ME, json!({ "n": 1 })).await,
        json!({ "id": "a", "n": 1 })
    );
    assert_eq!(
        api.ok("Query.test", ME, json!({ "n": 1 })).await,
        json!({ "id": "a", "n": 1 })
    );
    assert_eq!(
        api.ok("Query.test", ME, json!({ "n": 2 })).await,
        json!(["DynamoDB:ConditionalCheckFailedException", { "id": "a", "n": 1 }])
    );
    let delete = "// datasource: UserTable
        export const request = () => ({ operation: 'DeleteItem', key: { id: { S: 'none' } },
            condition: { expression: 'attribute_exists(id)' } });
        export const response = (ctx) => ctx.error ? ctx.error.type : 'fine';";
    assert_eq!(
        runtime_with(delete).ok("Query.test", ME, json!({})).await,
        json!("fine")
    );
}
