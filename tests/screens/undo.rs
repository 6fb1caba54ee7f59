//! Undo and redo, through the outbox's history.

use caltrack_domain::outbox::{Answer, Reason, ReasonKind, Rejection, RejectionKind};

use crate::{
    entries::{Edit, entry, totals},
    world::{Code, FailureKind, World},
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

fn unreachable() -> Answer {
    Answer::Waiting {
        reason: Reason {
            kind: ReasonKind::Unreachable,
            text: "connection refused".to_owned(),
        },
        may_be_done: true,
    }
}

#[test]
fn undoing_an_entry_that_was_not_sent_sends_nothing() {
    let mut world = World::today();
    let (request, _) = world.log("lunch 650");
    world.queued(request).type_in("u");
    assert_eq!(world.count(), "0 entries");
    assert_eq!(world.notice(), "undone: Lunch 650 kcal is deleted again");
    assert_eq!(world.sendable(), []);
    world.type_in("u");
    assert_eq!(world.notice(), "nothing to undo");
}

#[test]
fn undoing_a_new_entry_that_was_sent_deletes_it() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 650");
    world.saved(request, &new.rev(1)).type_in("u");
    let (request, id) = world.deleting();
    assert_eq!(id, new.id);
    assert_eq!(world.rows(), ["> 12:30 deleting… Lunch 650"]);
    world.saved(request, &new.rev(2));
    assert_eq!(world.count(), "0 entries");
}

/// An answer may have been lost, so that it is not known whether there is anything to delete.
#[test]
fn undoing_an_entry_that_was_sent_and_not_answered_deletes_it_after_the_answer() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 650");
    world.answered_by(request, &unreachable()).type_in("u");
    let (delete, id) = world.deleting();
    assert_eq!(id, new.id);
    world.saved(request, &new.rev(1));
    world.saved(delete, &new.rev(2));
    assert_eq!(world.count(), "0 entries");
    assert_eq!(world.sendable(), []);
}

/// The step is being written when the keys are pressed.
#[test]
fn undos_pressed_while_steps_are_being_written_take_them_back_in_their_order() {
    let mut world = World::today();
    let (_, first) = world.log("lunch 650");
    let (second, _) = world.log("coffee 5");
    world.type_in("u");
    assert_eq!(world.rows().len(), 2);
    world.queued(second);
    assert_eq!(world.rows(), ["> 12:30 queued · Lunch 650"]);
    assert_eq!(world.notice(), "undone: Coffee 5 kcal is deleted again");
    world.type_in("u");
    assert_eq!(world.count(), "0 entries");
    assert_eq!(world.notice(), "undone: Lunch 650 kcal is deleted again");
    assert!(world.has_saved(&first.id), "it can be redone");
}

#[test]
fn undoing_a_delete_logs_the_same_again_under_a_new_id() {
    let mut world = deleted();
    world.type_in("u");
    let (request, new) = world.created();
    assert_ne!(new.id, "1");
    let before = entry("1", "Lunch", 650);
    assert_eq!(new.rev(1).with_id("1"), before);
    assert_eq!(world.notice(), "undone: Lunch 650 kcal is back");
    world.saved(request, &new.rev(1));
    assert_eq!(world.rows(), ["> 08:10 Lunch 650"]);
}

#[test]
fn an_undo_that_can_t_be_done_says_why_and_the_next_one_takes_the_step_before() {
    let mut world = one_entry();
    let (request, new) = world.log("coffee 5");
    world.saved(request, &new.rev(1));
    world
        .hit(Code::Home)
        .hit(Code::Down)
        .type_in("e")
        .retype("700")
        .enter();
    let (request, _) = world.updating();
    let theirs = entry("1", "Lunch", 700).rev(2);
    world.saved(request, &theirs);
    world.updated_elsewhere(&theirs.rev(3).kcal(999)).type_in("u");
    assert_eq!(
        world.notice(),
        "not undone: Lunch 700 kcal was changed since; it is Lunch 999 kcal now"
    );
    world.type_in("u");
    assert_eq!(world.deleting().1, new.id);
    assert_eq!(world.notice(), "undone: Coffee 5 kcal is deleted again");
}

#[test]
fn undoing_the_log_of_an_entry_that_another_program_edited_since_is_refused() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 400");
    world
        .saved(request, &new.rev(1))
        .updated_elsewhere(&new.rev(2).kcal(999).noted("other"))
        .type_in("u");
    assert_eq!(
        world.notice(),
        "not undone: Lunch 400 kcal was changed since; it is Lunch 999 kcal now"
    );
    assert_eq!(world.rows(), ["> 12:30 Lunch 999"]);
}

#[test]
fn undoing_the_edit_of_an_entry_that_was_deleted_elsewhere_is_refused() {
    let mut world = one_entry();
    world.type_in("e").retype("700").enter();
    let (request, _) = world.updating();
    let edited = entry("1", "Lunch", 700).rev(2);
    world
        .saved(request, &edited)
        .deleted_elsewhere(&edited.rev(3))
        .type_in("u");
    assert_eq!(world.notice(), "not undone: Lunch 700 kcal was deleted since");
}

#[test]
fn an_undo_that_can_t_be_written_can_be_tried_again() {
    let mut world = deleted();
    let (_, coffee) = world.log("coffee 5");
    world.type_in("u").carry_out_next();
    world.refuse_next("the disk is full; nothing was saved");
    assert_eq!(
        world.notice(),
        "the disk is full; nothing was saved; nothing was undone; run `caltrack-tui doctor`"
    );
    assert_eq!(world.sendable().len(), 1);
    world.type_in("u");
    assert_eq!(world.sendable(), []);
    assert!(world.has_saved(&coffee.id), "it can be redone");
}

#[test]
fn a_step_that_was_undone_is_redone_until_another_one_is_made() {
    let mut world = one_entry();
    world.type_in("e").retype("700").enter();
    let (request, _) = world.updating();
    world
        .saved(request, &entry("1", "Lunch", 700).rev(2))
        .type_in("u");
    assert_eq!(world.notice(), "undone: back to Lunch 650 kcal");
    let (request, _) = world.updating();
    world
        .saved(request, &entry("1", "Lunch", 650).rev(3))
        .type_in("U");
    let (request, edit) = world.updating();
    assert_eq!((edit.kcal, edit.expected_rev), (Some(700), Some(3)));
    assert_eq!(world.notice(), "redone: Lunch 700 kcal");
    world
        .saved(request, &entry("1", "Lunch", 700).rev(4))
        .type_in("u");
    world.ctrl('r');
    assert_eq!(world.notice(), "redone: Lunch 700 kcal");
    world.type_in("u");
    let (request, _) = world.log("coffee 5");
    world.queued(request).type_in("U");
    assert_eq!(world.notice(), "nothing to redo");
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
    assert_eq!(
        edit,
        Edit {
            id: new.id.clone(),
            expected_rev: Some(2),
            kcal: Some(650),
            ..Edit::default()
        }
    );
    assert_eq!(world.notice(), "undone: back to Lunch 650 kcal");
    world.saved(request, &new.rev(3)).type_in("u");
    assert_eq!(world.deleting().1, new.id);
}

#[test]
fn a_delete_pressed_while_the_entry_is_being_written_takes_it_back() {
    let mut world = World::today();
    let (request, _) = world.log("lunch 650");
    world.type_in("d");
    let (delete, _) = world.deleting();
    assert_eq!(world.count(), "0 entries");
    world.queued(request).queued(delete);
    assert_eq!(world.sendable(), []);
    // Both are steps of their own.
    world.type_in("u");
    assert_eq!(world.notice(), "undone: Lunch 650 kcal is back");
    assert_eq!(world.created().1.kcal, 650);
}

#[test]
fn a_change_that_the_backend_rejected_is_no_step() {
    let mut world = World::today();
    let (request, new) = world.log("coffee 5");
    world.saved(request, &new.rev(1));
    let (request, _) = world.log("lunch 650");
    let rejection = Rejection {
        kind: RejectionKind::BadRequest,
        text: "no such category".to_owned(),
    };
    world
        .answered_by(request, &Answer::Rejected(rejection))
        .type_in("u");
    assert_eq!(world.deleting().1, new.id);
}

#[test]
fn an_undo_names_the_day_that_is_not_shown() {
    let mut world = World::today();
    let (request, _) = world.log("lunch 650");
    world.queued(request).hit(Code::Left).type_in("u");
    assert_eq!(
        world.notice(),
        "undone: Lunch 650 kcal on 2026-11-23 is deleted again"
    );
}

#[test]
fn a_failed_delete_of_a_busy_disk_leaves_the_entry() {
    let mut world = one_entry();
    world.type_in("d");
    let (request, _) = world.deleting();
    world.failed(request, FailureKind::Busy, "another program is writing");
    assert_eq!(
        world.notice(),
        "another program is writing; Lunch 650 kcal is still there; try again in a moment"
    );
    assert_eq!(world.rows(), ["> 08:10 Lunch 650"]);
    world.type_in("u");
    assert_eq!(world.notice(), "nothing to undo");
}
