//! What is typed in a dialog of a few fields stays until it is saved or emptied, as lines and forms do.

use caltrack_tui::app::Message;
use rstest::rstest;

use crate::{
    entries::{SUB, entry, totals, totals_on, yesterday},
    world::{Code, World},
};

fn dinner() -> World {
    World::with(
        &[
            entry("1", "Dinner", 800).named("mince"),
            entry("2", "Dinner", 400).named("beans").at("19:05"),
        ],
        &totals(1200, 0, 2),
    )
}

/// The line of the target.
fn target(world: &mut World) -> &mut World {
    world.type_in("5").hit(Code::Home).enter()
}

fn library(name: &str, kcal: u32) -> caltrack_domain::outbox::Library {
    let text = format!(
        r#"{{"food:1":{{"at":"2026-11-20T08:00:00Z","value":{{"name":"{name}","category":"Food","type":"Dinner","kcal":{kcal}}}}}}}"#
    );
    serde_json::from_str(&text).unwrap()
}

#[test]
fn esc_keeps_a_value_until_it_is_saved() {
    let mut world = World::today();
    target(&mut world);
    assert_eq!(world.typed_texts(), ["2000"]);
    world.retype("1800").hit(Code::Esc);
    assert!(!world.has_dialog());
    target(&mut world);
    assert_eq!(world.typed_texts(), ["1800"]);
    // Another value has its own.
    world.hit(Code::Esc).hit(Code::Down).enter();
    assert_eq!(world.typed_texts(), [""]);
    world.hit(Code::Esc);
    target(&mut world).enter();
    target(&mut world);
    assert_eq!(world.typed_texts(), ["1800"], "it is saved");
    world.retype("1700").hit(Code::Esc);
    target(&mut world).retype("1800").hit(Code::Esc);
    world.library_is(library("pierogi", 420));
    target(&mut world);
    assert_eq!(world.typed_texts(), ["1800"], "the present value, and no draft");
}

#[test]
fn a_value_that_is_emptied_or_the_present_one_is_no_draft() {
    for text in ["", "  ", "2000", " 2000 "] {
        let mut world = World::today();
        target(&mut world).retype("1800").hit(Code::Esc);
        target(&mut world).retype(text).hit(Code::Esc);
        target(&mut world);
        assert_eq!(world.typed_texts(), ["2000"], "{text:?}");
    }
}

#[test]
fn a_draft_comes_back_though_the_present_value_has_changed() {
    let mut world = World::today();
    world.type_in("w").type_in("80,5").hit(Code::Esc);
    let weighed = caltrack_domain::DailyTotals {
        weight: Some(82.0),
        ..totals(0, 0, 3)
    };
    world.publish(SUB, &weighed);
    world.send_all([Message::AllTotals {
        sub: SUB.to_owned(),
        days: vec![weighed],
    }]);
    world.type_in("w");
    assert_eq!(world.typed_texts(), ["80,5"]);
    world.hit(Code::Esc);
    // Another day has its own.
    world
        .type_in("h")
        .answer_day(&[], &totals_on(yesterday(), 0, 0, 1));
    world.type_in("w");
    assert_eq!(world.typed_texts(), [""]);
}

#[test]
fn esc_keeps_an_own_food_and_the_edit_of_one() {
    let mut world = World::today();
    world.library_is(library("pierogi", 420));
    world.command("library").type_in("n");
    world
        .type_in("skyr bowl")
        .hit(Code::Tab)
        .type_in("230")
        .hit(Code::Esc);
    world.command("library").enter();
    assert_eq!(world.dialog().field("Name"), "pierogi");
    world.hit(Code::Tab).retype("450").hit(Code::Esc);
    world.library_is(library("pierogi", 430));
    world.command("library").enter();
    assert_eq!(world.dialog().field("kcal"), "450");
    world.hit(Code::Esc).command("library").type_in("n");
    assert_eq!(
        ["Name", "kcal"].map(|label| world.dialog().field(label)),
        ["skyr bowl", "230"]
    );
    world.enter();
    assert!(world.saved_names().contains(&"skyr bowl"));
    world.carry_out_next();
    world.command("library").type_in("n");
    assert_eq!(world.dialog().field("Name"), "", "it is saved");
}

#[test]
fn the_name_of_a_recipe_and_a_day_follow_to_the_entries_that_are_marked_next() {
    let mut world = dinner();
    world.type_in("g ").command("make a recipe").type_in("chili");
    world.hit(Code::Esc).type_in("g  ").command("make a recipe");
    assert_eq!(world.dialog().title, "Recipe of 2 entries");
    assert_eq!(world.dialog().field("Name"), "chili");
    world.enter();
    assert_eq!(world.saved_names(), ["chili"]);
    world.carry_out_next();

    world.type_in("gM").type_in("2026-11-1").hit(Code::Esc);
    world.type_in("g  M");
    assert_eq!(world.typed_texts(), ["2026-11-1"]);
    world.type_in("9").enter();
    assert_eq!(world.step().len(), 2);
    world.carry_out_next();
}

#[test]
fn a_move_that_changes_nothing_ends_its_draft() {
    let mut world = dinner();
    world.type_in("gM").type_in("today").enter();
    assert_eq!(world.notice(), "nothing was changed");
    world.type_in("M");
    assert_eq!(world.typed_texts(), [""]);
}

#[rstest]
#[case::left(true)]
#[case::open(false)]
fn a_value_comes_back_after_a_restart_for_its_user_alone(#[case] is_left: bool) {
    let mut world = World::today();
    world.type_in("w").type_in("80,5").hit(Code::Esc);
    target(&mut world).retype("1800");
    if is_left {
        world.hit(Code::Esc);
    }
    let mut again = World::today();
    again.recall(&world);
    assert_eq!(
        again.notice(),
        "not saved yet: target `1800`; it is there when you open it again"
    );
    again.type_in("w");
    assert_eq!(again.typed_texts(), ["80,5"]);
    again.hit(Code::Esc);
    target(&mut again);
    assert_eq!(again.typed_texts(), ["1800"]);

    // Another user never sees it.
    let mut other = World::today();
    other.session_revoked("revoked").start_here_as("bob");
    other.recall(&world);
    target(&mut other);
    assert_ne!(other.typed_texts(), ["1800"]);
    world.session_revoked("revoked").start_here_as("bob");
    assert!(!world.holds("1800") && !world.holds("80,5"));
}

#[test]
fn the_session_of_a_value_ends_and_its_user_comes_back() {
    let mut world = World::today();
    target(&mut world).retype("1800");
    world.session_revoked("revoked").start_here_as("alice");
    assert_eq!(world.typed_texts(), ["1800"]);
}

#[test]
fn what_was_left_since_replaces_the_draft_of_an_earlier_run() {
    let mut before = World::today();
    target(&mut before).retype("1800").hit(Code::Esc);
    let mut world = World::today();
    target(&mut world).retype("1700").hit(Code::Esc);
    world.recall(&before);
    target(&mut world);
    assert_eq!(world.typed_texts(), ["1700"]);
    world.enter();
    world.carry_out_next();
    assert!(!world.holds("1800"), "the older one is gone");
}

#[test]
fn a_draft_of_an_earlier_run_does_not_hide_what_is_wrong_with_the_configuration() {
    let mut world = World::today();
    let stored = r#"[{"line":{"date":"2026-11-23","text":"lunch 999"}}]"#;
    world
        .notify("`a` can't be relog: it is add")
        .send_all([Message::Drafts {
            sub: SUB.to_owned(),
            drafts: serde_json::from_str(stored).unwrap(),
        }]);
    assert_eq!(world.notice(), "`a` can't be relog: it is add");
    world.type_in("a");
    assert_eq!(world.draft(), Some("lunch 999"));
}

#[test]
fn drafts_of_an_earlier_version_are_read() {
    let mut world = World::today();
    let stored = r#"[{"line":{"date":"2026-11-23","text":"lunch 999"}},
        {"form":{"editing":null,"texts":{"category":"Food","kind":"Lunch","kcal":"5","name":"soup","date":"2026-11-23",
        "time":"","note":""}}}]"#;
    world.send_all([Message::Drafts {
        sub: SUB.to_owned(),
        drafts: serde_json::from_str(stored).unwrap(),
    }]);
    world.type_in("a");
    assert_eq!(world.dialog().field("Name"), "soup");
    world.ctrl('u');
    assert!(world.holds("lunch 999"));
}
