//! Translates a resolver's request object to a call of DynamoDB's API, and its response to `ctx.result`.
//!
//! Source: AppSync guide, "JavaScript resolver function reference for DynamoDB".

use std::sync::Arc;

use caltrack_local_core::tables::{DynamoError, Operation, TableApi};
use serde_json::{Map, Value, json};

use super::{
    failure::dynamo_failure,
    reply::Reply,
    token::Tokens,
    typed::{item_to_plain, map_to_api},
};

/// The tables as data sources of one caller.
#[derive(Debug, Clone)]
pub(super) struct DynamoSource {
    tables: Arc<dyn TableApi>,
    tokens: Tokens,
    /// A user's `sub`; empty for other callers. Callers take turns.
    caller: Arc<str>,
}

impl DynamoSource {
    pub(super) fn new(tables: Arc<dyn TableApi>, tokens: Tokens) -> Self {
        Self {
            tables,
            tokens,
            caller: Arc::from(""),
        }
    }

    /// The same data sources for a caller.
    pub(super) fn on_behalf_of(&self, caller: &Arc<str>) -> Self {
        Self {
            caller: Arc::clone(caller),
            ..self.clone()
        }
    }

    /// Executes a request object. Page tokens are `bound_to` the caller and the field.
    pub(super) async fn execute(&self, table: &str, request: Value, bound_to: &str) -> Reply {
        let Value::Object(request) = request else {
            return Reply::malformed("The request handler must return an object.");
        };
        if let Err(refused) = check_failed_handler(&request) {
            return refused;
        }
        let operation = request
            .get("operation")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        match operation.as_str() {
            "GetItem" => self.get(table, request).await,
            "PutItem" => self.put(table, request).await,
            "UpdateItem" => self.update(table, request).await,
            "DeleteItem" => self.delete(table, request).await,
            "Query" => self.list(table, Operation::Query, request, bound_to).await,
            "Scan" => self.list(table, Operation::Scan, request, bound_to).await,
            "BatchGetItem" => self.batch_get(request).await,
            "BatchPutItem" => self.batch_write(request, true).await,
            "BatchDeleteItem" => self.batch_write(request, false).await,
            "TransactGetItems" => self.transact_get(request).await,
            "TransactWriteItems" => self.transact_write(request).await,
            // Only versioned data sources can be synced.
            "Sync" => Reply::malformed("Sync is for versioned data sources alone."),
            other => Reply::malformed(format!("Unsupported operation '{other}'.")),
        }
    }

    /// Calls the tables on behalf of the caller.
    pub(super) async fn call(&self, operation: Operation, body: Value) -> Result<Value, DynamoError> {
        self.tables.call_for(&self.caller, operation, body).await
    }

    async fn get(&self, table: &str, mut request: Map<String, Value>) -> Reply {
        let mut body = json!({ "TableName": table, "Key": key_of(&mut request) });
        set(&mut body, "ConsistentRead", request.remove("consistentRead"));
        if let Some(projection) = request.remove("projection") {
            set(
                &mut body,
                "ProjectionExpression",
                projection.get("expression").cloned(),
            );
            set(
                &mut body,
                "ExpressionAttributeNames",
                projection.get("expressionNames").cloned(),
            );
        }
        match self.call(Operation::GetItem, body).await {
            Ok(answer) => Reply::of(item(answer, "Item")),
            Err(error) => dynamo_failure(&error, Value::Null),
        }
    }

    async fn put(&self, table: &str, mut request: Map<String, Value>) -> Reply {
        let key = key_of(&mut request);
        let mut new = key.clone();
        new.extend(
            object(request.remove("attributeValues"))
                .map(map_to_api)
                .unwrap_or_default(),
        );
        let condition = object(request.remove("condition"));
        let mut body = json!({ "TableName": table, "Item": new });
        let mut expression = Expressions::default();
        set(
            &mut body,
            "ConditionExpression",
            expression.take(condition.clone()),
        );
        expression.write(&mut body);
        match self.call(Operation::PutItem, body).await {
            Ok(_) => Reply::of(item_to_plain(new)),
            Err(error) if error.kind == CONDITION_FAILED => {
                let stored = self.stored(table, &key, condition.as_ref()).await;
                let wanted = item_to_plain(new);
                // A put of the stored item succeeds, so that a retry does.
                if stored_equals(&stored, &wanted, condition.as_ref()) {
                    Reply::of(stored)
                } else {
                    dynamo_failure(&error, stored)
                }
            }
            Err(error) => dynamo_failure(&error, Value::Null),
        }
    }

    async fn update(&self, table: &str, mut request: Map<String, Value>) -> Reply {
        let key = key_of(&mut request);
        let mut body = json!({ "TableName": table, "Key": key, "ReturnValues": "ALL_NEW" });
        let mut expression = Expressions::default();
        let condition = object(request.remove("condition"));
        set(
            &mut body,
            "UpdateExpression",
            expression.take(object(request.remove("update"))),
        );
        set(
            &mut body,
            "ConditionExpression",
            expression.take(condition.clone()),
        );
        expression.write(&mut body);
        match self.call(Operation::UpdateItem, body).await {
            Ok(answer) => Reply::of(item(answer, "Attributes")),
            Err(error) if error.kind == CONDITION_FAILED => {
                let stored = self.stored(table, &key, condition.as_ref()).await;
                dynamo_failure(&error, stored)
            }
            Err(error) => dynamo_failure(&error, Value::Null),
        }
    }

    async fn delete(&self, table: &str, mut request: Map<String, Value>) -> Reply {
        let key = key_of(&mut request);
        let mut body = json!({ "TableName": table, "Key": key, "ReturnValues": "ALL_OLD" });
        let mut expression = Expressions::default();
        let condition = object(request.remove("condition"));
        set(
            &mut body,
            "ConditionExpression",
            expression.take(condition.clone()),
        );
        expression.write(&mut body);
        match self.call(Operation::DeleteItem, body).await {
            Ok(answer) => Reply::of(item(answer, "Attributes")),
            Err(error) if error.kind == CONDITION_FAILED => {
                let stored = self.stored(table, &key, condition.as_ref()).await;
                // A delete of an absent item succeeds.
                if stored.is_null() {
                    Reply::of(Value::Null)
                } else {
                    dynamo_failure(&error, stored)
                }
            }
            Err(error) => dynamo_failure(&error, Value::Null),
        }
    }

    async fn list(
        &self,
        table: &str,
        operation: Operation,
        mut request: Map<String, Value>,
        bound_to: &str,
    ) -> Reply {
        let mut body = json!({ "TableName": table });
        let mut expression = Expressions::default();
        for (name, member) in [
            ("KeyConditionExpression", "query"),
            ("FilterExpression", "filter"),
            ("ProjectionExpression", "projection"),
        ] {
            set(&mut body, name, expression.take(object(request.remove(member))));
        }
        expression.write(&mut body);
        set(&mut body, "IndexName", request.remove("index"));
        set(&mut body, "Select", request.remove("select"));
        set(&mut body, "ConsistentRead", request.remove("consistentRead"));
        if operation == Operation::Query {
            set(&mut body, "ScanIndexForward", request.remove("scanIndexForward"));
        } else {
            set(&mut body, "Segment", request.remove("segment"));
            set(&mut body, "TotalSegments", request.remove("totalSegments"));
        }
        // DynamoDB checks the minimum; there is no maximum, since a page ends at 1 MB.
        set(&mut body, "Limit", request.remove("limit"));
        let Ok(start) = self.tokens.start(bound_to, request.remove("nextToken")) else {
            return Reply::failed(
                INVALID_TOKEN,
                "DynamoDB:UserIllegalArgumentException",
                Value::Null,
            );
        };
        set(&mut body, "ExclusiveStartKey", start);
        let mut answer = match self.call(operation, body).await {
            Ok(answer) => answer,
            Err(error) => return dynamo_failure(&error, Value::Null),
        };
        let items: Vec<Value> = match answer.get_mut("Items").map(Value::take) {
            Some(Value::Array(items)) => items
                .into_iter()
                .map(|item| object(Some(item)).map_or(Value::Null, item_to_plain))
                .collect(),
            _ => Vec::new(),
        };
        let next = answer.get("LastEvaluatedKey").filter(|key| !key.is_null());
        let next = next.map_or(Value::Null, |key| self.tokens.make(bound_to, key).into());
        let scanned = answer.get("ScannedCount").cloned().unwrap_or_default();
        let members = [
            ("items", items.into()),
            ("nextToken", next),
            ("scannedCount", scanned),
        ];
        Reply::of(
            members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    }

    /// The stored item. After a failed condition, AppSync reads it again, consistently by default.
    async fn stored(
        &self,
        table: &str,
        key: &Map<String, Value>,
        condition: Option<&Map<String, Value>>,
    ) -> Value {
        let consistent = condition
            .and_then(|condition| condition.get("consistentRead"))
            .cloned()
            .unwrap_or(Value::Bool(true));
        let body = json!({ "TableName": table, "Key": key, "ConsistentRead": consistent });
        match self.call(Operation::GetItem, body).await {
            Ok(answer) => item(answer, "Item"),
            Err(_) => Value::Null,
        }
    }
}

/// AppSync's message for an invalid `nextToken`.
const INVALID_TOKEN: &str = "com.amazonaws.deepdish.common.pagination.InvalidPaginationTokenException: Invalid pagination token given.";

const CONDITION_FAILED: &str = "ConditionalCheckFailedException";

fn stored_equals(stored: &Value, wanted: &Value, condition: Option<&Map<String, Value>>) -> bool {
    let ignored: Vec<&str> = condition
        .and_then(|condition| condition.get("equalsIgnore"))
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let strip = |item: &Value| {
        let mut item = item.as_object().cloned().unwrap_or_default();
        item.retain(|name, _| !ignored.contains(&name.as_str()));
        item
    };
    stored.is_object() && strip(stored) == strip(wanted)
}

/// The merged names and values of several expressions of one call.
#[derive(Default)]
pub(super) struct Expressions {
    names: Map<String, Value>,
    values: Map<String, Value>,
}

impl Expressions {
    /// The expression of `{expression, expressionNames, expressionValues}`; its names and values are kept.
    pub(super) fn take(&mut self, object: Option<Map<String, Value>>) -> Option<Value> {
        let mut object = object?;
        if let Some(Value::Object(names)) = object.remove("expressionNames") {
            self.names.extend(names);
        }
        if let Some(Value::Object(values)) = object.remove("expressionValues") {
            self.values.extend(map_to_api(values));
        }
        object.remove("expression")
    }

    pub(super) fn write(self, body: &mut Value) {
        if !self.names.is_empty() {
            set(body, "ExpressionAttributeNames", Some(Value::Object(self.names)));
        }
        if !self.values.is_empty() {
            set(
                body,
                "ExpressionAttributeValues",
                Some(Value::Object(self.values)),
            );
        }
    }
}

/// Checks the strategy for a failed condition: `Reject`, since the backend has no Lambda function for `Custom`.
fn check_failed_handler(request: &Map<String, Value>) -> Result<(), Reply> {
    let handler = request
        .get("condition")
        .and_then(|condition| condition.get("conditionalCheckFailedHandler"))
        .filter(|handler| !handler.is_null());
    match handler.map(|handler| handler.get("strategy").and_then(Value::as_str)) {
        None | Some(Some("Reject")) => Ok(()),
        Some(Some("Custom")) => Err(Reply::malformed(
            "conditionalCheckFailedHandler: Custom asks a Lambda function, and the box has none to ask.",
        )),
        Some(_) => Err(Reply::malformed(
            "conditionalCheckFailedHandler: strategy must be Reject or Custom.",
        )),
    }
}

fn key_of(request: &mut Map<String, Value>) -> Map<String, Value> {
    object(request.remove("key")).map(map_to_api).unwrap_or_default()
}

pub(super) fn object(value: Option<Value>) -> Option<Map<String, Value>> {
    match value {
        Some(Value::Object(members)) => Some(members),
        _ => None,
    }
}

fn item(mut answer: Value, name: &str) -> Value {
    object(answer.get_mut(name).map(Value::take)).map_or(Value::Null, item_to_plain)
}

/// Sets a member unless it is absent or null.
pub(super) fn set(body: &mut Value, name: &str, value: Option<Value>) {
    if let (Some(members), Some(value)) = (body.as_object_mut(), value.filter(|value| !value.is_null())) {
        members.insert(name.to_owned(), value);
    }
}
