//! Signing in and out.

use crate::{
    entries::{entry, totals},
    pool::{command, signed_in},
    world::{Code, FailureKind, Setup, UNKNOWN, World},
};

/// The form to sign in, filled.
fn filled() -> World {
    let mut world = Setup::new().start();
    world.type_in("s").type_in("alice").enter().type_in("Tr0ub4dor&3");
    world
}

const ENTRIES: [&str; 2] = ["User name", "Password"];

#[test]
fn a_name_and_a_password_sign_in_and_the_password_is_never_shown() {
    let mut world = filled();
    let form = world.dialog();
    assert_eq!(form.title, "Sign in · profile local");
    assert_eq!(ENTRIES.map(|label| form.field(label)), ["alice", "•••••••••••"]);
    world.hides("Tr0ub");
    assert!(!world.debug().contains("Tr0ub"));
    world.enter();
    assert!(!world.debug().contains("Tr0ub"));
    assert_eq!(
        world.account_command().1,
        command::sign_in("alice", "Tr0ub4dor&3")
    );
    assert_eq!(world.dialog().message(), "One moment…");
    world.answer(signed_in("alice"));
    assert_eq!(world.day(), "Monday 2026-11-23 today");
    assert!(world.connects_first());
}

#[test]
fn a_refused_password_keeps_what_was_typed() {
    let mut world = filled();
    world
        .enter()
        .refuse(FailureKind::Unauthorized, "Incorrect username or password");
    let form = world.dialog();
    assert_eq!(
        form.message(),
        "Incorrect username or password; check the user name and the password"
    );
    assert_eq!(ENTRIES.map(|label| form.field(label)), ["alice", "•••••••••••"]);
    world.enter();
    assert_eq!(
        world.account_command().1,
        command::sign_in("alice", "Tr0ub4dor&3")
    );
}

#[test]
fn nothing_is_sent_without_a_name_and_a_password() {
    let mut world = Setup::new().start();
    world.type_in("s").enter().requests_nothing();
    assert_eq!(
        world.dialog().message(),
        "the user name is missing; type it and press Enter"
    );
    world.type_in("alice").enter().requests_nothing();
    assert_eq!(world.dialog().focus(), "Password");
    world.enter().requests_nothing();
    assert_eq!(
        world.dialog().message(),
        "the password is missing; type it and press Enter"
    );
}

#[test]
fn an_answer_to_another_attempt_is_ignored() {
    let mut world = filled();
    world.enter();
    world.answer_to(UNKNOWN, signed_in("eve")).requests_nothing();
    assert_eq!(world.dialog().title, "Sign in · profile local");
    assert_eq!(world.dialog().message(), "One moment…");
}

#[test]
fn signing_in_closes_the_help() {
    let mut again = World::today();
    again.signed_out();
    for mut world in [Setup::new().start(), again] {
        let (request, _) = world.enter().account_command();
        world.type_in("?");
        assert_eq!(world.dialog().title, "Keys");
        world.answer_to(request, signed_in("alice"));
        assert!(!world.has_dialog());
        assert_eq!(world.day(), "Monday 2026-11-23 today");
    }
}

#[test]
fn a_profile_of_a_backend_elsewhere_only_offers_to_sign_in() {
    let mut world = Setup::new().remote("work").start();
    let choices = ["> Sign in", "Create an account", "Forgotten password"];
    assert_eq!(world.choices(), choices);
    assert_eq!(world.start_message(), "profile work");
    world.enter().requests_nothing();
    assert_eq!(world.dialog().title, "Sign in · profile work");
    world.hit(Code::Esc);
    assert_eq!(world.choices(), choices);
}

#[test]
fn signing_out_returns_to_the_start_and_leaves_nothing_to_the_next_user() {
    let mut world = World::with(&[entry("1", "Lunch", 651)], &totals(651, 0, 1));
    assert!(world.command("sign out").signs_out());
    assert_eq!(world.notice(), "signing out…");
    world.signed_out();
    assert_eq!(world.choices()[0], "> Press Enter to start on this computer");
    assert_eq!(world.start_message(), "profile local");
    world.hides("651").start_here_as("bob").hides("651");
    assert_eq!(
        world.header(),
        "1 Today | 2 History | 3 Trends | 4 Suggestions | 5 Profile | bob | ◌ connecting"
    );
    world.type_in("u");
    assert_eq!(world.notice(), "nothing to undo");
}

#[test]
fn answers_of_a_session_that_is_over_are_ignored() {
    let mut world = World::today();
    world.type_in("h");
    let load = world.loading();
    world.signed_out();
    world
        .day_loaded(
            load,
            &[entry("1", "Lunch", 651).on(load.date)],
            &totals(651, 0, 1),
        )
        .requests_nothing();
    world.live_totals(651, 9).requests_nothing();
    world
        .created_elsewhere(&entry("1", "Lunch", 651))
        .requests_nothing();
    assert_eq!(world.choices().len(), 4);
    world.start_here_as("alice");
    assert_eq!(world.total("consumed"), "–");
    assert_eq!(world.rows(), [""; 0]);
}
