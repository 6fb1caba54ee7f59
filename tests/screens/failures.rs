//! What the screens say where something fails, and of what.

use caltrack_client::api::ApiError;
use caltrack_tui::app::{Code, Effect, Message};

use crate::world::{World, activity, stored, totals};

fn two_entries() -> World {
    World::with(
        &[activity("1", "Lunch", 650), activity("2", "Dinner", 500)],
        &totals(1150, 0, 2),
    )
}

fn fail(world: &mut World, request: caltrack_tui::app::Request, error: ApiError) -> &mut World {
    world.send(Message::Saved {
        request,
        result: Err(error.into()),
    })
}

#[test]
fn a_full_disk_is_said_in_one_sentence_and_keeps_what_was_typed() {
    let mut world = World::today();
    let (request, _) = world.log("lunch 200");
    fail(&mut world, request, ApiError::DiskFull)
        .shows("the disk is full; nothing was written; nothing typed is lost; make room,")
        .shows("lunch 200");

    let mut world = two_entries();
    world.type_in("d");
    let Effect::Delete { request, .. } = world.only() else {
        panic!()
    };
    fail(&mut world, request, ApiError::DiskFull)
        .shows("the disk is full; nothing was written; Dinner 500 kcal is still there; make")
        .shows("room, then try again");
}

#[test]
fn a_deletion_that_fails_on_another_day_names_the_day() {
    let mut world = two_entries();
    world.type_in("d");
    let Effect::Delete { request, .. } = world.only() else {
        panic!()
    };
    world.hit(Code::Left);
    fail(&mut world, request, ApiError::Busy("later".to_owned()))
        .shows("Dinner 500 kcal on 2026-11-23 is still there");
}

#[test]
fn an_acknowledgement_that_comes_on_another_day_names_the_day() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 650");
    world.hit(Code::Left);
    world
        .saved(request, stored(&new, 1))
        .shows("logged Lunch 650 kcal on 2026-11-23 · u takes it back");

    let mut world = two_entries();
    world.type_in("d");
    let Effect::Delete { request, .. } = world.only() else {
        panic!()
    };
    world
        .saved(request, activity("2", "Dinner", 500))
        .shows("deleted Dinner 500 kcal · u takes it back");
}

/// A key that was pressed on the list is no line to be changed.
#[test]
fn a_refusal_of_a_key_names_no_other_key() {
    let mut world = two_entries();
    world.type_in("d");
    let Effect::Delete { request, .. } = world.only() else {
        panic!()
    };
    fail(&mut world, request, ApiError::Rejected("No.".to_owned()))
        .shows("is still there")
        .hides("press Enter");
}

#[test]
fn an_id_that_is_anothers_is_never_tried_again() {
    let mut world = World::today();
    let (request, first) = world.log("lunch 650");
    fail(&mut world, request, ApiError::IdTaken).enter();
    let (_, second) = world.created();
    assert_ne!(second.id, first.id);
}

#[test]
fn nothing_invisible_reaches_the_screen() {
    let hidden = "\u{ad}\u{200b}\u{feff}\u{2028}\u{e0041}\u{202e}\u{9b}31m";
    let mut entry = activity("1", "Lunch", 650);
    entry.entry.name = Some(format!("so{hidden}up"));
    let mut world = World::with(&[entry], &totals(650, 0, 1));
    world.type_in("d");
    let seen = |world: &World| {
        let screen = world.screen(80, 24);
        assert!(
            screen.chars().all(|c| c == '\n' || caltrack_domain::is_shown(c)),
            "{screen}"
        );
    };
    seen(&world);
    let Effect::Delete { request, .. } = world.only() else {
        panic!()
    };
    fail(&mut world, request, ApiError::Busy("later".to_owned()));
    seen(&world);
    world.type_in("e");
    seen(&world);
    world.send(Message::Paste(hidden.to_owned()));
    seen(&world);
}
