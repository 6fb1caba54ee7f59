//! `publishUserAggregate` over HTTP.

use std::time::Duration;

use caltrack_aggregator::{
    PUBLISH_DOCUMENT, PublishError, Publisher as _, UserAggregate, aws::AppSyncPublisher,
};
use caltrack_domain::Grams;
use rstest::rstest;
use serde_json::{Value, json};

use crate::service::{Reply, Service, aws};

fn totals() -> UserAggregate {
    UserAggregate {
        userid: "4f1e".to_owned(),
        date: "2026-11-23".to_owned(),
        calories_consumed: 650,
        calories_burned: 300,
        version: 2,
        weight: None,
        entries: Some(2),
        digest: Some(12_884_901_885),
        protein: Some(Grams::from_tenths(1)),
        fat: None,
        carbohydrate: Some(Grams::ZERO),
    }
}

/// A whole-request error of AppSync has a type and a text; a failed field's comes with status 200.
fn refusal(kind: &str) -> Value {
    json!({ "errors": [{ "errorType": kind, "message": "Not Authorized for 4f1e" }] })
}

#[tokio::test]
async fn totals_are_sent_as_the_mutation_s_input_and_its_time_is_taken() {
    let service = Service::start("appsync").await;
    service.then(published());
    let api = AppSyncPublisher::new(aws(), &service.url);
    api.publish(&totals()).await.unwrap();
    let body = &service.requests()[0].body;
    assert_eq!(body["query"], PUBLISH_DOCUMENT);
    assert_eq!(
        body["variables"]["input"],
        json!({
            "userid": "4f1e", "date": "2026-11-23", "caloriesConsumed": 650, "caloriesBurned": 300, "version": 2,
            "weight": null, "entries": 2, "digest": 12_884_901_885_u64, "protein": 0.1, "fat": null, "carbohydrate": 0,
        })
    );
    assert_eq!(api.take_latencies().len(), 1);
    assert!(api.take_latencies().is_empty(), "taken once");
}

#[rstest]
#[case::fault(500)]
#[case::unavailable(503)]
#[tokio::test]
async fn a_fault_of_the_api_is_repeated_and_forgotten(#[case] status: u16) {
    let service = Service::start("appsync").await;
    service.reply([Reply::Json(status, refusal("ServiceUnavailable")), published()]);
    AppSyncPublisher::new(aws(), &service.url)
        .publish(&totals())
        .await
        .unwrap();
    assert_eq!(service.requests().len(), 2);
}

#[tokio::test]
async fn a_fault_that_lasts_is_given_up_after_two_repeats_and_may_pass_later() {
    let service = Service::start("appsync").await;
    service.then(Reply::Json(503, Value::Null));
    let api = AppSyncPublisher::new(aws(), &service.url);
    let error = api.publish(&totals()).await.unwrap_err();
    assert_eq!(error, PublishError::Unavailable("HTTP 503 ".to_owned()));
    assert_eq!(service.requests().len(), 3);
    assert_eq!(api.take_latencies().len(), 1, "three attempts are one publish");
}

/// The quota is exhausted: a retry would use more of it.
#[tokio::test]
async fn a_throttled_api_is_called_once() {
    let service = Service::start("appsync").await;
    service.then(Reply::Json(429, refusal("ThrottlingException")));
    let error = AppSyncPublisher::new(aws(), &service.url)
        .publish(&totals())
        .await
        .unwrap_err();
    assert_eq!(
        error,
        PublishError::Throttled("HTTP 429 ThrottlingException".to_owned())
    );
    assert_eq!(service.requests().len(), 1);
}

#[tokio::test]
async fn a_publish_past_its_deadline_ends() {
    let service = Service::start("appsync").await;
    service.then(Reply::Silence);
    let api = AppSyncPublisher::new(aws(), &service.url);
    let totals = totals();
    let waited = tokio::time::timeout(Duration::from_millis(10), api.publish(&totals)).await;
    assert!(waited.is_err(), "silence");
    assert_eq!(api.take_latencies().len(), 1);
}

/// AppSync answers 200 where a field failed: `errors` decides, and a text may quote what was sent.
#[rstest]
#[case::field(200, json!({ "data": { "publishUserAggregate": null }, "errors": [{ "errorType": "Unauthorized", "message": "Not Authorized for 4f1e" }] }), "HTTP 200 Unauthorized")]
#[case::untyped(200, json!({ "data": null, "errors": [{ "message": "Validation error: 4f1e" }] }), "HTTP 200 untyped")]
#[case::null(200, json!({ "data": { "publishUserAggregate": null } }), "HTTP 200 without the totals")]
#[case::request(401, refusal("UnauthorizedException"), "HTTP 401 UnauthorizedException")]
#[case::signature(403, json!({ "__type": "AccessDeniedException" }), "HTTP 403 AccessDeniedException")]
#[tokio::test]
async fn a_rejection_is_not_retried_and_only_its_kind_is_reported(
    #[case] status: u16,
    #[case] answer: Value,
    #[case] reported: &str,
) {
    let service = Service::start("appsync").await;
    service.then(Reply::Json(status, answer));
    let error = AppSyncPublisher::new(aws(), &service.url)
        .publish(&totals())
        .await
        .unwrap_err();
    assert_eq!(error, PublishError::Refused(reported.to_owned()));
    assert_eq!(service.requests().len(), 1);
}

pub(crate) fn published() -> Reply {
    Reply::Json(
        200,
        json!({ "data": { "publishUserAggregate": { "userid": "4f1e", "version": 2 } } }),
    )
}
