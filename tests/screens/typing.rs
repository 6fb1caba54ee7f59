//! Typing is never lost.

use caltrack_tui::app::account::ask::{AccountAnswer, AccountAsk};
use caltrack_tui::app::{Code, Effect, FailureKind, Key, Message, dialog::Dialog};

use crate::world::{World, activity, failure, stored, totals};

fn line(world: &World) -> &str {
    match world.state.dialogs.last() {
        Some(Dialog::Quick(quick)) => quick.field.value(),
        other => panic!("expected the quick line, not {other:?}"),
    }
}

#[test]
fn a_failed_line_comes_back_with_the_reason_and_its_repeat_is_the_same_entry() {
    let mut world = World::today();
    let (request, first) = world.log("lunch 650");
    world.failed(request, FailureKind::Unreachable, "the backend can't be reached");
    world
        .shows("the backend can't be reached")
        .shows("lunch 650")
        .hides("saving…");
    assert_eq!(line(&world), "lunch 650");
    world.enter();
    let (request, second) = world.created();
    assert_eq!(second, first);
    world.saved(request, stored(&second, 1)).shows("logged");
    assert!(world.state.dialogs.is_empty());
}

#[test]
fn a_repeat_that_had_arrived_before_is_corrected_to_what_was_typed_since() {
    let mut world = World::today();
    let (request, first) = world.log("lunch 650");
    world.failed(request, FailureKind::Unreachable, "no answer");
    world.press(Key::ctrl('u')).type_in("lunch 700").enter();
    let (request, second) = world.created();
    assert_eq!(second.id, first.id);
    world.saved(request, stored(&first, 1));
    let Effect::Update {
        request,
        id,
        patch,
        expected_rev,
    } = world.only()
    else {
        panic!()
    };
    assert_eq!(
        (id, patch.kcal, patch.kind, expected_rev),
        (first.id.clone(), Some(700), None, Some(1))
    );
    world.saved(request, stored(&second, 2)).shows("saved Lunch 700");
}

#[test]
fn an_id_that_is_used_up_is_not_used_again() {
    let mut world = World::today();
    let (request, first) = world.log("lunch 650");
    world.failed(request, FailureKind::NotFound, "this entry has been deleted");
    world.enter();
    let create = world.effects.iter().find_map(|effect| match effect {
        Effect::Create { activity, .. } => Some(activity.id.clone()),
        _ => None,
    });
    assert_ne!(create.unwrap(), first.id);
}

#[test]
fn a_line_that_fails_while_the_next_one_is_typed_waits_for_its_turn() {
    let mut world = World::today();
    let (request, _) = world.log("lunch 650");
    world.type_in("a").type_in("coff");
    world
        .failed(request, FailureKind::Busy, "the backend is busy")
        .shows("it comes back after this");
    assert_eq!(line(&world), "coff");
    world.type_in("ee 5").enter();
    assert!(matches!(world.effects[..], [Effect::Create { .. }]));
    assert_eq!(line(&world), "lunch 650");
    world.shows("the backend is busy");
}

#[test]
fn a_line_keeps_its_day_when_another_day_is_shown_meanwhile() {
    let mut world = World::today();
    let (request, _) = world.log("lunch 650");
    world.type_in("h").failed(request, FailureKind::Busy, "busy");
    world.shows("Add to today").enter();
    assert_eq!(world.created().1.entry.date, crate::world::today());
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
    world.shows("refused").shows("soup").shows("320").enter();
    assert_eq!(world.created().1, new);
}

#[test]
fn an_edit_sends_only_what_changed_with_the_revision_it_started_from() {
    let mut world = World::with(&[activity("1", "Lunch", 650)], &totals(650, 0, 1));
    world.type_in("e").press(Key::ctrl('u')).type_in("700").enter();
    let [
        Effect::Update {
            id,
            patch,
            expected_rev,
            ..
        },
    ] = &world.effects[..]
    else {
        panic!()
    };
    assert_eq!(
        (id.as_str(), patch.kcal, *expected_rev),
        ("1", Some(700), Some(1))
    );
    assert_eq!((&patch.category, &patch.name, patch.date), (&None, &None, None));
    world.shows("saving…").shows("700").shows("consumed 650");
}

#[test]
fn an_edit_that_changes_nothing_sends_nothing() {
    let mut world = World::with(&[activity("1", "Lunch", 650)], &totals(650, 0, 1));
    world.enter().enter().shows("nothing was changed");
    assert_eq!(world.effects, []);
}

#[test]
fn a_conflict_reloads_and_keeps_both_what_was_typed_and_what_others_changed() {
    let mut world = World::with(&[activity("1", "Lunch", 650)], &totals(650, 0, 1));
    world.type_in("e").press(Key::ctrl('u')).type_in("700").enter();
    let [Effect::Update { request, .. }] = world.effects[..] else {
        panic!()
    };
    world.failed(request, FailureKind::Conflict, "changed elsewhere meanwhile");
    let mut theirs = activity("1", "Dinner", 650);
    theirs.rev = 2;
    theirs.entry.name = Some("stew".into());
    world.day(vec![theirs], totals(650, 0, 2));
    world
        .shows("changed elsewhere")
        .shows("stew")
        .shows("700")
        .enter();
    let [
        Effect::Update {
            patch, expected_rev, ..
        },
    ] = &world.effects[..]
    else {
        panic!()
    };
    assert_eq!(
        (patch.kcal, &patch.kind, &patch.name, *expected_rev),
        (Some(700), &None, &None, Some(2))
    );
}

#[test]
fn a_failed_delete_leaves_the_entry_and_says_so() {
    let mut world = World::with(&[activity("1", "Lunch", 651)], &totals(651, 0, 1));
    world.type_in("d").shows("deleting…");
    let [Effect::Delete { request, .. }] = world.effects[..] else {
        panic!()
    };
    world.type_in("d").shows("still being saved");
    assert_eq!(world.effects, []);
    world.failed(request, FailureKind::Unreachable, "the backend can't be reached");
    world.shows("still there").hides("deleting…").shows("651");
}

#[test]
fn a_session_that_ends_while_saving_keeps_the_line_for_the_same_account_alone() {
    for (who, kept) in [("alice", true), ("mallory", false)] {
        let mut world = World::today();
        let (request, _) = world.log("lunch 650");
        world.failed(request, FailureKind::SignedOut, "not signed in");
        world.shows("not signed in").hides("lunch 650").enter();
        let [
            Effect::Account {
                request,
                ask: AccountAsk::StartOnThisComputer,
            },
        ] = world.effects[..]
        else {
            panic!()
        };
        world.send(Message::Account {
            request,
            result: Ok(AccountAnswer::SignedIn(crate::world::account(who))),
        });
        assert_eq!(world.screen(80, 24).contains("lunch 650"), kept, "{who}");
    }
}

#[test]
fn a_session_that_ends_with_a_load_or_from_outside_keeps_what_is_being_typed() {
    let mut world = World::today();
    world.type_in("a").type_in("lunch 6").send(Message::Look);
    let (request, date) = world.load().unwrap();
    let result = Err(failure(FailureKind::SignedOut, "the session is over"));
    world
        .send(Message::DayLoaded {
            request,
            date,
            result,
        })
        .shows("the session is over")
        .enter();
    let [
        Effect::Account {
            request,
            ask: AccountAsk::StartOnThisComputer,
        },
    ] = world.effects[..]
    else {
        panic!()
    };
    world.send(Message::Account {
        request,
        result: Ok(AccountAnswer::SignedIn(crate::world::account("alice"))),
    });
    assert_eq!(line(&world), "lunch 6");
}

#[test]
fn many_saves_under_way_are_told_apart() {
    let mut world = World::today();
    let (first, _) = world.log("lunch 650");
    let (second, new) = world.log("coffee 5");
    world.failed(first, FailureKind::Busy, "busy");
    assert_eq!(line(&world), "lunch 650");
    world.saved(second, stored(&new, 1));
    assert_eq!(line(&world), "lunch 650");
    world.hit(Code::Esc).shows("1 entry").shows("Coffee");
}

#[test]
fn an_edit_by_somebody_else_shows_in_an_open_form_but_never_over_what_was_typed() {
    let mut world = World::with(&[activity("1", "Lunch", 650)], &totals(650, 0, 1));
    world.type_in("e").press(Key::ctrl('u')).type_in("700");
    let mut theirs = activity("1", "Lunch", 600);
    theirs.rev = 2;
    theirs.entry.name = Some("stew".into());
    world.send(Message::LiveActivity(
        caltrack_tui::app::ChangeKind::Updated,
        theirs,
    ));
    world.shows("stew").shows("700").enter();
    let Effect::Update {
        patch, expected_rev, ..
    } = world.only()
    else {
        panic!()
    };
    assert_eq!((patch.kcal, patch.name, expected_rev), (Some(700), None, Some(2)));
}
