use super::*;

#[tokio::test]
async fn a_write_wakes_the_stream_reader_with_an_event_in_lambdas_format() {
    let fixture = Fixture::new();
    let mut stream = fixture.tables.stream().await.unwrap();
    let (batch, written) = soon(async {
        tokio::join!(
            stream.next_batch(100),
            fixture.tables.call(Operation::PutItem, put("a", "u", 650))
        )
    })
    .await;
    written.unwrap();
    let batch = batch.unwrap();
    let event = &batch.records[0].event;
    assert_eq!(event["eventName"], "INSERT");
    assert_eq!(event["awsRegion"], "us-east-1");
    assert_eq!(event["dynamodb"]["Keys"], json!({ "id": { "S": "a" } }));
    assert_eq!(
        event["dynamodb"]["NewImage"]["caloriesConsumed"],
        json!({ "N": "650" })
    );
    assert_eq!(event["dynamodb"].get("OldImage"), None);
    assert_eq!(event["eventID"].as_str().unwrap().len(), 32);
    let arn = event["eventSourceARN"].as_str().unwrap();
    assert!(
        arn.starts_with("arn:aws:dynamodb:us-east-1:000000000000:table/caltrack_activity_table/stream/"),
        "{arn}"
    );
    let number = event["dynamodb"]["SequenceNumber"].as_str().unwrap();
    assert!(
        number.len() == 21 && number.bytes().all(|digit| digit.is_ascii_digit()),
        "{number}"
    );
}

#[tokio::test]
async fn records_are_in_the_order_of_the_writes() {
    let fixture = Fixture::new();
    for kcal in 1..=5 {
        fixture
            .tables
            .call(Operation::PutItem, put("a", "u", kcal))
            .await
            .unwrap();
    }
    fixture
        .tables
        .call(
            Operation::DeleteItem,
            json!({ "TableName": ACTIVITY_TABLE, "Key": { "id": { "S": "a" } } }),
        )
        .await
        .unwrap();
    let mut stream = fixture.tables.stream().await.unwrap();
    let first = soon(stream.next_batch(4)).await.unwrap();
    let second = soon(stream.next_batch(4)).await.unwrap();
    let names: Vec<_> = first
        .records
        .iter()
        .chain(&second.records)
        .map(|record| record.event["eventName"].clone())
        .collect();
    assert_eq!(
        names,
        ["INSERT", "MODIFY", "MODIFY", "MODIFY", "MODIFY", "REMOVE"]
    );
    let numbers: Vec<_> = first
        .records
        .iter()
        .chain(&second.records)
        .map(|record| {
            record.event["dynamodb"]["SequenceNumber"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert!(
        numbers.is_sorted() && numbers.windows(2).all(|pair| pair[0] != pair[1]),
        "{numbers:?}"
    );
}

#[tokio::test]
async fn putting_an_identical_item_again_makes_no_record() {
    let fixture = Fixture::new();
    for _ in 0..3 {
        fixture
            .tables
            .call(Operation::PutItem, put("a", "u", 650))
            .await
            .unwrap();
    }
    let mut stream = fixture.tables.stream().await.unwrap();
    let batch = soon(stream.next_batch(100)).await.unwrap();
    assert_eq!(batch.records.len(), 1);
    assert_eq!(batch.through, 3);
}

/// The `userIdentity` distinguishes it from a delete by a user.
#[tokio::test]
async fn an_expired_item_is_removed_by_the_service() {
    let fixture = Fixture::new();
    let mut request = put("old", "u", 650);
    request["Item"]["expiresAt"] = json!({ "N": "1000" });
    fixture.tables.call(Operation::PutItem, request).await.unwrap();
    fixture.tables.sweep_expired().await.unwrap();
    let mut stream = fixture.tables.stream().await.unwrap();
    let batch = soon(stream.next_batch(100)).await.unwrap();
    let [written, removed] = &batch.records[..] else {
        panic!("{batch:?}");
    };
    assert_eq!(written.event.get("userIdentity"), None);
    assert_eq!(removed.event["eventName"], "REMOVE");
    assert_eq!(
        removed.event["userIdentity"],
        json!({ "type": "Service", "principalId": "dynamodb.amazonaws.com" })
    );
    assert_eq!(removed.event["dynamodb"]["OldImage"]["id"], json!({ "S": "old" }));
    assert_eq!(removed.event["dynamodb"].get("NewImage"), None);
}

#[tokio::test]
async fn after_a_restart_only_unhandled_records_are_delivered_with_the_same_ids() {
    let fixture = Fixture::new();
    for id in ["a", "b", "c"] {
        fixture
            .tables
            .call(Operation::PutItem, put(id, "u", 650))
            .await
            .unwrap();
    }
    let mut stream = fixture.tables.stream().await.unwrap();
    let all = soon(stream.next_batch(100)).await.unwrap();
    stream.handled(all.records[1].position).await.unwrap();
    drop(stream);

    let fixture = fixture.reopened().await;
    let mut stream = fixture.tables.stream().await.unwrap();
    let again = soon(stream.next_batch(100)).await.unwrap();
    assert_eq!(again.records, all.records[2..]);
}

#[tokio::test]
async fn sequence_numbers_rise_also_after_all_records_are_handled() {
    let fixture = Fixture::new();
    fixture
        .tables
        .call(Operation::PutItem, put("a", "u", 1))
        .await
        .unwrap();
    let mut stream = fixture.tables.stream().await.unwrap();
    let first = soon(stream.next_batch(100)).await.unwrap();
    stream.handled(first.through).await.unwrap();
    drop(stream);

    let fixture = fixture.reopened().await;
    fixture
        .tables
        .call(Operation::PutItem, put("b", "u", 1))
        .await
        .unwrap();
    let mut stream = fixture.tables.stream().await.unwrap();
    let second = soon(stream.next_batch(100)).await.unwrap();
    assert_eq!(
        second.records.len(),
        1,
        "the last handled record is stored, but not delivered"
    );
    let number = |batch: &StreamBatch| {
        batch.records[0].event["dynamodb"]["SequenceNumber"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(number(&second) > number(&first));
    assert_ne!(
        second.records[0].event["eventID"],
        first.records[0].event["eventID"]
    );
}

#[test]
fn all_handled_records_but_the_last_are_deleted() {
    let directory = tempfile::tempdir().unwrap();
    let mut engine = Engine::open(&directory.path().join("tables.db")).unwrap();
    for id in ["a", "b", "c"] {
        engine.call(Operation::PutItem, put(id, "u", 1)).unwrap();
    }
    engine.prune(engine.stream_head()).unwrap();
    let left: Vec<i64> = {
        let mut statement = engine
            .storage()
            .conn()
            .prepare("SELECT id FROM _stream_records")
            .unwrap();
        statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    };
    assert_eq!(left, [3]);
    assert_eq!(engine.checkpoint().unwrap(), 3);
}

#[test]
fn the_number_of_a_record_comes_from_an_index_search() {
    let directory = tempfile::tempdir().unwrap();
    let engine = Engine::open(&directory.path().join("tables.db")).unwrap();
    let plan: String = engine
        .storage()
        .conn()
        .query_row(
            "EXPLAIN QUERY PLAN
             SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = ?1",
            [ACTIVITY_TABLE],
            |row| row.get(3),
        )
        .unwrap();
    assert!(
        plan.contains("SEARCH") && plan.contains("caltrack_stream_numbers"),
        "{plan}"
    );
}

#[tokio::test]
async fn waiting_for_the_reader_ends_when_the_reader_is_dropped() {
    let fixture = Fixture::new();
    let stream = fixture.tables.stream().await.unwrap();
    fixture
        .tables
        .call(Operation::PutItem, put("a", "u", 650))
        .await
        .unwrap();
    let waiting = fixture.tables.caught_up();
    let mut waiting = std::pin::pin!(waiting);
    assert!(futures_util::poll!(&mut waiting).is_pending());
    drop(stream);
    soon(waiting).await;
}
