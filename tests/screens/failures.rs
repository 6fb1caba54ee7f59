//! What the screens report when something fails.

use caltrack_client::outbox::OutboxError;
use caltrack_domain::outbox::{Answer, Rejection, RejectionKind};
use rstest::rstest;

use crate::{
    entries::{entry, totals},
    world::{Code, Request, World},
};

fn two_entries() -> World {
    World::with(
        &[entry("1", "Lunch", 650), entry("2", "Dinner", 500)],
        &totals(1150, 0, 2),
    )
}

/// The second entry is being deleted.
fn deleting() -> (World, Request) {
    let mut world = two_entries();
    world.type_in("d");
    let (request, id) = world.deleting();
    assert_eq!(id, "2");
    (world, request)
}

#[test]
fn a_full_disk_is_reported_in_one_sentence_and_keeps_what_was_typed() {
    let mut world = World::today();
    let (request, _) = world.log("lunch 200");
    world.failed_by(request, OutboxError::Full);
    assert_eq!(world.dialog().typed(), "lunch 200");
    assert_eq!(
        world.dialog().message(),
        "the disk is full; nothing was saved; nothing typed is lost; make room, then try again"
    );

    let (mut world, request) = deleting();
    world.failed_by(request, OutboxError::Full);
    assert_eq!(
        world.notice(),
        "the disk is full; nothing was saved; Dinner 500 kcal is still there; make room, then try again"
    );
}

#[test]
fn a_deletion_that_fails_on_another_day_names_the_day() {
    let (mut world, request) = deleting();
    world.hit(Code::Left);
    world.failed_by(request, OutboxError::Busy);
    assert!(
        world
            .notice()
            .contains("; Dinner 500 kcal on 2026-11-23 is still there; "),
        "{}",
        world.notice()
    );
}

#[test]
fn an_acknowledgement_that_arrives_on_another_day_names_the_day() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 650");
    world.hit(Code::Left).saved(request, &new.rev(1));
    assert_eq!(
        world.notice(),
        "logged Lunch 650 kcal on 2026-11-23 · u takes it back"
    );

    let (mut world, request) = deleting();
    world.saved(request, &entry("2", "Dinner", 500));
    assert_eq!(world.notice(), "deleted Dinner 500 kcal · u takes it back");
}

#[rstest]
#[case::short("soup", "(soup)")]
#[case::thirty_characters("a soup of thirty characters ab", "(a soup of thirty characters ab)")]
#[case::long("a soup of more than thirty characters", "(a soup of more than thirty cha…)")]
fn an_acknowledgement_names_the_entry(#[case] name: &str, #[case] shown: &str) {
    let soup = entry("1", "Lunch", 650).named(name);
    let mut world = World::with(std::slice::from_ref(&soup), &totals(650, 0, 1));
    world.type_in("d");
    let (request, _) = world.deleting();
    world.saved(request, &soup);
    assert_eq!(
        world.notice(),
        format!("deleted Lunch 650 kcal {shown} · u takes it back")
    );
}

fn rejected(kind: RejectionKind) -> Answer {
    Answer::Rejected(Rejection {
        kind,
        text: "No".to_owned(),
    })
}

#[test]
fn a_change_that_the_backend_rejects_is_kept_in_the_queue_with_the_reason() {
    let (mut world, request) = deleting();
    world.answered_by(request, &rejected(RejectionKind::BadRequest));
    assert_eq!(
        world.notice(),
        "Dinner 500 kcal was rejected: No; it is kept in the queue (`Queue`)"
    );
    world.hit(Code::Up);
    assert_eq!(world.notice(), "1 change was rejected; `Queue` (:) has it");
    assert_eq!(world.rows().len(), 2);
}

/// The id of another user's entry, or of one that was deleted.
#[test]
fn an_id_that_is_used_up_is_not_used_again() {
    for kind in [RejectionKind::IdTaken, RejectionKind::Deleted] {
        let mut world = World::today();
        let (request, first) = world.log("lunch 650");
        world.answered_by(request, &rejected(kind));
        assert_eq!(world.rows(), ["> 12:30 rejected · Lunch 650"]);
        world.type_in("e").enter();
        let (request, again) = world.created();
        assert_ne!(again.id, first.id);
        assert_eq!(again.with_id(&first.id), first);
        world.saved(request, &again.rev(1));
        assert_eq!(world.rows(), ["> 12:30 Lunch 650"]);
    }
}

#[test]
fn an_edit_of_a_rejected_entry_sends_it_again() {
    let mut world = World::today();
    let (request, first) = world.log("lunch 650");
    world
        .answered_by(request, &rejected(RejectionKind::BadRequest))
        .type_in("e")
        .retype("600")
        .enter();
    let (request, _) = world.updating();
    world.queued(request);
    assert_eq!(world.rows(), ["> 12:30 queued · Lunch 600"]);
    world.saved(request, &first.rev(1).kcal(600));
    assert_eq!(world.rows(), ["> 12:30 Lunch 600"]);
}

#[test]
fn nothing_invisible_reaches_the_screen() {
    let hidden = "\u{ad}\u{200b}\u{feff}\u{2028}\u{e0041}\u{202e}\u{9b}31m";
    let name = format!("so{hidden}up");
    let mut world = World::with(&[entry("1", "Lunch", 650).named(&name)], &totals(650, 0, 1));
    world.type_in("d");
    let check = |world: &World| {
        let screen = world.screen(80, 24);
        assert!(
            screen.chars().all(|c| c == '\n' || caltrack_domain::is_shown(c)),
            "{screen}"
        );
    };
    check(&world);
    let (request, _) = world.deleting();
    world.failed_by(request, OutboxError::Busy);
    check(&world);
    world.type_in("e");
    check(&world);
    world.paste(hidden);
    check(&world);
}
