use super::*;

fn add(token: &str, id: &str, value: &str) -> Value {
    json!({ "ClientRequestToken": token, "TransactItems": [{ "Update": {
        "TableName": USER_TABLE, "Key": { "id": { "S": id } }, "UpdateExpression": "ADD n :n",
        "ExpressionAttributeValues": { ":n": { "N": value } },
    } }] })
}

impl Fixture {
    async fn transact(&self, body: Value) -> Result<Value, DynamoError> {
        self.tables.call(Operation::TransactWriteItems, body).await
    }

    async fn item(&self, id: &str) -> Value {
        let get = json!({ "TableName": USER_TABLE, "Key": { "id": { "S": id } } });
        self.tables.call(Operation::GetItem, get).await.unwrap()["Item"].clone()
    }

    async fn sum(&self, id: &str) -> Value {
        self.item(id).await["n"]["N"].clone()
    }
}

#[tokio::test]
async fn a_transaction_repeated_with_its_token_runs_once_and_one_with_other_items_is_rejected() {
    let fixture = Fixture::new();
    for _ in 0..3 {
        assert_eq!(fixture.transact(add("t", "a", "1")).await.unwrap(), json!({}));
    }
    assert_eq!(fixture.sum("a").await, "1");
    for other in [add("t", "a", "2"), add("t", "b", "1")] {
        let error = fixture.transact(other).await.unwrap_err();
        assert_eq!(error.kind, "IdempotentParameterMismatchException");
        assert_eq!(
            error.body["__type"],
            "com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException"
        );
    }
    assert_eq!(
        (fixture.sum("a").await, fixture.item("b").await),
        (json!("1"), Value::Null)
    );
    // With another token, or without one, each request is a new transaction.
    fixture.transact(add("u", "a", "1")).await.unwrap();
    let mut without = add("", "a", "1");
    without.as_object_mut().unwrap().remove("ClientRequestToken");
    for _ in 0..2 {
        fixture.transact(without.clone()).await.unwrap();
    }
    assert_eq!(fixture.sum("a").await, "4");
}

#[tokio::test]
async fn tokens_are_valid_for_ten_minutes_also_after_a_restart() {
    let fixture = Fixture::new();
    fixture.transact(add("t", "a", "1")).await.unwrap();
    let fixture = fixture.reopened().await;
    fixture.transact(add("t", "a", "1")).await.unwrap();
    assert_eq!(fixture.sum("a").await, "1");
    let path = fixture.directory.path().join("tables.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    let (left, now): (i64, i64) = (
        other
            .query_row("SELECT expires FROM _caltrack_request_tokens", [], |row| {
                row.get(0)
            })
            .unwrap(),
        jiff::Timestamp::now().as_second(),
    );
    assert!((1..=600).contains(&(left - now)), "{left} {now}");
    other
        .execute("UPDATE _caltrack_request_tokens SET expires = ?1", [now])
        .unwrap();
    fixture.transact(add("t", "a", "1")).await.unwrap();
    assert_eq!(fixture.sum("a").await, "2");
}

/// A token is committed together with its transaction: none is stored for a transaction that failed.
#[tokio::test]
async fn a_cancelled_transaction_can_be_repeated_with_its_token() {
    let fixture = Fixture::new();
    let mut guarded = add("t", "a", "1");
    let check = json!({ "ConditionCheck": { "TableName": USER_TABLE, "Key": { "id": { "S": "b" } },
        "ConditionExpression": "attribute_exists(id)" } });
    guarded["TransactItems"].as_array_mut().unwrap().push(check);
    let error = fixture.transact(guarded.clone()).await.unwrap_err();
    assert_eq!(error.kind, "TransactionCanceledException");
    let b = json!({ "TableName": USER_TABLE, "Item": { "id": { "S": "b" } } });
    fixture.tables.call(Operation::PutItem, b).await.unwrap();
    for _ in 0..2 {
        fixture.transact(guarded.clone()).await.unwrap();
    }
    assert_eq!(fixture.sum("a").await, "1");
}

#[test]
fn a_token_is_written_in_its_transaction() {
    let directory = tempfile::tempdir().unwrap();
    let mut engine = Engine::open(&directory.path().join("tables.db")).unwrap();
    let tokens = |engine: &Engine| -> (i64, i64) {
        let connection = engine.storage().conn();
        let count = |query: &str| connection.query_row(query, [], |row| row.get(0)).unwrap();
        (
            count("SELECT COUNT(*) FROM _caltrack_request_tokens"),
            count("SELECT COUNT(*) FROM sqlite_temp_schema WHERE type = 'trigger'"),
        )
    };
    // Where the row of the token cannot be written, the transaction fails too.
    engine
        .storage()
        .conn()
        .execute_batch(
            "CREATE TRIGGER refuse BEFORE INSERT ON _caltrack_request_tokens BEGIN SELECT RAISE(ABORT, 'refused'); END",
        )
        .unwrap();
    assert!(
        engine
            .call(Operation::TransactWriteItems, add("t", "a", "1"))
            .is_err()
    );
    let get = json!({ "TableName": USER_TABLE, "Key": { "id": { "S": "a" } } });
    assert_eq!(
        engine.call(Operation::GetItem, get.clone()).unwrap().get("Item"),
        None
    );
    assert_eq!(tokens(&engine), (0, 0));
    engine
        .storage()
        .conn()
        .execute_batch("DROP TRIGGER refuse")
        .unwrap();
    engine
        .call(Operation::TransactWriteItems, add("t", "a", "1"))
        .unwrap();
    assert_eq!(tokens(&engine), (1, 0));
    // Later writes store no token.
    engine.call(Operation::PutItem, put("x", "u", 1)).unwrap();
    assert_eq!(tokens(&engine), (1, 0));
}

#[tokio::test]
async fn a_repeat_with_its_members_reordered_is_recognised_and_consumes_read_capacity() {
    let fixture = Fixture::new();
    let body = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let first = body(
        r#"{"ClientRequestToken":"t","TransactItems":[{"Put":{"TableName":"caltrack_user_table","Item":{"id":{"S":"a"},"tags":{"SS":["x","y"]},"more":{"M":{"p":{"N":"1"},"q":{"BOOL":true}}}}}}]}"#,
    );
    let again = body(
        r#"{"ReturnConsumedCapacity":"TOTAL","TransactItems":[{"Put":{"Item":{"more":{"M":{"q":{"BOOL":true},"p":{"N":"1"}}},"tags":{"SS":["y","x"]},"id":{"S":"a"}},"TableName":"caltrack_user_table"}}],"ClientRequestToken":"t"}"#,
    );
    fixture.transact(first).await.unwrap();
    let response = fixture.transact(again).await.unwrap();
    assert_eq!(
        response,
        json!({ "ConsumedCapacity": [{ "TableName": USER_TABLE, "CapacityUnits": 2.0, "ReadCapacityUnits": 2.0 }] })
    );
}

#[tokio::test]
async fn a_token_has_1_to_36_characters() {
    let fixture = Fixture::new();
    for (token, bound) in [
        (String::new(), "greater than or equal to 1"),
        ("x".repeat(37), "less than or equal to 36"),
    ] {
        let error = fixture.transact(add(&token, "a", "1")).await.unwrap_err();
        assert_eq!(error.kind, "ValidationException");
        assert!(
            error.message.starts_with("1 validation error detected: Value '")
                && error.message.contains("'clientRequestToken'")
                && error.message.ends_with(bound),
            "{error}"
        );
    }
    fixture.transact(add(&"x".repeat(36), "a", "1")).await.unwrap();
    assert_eq!(fixture.sum("a").await, "1");
}
