//! Calls whose answers are late, lost, partial or nonsense.

use caltrack_client::api::ApiError;
use caltrack_domain::{ActivityPatch, Entry, NewActivity};
use jiff::civil::date;
use serde_json::{Value, json};

use crate::fake::{Fake, SUB, soon};

fn row(id: &str, kcal: u32, rev: u32) -> Value {
    json!({"id": id, "userid": SUB, "category": "Food", "type": "Lunch", "caloriesConsumed": kcal,
        "creationDateTime": "2026-11-23T12:00:00.000Z", "date": "2026-11-23", "name": null, "note": null,
        "quantity": null, "rev": rev})
}

fn busy() -> Value {
    json!({"errors": [{"errorType": "InternalFailure", "message": "try later"}]})
}

fn conflict() -> Value {
    json!({"data": {"updateActivity": null}, "errors": [{"path": ["updateActivity"], "data": null,
        "errorType": "Conflict", "errorInfo": null, "message": "the entry is at revision 2"}]})
}

fn signed_in() -> Fake {
    let fake = Fake::start();
    fake.signed_in_for(3000);
    fake
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_is_repeated_by_the_same_id() {
    let fake = signed_in();
    fake.will_answer(503, busy());
    fake.will_answer(429, json!({}));
    fake.will_answer(200, json!({"data": {"createActivity": row("i", 650, 1)}}));
    let new = NewActivity::new(
        "i".to_owned(),
        Entry::new(
            date(2026, 11, 23),
            "2026-11-23T12:00:00Z".parse().unwrap(),
            "Food",
            "Lunch",
            650,
        ),
    );
    assert_eq!(
        soon(fake.client().create_activity(&new))
            .await
            .unwrap()
            .entry
            .kcal,
        650
    );
    let asked = &fake.script().asked;
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|body| body == &asked[0]));
}

#[tokio::test]
async fn a_conflict_with_an_own_lost_edit_is_no_failure() {
    let fake = signed_in();
    let patch = ActivityPatch {
        kcal: Some(700),
        ..ActivityPatch::default()
    };
    fake.will_answer(503, busy());
    fake.will_answer(200, conflict());
    fake.will_answer(200, json!({"data": {"getActivity": row("i", 700, 2)}}));
    let edited = soon(fake.client().update_activity("i", &patch, Some(1)))
        .await
        .unwrap();
    assert_eq!((edited.entry.kcal, edited.rev), (700, 2));

    fake.will_answer(200, conflict());
    let error = soon(fake.client().update_activity("i", &patch, Some(1)))
        .await
        .unwrap_err();
    assert_eq!(error, ApiError::Conflict("the entry is at revision 2".to_owned()));
}

#[tokio::test]
async fn a_day_is_read_to_its_last_page_in_order_and_counts_what_makes_no_sense() {
    let fake = signed_in();
    fake.will_answer(
        200,
        json!({"data": {
            "listActivitiesByDate": {"items": [row("b", 1, 1), {"id": "broken"}], "nextToken": "t1"},
            "getUserAggregate": {"userid": SUB, "date": "2026-11-23", "caloriesConsumed": 3, "caloriesBurned": 0, "version": 3, "weight": null}}}),
    );
    fake.will_answer(
        200,
        json!({"data": {"listActivitiesByDate": {"items": [row("a", 2, 1)], "nextToken": null}}}),
    );
    let day = soon(fake.client().day(date(2026, 11, 23))).await.unwrap();
    let ids: Vec<&str> = day
        .activities
        .iter()
        .map(|activity| activity.id.as_str())
        .collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!((day.totals.calories_consumed, day.totals.version), (3, 3));
    assert!(day.notice.unwrap().starts_with("1 of"));
    assert_eq!(fake.script().asked[1]["variables"]["nextToken"], "t1");
}

#[tokio::test]
async fn untouched_days_are_empty_ones() {
    let fake = signed_in();
    fake.will_answer(
        200,
        json!({"data": {"listUserAggregatesByDate": {"items": [
            {"userid": SUB, "date": "2026-11-22", "caloriesConsumed": 650, "caloriesBurned": 300, "version": 2, "weight": null}],
            "nextToken": null}}}),
    );
    let totals = soon(fake.client().totals(date(2026, 11, 21), date(2026, 11, 23)))
        .await
        .unwrap();
    let seen: Vec<(String, i64, u64)> = totals
        .iter()
        .map(|day| (day.date.to_string(), day.net(), day.version))
        .collect();
    let expected = [("2026-11-21", 0, 0), ("2026-11-22", 350, 2), ("2026-11-23", 0, 0)];
    assert_eq!(
        seen,
        expected.map(|(day, net, version)| (day.to_owned(), net, version))
    );
    let backwards = soon(fake.client().totals(date(2026, 11, 23), date(2026, 11, 21))).await;
    assert!(matches!(backwards, Err(ApiError::Rejected(_))));
}

#[tokio::test]
async fn an_unreachable_backend_differs_from_a_missing_session() {
    let fake = Fake::start();
    assert_eq!(
        soon(fake.client().categories()).await.unwrap_err().kind().name(),
        "signed_out"
    );
    fake.signed_in_for(3000);
    std::fs::remove_file(fake.dir.path().join("backend.sock")).unwrap();
    let error = soon(fake.client().categories()).await.unwrap_err();
    assert_eq!(error.kind().name(), "unreachable", "{error}");
}

#[tokio::test]
async fn a_profile_that_was_never_written_is_absent() {
    let fake = signed_in();
    fake.will_answer(200, json!({"data": {"getUser": null}}));
    assert_eq!(soon(fake.client().profile()).await.unwrap(), None);
}

/// Fetching it again would take as long again.
#[tokio::test]
async fn an_answer_that_is_too_long_is_fetched_once_and_is_not_silence() {
    let fake = signed_in();
    let long = "x".repeat(6 * 1024 * 1024);
    for body in [
        json!({"data": {"listActivityCategories": {"items": [{"category": long, "type": []}], "nextToken": null}}}),
        json!({"data": null, "errors": [{"message": long}]}),
    ] {
        fake.will_answer(200, body);
        let error = soon(fake.client().categories()).await.unwrap_err();
        assert_eq!(error.kind().name(), "internal");
        assert!(error.to_string().contains("longer than 6 MiB"), "{error}");
    }
    assert_eq!(fake.script().asked.len(), 2);
}

#[tokio::test]
async fn a_failing_disk_of_the_box_is_reported_once_and_briefly() {
    let fake = signed_in();
    for (message, says) in [
        (
            "The disk is full. Nothing of this was written, and what was acknowledged before is kept. Make room, then try again.",
            "the disk is full; nothing was written",
        ),
        (
            "backend: database disk image is malformed",
            "the backend can't use its files (database disk image is malformed)",
        ),
    ] {
        let message = format!("{message} (Service: DynamoDb, Status Code: 500, Request ID: EPEG1)");
        fake.will_answer(
            200,
            json!({"data": {"deleteActivity": null}, "errors": [{"path": ["deleteActivity"], "data": null,
                "errorType": "DynamoDB:InternalServerError", "errorInfo": null, "message": message}]}),
        );
        let error = soon(fake.client().delete_activity("i", None)).await.unwrap_err();
        assert_eq!(
            (error.kind().name(), error.to_string().as_str()),
            ("storage", says)
        );
    }
    assert_eq!(fake.script().asked.len(), 2);
}

#[tokio::test]
async fn an_id_of_another_users_entry_is_rejected_for_a_new_entry() {
    let fake = signed_in();
    fake.will_answer(
        200,
        json!({"data": {"createActivity": null}, "errors": [{"path": ["createActivity"], "data": null,
            "errorType": "Conflict", "errorInfo": null, "message": "This id is taken; mint another."}]}),
    );
    let new = NewActivity::new(
        "i".to_owned(),
        Entry::new(
            date(2026, 11, 23),
            "2026-11-23T12:00:00Z".parse().unwrap(),
            "Food",
            "Lunch",
            650,
        ),
    );
    let error = soon(fake.client().create_activity(&new)).await.unwrap_err();
    assert_eq!(error, ApiError::IdTaken);
    assert_eq!(error.kind().name(), "conflict");
}
