//! Whole invocations: an event in, Lambda's response and the log out.

use std::time::Duration;

use caltrack_aggregator::lambda::BatchError;
use jiff::Timestamp;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    events::{event, insert, sequence},
    service::Reply,
    world::{failed, nothing_failed, world},
};

#[tokio::test]
async fn a_hundred_records_of_one_day_are_three_calls_and_one_publish() {
    let world = world(|_| {}).await;
    let records = event((0..100).map(|number| insert(number, "4f1e", "10")));
    assert_eq!(world.invoke(&records, 30_000).await, nothing_failed());
    let calls = world.dynamodb.requests();
    let targets: Vec<&str> = calls
        .iter()
        .filter_map(|call| call.target.split('.').nth(1))
        .collect();
    assert_eq!(targets, ["TransactWriteItems", "TransactWriteItems", "GetItem"]);
    assert_eq!(calls[2].body["TableName"], "other_user_aggregate_table");
    assert_eq!(world.appsync.requests().len(), 1);
    let figures = world.figures();
    let figure = |name: &str| figures[name].as_u64().unwrap();
    assert_eq!(
        (figure("Records"), figure("Folded"), figure("Applied")),
        (100, 1, 100)
    );
    assert_eq!((figure("Failures"), figure("Published")), (0, 1));
    assert_eq!(figures["PublishLatency"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn throttling_and_conflicts_are_waited_out_within_the_invocation() {
    let world = world(|_| {}).await;
    world.dynamodb.reply([
        Reply::exception("ProvisionedThroughputExceededException"),
        Reply::cancelled(&["None", "TransactionConflict"]),
        Reply::Json(500, json!({ "__type": "InternalServerError" })),
        Reply::Json(200, json!({})),
    ]);
    let records = event([insert(1, "4f1e", "10")]);
    assert_eq!(world.invoke(&records, 30_000).await, nothing_failed());
    assert_eq!(world.dynamodb.requests().len(), 5, "four transactions and a read");
}

#[tokio::test]
async fn a_record_that_is_booked_already_is_a_duplicate_and_its_total_is_published() {
    let world = world(|_| {}).await;
    world
        .dynamodb
        .reply([Reply::cancelled(&["ConditionalCheckFailed", "None"])]);
    let records = event([insert(1, "4f1e", "10")]);
    assert_eq!(world.invoke(&records, 30_000).await, nothing_failed());
    let figures = world.figures();
    assert_eq!(
        (&figures["Duplicates"], &figures["Applied"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(world.appsync.requests().len(), 1);
}

#[tokio::test]
async fn a_store_that_throttles_to_the_end_fails_the_batch_from_its_first_record_before_lambda_ends_it() {
    let world = world(|_| {}).await;
    world.dynamodb.then(Reply::exception("ThrottlingException"));
    let records = event([insert(7, "9b2d", "10"), insert(8, "4f1e", "10")]);
    assert_eq!(world.invoke(&records, 4_000).await, failed(7));
    assert!(world.dynamodb.requests().len() > 2, "it was tried again");
    assert_eq!(world.figures()["Failures"], 2);
}

#[tokio::test]
async fn a_store_that_never_answers_fails_the_batch_before_lambda_ends_it() {
    let world = world(|_| {}).await;
    world.dynamodb.then(Reply::Silence);
    let records = event([insert(7, "4f1e", "10")]);
    // A single call to the store would be given longer than this.
    let deadline = Duration::from_millis(2_500);
    let mut invoked = std::pin::pin!(world.invoke(&records, 2_500));
    let mut paused = None;
    let response = loop {
        tokio::select! {
            biased;
            response = &mut invoked => break response,
            () = tokio::task::yield_now(), if paused.is_none() => if !world.dynamodb.requests().is_empty() {
                // From here on time passes only while everything waits.
                tokio::time::pause();
                paused = Some(tokio::time::Instant::now());
            }
        }
    };
    assert_eq!(response, failed(7));
    assert!(paused.is_none_or(|since| since.elapsed() < deadline));
}

/// An error counts in Lambda's `Errors`, a partial response doesn't.
#[rstest]
#[case("AccessDeniedException")]
#[case("ResourceNotFoundException")]
#[case("ExpiredTokenException")]
#[case("KMSAccessDeniedException")]
#[tokio::test]
async fn where_every_day_is_denied_the_invocation_ends_with_an_error_and_blames_no_record(
    #[case] kind: &str,
) {
    let world = world(|_| {}).await;
    world.dynamodb.then(Reply::exception(kind));
    let records = event([
        insert(6, "4f1e", "1e30"),
        insert(7, "4f1e", "10"),
        insert(8, "9b2d", "10"),
    ]);
    let error = world.try_invoke(&records, 30_000).await.unwrap_err();
    assert!(
        matches!(&error, BatchError::Denied(reason) if reason.contains(kind)),
        "{error}"
    );
    assert_eq!(world.dynamodb.requests().len(), 2, "one for each day");
    assert!(
        world.sqs.requests().is_empty(),
        "all of it comes again, the poison too"
    );
    assert_eq!(world.figures()["Failures"], 2);
    let reported = world.log().iter().any(|line| line["level"] == "ERROR");
    assert!(reported, "{:?}", world.log());
}

#[tokio::test]
async fn where_one_day_of_two_is_denied_the_response_is_a_partial_one() {
    let world = world(|_| {}).await;
    world.dynamodb.reply([Reply::exception("AccessDeniedException")]);
    let records = event([insert(7, "4f1e", "10"), insert(8, "9b2d", "10")]);
    let response = world.invoke(&records, 30_000).await;
    assert!(response == failed(7) || response == failed(8), "{response}");
}

#[tokio::test]
async fn a_stream_of_another_view_ends_with_an_error_and_books_nothing() {
    let world = world(|_| {}).await;
    let mut record = insert(7, "4f1e", "10");
    record["dynamodb"]["StreamViewType"] = json!("NEW_IMAGE");
    let error = world.try_invoke(&event([record]), 30_000).await.unwrap_err();
    assert!(error.to_string().contains("NEW_AND_OLD_IMAGES"), "{error}");
    assert!(world.dynamodb.requests().is_empty() && world.sqs.requests().is_empty());
}

#[tokio::test]
async fn poison_in_the_middle_goes_to_the_queue_and_the_others_are_booked() {
    let world = world(|_| {}).await;
    let poison = insert(2, "4f1e", "1e30");
    let records = event([insert(1, "4f1e", "10"), poison.clone(), insert(3, "4f1e", "10")]);
    assert_eq!(world.invoke(&records, 30_000).await, nothing_failed());
    let sent = world.sqs.requests();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].target, "AmazonSQS.SendMessage");
    assert!(sent[0].body["QueueUrl"].as_str().unwrap().ends_with("/failures"));
    let message: Value = serde_json::from_str(sent[0].body["MessageBody"].as_str().unwrap()).unwrap();
    assert_eq!(message["record"], poison, "with its image");
    assert_eq!(
        (&world.figures()["Applied"], &world.figures()["Poison"]),
        (&json!(2), &json!(1))
    );
}

#[tokio::test]
async fn poison_that_no_queue_takes_must_be_given_again_though_the_others_are_booked() {
    let world = world(|_| {}).await;
    world.sqs.then(Reply::exception("QueueDoesNotExist"));
    let records = event([
        insert(1, "4f1e", "10"),
        insert(2, "4f1e", "1e30"),
        insert(3, "4f1e", "10"),
    ]);
    assert_eq!(world.invoke(&records, 30_000).await, failed(2));
    let booked = &world.dynamodb.requests()[0].body["TransactItems"];
    assert_eq!(booked.as_array().unwrap().len(), 3, "two markers and the day");
    assert_eq!(world.figures()["Failures"], 1);
}

/// Later records are redelivered with it, and would be in the queue twice.
#[tokio::test]
async fn a_queue_that_refuses_a_record_is_given_few_of_those_behind_it() {
    let world = world(|_| {}).await;
    let poison = |number: u64| insert(number, "4f1e", "1e30");
    // In another order than the stream's, and more than are sent at once.
    let records = event((1..=30).rev().map(poison));
    world.sqs.then(Reply::Json(503, Value::Null));
    assert_eq!(world.invoke(&records, 30_000).await, failed(1));
    let sent = world.sqs.requests().len();
    assert!(sent < 20, "the first, and what was on its way: {sent}");
    assert_eq!(world.figures()["Failures"], 30);
}

/// Records after a failure are redelivered with it, and would be sent to the queue at each retry.
#[tokio::test]
async fn poison_behind_a_failure_goes_to_the_queue_when_the_failure_is_gone() {
    let world = world(|_| {}).await;
    let records = event([
        insert(1, "4f1e", "1e30"),
        insert(2, "4f1e", "10"),
        insert(3, "4f1e", "2e30"),
    ]);
    world.dynamodb.then(Reply::exception("ThrottlingException"));
    assert_eq!(world.invoke(&records, 4_000).await, failed(2));
    assert_eq!(world.sqs.requests().len(), 1, "the first one, which is done with");
    world.dynamodb.then(Reply::Json(200, json!({})));
    let rest = event([insert(2, "4f1e", "10"), insert(3, "4f1e", "2e30")]);
    assert_eq!(world.invoke(&rest, 30_000).await, nothing_failed());
    let sent = world.sqs.requests();
    assert_eq!(sent.len(), 2);
    assert!(sent[1].body["MessageBody"].as_str().unwrap().contains("2e30"));
}

#[tokio::test]
async fn without_a_queue_poison_must_be_given_again() {
    let world = world(|environment| environment.failure_queue = None).await;
    let records = event([insert(2, "4f1e", "1e30")]);
    assert_eq!(world.invoke(&records, 30_000).await, failed(2));
    assert_eq!(world.log()[0]["level"], "WARN", "logged at the start");
}

#[tokio::test]
async fn poison_without_a_number_that_no_queue_takes_fails_the_batch_as_a_whole() {
    let world = world(|_| {}).await;
    world.sqs.then(Reply::Json(500, Value::Null));
    let error = world
        .function
        .handle(&event([json!({ "eventID": "e" })]), u64::MAX / 2)
        .await
        .unwrap_err();
    assert_eq!(error, BatchError::Nameless);
}

#[tokio::test]
async fn what_is_no_event_of_a_stream_fails_as_a_whole() {
    let world = world(|_| {}).await;
    let error = world
        .function
        .handle(&json!({ "records": [] }), 0)
        .await
        .unwrap_err();
    assert_eq!(error, BatchError::NoRecords);
}

#[tokio::test]
async fn without_an_api_totals_are_booked_and_one_warning_is_logged() {
    let world = world(|environment| environment.graphql = None).await;
    for number in [1, 2] {
        let records = event([insert(number, "4f1e", "10")]);
        assert_eq!(world.invoke(&records, 30_000).await, nothing_failed());
    }
    let logged = world
        .log()
        .iter()
        .filter(|line| line.to_string().contains("GRAPHQL_ENDPOINT"))
        .count();
    assert_eq!(logged, 1);
    assert_eq!(world.dynamodb.requests().len(), 2, "no total is even read");
}

#[tokio::test]
async fn an_api_that_refuses_fails_no_record() {
    let world = world(|_| {}).await;
    world.appsync.then(Reply::Json(
        401,
        json!({ "errors": [{ "errorType": "UnauthorizedException" }] }),
    ));
    let records = event([insert(1, "9b2d", "10"), insert(2, "4f1e", "10")]);
    assert_eq!(world.invoke(&records, 30_000).await, nothing_failed());
    let figures = world.figures();
    assert_eq!(
        (&figures["Applied"], &figures["PublishAbandoned"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(world.appsync.requests().len(), 2, "one for each day");
}

#[tokio::test]
async fn an_api_with_a_fault_fails_young_records_once_and_lets_old_ones_go() {
    let world = world(|_| {}).await;
    world.appsync.then(Reply::Json(503, Value::Null));
    let mut old = insert(1, "9b2d", "10");
    old["dynamodb"]["ApproximateCreationDateTime"] = json!(Timestamp::now().as_second() - 61);
    let young = insert(2, "4f1e", "10");
    assert_eq!(
        world.invoke(&event([old, young.clone()]), 30_000).await,
        failed(2)
    );
    assert_eq!(world.figures()["PublishAbandoned"], 1);
    world
        .dynamodb
        .reply([Reply::cancelled(&["ConditionalCheckFailed", "None"])]);
    assert_eq!(
        world.invoke(&event([young]), 30_000).await,
        nothing_failed(),
        "a record fails for a publish once"
    );
}

#[tokio::test]
async fn an_api_that_never_answers_keeps_nothing_from_being_booked_and_is_left_alone_by_the_next_batch() {
    let world = world(|_| {}).await;
    world.appsync.then(Reply::Silence);
    let records = event((0..20).map(|number| insert(number, &format!("user-{number}"), "10")));
    assert_eq!(world.invoke(&records, 1_500).await, nothing_failed());
    let figures = world.figures();
    assert_eq!(
        (&figures["Applied"], &figures["PublishAbandoned"]),
        (&json!(20), &json!(20))
    );
    let calls = world.appsync.requests().len();
    assert!(calls <= 8, "as many as are worked on at once: {calls}");
    let next = event([insert(20, "4f1e", "10")]);
    assert_eq!(world.invoke(&next, 30_000).await, nothing_failed());
    assert_eq!(world.appsync.requests().len(), calls);
}

#[tokio::test]
async fn the_log_names_records_and_never_a_person_or_what_they_ate() {
    let world = world(|_| {}).await;
    world.dynamodb.reply([Reply::exception("ValidationException")]);
    world.appsync.then(Reply::Json(
        200,
        json!({ "data": null, "errors": [{ "errorType": "Unauthorized", "message": "4f1e may not" }] }),
    ));
    let records = event([
        insert(1, "4f1e", "10"),
        insert(2, "4f1e", "1e30"),
        insert(3, "4f1e", "20"),
    ]);
    world.invoke(&records, 30_000).await;
    let log = world.log();
    assert!(log.len() > 2, "{log:?}");
    let text = Value::from(log).to_string();
    for personal in ["4f1e", "Soup", "1e30", "2026-11-23\"", "Lunch"] {
        assert!(!text.contains(personal), "{personal} in {text}");
    }
    assert!(text.contains(&sequence(2)), "{text}");
}
