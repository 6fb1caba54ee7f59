//! Typing is never lost.

use crate::{
    entries::{Edit, entry, today, totals},
    pool::{command, signed_in},
    world::{Code, FailureKind, World},
};

#[test]
fn a_failed_line_comes_back_with_the_reason_and_its_repeat_is_the_same_entry() {
    let mut world = World::today();
    let (request, first) = world.log("lunch 650");
    world.failed(request, FailureKind::Unreachable, "the backend can't be reached");
    assert_eq!(world.dialog().title, "Add to today");
    assert_eq!(world.dialog().typed(), "lunch 650");
    assert_eq!(
        world.dialog().message(),
        "the backend can't be reached; nothing typed is lost; try again in a moment"
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
fn a_repeat_that_had_arrived_before_is_corrected_to_what_was_typed_since() {
    let mut world = World::today();
    let (request, first) = world.log("lunch 650");
    world.failed(request, FailureKind::Unreachable, "no answer");
    world.ctrl('u').type_in("lunch 700").enter();
    let (request, second) = world.created();
    assert_eq!(second.id, first.id);
    world.saved(request, &first.rev(1));
    let (request, edit) = world.updating();
    assert_eq!(
        edit,
        Edit {
            id: first.id,
            expected_rev: Some(1),
            kcal: Some(700),
            ..Edit::default()
        }
    );
    world.saved(request, &second.rev(2));
    assert_eq!(world.notice(), "saved Lunch 700 kcal · u takes it back");
    assert_eq!(world.rows(), ["> 12:30 Lunch Food 700"]);
}

#[test]
fn a_correction_that_fails_brings_its_own_line_back() {
    let mut world = World::today();
    let (request, first) = world.log("lunch 650");
    world.failed(request, FailureKind::Unreachable, "no answer");
    world.ctrl('u').type_in("lunch 700").enter();
    let (request, _) = world.created();
    let (other, _) = world.log("coffee 5");
    world.saved(request, &first.rev(1));
    let (request, _) = world.updating();
    world.failed(other, FailureKind::Busy, "busy");
    assert_eq!(world.dialog().typed(), "coffee 5");
    world.failed(request, FailureKind::Busy, "busy");
    world.hit(Code::Esc);
    assert_eq!(world.dialog().typed(), "lunch 700");
}

#[test]
fn an_id_that_is_used_up_is_not_used_again() {
    let mut world = World::today();
    let (request, first) = world.log("lunch 650");
    world.failed(request, FailureKind::NotFound, "this entry has been deleted");
    world.enter();
    assert_ne!(world.created().1.id, first.id);
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
    assert_eq!(world.rows(), ["> 08:10 Lunch Food 700 saving…"]);
    assert_eq!(world.total("consumed"), "650");
}

#[test]
fn an_edit_that_changes_nothing_sends_nothing() {
    let mut world = World::with(&[entry("1", "Lunch", 650)], &totals(650, 0, 1));
    world.enter().enter().requests_nothing();
    assert_eq!(world.notice(), "nothing was changed");
}

#[test]
fn a_conflict_reloads_and_keeps_both_what_was_typed_and_what_others_changed() {
    let mut world = World::with(&[entry("1", "Lunch", 650)], &totals(650, 0, 1));
    world.type_in("e").retype("700").enter();
    let (request, _) = world.updating();
    world.failed(request, FailureKind::Conflict, "changed elsewhere meanwhile");
    let theirs = entry("1", "Dinner", 650).rev(2).named("stew");
    world.answer_day(&[theirs], &totals(650, 0, 2));
    let form = world.dialog();
    assert_eq!(
        form.message(),
        "changed elsewhere meanwhile; nothing typed is lost; check its values, then press Enter"
    );
    assert_eq!(
        ["Type", "kcal", "Name"].map(|label| form.field(label)),
        ["Dinner", "700", "stew"]
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
fn a_failed_delete_leaves_the_entry_and_reports_it() {
    let mut world = World::with(&[entry("1", "Lunch", 651)], &totals(651, 0, 1));
    world.type_in("d");
    let (request, id) = world.deleting();
    assert_eq!(id, "1");
    assert_eq!(world.rows(), ["> 08:10 Lunch Food 651 deleting…"]);
    world.type_in("d").requests_nothing();
    assert_eq!(
        world.notice(),
        "this entry is still being saved; try again in a moment"
    );
    world.failed(request, FailureKind::Unreachable, "the backend can't be reached");
    assert_eq!(
        world.notice(),
        "the backend can't be reached; Lunch 651 kcal is still there; try again in a moment"
    );
    assert_eq!(world.rows(), ["> 08:10 Lunch Food 651"]);
}

#[test]
fn a_session_that_ends_while_saving_keeps_the_line_for_the_same_account_alone() {
    for (who, kept) in [("alice", true), ("mallory", false)] {
        let mut world = World::today();
        let (request, _) = world.log("lunch 650");
        world.failed(request, FailureKind::SignedOut, "not signed in");
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
    assert_eq!(world.rows(), ["> 12:30 Coffee Drink 5"]);
}

#[test]
fn an_edit_of_another_program_shows_in_an_open_form_but_never_over_what_was_typed() {
    let mut world = World::with(&[entry("1", "Lunch", 650)], &totals(650, 0, 1));
    world.type_in("e").retype("700");
    world.updated_elsewhere(&entry("1", "Lunch", 600).rev(2).named("stew"));
    let form = world.dialog();
    assert_eq!(["kcal", "Name"].map(|label| form.field(label)), ["700", "stew"]);
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
