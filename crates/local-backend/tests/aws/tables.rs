//! DynamoDB's API on the box's tables.

use serde_json::json;

use crate::{
    client::{Session, cognito, realtime::Realtime},
    the_box::{PASSWORD, sign_up},
    world::World,
};

const USER: &str = "0f8b5d1e-6c1a-4f2e-9b0d-3a7c5e9d1b24";

#[tokio::test(flavor = "multi_thread")]
async fn an_item_written_over_the_api_is_read_over_it_and_counted() {
    let world = World::exposed().await;
    let item = json!({
        "id": { "S": "019aaf9e-5f00-7000-8000-00000000a001" }, "userid": { "S": USER },
        "category": { "S": "Food" }, "type": { "S": "Lunch" }, "caloriesConsumed": { "N": "650" },
        "date": { "S": "2026-11-23" }, "creationDateTime": { "S": "2026-11-23T12:00:00.000Z" },
    });
    let put = json!({ "TableName": "caltrack_activity_table", "Item": item });
    let response = world.dynamodb("PutItem", &put).await;
    assert_eq!(
        (response.status, &response.body),
        (200, &json!({})),
        "{response:?}"
    );
    let key = json!({ "id": item["id"] });
    let get = json!({ "TableName": "caltrack_activity_table", "Key": key });
    let response = world.dynamodb("GetItem", &get).await;
    assert_eq!(response.body["Item"], item, "{response:?}");

    // A read of the totals waits for the aggregator.
    let day = json!({ "userid": { "S": USER }, "date": { "S": "2026-11-23" } });
    let totals = json!({ "TableName": "caltrack_user_aggregate_table", "Key": day });
    let response = world.dynamodb("GetItem", &totals).await;
    assert_eq!(
        response.body["Item"]["caloriesConsumed"],
        json!({ "N": "650" }),
        "{response:?}"
    );
    let delete =
        json!({ "TransactItems": [{ "Delete": { "TableName": "caltrack_activity_table", "Key": key } }] });
    assert_eq!(world.dynamodb("TransactWriteItems", &delete).await.status, 200);
    let response = world.dynamodb("GetItem", &totals).await;
    assert_eq!(
        response.body["Item"]["caloriesConsumed"],
        json!({ "N": "0" }),
        "{response:?}"
    );
}

/// Only mutations trigger subscriptions. The aggregator publishes the totals with a mutation.
#[tokio::test(flavor = "multi_thread")]
async fn a_direct_write_triggers_only_the_subscription_to_totals() {
    let world = World::exposed().await;
    sign_up(&world.socket, "anna").await;
    let anna = Session::sign_in(&world.socket, "anna", PASSWORD).await.unwrap();
    let mut subscriber = Realtime::connect(&anna).await;
    for query in [
        "subscription { onCreateActivity { id } }",
        "subscription { onUpdateUserAggregate { caloriesConsumed } }",
    ] {
        subscriber.subscribe(query, json!({})).await.unwrap();
    }
    let item = json!({
        "id": { "S": "019aaf9e-5f00-7000-8000-00000000a001" }, "userid": { "S": anna.sub },
        "category": { "S": "Food" }, "type": { "S": "Lunch" }, "caloriesConsumed": { "N": "650" },
        "date": { "S": "2026-11-23" }, "creationDateTime": { "S": "2026-11-23T12:00:00.000Z" },
    });
    let put = json!({ "TableName": "caltrack_activity_table", "Item": item });
    assert_eq!(world.dynamodb("PutItem", &put).await.status, 200);
    assert_eq!(
        subscriber.event().await,
        json!({ "onUpdateUserAggregate": { "caloriesConsumed": 650 } })
    );
    let create = "mutation($i: CreateActivityInput!) { createActivity(input: $i) { id userid } }";
    let input = json!({ "i": { "userid": anna.sub, "category": "Water", "type": "Still" } });
    let created = anna.execute("createActivity", create, input).await;
    assert_eq!(
        subscriber.event().await,
        json!({ "onCreateActivity": { "id": created["id"] } })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn responses_and_errors_have_dynamodbs_format() {
    let world = World::exposed().await;
    let response = world.dynamodb("ListTables", &json!({})).await;
    assert_eq!(response.status, 200);
    assert_eq!(
        response.body["TableNames"],
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
        assert!(response.head.contains(header), "{}", response.head);
    }
    let sum = format!("x-amz-crc32: {}\r\n", crc32fast::hash(response.bytes.as_bytes()));
    assert!(response.head.contains(&sum), "{sum} {}", response.head);

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
        let response = world.dynamodb(operation, &body).await;
        assert_eq!(
            (response.status, &response.body["__type"]),
            (400, &json!(kind)),
            "{operation}: {response:?}"
        );
        assert!(response.head.contains("x-amz-crc32: "), "{}", response.head);
    }
}

/// Batches are larger than AppSync's requests.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_megabytes_is_accepted() {
    let world = World::exposed().await;
    let name = "x".repeat(300_000);
    let puts: Vec<_> = (0..10)
        .map(|id| json!({ "PutRequest": { "Item": { "id": { "S": format!("user-{id}") }, "username": { "S": name } } } }))
        .collect();
    let response = world
        .dynamodb(
            "BatchWriteItem",
            &json!({ "RequestItems": { "caltrack_user_table": puts } }),
        )
        .await;
    assert_eq!(
        (response.status, &response.body["UnprocessedItems"]),
        (200, &json!({})),
        "{response:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_flag_and_on_the_socket_file_its_operations_are_unknown() {
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
    // On the socket file the target is unknown too.
    let headers = [("x-amz-target", "DynamoDB_20120810.GetItem")];
    let (status, response) = crate::client::post(&open.socket, "/", &headers, &body).await;
    assert_eq!(
        (status, &response["__type"]),
        (400, &json!("UnknownOperationException"))
    );
    // Public operations of the user pool need no signature.
    let refused = cognito(&open.socket, "GetUser", json!({ "AccessToken": "x" }))
        .await
        .unwrap_err();
    assert_ne!(refused["__type"], "UnknownOperationException");
}
