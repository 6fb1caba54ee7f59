//! What is queued: offline, in the totals, and in its own list.

use caltrack_domain::outbox::{Answer, Reason, ReasonKind, Rejection, RejectionKind};

use crate::{
    entries::{entry, totals, yesterday},
    world::{Code, FailureKind, World},
};

fn one_entry() -> World {
    World::with(&[entry("1", "Lunch", 650)], &totals(650, 0, 1))
}

fn offline() -> World {
    let mut world = one_entry();
    world.offline(Some("connection refused"));
    world
}

/// Logs a line that waits.
fn queue(world: &mut World, line: &str) {
    let (request, _) = world.log(line);
    world.queued(request);
}

fn unreachable() -> Answer {
    Answer::Waiting {
        reason: Reason {
            kind: ReasonKind::Unreachable,
            text: "connection refused".to_owned(),
        },
        may_be_done: false,
    }
}

fn rejected() -> Answer {
    Answer::Rejected(Rejection {
        kind: RejectionKind::BadRequest,
        text: "no such category".to_owned(),
    })
}

fn words(world: &World) -> Vec<&'static str> {
    world
        .sendable()
        .iter()
        .map(|(_, command)| command.word())
        .collect()
}

#[test]
fn an_entry_logged_offline_is_shown_and_counted_in_what_remains() {
    let mut world = offline();
    queue(&mut world, "dinner 300");
    assert_eq!(
        world.header(),
        "1 Today | 2 History | 3 Trends | 4 Suggestions | 5 Profile | 1 queued | ○ offline"
    );
    assert_eq!(
        world.totals(),
        "remaining 1050 consumed 650 (+300 queued) burned 0 net 950 target 2000"
    );
    assert_eq!(world.selected(), "12:30 queued · Dinner 300");
    assert_eq!(
        world.notice(),
        "logged Dinner 300 kcal, sent once the backend responds · u takes it back"
    );
    queue(&mut world, "run 200");
    assert_eq!(
        world.totals(),
        "remaining 1250 consumed 650 (+300 queued) burned 0 (+200 queued) net 750 target 2000"
    );
}

#[test]
fn edits_and_deletions_offline_count_as_what_they_change() {
    let mut world = offline();
    world.type_in("e").retype("700").enter();
    let (request, _) = world.updating();
    world.queued(request);
    assert_eq!(world.rows(), ["> 08:10 queued · Lunch 700"]);
    assert_eq!(
        world.totals(),
        "remaining 1300 consumed 650 (+50 queued) burned 0 net 700 target 2000"
    );
    world.type_in("d");
    let (request, _) = world.deleting();
    world.queued(request);
    assert_eq!(world.rows(), ["> 08:10 deleting… Lunch 650"]);
    assert_eq!(
        world.totals(),
        "remaining 2000 consumed 650 (-650 queued) burned 0 net 0 target 2000"
    );
    // What was not sent is one command.
    assert_eq!(words(&world), ["delete"]);
    world.type_in("uu");
    assert_eq!(world.rows(), ["> 08:10 Lunch 650"]);
    assert_eq!(words(&world), [""; 0]);
}

#[test]
fn a_day_that_was_never_fetched_shows_what_is_queued_for_it() {
    let mut world = offline();
    world.type_in("h");
    let load = world.loading();
    assert_eq!(load.date, yesterday());
    world.day_failed(load, FailureKind::Unreachable, "the backend can't be reached");
    queue(&mut world, "dinner 300");
    assert_eq!(world.rows(), ["> 12:30 queued · Dinner 300"]);
    assert_eq!(
        world.totals(),
        "remaining – consumed – (+300 queued) burned – net – target 2000"
    );
    world.type_in("t");
    assert_eq!(world.header().matches("1 queued").count(), 1);
}

#[test]
fn what_is_queued_is_sent_and_the_marks_go() {
    let mut world = offline();
    let (request, new) = world.log("dinner 300");
    world.queued(request).live();
    world
        .saved(request, &new.rev(1))
        .publish("sub-alice", &totals(950, 0, 2));
    assert_eq!(
        world.header(),
        "1 Today | 2 History | 3 Trends | 4 Suggestions | 5 Profile | alice | ● live"
    );
    assert_eq!(
        world.totals(),
        "remaining 1050 consumed 950 burned 0 net 950 target 2000"
    );
    assert_eq!(world.rows()[1], "> 12:30 Dinner 300");
}

#[test]
fn the_screen_says_why_nothing_is_sent() {
    let mut world = one_entry();
    let (request, _) = world.log("dinner 300");
    world.queued(request).answered_by(request, &unreachable());
    assert_eq!(world.notice(), "1 queued: connection refused");
    world.hit(Code::Up);
    assert_eq!(world.notice(), "1 queued: connection refused");
}

#[test]
fn the_queue_lists_what_waits_since_when_and_why() {
    let mut world = one_entry();
    world.command("queue");
    assert_eq!(world.dialog().title, "Queue");
    assert_eq!(
        world.dialog().message(),
        "Nothing waits: the backend has everything."
    );
    world.hit(Code::Esc);
    queue(&mut world, "dinner 300 soup");
    world
        .hit(Code::Up)
        .hit(Code::Up)
        .type_in("e")
        .retype("700")
        .enter();
    let (request, _) = world.updating();
    world.queued(request);
    world.answered_by(request, &unreachable()).command("queue");
    let dialog = world.dialog();
    assert_eq!(dialog.title, "Queue: 2 queued");
    assert_eq!(
        dialog.options(),
        [
            "> log 12:30 Dinner 300 kcal (Soup) waiting",
            "edit 12:30 Lunch 700 kcal waiting"
        ]
    );
    assert_eq!(dialog.message(), "waits: connection refused");
    world.type_in("r");
    assert_eq!(
        world.footer(),
        "it is sent by itself; only rejected ones are sent again"
    );
}

#[test]
fn a_rejected_change_is_sent_again_edited_or_dropped() {
    let mut world = one_entry();
    let (request, _) = world.log("dinner 300");
    world.answered_by(request, &rejected()).command("queue");
    let dialog = world.dialog();
    assert_eq!(dialog.title, "Queue: 1 rejected");
    assert_eq!(dialog.options(), ["> log 12:30 Dinner 300 kcal rejected"]);
    assert_eq!(dialog.message(), "rejected: no such category");
    // It is not counted.
    assert!(world.screen(80, 24).contains("remaining 1350"));
    world.type_in("r");
    assert_eq!(words(&world), ["create"]);
    assert_eq!(world.dialog().options(), ["> log 12:30 Dinner 300 kcal waiting"]);

    world.answered_by(request, &rejected());
    world.enter().retype("310").enter();
    let (edit, _) = world.updating();
    world.queued(edit);
    assert_eq!(words(&world), ["create"]);
    assert_eq!(world.rows()[1], "> 12:30 queued · Dinner 310");

    world.answered_by(request, &rejected()).command("queue");
    world.type_in("d");
    assert_eq!(world.dialog().title, "Queue");
    assert_eq!(words(&world), [""; 0]);
    world.hit(Code::Esc);
    assert_eq!(world.count(), "1 entry");
}

#[test]
fn an_edit_of_a_rejected_edit_takes_its_place() {
    let mut world = one_entry();
    world.type_in("e").retype("700").enter();
    let (request, _) = world.updating();
    world.answered_by(request, &rejected());
    assert_eq!(world.rows(), ["> 08:10 Lunch 650"]);
    world.command("queue").enter();
    assert_eq!(world.dialog().field("kcal"), "700");
    world.retype("710").enter();
    let (request, edit) = world.updating();
    assert_eq!((edit.kcal, edit.expected_rev), (Some(710), Some(1)));
    world.queued(request).command("queue");
    assert_eq!(world.dialog().title, "Queue: 1 queued");
}

#[test]
fn signing_out_with_a_queue_asks() {
    let mut world = offline();
    queue(&mut world, "dinner 300");
    world.command("sign out").requests_nothing();
    assert_eq!(world.dialog().title, "Sign out?");
    assert_eq!(
        world.dialog().lines.join(" ").trim(),
        "1 change is queued. It stays on this computer, sent when alice signs in here again, and never as another user. \
         Enter signs out."
    );
    world.hit(Code::Esc).requests_nothing();
    assert!(!world.has_dialog());
    assert!(world.command("sign out").enter().signs_out());
    world.signed_out().start_here_as("bob");
    assert!(!world.header().contains("queued"), "{}", world.header());
}

#[test]
fn what_is_typed_comes_back_after_a_restart() {
    let mut world = one_entry();
    world.type_in("e").retype("700").hit(Code::Esc);
    world.type_in("a").type_in("lunch 999");
    let mut again = one_entry();
    again.recall(&world);
    assert_eq!(again.notice(), "not logged yet: `lunch 999`; a continues it");
    again.type_in("a");
    assert_eq!(again.dialog().typed(), "lunch 999");
    again.hit(Code::Esc).type_in("e");
    assert_eq!(again.dialog().field("kcal"), "700");
    again.enter();
    assert_eq!(again.updating().1.kcal, Some(700));

    // Another user never sees it.
    let mut other = one_entry();
    other.session_revoked("revoked").start_here_as("bob");
    other.recall(&world);
    other.type_in("a");
    assert_eq!(other.dialog().typed(), "");
}
