//! What the backend doesn't take: it waits with the reason, or is rejected and kept.

use caltrack_domain::outbox::{Outcome, ReasonKind, RejectionKind, RowState};
use rstest::rstest;

use crate::{
    fault_proxy::Fault,
    lab::{By, Lab, Way, create, edit},
};

#[rstest]
#[case(Fault::Status(429), ReasonKind::Busy)]
#[case(Fault::Status(500), ReasonKind::Busy)]
#[case(Fault::StatusAfter(503), ReasonKind::Busy)]
#[case(Fault::CutRequest, ReasonKind::Unreachable)]
#[case(Fault::DropAnswer, ReasonKind::Unreachable)]
#[case(
    Fault::Error("DynamoDB:ProvisionedThroughputExceededException", "too much"),
    ReasonKind::Busy
)]
#[case(Fault::Error("DynamoDB:InternalServerError", "no"), ReasonKind::Failed)]
#[case(
    Fault::Error("ValidationError", "Validation error of type FieldUndefined"),
    ReasonKind::Schema
)]
#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_fails_waits_with_the_reason_and_is_sent_later(
    #[case] fault: Fault,
    #[case] kind: ReasonKind,
) {
    let lab = Lab::start(Way::Tcp).await;
    let id = uuid::Uuid::now_v7().to_string();
    lab.proxy.script("CreateActivity", [fault]);
    let saved = lab.save(create(&id, 650));
    let delivery = lab.deliver(&saved).await;
    let reason = delivery.waiting().expect("it waits");
    assert_eq!(reason.kind, kind, "{reason:?}");
    assert!(!reason.text.is_empty());
    let kept = lab.outbox().list(&lab.owner).rows.remove(0);
    assert_eq!(kept.reason.as_ref(), Some(reason));
    lab.deliver(&saved).await;
    assert_eq!(lab.entry(&id).await.unwrap().rev, 1);
    assert_eq!(lab.outbox().list(&lab.owner).rows, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_token_is_renewed_and_one_that_stays_refused_leaves_the_change_waiting() {
    let lab = Lab::start(Way::Tcp).await;
    let (one, two) = (uuid::Uuid::now_v7().to_string(), uuid::Uuid::now_v7().to_string());
    lab.proxy.script("CreateActivity", [Fault::Expired]);
    let saved = lab.save(create(&one, 650));
    assert_eq!(lab.deliver(&saved).await.waiting(), None);
    assert_eq!(lab.proxy.count("GetTokensFromRefreshToken"), 1);
    lab.proxy
        .script("CreateActivity", [Fault::Expired, Fault::Expired]);
    let saved = lab.save(create(&two, 500));
    let delivery = lab.deliver(&saved).await;
    assert_eq!(delivery.waiting().unwrap().kind, ReasonKind::SignedOut);
    assert_eq!(lab.outbox().list(&lab.owner).rows.len(), 1);
    lab.deliver(&saved).await;
    assert_eq!(lab.entry(&two).await.unwrap().rev, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_an_answer_is_abandoned_and_sent_again() {
    let lab = Lab::start(Way::Tcp).await;
    let id = uuid::Uuid::now_v7().to_string();
    lab.proxy.script("CreateActivity", [Fault::SilenceAfter]);
    let saved = lab.save(create(&id, 650));
    // The program ends while it waits.
    tokio::select! {
        delivery = lab.deliver(&saved) => panic!("{delivery:?}"),
        () = async {
            while lab.entry(&id).await.is_none() {
                tokio::task::yield_now().await;
            }
        } => {}
    }
    assert_eq!(lab.outbox().list(&lab.owner).rows[0].word(), "sent");
    assert_eq!(lab.deliver(&saved).await.waiting(), None);
    assert_eq!(lab.entry(&id).await.unwrap().rev, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_backend_rejects_is_kept_with_the_reason_and_blocks_nothing() {
    let lab = Lab::start(Way::Tcp).await;
    let (bad, good) = (uuid::Uuid::now_v7().to_string(), uuid::Uuid::now_v7().to_string());
    lab.save(create(&bad, 1_000_000));
    let saved = lab.save(create(&good, 650));
    let delivery = lab.deliver(&saved).await;
    assert!(
        matches!(delivery.outcomes.values().next(), Some(Outcome::Acknowledged(_))),
        "{delivery:?}"
    );
    let rows = lab.outbox().list(&lab.owner).rows;
    assert_eq!(rows.len(), 1);
    let RowState::Rejected(rejection) = &rows[0].state else {
        panic!("{rows:?}")
    };
    assert_eq!(rejection.kind, RejectionKind::BadRequest);
    assert!(!rejection.text.is_empty());

    // An edit of an entry that is gone.
    let mut gone = lab.entry(&good).await.unwrap();
    lab.direct.delete_activity(&good, None).await.unwrap();
    gone.rev = 1;
    lab.send(edit(&gone, 700), By::Deliver).await;
    let rows = lab.outbox().list(&lab.owner).rows;
    assert_eq!(rows.len(), 2);
    assert!(
        matches!(&rows[1].state, RowState::Rejected(rejection)
        if matches!(rejection.kind, RejectionKind::Deleted | RejectionKind::NotFound)),
        "{rows:?}"
    );
}
