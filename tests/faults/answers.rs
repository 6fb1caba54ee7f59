//! Answers that get lost after the mutation ran: the change is stored once, and its retry is no conflict.

use caltrack_client::outbox::OutboxEvent;
use caltrack_domain::{
    Profile,
    outbox::{Command, Outcome, ProfileChange, ProfileMember, WeightChange, members},
};
use rstest::rstest;

use crate::{
    fault_proxy::Fault,
    lab::{By, DAY, Lab, Way, create, delete, edit},
};

/// Asserts that a change was acknowledged at last, and nothing collided.
fn is_done(reported: &[OutboxEvent]) {
    let last = reported.iter().rev().find_map(|event| match event {
        OutboxEvent::Outcome { outcome, .. } => Some(outcome),
        _ => None,
    });
    assert!(matches!(last, Some(Outcome::Acknowledged(_))), "{reported:?}");
    for event in reported {
        assert!(
            !matches!(event, OutboxEvent::Collision(_) | OutboxEvent::Failed(_)),
            "{event:?}"
        );
    }
}

fn target(before: &Profile, kcal: u32) -> Command {
    let patch = members([ProfileMember::Target(kcal)]);
    Command::Profile(ProfileChange::of(before, patch))
}

/// Every kind of change, each with the fault at its mutation, one after another.
async fn every_change_is_stored_once(way: Way, by: By, fault: &Fault) {
    let lab = Lab::start(way).await;
    let once = |operation: &str| lab.proxy.script(operation, [fault.clone()]);
    let id = uuid::Uuid::now_v7().to_string();

    once("CreateActivity");
    is_done(&lab.send(create(&id, 650), by).await);
    let created = lab.entry(&id).await.unwrap();
    assert_eq!((created.entry.kcal, created.rev), (650, 1));

    once("UpdateActivity");
    is_done(&lab.send(edit(&created, 700), by).await);
    let edited = lab.entry(&id).await.unwrap();
    assert_eq!((edited.entry.kcal, edited.rev), (700, 2));
    let totals = lab.totals().await;
    assert_eq!((totals.calories_consumed, totals.entries), (700, Some(1)));

    once("DeleteActivity");
    is_done(&lab.send(delete(&edited), by).await);
    assert_eq!(lab.entry(&id).await, None);
    assert_eq!(lab.totals().await.calories_consumed, 0);

    once("SetWeight");
    let weight = WeightChange {
        date: DAY,
        weight: Some(81.5),
        before: None,
    };
    is_done(&lab.send(Command::Weight(weight), by).await);
    assert_eq!(lab.totals().await.weight, Some(81.5));

    once("CreateUser");
    is_done(&lab.send(target(&Profile::new("ada"), 1_800), by).await);
    let profile = lab.direct.profile().await.unwrap().unwrap();
    assert_eq!((profile.target, profile.rev), (1_800, 1));
    once("UpdateUser");
    is_done(&lab.send(target(&profile, 1_900), by).await);
    let profile = lab.direct.profile().await.unwrap().unwrap();
    assert_eq!((profile.target, profile.rev), (1_900, 2));

    assert!(lab.proxy.is_script_done(), "a fault didn't happen");
    assert_eq!(lab.outbox().list(&lab.owner).rows, []);
    let undone = lab.outbox().history(&lab.owner);
    assert_eq!(undone.steps().count(), 6, "no step for a conflict that was none");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_leaves_each_change_stored_once(
    #[values(Way::Socket, Way::Tcp)] way: Way,
    #[values(By::Deliver, By::Sender)] by: By,
) {
    every_change_is_stored_once(way, by, &Fault::DropAnswer).await;
}

#[rstest]
#[case::cut(Fault::CutAnswer)]
#[case::failed_after_it_ran(Fault::StatusAfter(502))]
#[case::sent_twice(Fault::Duplicate)]
#[case::cut_on_the_way(Fault::CutRequest)]
#[case::expired(Fault::Expired)]
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_cut_or_wrong_leaves_each_change_stored_once(#[case] fault: Fault) {
    every_change_is_stored_once(Way::Tcp, By::Sender, &fault).await;
}
