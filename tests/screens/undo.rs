//! Undoing the last change.

use caltrack_client::api::ApiError;

use crate::{
    entries::{Edit, entry, totals},
    world::{FailureKind, World},
};

fn one_entry() -> World {
    World::with(&[entry("1", "Lunch", 650)], &totals(650, 0, 1))
}

/// `d`, acknowledged.
fn deleted() -> World {
    let mut world = one_entry();
    world.type_in("d");
    let (request, _) = world.deleting();
    world.saved(request, &entry("1", "Lunch", 650));
    assert_eq!(world.count(), "0 entries");
    assert_eq!(world.notice(), "deleted Lunch 650 kcal · u takes it back");
    world
}

#[test]
fn undoing_a_new_entry_deletes_it() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 650");
    world.type_in("u").requests_nothing();
    assert_eq!(world.notice(), "still saving; the undo follows");
    world.saved(request, &new.rev(1));
    let (request, id) = world.deleting();
    assert_eq!(id, new.id);
    world.saved(request, &new.rev(2));
    assert_eq!(world.count(), "0 entries");
    assert_eq!(world.notice(), "undone: Lunch 650 kcal is deleted again");
    world.type_in("u").requests_nothing();
    assert_eq!(world.notice(), "nothing to undo");
}

#[test]
fn undoing_a_delete_logs_the_same_again_under_a_new_id() {
    let mut world = deleted();
    world.type_in("u");
    let (request, new) = world.created();
    assert_ne!(new.id, "1");
    let before = entry("1", "Lunch", 650);
    assert_eq!(new.rev(1).with_id("1"), before);
    world.saved(request, &new.rev(1));
    assert_eq!(world.rows(), ["> 08:10 Lunch Food 650"]);
    assert_eq!(world.notice(), "undone: Lunch 650 kcal is back");
}

#[test]
fn undoing_an_edit_edits_back_unless_another_program_edited_since() {
    let mut world = one_entry();
    world.type_in("e").retype("700").enter();
    let (request, _) = world.updating();
    world
        .saved(request, &entry("1", "Lunch", 700).rev(2))
        .type_in("u");
    let (request, edit) = world.updating();
    let back = Edit {
        id: "1".to_owned(),
        expected_rev: Some(2),
        kcal: Some(650),
        ..Edit::default()
    };
    assert_eq!(edit, back);
    let theirs = ApiError::Conflict("This entry was changed meanwhile; fetch it and try again.".to_owned());
    world.failed_by(request, theirs);
    assert_eq!(
        world.notice(),
        "changed elsewhere meanwhile; nothing was undone; check its values, then try again"
    );
    // It can be tried again.
    world.type_in("u");
    assert_eq!(world.updating().1, back);
}

#[test]
fn a_failed_undo_can_be_tried_again() {
    let mut world = deleted();
    world.type_in("u");
    let (request, _) = world.created();
    world.failed(request, FailureKind::Unreachable, "no answer");
    assert_eq!(
        world.notice(),
        "no answer; nothing was undone; try again in a moment"
    );
    world.type_in("u");
    assert_eq!(world.created().1.kcal, 650);
}

#[test]
fn a_chain_of_changes_is_undone_one_by_one_through_the_new_id() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 650");
    world.saved(request, &new.rev(1)).type_in("d");
    let (request, _) = world.deleting();
    world.saved(request, &new.rev(1)).type_in("u");
    let (request, again) = world.created();
    assert_ne!(again.id, new.id);
    world.saved(request, &again.rev(1)).type_in("u");
    assert_eq!(world.deleting().1, again.id);
}

#[test]
fn an_entry_that_was_edited_after_it_was_logged_goes_back_step_by_step() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 650");
    world
        .saved(request, &new.rev(1))
        .type_in("e")
        .retype("700")
        .enter();
    let (request, _) = world.updating();
    world.saved(request, &new.rev(2).kcal(700)).type_in("u");
    let (request, edit) = world.updating();
    assert_eq!((edit.kcal, edit.expected_rev), (Some(650), Some(2)));
    world.saved(request, &new.rev(3));
    assert_eq!(world.notice(), "undone: back to Lunch 650 kcal");
    world.type_in("u");
    assert_eq!(world.deleting().1, new.id);
}

#[test]
fn a_delete_pressed_while_the_entry_is_being_saved_follows_the_save() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 650");
    world.type_in("d").requests_nothing();
    assert_eq!(world.notice(), "still saving; the deletion follows");
    world.saved(request, &new.rev(1));
    assert_eq!(world.deleting().1, new.id);
    // An entry that was not logged needs no deletion.
    let mut world = World::today();
    let (request, _) = world.log("lunch 650");
    world
        .type_in("d")
        .failed(request, FailureKind::Busy, "busy")
        .requests_nothing();
    assert_eq!(world.dialog().typed(), "lunch 650");
}

/// Two keys that wait for a save run in their order, each after the save of the one before.
#[test]
fn two_undos_pressed_while_saving_undo_two_changes() {
    let mut world = World::today();
    let (request, first) = world.log("lunch 650");
    world.saved(request, &first.rev(1));
    let (request, second) = world.log("coffee 5");
    world.type_in("uu").requests_nothing();
    world.saved(request, &second.rev(1));
    let (request, id) = world.deleting();
    assert_eq!(id, second.id);
    world.saved(request, &second.rev(2));
    let (request, id) = world.deleting();
    assert_eq!(id, first.id);
    world.saved(request, &first.rev(2)).requests_nothing();
    assert_eq!(world.count(), "0 entries");
}

#[test]
fn a_delete_and_an_undo_pressed_while_saving_both_follow() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 650");
    world.type_in("du").requests_nothing();
    world.saved(request, &new.rev(1));
    let (request, id) = world.deleting();
    assert_eq!(id, new.id);
    world.saved(request, &new.rev(1));
    let (_, again) = world.created();
    assert_eq!((again.kind.as_str(), again.kcal), ("Lunch", 650));
}
