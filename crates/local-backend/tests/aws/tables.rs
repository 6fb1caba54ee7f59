//! DynamoDB's API on the box's tables.

use serde_json::json;

use crate::{
    client::{Session, cognito, realtime::Realtime},
    the_box::{PASSWORD, sign_up},
    world::World,
};

const USER: &str = "0f8b5d1e-6c1a-4f2e-9b0d-3a7c5e9d1b24";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_through_it_is_read_through_it_and_counted() {
    let world = World::exposed().await;
    let item = json!({
        "id": { "S": "019aaf9e-5f00-7000-8000-00000000a001" }, "userid": { "S": USER },
        "category": { "S": "Food" }, "type": { "S": "Lunch" }, "caloriesConsumed": { "N": "650" },
        "date": { "S": "2026-11-23" }, "creationDateTime": { "S": "2026-11-23T12:00:00.000Z" },
    });
    let put = json!({ "TableName": "caltrack_activity_table", "Item": item });
    let answer = world.dynamodb("PutItem", &put).await;
    assert_eq!((answer.status, &answer.body), (200, &json!({})), "{answer:?}");
    let key = json!({ "id": item["id"] });
    let get = json!({ "TableName": "caltrack_activity_table", "Key": key });
    let answer = world.dynamodb("GetItem", &get).await;
    assert_eq!(answer.body["Item"], item, "{answer:?}");

    // The aggregator has seen it: a read of the totals waits for it.
    let day = json!({ "userid": { "S": USER }, "date": { "S": "2026-11-23" } });
    let totals = json!({ "TableName": "caltrack_user_aggregate_table", "Key": day });
    let answer = world.dynamodb("GetItem", &totals).await;
    assert_eq!(
        answer.body["Item"]["caloriesConsumed"],
        json!({ "N": "650" }),
        "{answer:?}"
    );
    let delete =
        json!({ "TransactItems": [{ "Delete": { "TableName": "caltrack_activity_table", "Key": key } }] });
    assert_eq!(world.dynamodb("TransactWriteItems", &delete).await.status, 200);
    let answer = world.dynamodb("GetItem", &totals).await;
    assert_eq!(
        answer.body["Item"]["caloriesConsumed"],
        json!({ "N": "0" }),
        "{answer:?}"
    );
}

/// Only mutations fire subscriptions. The totals are published by one, so they are told.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_past_the_api_fires_no_subscription_but_that_of_the_totals() {
    let world = World::exposed().await;
    sign_up(&world.socket, "anna").await;
    let anna = Session::sign_in(&world.socket, "anna", PASSWORD).await.unwrap();
    let mut listening = Realtime::connect(&anna).await;
    for query in [
        "subscription { onCreateActivity { id } }",
        "subscription { onUpdateUserAggregate { caloriesConsumed } }",
    ] {
        listening.subscribe(query, json!({})).await.unwrap();
    }
    let item = json!({
        "id": { "S": "019aaf9e-5f00-7000-8000-00000000a001" }, "userid": { "S": anna.sub },
        "category": { "S": "Food" }, "type": { "S": "Lunch" }, "caloriesConsumed": { "N": "650" },
        "date": { "S": "2026-11-23" }, "creationDateTime": { "S": "2026-11-23T12:00:00.000Z" },
    });
    let put = json!({ "TableName": "caltrack_activity_table", "Item": item });
    assert_eq!(world.dynamodb("PutItem", &put).await.status, 200);
    assert_eq!(
        listening.event().await,
        json!({ "onUpdateUserAggregate": { "caloriesConsumed": 650 } })
    );
    let create = "mutation($i: CreateActivityInput!) { createActivity(input: $i) { id userid } }";
    let input = json!({ "i": { "userid": anna.sub, "category": "Water", "type": "Still" } });
    let created = anna.ask("createActivity", create, input).await;
    assert_eq!(
        listening.event().await,
        json!({ "onCreateActivity": { "id": created["id"] } })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_in_its_dialect_refusals_too() {
    let world = World::exposed().await;
    let answer = world.dynamodb("ListTables", &json!({})).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.body["TableNames"],
        json!([
            "caltrack_activity_category_table",
            "caltrack_activity_table",
            "caltrack_user_aggregate_table",
            "caltrack_user_table"
        ])
    );
    for header in [
        "content-type: application/x-amz-json-1.0\r\n",
        "x-amzn-requestid: ",
    ] {
        assert!(answer.head.contains(header), "{}", answer.head);
    }
    let sum = format!("x-amz-crc32: {}\r\n", crc32fast::hash(answer.bytes.as_bytes()));
    assert!(answer.head.contains(&sum), "{sum} {}", answer.head);

    let table = json!({ "TableName": "caltrack_activity_table" });
    let described = world.dynamodb("DescribeTable", &table).await.body;
    assert_eq!(
        described["Table"]["TableArn"],
        "arn:aws:dynamodb:us-east-1:000000000000:table/caltrack_activity_table"
    );
    let lives = world.dynamodb("DescribeTimeToLive", &table).await.body;
    assert_eq!(
        lives["TimeToLiveDescription"]["AttributeName"], "expiresAt",
        "{lives}"
    );

    for (operation, body, kind) in [
        (
            "GetItem",
            json!({ "TableName": "another_table", "Key": { "id": { "S": "1" } } }),
            "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
        ),
        (
            "PutItem",
            json!({ "TableName": "caltrack_user_table", "Item": {} }),
            "com.amazon.coral.validate#ValidationException",
        ),
        (
            "GetItem",
            json!([]),
            "com.amazon.coral.service#SerializationException",
        ),
        (
            "GetEverything",
            json!({}),
            "com.amazon.coral.service#UnknownOperationException",
        ),
        (
            "DeleteTable",
            table.clone(),
            "com.amazon.coral.service#AccessDeniedException",
        ),
        (
            "CreateTable",
            json!({ "TableName": "x" }),
            "com.amazon.coral.service#AccessDeniedException",
        ),
        (
            "UpdateTimeToLive",
            table.clone(),
            "com.amazon.coral.service#AccessDeniedException",
        ),
    ] {
        let answer = world.dynamodb(operation, &body).await;
        assert_eq!(
            (answer.status, &answer.body["__type"]),
            (400, &json!(kind)),
            "{operation}: {answer:?}"
        );
        assert!(answer.head.contains("x-amz-crc32: "), "{}", answer.head);
    }
}

/// Batches are larger than AppSync's requests.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_megabytes_is_taken() {
    let world = World::exposed().await;
    let name = "x".repeat(300_000);
    let puts: Vec<_> = (0..10)
        .map(|id| json!({ "PutRequest": { "Item": { "id": { "S": format!("user-{id}") }, "username": { "S": name } } } }))
        .collect();
    let answer = world
        .dynamodb(
            "BatchWriteItem",
            &json!({ "RequestItems": { "caltrack_user_table": puts } }),
        )
        .await;
    assert_eq!(
        (answer.status, &answer.body["UnprocessedItems"]),
        (200, &json!({})),
        "{answer:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_flag_it_is_an_unknown_operation_and_so_it_is_on_the_socket_file() {
    let closed = World::closed().await;
    let open = World::exposed().await;
    let body = json!({ "TableName": "caltrack_user_table", "Key": { "id": { "S": "1" } } });
    let known = closed.dynamodb("GetItem", &body).await;
    let unknown = closed
        .send(
            &closed
                .call("Whatever_20120810.GetItem", &body)
                .signed(&closed.exposed, "dynamodb"),
        )
        .await;
    assert_eq!((known.status, &known.bytes), (unknown.status, &unknown.bytes));
    assert_eq!((known.status, known.kind()), (400, "UnknownOperationException"));
    // The operation's name can't be sent there by this helper, but the whole target can.
    let headers = [("x-amz-target", "DynamoDB_20120810.GetItem")];
    let (status, answer) = crate::client::post(&open.socket, "/", &headers, &body).await;
    assert_eq!(
        (status, &answer["__type"]),
        (400, &json!("UnknownOperationException"))
    );
    // What is public needs no signature, whatever else is served.
    let refused = cognito(&open.socket, "GetUser", json!({ "AccessToken": "x" }))
        .await
        .unwrap_err();
    assert_ne!(refused["__type"], "UnknownOperationException");
}
