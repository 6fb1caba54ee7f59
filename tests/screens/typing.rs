//! Typing is never lost.

use caltrack_domain::outbox::Answer;

use crate::{
    entries::{Edit, entry, today, totals},
    pool::{command, signed_in},
    world::{Code, FailureKind, World},
};

#[test]
fn a_failed_line_comes_back_with_the_reason_and_its_repeat_is_the_same_entry() {
    let mut world = World::today();
    let (request, first) = world.log("lunch 650");
    world.failed(
        request,
        FailureKind::Busy,
        "another program is writing to the outbox",
    );
    assert_eq!(world.dialog().title, "Add to today");
    assert_eq!(world.dialog().typed(), "lunch 650");
    assert_eq!(
        world.dialog().message(),
        "another program is writing to the outbox; nothing typed is lost; try again in a moment"
    );
    assert_eq!(world.rows(), [""; 0]);
    world.enter();
    let (request, second) = world.created();
    assert_eq!(second, first);
    world.saved(request, &second.rev(1));
    assert_eq!(world.notice(), "logged Lunch 650 kcal · u takes it back");
    assert!(!world.has_dialog());
}

#[test]
fn an_entry_that_was_written_in_vain_is_logged_as_typed_since() {
    let mut world = World::today();
    let (request, first) = world.log("lunch 650");
    world.failed(request, FailureKind::Storage, "the disk is full");
    world.ctrl('u').type_in("lunch 700").enter();
    let (request, second) = world.created();
    assert_eq!((second.id.as_str(), second.kcal), (first.id.as_str(), 700));
    world.saved(request, &second.rev(1));
    assert_eq!(world.notice(), "logged Lunch 700 kcal · u takes it back");
    assert_eq!(world.rows(), ["> 12:30 Lunch 700"]);
}

#[test]
fn lines_that_fail_come_back_one_after_another() {
    let mut world = World::today();
    let (request, _) = world.log("lunch 650");
    let (other, _) = world.log("coffee 5");
    world.failed(request, FailureKind::Busy, "busy");
    assert_eq!(world.dialog().typed(), "lunch 650");
    world.failed(other, FailureKind::Busy, "busy");
    world.hit(Code::Esc);
    assert_eq!(world.dialog().typed(), "coffee 5");
}

#[test]
fn a_line_that_fails_while_the_next_one_is_typed_waits_for_its_turn() {
    let mut world = World::today();
    let (request, _) = world.log("lunch 650");
    world.type_in("a").type_in("coff");
    world.failed(request, FailureKind::Busy, "the backend is busy");
    assert_eq!(world.footer(), "a save failed; its text reopens after this");
    assert_eq!(world.dialog().typed(), "coff");
    world.type_in("ee 5").enter();
    assert_eq!(world.created().1.kind, "Coffee");
    assert_eq!(world.dialog().typed(), "lunch 650");
    assert_eq!(
        world.dialog().message(),
        "the backend is busy; nothing typed is lost; try again in a moment"
    );
}

#[test]
fn a_line_keeps_its_day_when_another_day_is_shown_meanwhile() {
    let mut world = World::today();
    let (request, _) = world.log("lunch 650");
    world.type_in("h").failed(request, FailureKind::Busy, "busy");
    assert_eq!(world.day(), "Sunday 2026-11-22 yesterday");
    assert_eq!(world.dialog().title, "Add to today");
    world.enter();
    assert_eq!(world.created().1.date, today());
}

#[test]
fn a_failed_form_comes_back_as_it_was() {
    let mut world = World::today();
    world
        .type_in("a")
        .hit(Code::Tab)
        .enter()
        .enter()
        .type_in("320")
        .hit(Code::Tab)
        .type_in("soup")
        .enter();
    let (request, new) = world.created();
    world.failed(request, FailureKind::Rejected, "refused");
    let form = world.dialog();
    assert_eq!(form.title, "Add an entry");
    assert_eq!(
        ["Category", "Type", "kcal", "Name", "Day"].map(|label| form.field(label)),
        ["Food", &new.kind, "320", "soup", "2026-11-23"]
    );
    assert_eq!(
        form.message(),
        "refused; nothing typed is lost; change it and press Enter"
    );
    world.enter();
    assert_eq!(world.created().1, new);
}

#[test]
fn an_edit_sends_only_what_changed_with_the_revision_it_started_from() {
    let mut world = World::with(&[entry("1", "Lunch", 650)], &totals(650, 0, 1));
    world.type_in("e").retype("700").enter();
    assert_eq!(
        world.updating().1,
        Edit {
            id: "1".to_owned(),
            expected_rev: Some(1),
            kcal: Some(700),
            ..Edit::default()
        }
    );
    assert_eq!(world.rows(), ["> 08:10 saving… Lunch 700"]);
    assert_eq!(world.total("consumed"), "650");
}

#[test]
fn an_edit_that_changes_nothing_sends_nothing() {
    let mut world = World::with(&[entry("1", "Lunch", 650)], &totals(650, 0, 1));
    world.enter().enter().requests_nothing();
    assert_eq!(world.notice(), "nothing was changed");
}

/// The form was closed before the event arrived.
#[test]
fn an_edit_that_meets_another_programs_edit_is_merged_and_says_what_it_lost() {
    let mut world = World::with(&[entry("1", "Lunch", 500)], &totals(500, 0, 1));
    world.type_in("e").retype("600").enter();
    let (request, _) = world.updating();
    let theirs = entry("1", "Lunch", 777).rev(2).named("stew");
    world.answered_by(request, &Answer::Conflict(Some(theirs.stored())));
    assert_eq!(
        world.notice(),
        "edited elsewhere meanwhile: it stays Lunch 777 kcal (stew); u sets your kcal 600"
    );
    world.updated_elsewhere(&theirs).type_in("u");
    let (_, edit) = world.updating();
    assert_eq!((edit.kcal, edit.name), (Some(600), None));
}

#[test]
fn an_entry_that_is_being_deleted_is_not_deleted_twice() {
    let mut world = World::with(&[entry("1", "Lunch", 651)], &totals(651, 0, 1));
    world.type_in("d");
    let (request, id) = world.deleting();
    assert_eq!(id, "1");
    assert_eq!(world.rows(), ["> 08:10 deleting… Lunch 651"]);
    world.type_in("d").requests_nothing();
    assert_eq!(world.notice(), "this entry is being deleted; u takes that back");
    world.saved(request, &entry("1", "Lunch", 651));
    assert_eq!(world.count(), "0 entries");
}

#[test]
fn a_session_that_ends_keeps_the_line_for_the_same_account_alone() {
    for (who, kept) in [("alice", true), ("mallory", false)] {
        let mut world = World::today();
        world
            .type_in("a")
            .type_in("lunch 650")
            .session_revoked("not signed in");
        assert_eq!(
            world.start_message(),
            "not signed in; nothing is lost; sign in again"
        );
        world.hides("lunch 650").start_here_as(who);
        assert!(world.header().contains(who), "{}", world.header());
        assert_eq!(world.draft(), kept.then_some("lunch 650"), "{who}");
        assert_eq!(world.screen(80, 24).contains("lunch 650"), kept, "{who}");
    }
}

/// The session ends in the moment between Enter and the disk.
#[test]
fn a_line_that_can_t_be_written_after_the_session_has_ended_comes_back() {
    let mut world = World::today();
    let (request, _) = world.log("lunch 650");
    world.session_revoked("not signed in");
    world.failed(request, FailureKind::Storage, "the disk is full");
    world.start_here_as("alice");
    assert_eq!(world.draft(), Some("lunch 650"));
}

#[test]
fn a_session_that_ends_with_a_load_keeps_what_is_being_typed() {
    let mut world = World::today();
    world.type_in("h");
    let load = world.loading();
    world.type_in("a").type_in("lunch 6");
    world.day_failed(load, FailureKind::SignedOut, "the session is over");
    assert_eq!(
        world.start_message(),
        "the session is over; nothing is lost; sign in again"
    );
    world.enter();
    assert_eq!(world.account_command().1, command::start_here());
    world.answer(signed_in("alice"));
    assert_eq!(world.dialog().typed(), "lunch 6");
}

#[test]
fn a_session_that_is_revoked_elsewhere_keeps_what_is_being_typed() {
    let mut world = World::today();
    world
        .type_in("a")
        .type_in("lunch 6")
        .session_revoked("the session was revoked");
    assert_eq!(
        world.start_message(),
        "the session was revoked; nothing is lost; sign in again"
    );
    world.start_here_as("alice");
    assert_eq!(world.dialog().typed(), "lunch 6");
}

#[test]
fn answers_to_several_saves_are_matched_by_number() {
    let mut world = World::today();
    let (first, _) = world.log("lunch 650");
    let (second, new) = world.log("coffee 5");
    world.failed(first, FailureKind::Busy, "busy");
    assert_eq!(world.dialog().typed(), "lunch 650");
    world.saved(second, &new.rev(1));
    assert_eq!(world.dialog().typed(), "lunch 650");
    world.hit(Code::Esc);
    assert_eq!(world.count(), "1 entry");
    assert_eq!(world.rows(), ["> 12:30 Coffee 5"]);
}

#[test]
fn an_edit_of_another_program_shows_in_an_open_form_but_never_over_what_was_typed() {
    let mut world = World::with(&[entry("1", "Lunch", 650)], &totals(650, 0, 1));
    world.type_in("e").retype("700");
    world.updated_elsewhere(&entry("1", "Lunch", 600).rev(2).named("stew"));
    let form = world.dialog();
    assert_eq!(["kcal", "Name"].map(|label| form.field(label)), ["700", "stew"]);
    assert_eq!(
        form.message(),
        "edited elsewhere meanwhile: kcal 600; Enter saves yours"
    );
    world.enter();
    assert_eq!(
        world.updating().1,
        Edit {
            id: "1".to_owned(),
            expected_rev: Some(2),
            kcal: Some(700),
            ..Edit::default()
        }
    );
}

#[test]
fn esc_keeps_a_line_until_it_is_opened_again() {
    let mut world = World::today();
    world.type_in("a").type_in("lunch 650 draft").hit(Code::Esc);
    assert!(!world.has_dialog());
    world.type_in("h");
    let load = world.loading();
    world.day_loaded(load, &[], &totals(0, 0, 0)).type_in("a");
    assert_eq!(world.dialog().title, "Add to Sunday 2026-11-22");
    assert_eq!(world.dialog().typed(), "lunch 650 draft");
    // A line without text is none.
    world.ctrl('u').hit(Code::Esc).type_in("a");
    assert_eq!(world.dialog().typed(), "");
}

#[test]
fn esc_keeps_a_form_and_every_entry_has_its_own() {
    let list = [entry("1", "Lunch", 650), entry("2", "Dinner", 500).at("18:00")];
    let mut world = World::with(&list, &totals(1150, 0, 2));
    world.type_in("e").retype("700").hit(Code::Esc);
    world.hit(Code::Up).hit(Code::Up).type_in("e");
    assert_eq!(world.dialog().field("kcal"), "650");
    world.hit(Code::Esc).type_in("a").hit(Code::Tab);
    world.tabs(3).type_in("soup").hit(Code::Esc).type_in("a");
    assert_eq!(world.dialog().field("Name"), "soup");
    world.hit(Code::Esc).hit(Code::Down).hit(Code::Down).type_in("e");
    assert_eq!(world.dialog().field("kcal"), "700");
    world.enter();
    assert_eq!(world.updating().1.kcal, Some(700));
}
