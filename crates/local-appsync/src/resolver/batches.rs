//! Requests for several items of one or more tables.
//!
//! Source: AppSync guide, "JavaScript resolver function reference for DynamoDB". The request itself names the tables.

use caltrack_local_core::tables::{DynamoError, Operation};
use serde_json::{Map, Value, json};

use super::{
    datasource::{DynamoSource, Expressions, object, set},
    failure::dynamo_failure,
    reply::Reply,
    typed::{item_to_plain, map_to_api},
};

/// AppSync's limits of items per request.
const MOST_READ: usize = 100;
const MOST_WRITTEN: usize = 25;

type Tables = Map<String, Value>;

impl DynamoSource {
    /// `BatchGetItem`: the items in the order of their keys, null for absent ones.
    pub(super) async fn batch_get(&self, mut request: Map<String, Value>) -> Reply {
        let tables = match tables_of(&mut request, MOST_READ, "keys") {
            Ok(tables) => tables,
            Err(refused) => return refused,
        };
        let mut asked = Map::new();
        for (table, mut keys) in tables.clone() {
            // AppSync also accepts a list of keys without `keys`.
            let list = keys.get("keys").unwrap_or(&keys).clone();
            let mut one = json!({ "Keys": typed_list(list) });
            set(
                &mut one,
                "ConsistentRead",
                keys.get_mut("consistentRead").map(Value::take),
            );
            let mut expression = Expressions::default();
            let projection = object(keys.get_mut("projection").map(Value::take));
            set(&mut one, "ProjectionExpression", expression.take(projection));
            expression.write(&mut one);
            asked.insert(table, one);
        }
        let body = json!({ "RequestItems": asked });
        let mut answer = match self.call(Operation::BatchGetItem, body).await {
            Ok(answer) => answer,
            Err(error) => return dynamo_failure(&error, Value::Null),
        };
        let mut data = Map::new();
        for (table, one) in &asked {
            let found = plain_list(
                answer
                    .pointer_mut(&format!("/Responses/{table}"))
                    .map(Value::take),
            );
            let keys = plain_list(one.get("Keys").cloned());
            let in_order: Vec<Value> = keys
                .iter()
                .map(|key| {
                    found
                        .iter()
                        .find(|item| holds(item, key))
                        .cloned()
                        .unwrap_or_default()
                })
                .collect();
            data.insert(table.clone(), Value::Array(in_order));
        }
        let unprocessed = unprocessed(&mut answer, "UnprocessedKeys", &asked, |left| {
            plain_list(left.get_mut("Keys").map(Value::take))
        });
        Reply::of(json!({ "data": data, "unprocessedKeys": unprocessed }))
    }

    /// `BatchPutItem` and `BatchDeleteItem`: the requested items, and the unprocessed ones.
    pub(super) async fn batch_write(&self, mut request: Map<String, Value>, put: bool) -> Reply {
        let tables = match tables_of(&mut request, MOST_WRITTEN, "items") {
            Ok(tables) => tables,
            Err(refused) => return refused,
        };
        let (kind, member, left_over) = if put {
            ("PutRequest", "Item", "unprocessedItems")
        } else {
            ("DeleteRequest", "Key", "unprocessedKeys")
        };
        let (mut asked, mut data) = (Map::new(), Map::new());
        for (table, items) in tables {
            let typed = typed_list(items);
            let writes: Vec<Value> = typed
                .iter()
                .map(|item| json!({ kind: { member: item } }))
                .collect();
            data.insert(table.clone(), Value::Array(plain_list(Some(Value::Array(typed)))));
            asked.insert(table, Value::Array(writes));
        }
        let body = json!({ "RequestItems": asked });
        let mut answer = match self.call(Operation::BatchWriteItem, body).await {
            Ok(answer) => answer,
            Err(error) => return dynamo_failure(&error, Value::Null),
        };
        let unprocessed = unprocessed(&mut answer, "UnprocessedItems", &asked, |left| {
            let writes = left.as_array_mut().map(std::mem::take).unwrap_or_default();
            let items = writes
                .into_iter()
                .filter_map(|mut write| write.pointer_mut(&format!("/{kind}/{member}")).map(Value::take))
                .collect();
            plain_list(Some(Value::Array(items)))
        });
        Reply::of(json!({ "data": data, left_over: unprocessed }))
    }

    /// `TransactGetItems`: all items as of one moment.
    pub(super) async fn transact_get(&self, mut request: Map<String, Value>) -> Reply {
        let Some(asked) = items_of(&mut request) else {
            return Reply::malformed("transactItems must hold 1 to 100 items.");
        };
        let items: Vec<Value> = asked
            .into_iter()
            .map(|mut one| {
                let mut get = json!({ "TableName": one.remove("table"), "Key": typed(one.remove("key")) });
                let mut expression = Expressions::default();
                let projection = expression.take(object(one.remove("projection")));
                set(&mut get, "ProjectionExpression", projection);
                expression.write(&mut get);
                json!({ "Get": get })
            })
            .collect();
        let body = json!({ "TransactItems": items });
        match self.call(Operation::TransactGetItems, body).await {
            Ok(mut answer) => {
                let found = answer
                    .get_mut("Responses")
                    .and_then(Value::as_array_mut)
                    .map(std::mem::take)
                    .unwrap_or_default();
                let found: Vec<Value> = found
                    .into_iter()
                    .map(|mut one| {
                        object(one.get_mut("Item").map(Value::take)).map_or(Value::Null, item_to_plain)
                    })
                    .collect();
                Reply::of(json!({ "items": found, "cancellationReasons": null }))
            }
            Err(error) => cancelled(&error, "items"),
        }
    }

    /// `TransactWriteItems`: all writes or none. The result has only the keys.
    pub(super) async fn transact_write(&self, mut request: Map<String, Value>) -> Reply {
        let Some(asked) = items_of(&mut request) else {
            return Reply::malformed("transactItems must hold 1 to 100 items.");
        };
        let mut items = Vec::new();
        let mut keys = Vec::new();
        for one in asked {
            let Some((item, key)) = write_item(one) else {
                return Reply::malformed(
                    "A transactItem's operation is PutItem, UpdateItem, DeleteItem or ConditionCheck.",
                );
            };
            items.push(item);
            keys.push(item_to_plain(key));
        }
        let body = json!({ "TransactItems": items });
        match self.call(Operation::TransactWriteItems, body).await {
            Ok(_) => Reply::of(json!({ "keys": keys, "cancellationReasons": null })),
            Err(error) => cancelled(&error, "keys"),
        }
    }
}

/// One write of a transaction in DynamoDB's form, and its key.
fn write_item(mut one: Map<String, Value>) -> Option<(Value, Map<String, Value>)> {
    let key = typed(one.remove("key"));
    let mut expression = Expressions::default();
    let mut body = json!({ "TableName": one.remove("table") });
    let operation = one.remove("operation")?;
    let kind = match operation.as_str()? {
        "PutItem" => {
            let mut item = key.clone();
            item.extend(typed(one.remove("attributeValues")));
            set(&mut body, "Item", Some(Value::Object(item)));
            "Put"
        }
        "UpdateItem" => {
            let update = expression.take(object(one.remove("update")));
            set(&mut body, "UpdateExpression", update);
            "Update"
        }
        "DeleteItem" => "Delete",
        "ConditionCheck" => "ConditionCheck",
        _ => return None,
    };
    if kind != "Put" {
        set(&mut body, "Key", Some(Value::Object(key.clone())));
    }
    let condition = object(one.remove("condition"));
    let returns = condition
        .as_ref()
        .and_then(|condition| condition.get("returnValuesOnConditionCheckFailure"))
        != Some(&Value::Bool(false));
    set(&mut body, "ConditionExpression", expression.take(condition));
    if returns {
        set(
            &mut body,
            "ReturnValuesOnConditionCheckFailure",
            Some("ALL_OLD".into()),
        );
    }
    expression.write(&mut body);
    Some((json!({ kind: body }), key))
}

/// The reply of a cancelled transaction: the reason of each item, in the order of the request.
fn cancelled(error: &DynamoError, nothing: &str) -> Reply {
    let told = error.body.get("CancellationReasons").and_then(Value::as_array);
    let reasons: Vec<Value> = told
        .into_iter()
        .flatten()
        .map(|reason| {
            let kind = reason.get("Code").and_then(Value::as_str).unwrap_or("None");
            let (kind, message) = match kind {
                "ConditionalCheckFailed" => ("ConditionCheckFailed", "The condition check failed."),
                "None" => ("None", "None"),
                other => (
                    other,
                    reason.get("Message").and_then(Value::as_str).unwrap_or(other),
                ),
            };
            let mut told = json!({ "type": kind, "message": message });
            let item = object(reason.get("Item").cloned()).map(item_to_plain);
            set(&mut told, "item", item);
            told
        })
        .collect();
    let reasons = if reasons.is_empty() {
        Value::Null
    } else {
        Value::Array(reasons)
    };
    dynamo_failure(error, json!({ nothing: null, "cancellationReasons": reasons }))
}

fn tables_of(request: &mut Map<String, Value>, most: usize, what: &str) -> Result<Tables, Reply> {
    let tables = object(request.remove("tables")).unwrap_or_default();
    let length = |list: &Value| {
        let list = list.get("keys").unwrap_or(list);
        list.as_array().map_or(0, Vec::len)
    };
    let all: usize = tables.values().map(length).sum();
    if (1..=most).contains(&all) {
        Ok(tables)
    } else {
        Err(Reply::malformed(format!("tables must hold 1 to {most} {what}.")))
    }
}

fn items_of(request: &mut Map<String, Value>) -> Option<Vec<Map<String, Value>>> {
    let Some(Value::Array(items)) = request.remove("transactItems") else {
        return None;
    };
    let items: Option<Vec<_>> = items.into_iter().map(|item| object(Some(item))).collect();
    items.filter(|items| (1..=MOST_READ).contains(&items.len()))
}

fn typed(value: Option<Value>) -> Map<String, Value> {
    object(value).map(map_to_api).unwrap_or_default()
}

fn typed_list(list: Value) -> Vec<Value> {
    match list {
        Value::Array(items) => items
            .into_iter()
            .map(|item| Value::Object(typed(Some(item))))
            .collect(),
        _ => Vec::new(),
    }
}

fn plain_list(list: Option<Value>) -> Vec<Value> {
    match list {
        Some(Value::Array(items)) => items
            .into_iter()
            .map(|item| object(Some(item)).map_or(Value::Null, item_to_plain))
            .collect(),
        _ => Vec::new(),
    }
}

/// Whether an item has the attributes of a key.
fn holds(item: &Value, key: &Value) -> bool {
    key.as_object()
        .is_some_and(|key| key.iter().all(|(name, value)| item.get(name) == Some(value)))
}

/// The unprocessed items by table; an empty list if all were processed.
fn unprocessed(
    answer: &mut Value,
    member: &str,
    asked: &Map<String, Value>,
    read: impl Fn(&mut Value) -> Vec<Value>,
) -> Map<String, Value> {
    asked
        .keys()
        .map(|table| {
            let left = answer.pointer_mut(&format!("/{member}/{table}"));
            let items = left.map(&read).unwrap_or_default();
            (table.clone(), Value::Array(items))
        })
        .collect()
}
