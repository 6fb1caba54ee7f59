//! The four tables, keyed and indexed as in `templates/`.

use caltrack_local_core::tables::{
    ACTIVITY_CATEGORY_TABLE, ACTIVITY_TABLE, USER_AGGREGATE_TABLE, USER_TABLE,
};
use serde_json::{Value, json};

/// What creates a table.
pub(crate) struct TableDefinition {
    /// The table's name.
    pub(crate) name: &'static str,
    /// The request of `CreateTable`.
    pub(crate) create: Value,
    /// The attribute with the epoch seconds after which an item is deleted.
    pub(crate) expires_by: Option<&'static str>,
}

/// The definitions of all tables.
pub(crate) fn tables() -> [TableDefinition; 4] {
    let mut activities = definition(
        ACTIVITY_TABLE,
        "id",
        None,
        &["userid", "creationDateTime", "date"],
    );
    merge(
        &mut activities,
        json!({
            "GlobalSecondaryIndexes": [
                index("userid-creationDateTime-index", "userid", "creationDateTime"),
                index("userid-date-index", "userid", "date"),
            ],
            "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES" },
        }),
    );
    [
        TableDefinition {
            name: USER_TABLE,
            create: definition(USER_TABLE, "id", None, &[]),
            expires_by: None,
        },
        TableDefinition {
            name: ACTIVITY_TABLE,
            create: activities,
            expires_by: Some("expiresAt"),
        },
        TableDefinition {
            name: ACTIVITY_CATEGORY_TABLE,
            create: definition(ACTIVITY_CATEGORY_TABLE, "category", None, &[]),
            expires_by: None,
        },
        TableDefinition {
            name: USER_AGGREGATE_TABLE,
            create: definition(USER_AGGREGATE_TABLE, "userid", Some("date"), &[]),
            expires_by: Some("expiresAt"),
        },
    ]
}

fn definition(name: &str, hash: &str, range: Option<&str>, also: &[&str]) -> Value {
    let attributes: Vec<Value> = [hash]
        .into_iter()
        .chain(range)
        .chain(also.iter().copied())
        .map(|attribute| json!({ "AttributeName": attribute, "AttributeType": "S" }))
        .collect();
    json!({
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": attributes,
        "KeySchema": keys(hash, range),
    })
}

fn index(name: &str, hash: &str, range: &str) -> Value {
    json!({
        "IndexName": name,
        "KeySchema": keys(hash, Some(range)),
        "Projection": { "ProjectionType": "ALL" },
    })
}

fn keys(hash: &str, range: Option<&str>) -> Value {
    let mut keys = vec![json!({ "AttributeName": hash, "KeyType": "HASH" })];
    keys.extend(range.map(|range| json!({ "AttributeName": range, "KeyType": "RANGE" })));
    Value::Array(keys)
}

fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}
