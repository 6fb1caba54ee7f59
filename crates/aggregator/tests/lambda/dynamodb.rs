//! DynamoDB's operations over HTTP.

use caltrack_aggregator::{CancellationReason, Store as _, StoreError, aws::DynamoDb};
use rstest::rstest;
use serde_json::json;

use crate::service::{Reply, Service, aws};

#[tokio::test]
async fn an_operation_is_named_signed_and_sent_as_it_is() {
    let service = Service::start("dynamodb").await;
    let store = DynamoDb::new(aws(), &service.url);
    let request =
        json!({ "TransactItems": [{ "Put": { "TableName": "t", "Item": { "userid": { "S": "evt#ü" } } } }] });
    store.transact_write_items(request.clone()).await.unwrap();
    service.reply([Reply::Json(200, json!({ "Item": { "version": { "N": "7" } } }))]);
    let item = store
        .get_item(json!({ "TableName": "t" }))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(item["version"]["N"], "7");
    assert_eq!(
        store.get_item(json!({})).await.unwrap(),
        None,
        "no item, no error"
    );
    let requests = service.requests();
    assert_eq!(requests[0].target, "DynamoDB_20120810.TransactWriteItems");
    assert_eq!(requests[0].body, request);
    assert_eq!(requests[1].target, "DynamoDB_20120810.GetItem");
}

#[tokio::test]
async fn a_cancelled_transaction_has_a_reason_for_each_item() {
    let service = Service::start("dynamodb").await;
    service.reply([Reply::cancelled(&[
        "ConditionalCheckFailed",
        "None",
        "TransactionConflict",
    ])]);
    let store = DynamoDb::new(aws(), &service.url);
    let error = store.transact_write_items(json!({})).await.unwrap_err();
    let reason = |code: &str| CancellationReason {
        code: code.to_owned(),
        message: None,
    };
    let reasons = vec![
        reason("ConditionalCheckFailed"),
        reason("None"),
        reason("TransactionConflict"),
    ];
    assert_eq!(error, StoreError::TransactionCanceled(reasons));
    assert_eq!(
        error.to_string(),
        "the transaction was cancelled: ConditionalCheckFailed, TransactionConflict"
    );
}

#[rstest]
#[case::throughput("ProvisionedThroughputExceededException", "throttled")]
#[case::throttling("ThrottlingException", "throttled")]
#[case::account("RequestLimitExceeded", "throttled")]
#[case::in_progress("TransactionInProgressException", "unavailable")]
#[case::fault("InternalServerError", "unavailable")]
#[case::invalid("ValidationException", "rejected")]
#[case::no_permission("AccessDeniedException", "denied")]
#[case::no_table("ResourceNotFoundException", "denied")]
#[case::old_credentials("ExpiredTokenException", "denied")]
#[case::unheard_of("SomethingNewException", "denied")]
#[tokio::test]
async fn an_exception_is_classified_by_whether_a_retry_helps_and_whether_the_record_is_at_fault(
    #[case] kind: &str,
    #[case] expected: &str,
) {
    let service = Service::start("dynamodb").await;
    service.reply([Reply::exception(kind)]);
    let error = DynamoDb::new(aws(), &service.url)
        .transact_write_items(json!({}))
        .await
        .unwrap_err();
    let found = match &error {
        StoreError::Throttled(_) => "throttled",
        StoreError::Unavailable(_) => "unavailable",
        StoreError::Rejected(_) => "rejected",
        StoreError::Denied(_) => "denied",
        StoreError::ConditionFailed => "condition",
        StoreError::TransactionCanceled(_) => "cancelled",
    };
    assert_eq!(found, expected, "{error}");
    assert!(error.to_string().contains(kind), "{error}");
}

#[rstest]
#[case(503)]
#[case(500)]
#[tokio::test]
async fn a_server_error_counts_as_no_response_whatever_its_body(#[case] status: u16) {
    let service = Service::start("dynamodb").await;
    service.reply([Reply::Json(status, json!("<html>"))]);
    let store = DynamoDb::new(aws(), &service.url);
    let error = store.transact_write_items(json!({})).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
}

#[tokio::test]
async fn a_signature_for_another_service_is_rejected_without_blame_on_a_record() {
    let service = Service::start("sqs").await;
    let store = DynamoDb::new(aws(), &service.url);
    let error = store.transact_write_items(json!({})).await.unwrap_err();
    assert!(
        matches!(&error, StoreError::Denied(text) if text.contains("InvalidSignatureException")),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_closed_port_makes_the_store_unavailable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = DynamoDb::new(aws(), &url).get_item(json!({})).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
}
