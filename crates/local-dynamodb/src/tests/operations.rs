use super::*;

#[tokio::test]
async fn get_item_returns_the_item_that_was_put() {
    let fixture = Fixture::new();
    fixture
        .tables
        .call(Operation::PutItem, put("a", "u", 650))
        .await
        .unwrap();
    let read = fixture
        .tables
        .call(
            Operation::GetItem,
            json!({ "TableName": ACTIVITY_TABLE, "Key": { "id": { "S": "a" } } }),
        )
        .await
        .unwrap();
    assert_eq!(read["Item"]["caloriesConsumed"], json!({ "N": "650" }));
}

#[tokio::test]
async fn a_failed_condition_is_a_conditional_check_failed_exception() {
    let fixture = Fixture::new();
    let mut request = put("a", "u", 650);
    request["ConditionExpression"] = json!("attribute_not_exists(id)");
    fixture
        .tables
        .call(Operation::PutItem, request.clone())
        .await
        .unwrap();
    let error = fixture
        .tables
        .call(Operation::PutItem, request)
        .await
        .unwrap_err();
    assert_eq!(error.kind, "ConditionalCheckFailedException");
    assert_eq!(error.message, "The conditional request failed");
}

#[tokio::test]
async fn a_cancelled_transaction_has_one_reason_per_item() {
    let fixture = Fixture::new();
    fixture
        .tables
        .call(Operation::PutItem, put("a", "u", 1))
        .await
        .unwrap();
    let mut repeated = put("a", "u", 2);
    repeated["ConditionExpression"] = json!("attribute_not_exists(id)");
    let error = fixture
        .tables
        .call(
            Operation::TransactWriteItems,
            json!({ "TransactItems": [{ "Put": put("b", "u", 1) }, { "Put": repeated }] }),
        )
        .await
        .unwrap_err();
    assert_eq!(error.kind, "TransactionCanceledException");
    let codes: Vec<_> = error.body["CancellationReasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| &reason["Code"])
        .collect();
    assert_eq!(codes, ["None", "ConditionalCheckFailed"]);
}

/// As in DynamoDB, whose numbers are decimal.
#[tokio::test]
async fn decimals_are_added_and_compared_exactly() {
    let fixture = Fixture::new();
    let key = json!({ "userid": { "S": "u" }, "date": { "S": "2026-11-23" } });
    let add = |number: &str| {
        json!({ "TableName": USER_AGGREGATE_TABLE, "Key": key, "UpdateExpression": "ADD protein :n, digest :d",
            "ConditionExpression": "attribute_not_exists(userid) OR protein < :one OR digest > protein",
            "ExpressionAttributeValues": { ":n": { "N": number }, ":d": { "N": "4294967295" }, ":one": { "N": "1" } } })
    };
    for _ in 0..5 {
        fixture
            .tables
            .call(Operation::UpdateItem, add("0.1"))
            .await
            .unwrap();
        let transaction = json!({ "TransactItems": [{ "Update": add("0.1") }] });
        fixture
            .tables
            .call(Operation::TransactWriteItems, transaction)
            .await
            .unwrap();
    }
    let read = json!({ "TableName": USER_AGGREGATE_TABLE, "Key": key });
    let row = fixture
        .tables
        .call(Operation::GetItem, read.clone())
        .await
        .unwrap();
    assert_eq!(row["Item"]["protein"], json!({ "N": "1" }));
    assert_eq!(row["Item"]["digest"], json!({ "N": "42949672950" }));
    fixture
        .tables
        .call(Operation::UpdateItem, add("-1.3"))
        .await
        .unwrap();
    let row = fixture.tables.call(Operation::GetItem, read).await.unwrap();
    assert_eq!(row["Item"]["protein"], json!({ "N": "-0.3" }));
}

#[tokio::test]
async fn both_indexes_list_a_users_entries() {
    let fixture = Fixture::new();
    fixture
        .tables
        .call(Operation::PutItem, put("a", "u", 1))
        .await
        .unwrap();
    fixture
        .tables
        .call(Operation::PutItem, put("b", "v", 2))
        .await
        .unwrap();
    for (index, key, value) in [
        ("userid-date-index", "#k = :k", "2026-11-23"),
        (
            "userid-creationDateTime-index",
            "#k >= :k",
            "2026-11-01T00:00:00.000Z",
        ),
    ] {
        let name = index.split('-').nth(1).unwrap();
        let found = fixture
            .tables
            .call(
                Operation::Query,
                json!({
                    "TableName": ACTIVITY_TABLE,
                    "IndexName": index,
                    "KeyConditionExpression": format!("userid = :u AND {key}"),
                    "ExpressionAttributeNames": { "#k": name },
                    "ExpressionAttributeValues": { ":u": { "S": "u" }, ":k": { "S": value } },
                }),
            )
            .await
            .unwrap();
        assert_eq!(found["Count"], 1, "{index}");
        assert_eq!(found["Items"][0]["id"]["S"], "a");
        assert_eq!(
            found["Items"][0]["caloriesConsumed"]["N"], "1",
            "the index projects everything"
        );
    }
}

#[tokio::test]
async fn a_body_of_the_wrong_type_is_a_serialization_exception() {
    let fixture = Fixture::new();
    let error = fixture
        .tables
        .call(Operation::PutItem, json!({ "TableName": 5 }))
        .await
        .unwrap_err();
    assert_eq!(error.kind, "SerializationException");
}

#[tokio::test]
async fn a_limit_below_one_is_dynamodbs_validation_exception() {
    let fixture = Fixture::new();
    for operation in [Operation::Query, Operation::Scan] {
        let body = json!({ "TableName": ACTIVITY_TABLE, "Limit": 0 });
        let error = fixture.tables.call(operation, body).await.unwrap_err();
        assert_eq!(error.kind, "ValidationException", "{operation:?}");
        assert!(
            error.message.starts_with("1 validation error detected: Value "),
            "{error}"
        );
        assert!(
            error
                .message
                .ends_with("Member must have value greater than or equal to 1"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_sweep_deletes_expired_items_only() {
    let fixture = Fixture::new();
    for (id, expires) in [("old", "1000"), ("young", "99999999999")] {
        let mut request = put(id, "u", 1);
        request["Item"]["expiresAt"] = json!({ "N": expires });
        fixture.tables.call(Operation::PutItem, request).await.unwrap();
    }
    assert_eq!(fixture.tables.sweep_expired().await.unwrap(), 1);
    let left = fixture
        .tables
        .call(Operation::Scan, json!({ "TableName": ACTIVITY_TABLE }))
        .await
        .unwrap();
    assert_eq!(left["Count"], 1);
    assert_eq!(left["Items"][0]["id"]["S"], "young");
}

#[tokio::test]
async fn a_call_on_closed_tables_fails_and_earlier_writes_are_stored() {
    let fixture = Fixture::new();
    fixture
        .tables
        .call(Operation::PutItem, put("a", "u", 650))
        .await
        .unwrap();
    let closed = fixture.tables.clone();
    let fixture = fixture.reopened().await;
    assert!(closed.call(Operation::PutItem, put("b", "u", 1)).await.is_err());
    let all = fixture
        .tables
        .call(Operation::Scan, json!({ "TableName": ACTIVITY_TABLE }))
        .await
        .unwrap();
    assert_eq!(all["Count"], 1);
}

#[test]
fn a_full_disk_is_reported_and_every_acknowledged_write_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let mut engine = Engine::open(&directory.path().join("tables.db")).unwrap();
    let limit_pages = |engine: &Engine, max: u32| {
        let set = engine.storage().conn().pragma_update(None, "max_page_count", max);
        set.unwrap();
    };
    limit_pages(&engine, 80);
    let mut written = 0;
    let error = loop {
        match engine.call(Operation::PutItem, put(&format!("{written}"), "u", 1)) {
            Ok(_) => written += 1,
            Err(error) => break error,
        }
        assert!(written < 10_000, "the disk is not full after 10,000 entries");
    };
    assert_eq!((error.kind, error.storage), ("InternalServerError", true));
    assert!(error.message.starts_with("The disk is full. Nothing"), "{error}");
    assert!(error.message.contains("Make room"), "{error}");
    let count = |engine: &mut Engine| {
        let scan = json!({ "TableName": ACTIVITY_TABLE, "Select": "COUNT" });
        engine.call(Operation::Scan, scan).unwrap()["Count"].clone()
    };
    assert_eq!(
        count(&mut engine),
        json!(written),
        "exactly the acknowledged entries are stored"
    );
    limit_pages(&engine, 8000);
    engine.call(Operation::PutItem, put("again", "u", 1)).unwrap();
    assert_eq!(count(&mut engine), json!(written + 1));
}

/// Without a sort key, each partition key has one item.
#[tokio::test]
async fn a_query_that_starts_behind_the_only_item_of_a_key_is_empty() {
    let fixture = Fixture::new();
    fixture
        .tables
        .call(Operation::PutItem, put("a", "u", 650))
        .await
        .unwrap();
    let mut query = json!({ "TableName": ACTIVITY_TABLE, "KeyConditionExpression": "id = :id",
        "ExpressionAttributeValues": { ":id": { "S": "a" } }, "Limit": 1 });
    let first = fixture
        .tables
        .call(Operation::Query, query.clone())
        .await
        .unwrap();
    assert_eq!(first["Count"], 1);
    query["ExclusiveStartKey"] = json!({ "id": { "S": "a" } });
    let rest = fixture.tables.call(Operation::Query, query).await.unwrap();
    assert_eq!(rest, json!({ "Items": [], "Count": 0, "ScannedCount": 0 }));
}

/// DynamoDB's messages since 2026: writes of one item have the prefix, transactions and reads do not.
#[tokio::test]
async fn the_error_of_a_malformed_write_expression_has_the_validation_prefix() {
    let fixture = Fixture::new();
    let update = |expression: &str, values: Value| {
        let mut body =
            json!({ "TableName": USER_TABLE, "Key": { "id": { "S": "a" } }, "UpdateExpression": expression });
        if !values.is_null() {
            body["ExpressionAttributeValues"] = values;
        }
        (Operation::UpdateItem, body)
    };
    let put = |value: Value| {
        let item = json!({ "id": { "S": "a" }, "set": value });
        (
            Operation::PutItem,
            json!({ "TableName": USER_TABLE, "Item": item }),
        )
    };
    for ((operation, body), message) in [
        (
            update("SET name = :n", json!({ ":n": { "S": "x" } })),
            "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: name",
        ),
        (
            update("SET a = :n, a = :n", json!({ ":n": { "S": "x" } })),
            "Invalid UpdateExpression: Two document paths overlap with each other;",
        ),
        (
            update("SET a = :n", json!({ ":n": { "S": "x" }, ":m": { "S": "x" } })),
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:m}",
        ),
        (
            update("SET", Value::Null),
            "Invalid UpdateExpression: Syntax error;",
        ),
        (
            put(json!({ "SS": [] })),
            "One or more parameter values were invalid: An string set  may not be empty",
        ),
        (
            put(json!({ "SS": ["x", "x"] })),
            "One or more parameter values were invalid: Input collection",
        ),
    ] {
        let error = fixture.tables.call(operation, body.clone()).await.unwrap_err();
        assert_eq!(error.kind, "ValidationException", "{body}");
        assert!(
            error
                .message
                .starts_with(&format!("1 validation error detected: {message}")),
            "{body}: {error}"
        );
    }
    let (_, mut body) = update("SET name = :n", json!({ ":n": { "S": "x" } }));
    body = json!({ "TransactItems": [{ "Update": body }] });
    let error = fixture
        .tables
        .call(Operation::TransactWriteItems, body)
        .await
        .unwrap_err();
    assert!(!error.message.contains("1 validation error detected"), "{error}");
}

#[tokio::test]
async fn a_damaged_page_is_reported_as_a_storage_error() {
    let fixture = Fixture::new();
    fixture
        .tables
        .call(Operation::PutItem, put("a", "u", 1))
        .await
        .unwrap();
    fixture.tables.close().await;
    let path = fixture.directory.path().join("tables.db");
    let page: u64 = {
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection
            .query_row(
                "SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ?1",
                [ACTIVITY_TABLE],
                |row| row.get(0),
            )
            .unwrap()
    };
    let mut bytes = std::fs::read(&path).unwrap();
    let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    let start = (usize::try_from(page).unwrap() - 1) * size;
    bytes[start..start + size].fill(0xff);
    std::fs::write(&path, &bytes).unwrap();
    let tables = Tables::open(&path).unwrap();
    let get = json!({ "TableName": ACTIVITY_TABLE, "Key": { "id": { "S": "a" } } });
    for (operation, body) in [(Operation::GetItem, get), (Operation::PutItem, put("a", "u", 2))] {
        let error = tables.call(operation, body).await.unwrap_err();
        assert!(error.storage, "{error}");
        assert_eq!(error.kind, "InternalServerError");
        assert!(
            error.message.contains("tables.db, is damaged") && !error.message.contains("Internal error"),
            "{error}"
        );
    }
}
