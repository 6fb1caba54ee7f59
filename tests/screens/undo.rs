//! Taking back the last change.

use caltrack_client::api::ApiError;
use caltrack_domain::Activity;
use caltrack_tui::app::{Effect, FailureKind, Key, Message};

use crate::world::{World, activity, stored, totals};

fn one_entry() -> World {
    World::with(&[activity("1", "Lunch", 650)], &totals(650, 0, 1))
}

/// `d`, acknowledged.
fn deleted() -> World {
    let mut world = one_entry();
    world.type_in("d");
    let [Effect::Delete { request, .. }] = world.effects[..] else {
        panic!()
    };
    world
        .saved(request, activity("1", "Lunch", 650))
        .shows("0 entries")
        .shows("u takes it back");
    world
}

#[test]
fn undoing_a_new_entry_deletes_it() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 650");
    world.type_in("u").shows("still saving");
    assert_eq!(world.effects, []);
    world.saved(request, stored(&new, 1));
    let Effect::Delete { request, id } = world.only() else {
        panic!()
    };
    assert_eq!(id, new.id);
    world
        .saved(request, stored(&new, 2))
        .shows("0 entries")
        .type_in("u")
        .shows("nothing to undo");
}

#[test]
fn undoing_a_delete_logs_the_same_again_under_a_new_id() {
    let mut world = deleted();
    world.type_in("u");
    let (request, new) = world.created();
    assert_ne!(new.id, "1");
    assert_eq!((new.entry.kind.as_str(), new.entry.kcal), ("Lunch", 650));
    assert_eq!(new.entry.moment, activity("1", "Lunch", 650).entry.moment);
    world
        .saved(request, stored(&new, 1))
        .shows("1 entry")
        .shows("is back");
}

#[test]
fn undoing_an_edit_edits_back_unless_somebody_else_edited_since() {
    let mut world = one_entry();
    world.type_in("e").press(Key::ctrl('u')).type_in("700").enter();
    let [Effect::Update { request, .. }] = world.effects[..] else {
        panic!()
    };
    let after = Activity {
        rev: 2,
        ..activity("1", "Lunch", 700)
    };
    world.saved(request, after).type_in("u");
    let Effect::Update {
        request,
        id,
        patch,
        expected_rev,
    } = world.only()
    else {
        panic!()
    };
    assert_eq!((id.as_str(), patch.kcal, expected_rev), ("1", Some(650), Some(2)));
    let theirs = ApiError::Conflict("This entry was changed meanwhile; fetch it and try again.".to_owned());
    world
        .send(Message::Saved {
            request,
            result: Err(theirs.into()),
        })
        .shows("changed elsewhere meanwhile; nothing was undone; look at it again")
        .hides("Enter");
    world.type_in("u");
    assert!(
        matches!(world.effects[..], [Effect::Update { .. }]),
        "it can be tried again"
    );
}

#[test]
fn a_failed_undo_can_be_tried_again() {
    let mut world = deleted();
    world.type_in("u");
    let (request, _) = world.created();
    world
        .failed(request, FailureKind::Unreachable, "no answer")
        .shows("nothing was undone")
        .type_in("u");
    assert!(matches!(world.effects[..], [Effect::Create { .. }]));
}

#[test]
fn a_chain_of_changes_is_taken_back_one_by_one_through_the_new_id() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 650");
    world.saved(request, stored(&new, 1)).type_in("d");
    let [Effect::Delete { request, .. }] = world.effects[..] else {
        panic!()
    };
    world.saved(request, stored(&new, 1)).type_in("u");
    let (request, again) = world.created();
    world.saved(request, stored(&again, 1)).type_in("u");
    let Effect::Delete { id, .. } = world.only() else {
        panic!()
    };
    assert_eq!(id, again.id);
}

#[test]
fn an_entry_edited_after_it_was_logged_goes_back_step_by_step() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 650");
    world
        .saved(request, stored(&new, 1))
        .type_in("e")
        .press(Key::ctrl('u'))
        .type_in("700")
        .enter();
    let [Effect::Update { request, .. }] = world.effects[..] else {
        panic!()
    };
    let mut edited = stored(&new, 2);
    edited.entry.kcal = 700;
    world.saved(request, edited).type_in("u");
    let [Effect::Update { request, .. }] = world.effects[..] else {
        panic!()
    };
    world
        .saved(request, stored(&new, 3))
        .shows("back to Lunch 650")
        .type_in("u");
    assert!(matches!(&world.effects[..], [Effect::Delete { id, .. }] if *id == new.id));
}

#[test]
fn a_delete_pressed_while_the_entry_is_being_saved_follows_the_save() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 650");
    world.type_in("d").shows("deleted right after");
    assert_eq!(world.effects, []);
    world.saved(request, stored(&new, 1));
    assert!(matches!(&world.only(), Effect::Delete { id, .. } if *id == new.id));
    let mut world = World::today();
    let (request, _) = world.log("lunch 650");
    world.type_in("d").failed(request, FailureKind::Busy, "busy");
    assert_eq!(world.effects, [], "what was not logged needs no deletion");
}
