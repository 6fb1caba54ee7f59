//! The whole account: copied to another profile, and deleted.

use caltrack_tui::app::{AccountTask, Effect, Failure, Message};

use crate::{
    entries::{entry, totals},
    world::{Code, FailureKind, World},
};

fn world() -> World {
    World::with(&[entry("1", "Lunch", 650)], &totals(650, 0, 1))
}

/// The text of the dialog, as one line.
fn text(world: &World) -> String {
    let lines = world.dialog().lines.join(" ");
    lines.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn profiles(world: &mut World, names: &[&str]) {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    world.send_all([Message::Profiles(names)]);
}

fn ended(world: &mut World, task: AccountTask, result: Result<&str, &str>) {
    let result = result
        .map(ToOwned::to_owned)
        .map_err(|message| Failure::new(FailureKind::Unreachable, message));
    world.send_all([Message::TaskEnded { task, result }]);
}

#[test]
fn the_log_moves_to_the_cloud_in_two_steps() {
    let mut world = world();
    assert_eq!(world.command("move to the cloud").loads(), [Effect::ListProfiles]);
    profiles(&mut world, &["cloud", "desk"]);
    assert_eq!(world.dialog().title, "Move to the cloud");
    assert!(text(&world).contains("Step 1 of 2"), "{:?}", world.dialog());
    world.type_in("desk").enter();
    assert!(
        text(&world).contains("the account on desk"),
        "{:?}",
        world.dialog()
    );
    let task = AccountTask::CopyTo("desk".to_owned());
    assert_eq!(world.enter().loads(), [Effect::RunTask(task.clone())]);
    world.send_all([Message::TaskProgress("250 of 3000 rows".to_owned())]);
    assert!(text(&world).contains("250 of 3000 rows"), "{:?}", world.dialog());
    // A second Enter starts nothing.
    world.enter().requests_nothing();
    ended(
        &mut world,
        task,
        Ok("from me on local to ann on desk: 3 of 3 entries added"),
    );
    let shown = text(&world);
    assert!(
        shown.contains("3 of 3 entries added") && shown.contains("--profile desk"),
        "{shown}"
    );
    world.enter();
    assert!(!world.has_dialog());
    assert_eq!(world.total("consumed"), "650");
}

#[test]
fn a_copy_continues_without_its_dialog_and_its_failure_is_a_notice() {
    let mut world = world();
    world.command("move to the cloud");
    profiles(&mut world, &["desk"]);
    world.enter();
    world.enter();
    world.hit(Code::Esc);
    assert!(!world.has_dialog());
    ended(
        &mut world,
        AccountTask::CopyTo("desk".to_owned()),
        Err("profile desk: not signed in"),
    );
    assert!(world.notice().contains("not signed in"), "{}", world.notice());
}

#[test]
fn without_another_profile_the_steps_to_one_are_shown() {
    let mut world = world();
    world.command("move to the cloud");
    profiles(&mut world, &[]);
    let shown = text(&world);
    assert!(
        shown.contains("configure") && shown.contains("sign-in"),
        "{shown}"
    );
    world.enter().requests_nothing();
    assert!(!world.has_dialog(), "{:?}", world.dialog());
}

#[test]
fn an_account_is_deleted_after_two_questions() {
    let mut world = world();
    world.command("delete the account").requests_nothing();
    assert!(text(&world).contains("can't be undone"), "{:?}", world.dialog());
    world.enter().requests_nothing();
    world.type_in("someone").enter().requests_nothing();
    assert!(
        text(&world).contains("nothing was deleted"),
        "{:?}",
        world.dialog()
    );
    world.retype("alice");
    assert_eq!(world.enter().loads(), [Effect::RunTask(AccountTask::Delete)]);
    // It can't be left before it is done.
    world.hit(Code::Esc);
    assert!(world.has_dialog());
    ended(&mut world, AccountTask::Delete, Ok("deleted 1 entries"));
    assert!(world.signs_out());
    world.signed_out();
    assert!(!world.choices().is_empty());
}

#[test]
fn a_failed_deletion_is_shown_and_the_screens_go_on() {
    let mut world = world();
    world.command("delete the account").enter();
    world.type_in("alice").enter();
    ended(&mut world, AccountTask::Delete, Err("no connection"));
    assert_eq!(world.loads(), [Effect::Connect]);
    assert!(text(&world).contains("no connection"), "{:?}", world.dialog());
    world.hit(Code::Esc);
    assert_eq!(world.total("consumed"), "650");
}
