//! From the first start to a logged meal.

use caltrack_tui::app::account::ask::{AccountAnswer, AccountAsk};
use caltrack_tui::app::{
    Code, Connection, Effect, FailureKind, Key, Message, Startup, dialog::Dialog, form::Field,
};
use rstest::rstest;

use crate::world::{World, account, activity, categories, failure, startup, stored, totals};

#[test]
fn one_enter_starts_on_this_computer_and_leads_to_today() {
    let mut world = World::start(startup());
    assert_eq!(world.effects, []);
    world
        .shows("Press Enter to start on this computer")
        .shows("Sign in");
    world.enter();
    let [
        Effect::Account {
            request,
            ask: AccountAsk::StartOnThisComputer,
        },
    ] = world.effects[..]
    else {
        panic!("{:?}", world.effects);
    };
    world.shows("One moment").enter();
    assert_eq!(world.effects, [], "a second Enter starts nothing");
    world.send(Message::Account {
        request,
        result: Ok(AccountAnswer::SignedIn(account("local"))),
    });
    assert_eq!(world.effects[0], Effect::Connect);
    world
        .shows("Monday 2026-11-23")
        .shows("connecting")
        .shows("Loading the day");
    world.send(Message::Connection(Connection::Live));
    assert!(world.load().is_some());
}

#[test]
fn a_failed_start_says_why_and_can_be_tried_again() {
    let mut world = World::start(startup());
    world.enter();
    let [
        Effect::Account {
            request,
            ask: AccountAsk::StartOnThisComputer,
        },
    ] = world.effects[..]
    else {
        panic!()
    };
    let result = Err(failure(FailureKind::Storage, "the data directory is read-only"));
    world
        .send(Message::Account { request, result })
        .shows("the data directory is read-only");
    world.enter();
    assert!(matches!(
        world.effects[..],
        [Effect::Account {
            ask: AccountAsk::StartOnThisComputer,
            ..
        }]
    ));
}

#[test]
fn a_line_and_enter_log_a_meal_and_only_the_backend_moves_the_totals() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 650");
    assert_eq!(
        (
            new.entry.category.as_str(),
            new.entry.kind.as_str(),
            new.entry.kcal
        ),
        ("Food", "Lunch", 650)
    );
    assert_eq!(new.entry.date, crate::world::today());
    world.shows("saving…").shows("consumed 0");
    world
        .saved(request, stored(&new, 1))
        .hides("saving…")
        .shows("logged Lunch 650 kcal")
        .shows("consumed 0");
    world.send(Message::LiveTotals {
        sub: "sub-alice".into(),
        totals: totals(650, 0, 1),
    });
    world.shows("consumed 650").shows("remaining 1350");
    assert_eq!(world.load(), None, "the list accounts for them");
}

#[test]
fn exercise_is_burned_and_widens_what_remains() {
    let mut world = World::today();
    let (_, new) = world.log("run 300");
    assert_eq!(
        (new.entry.category.as_str(), new.entry.kind.as_str()),
        ("Exercise", "Run")
    );
    world.send(Message::LiveTotals {
        sub: "sub-alice".into(),
        totals: totals(650, 300, 2),
    });
    world.shows("burned 300").shows("remaining 1650").shows("net 350");
}

#[test]
fn the_form_goes_from_category_over_type_to_kcal() {
    let mut world = World::today();
    world.type_in("a").hit(Code::Tab);
    world.shows("Drink").shows("Exercise");
    world
        .type_in("exer")
        .enter()
        .hit(Code::Down)
        .enter()
        .type_in("300")
        .enter();
    let (_, new) = world.created();
    assert_eq!(
        (
            new.entry.category.as_str(),
            new.entry.kind.as_str(),
            new.entry.kcal
        ),
        ("Exercise", "Run", 300)
    );
}

#[test]
fn tab_takes_what_the_line_says_into_the_form() {
    let mut world = World::today();
    world.type_in("a").type_in("dinner 700 soup").hit(Code::Tab);
    world.enter().enter().enter();
    let (_, new) = world.created();
    assert_eq!(
        (new.entry.kind.as_str(), new.entry.kcal, new.entry.name.as_deref()),
        ("Dinner", 700, Some("soup"))
    );
}

#[rstest]
#[case::negative("lunch -5")]
#[case::huge("lunch 1000000000000")]
#[case::no_number("lunch")]
#[case::empty("")]
#[case::unknown_type("lnch 650")]
fn a_line_that_cannot_be_is_refused_with_its_text_kept(#[case] line: &str) {
    let mut world = World::today();
    world.type_in("a").type_in(line).enter();
    assert_eq!(world.effects, []);
    let Some(Dialog::Quick(quick)) = world.state.dialogs.last() else {
        panic!()
    };
    assert_eq!(quick.field.value(), line);
    assert!(quick.problem.is_some());
}

#[test]
fn an_unknown_type_is_answered_with_the_nearest() {
    let mut world = World::today();
    world.type_in("a").type_in("lnch 650").enter().shows("lunch");
    world.shows("did you mean");
    let mut world = World::today();
    world
        .type_in("a")
        .hit(Code::Tab)
        .type_in("fod")
        .enter()
        .shows("did you mean `Food`");
}

#[rstest]
#[case::negative("-1")]
#[case::text("lots")]
#[case::empty("")]
#[case::huge("1000000000000")]
fn kcal_that_cannot_be_stay_in_the_form_with_a_reason(#[case] kcal: &str) {
    let mut world = World::today();
    world
        .type_in("a")
        .hit(Code::Tab)
        .enter()
        .enter()
        .type_in(kcal)
        .enter();
    assert_eq!(world.effects, []);
    let Some(Dialog::Form(form)) = world.state.dialogs.last() else {
        panic!()
    };
    assert_eq!(form.kcal.value(), kcal);
    assert!(matches!(form.problem, Some((Some(Field::Kcal), _))));
}

#[test]
fn a_day_that_is_none_stays_in_the_form_with_a_reason() {
    let mut world = World::with(&[activity("1", "Lunch", 650)], &totals(650, 0, 1));
    world
        .type_in("e")
        .hit(Code::Tab)
        .hit(Code::Tab)
        .press(Key::ctrl('u'))
        .type_in("2026-02-30")
        .enter();
    assert_eq!(world.effects, []);
    world.shows("2026-02-30");
    assert!(matches!(world.state.dialogs.last(), Some(Dialog::Form(_))));
}

#[test]
fn a_name_of_ten_kilobytes_is_refused_and_kept() {
    let mut world = World::today();
    world
        .type_in("a")
        .send(Message::Paste(format!("lunch 650 {}", "x".repeat(10_240))))
        .enter();
    assert_eq!(world.effects, []);
    world.shows("200");
    let Some(Dialog::Quick(quick)) = world.state.dialogs.last() else {
        panic!()
    };
    assert_eq!(quick.field.value().len(), 10_250);
}

#[test]
fn the_first_frame_shows_what_this_computer_remembers() {
    use caltrack_tui::app::Day;
    let day = Day {
        activities: vec![activity("1", "Lunch", 650)],
        totals: totals(650, 0, 1),
        notice: None,
    };
    let mut world = World::start(Startup {
        account: Some(account("alice")),
        day: Some(day),
        categories: categories(),
        ..startup()
    });
    world.shows("consumed 650").shows("Lunch").shows("connecting");
    world.send(Message::Connection(Connection::Live));
    assert!(world.load().is_some());
}

#[test]
fn quitting_and_suspending_work_everywhere() {
    for keys in ["", "a", "?", ":"] {
        let mut world = World::today();
        world.type_in(keys).press(Key::ctrl('c'));
        assert_eq!(world.effects, [Effect::Quit]);
        world.press(Key::ctrl('z'));
        assert_eq!(world.effects, [Effect::Suspend]);
    }
    let mut world = World::today();
    world.type_in("q");
    assert_eq!(world.effects, [Effect::Quit]);
    world.send(Message::Terminate);
    assert_eq!(world.effects, [Effect::Quit]);
}

#[test]
fn the_palette_finds_an_action_by_a_few_letters_and_runs_it() {
    let mut world = World::today();
    world.type_in(":").type_in("sign").enter();
    assert_eq!(world.effects, [Effect::SignOut { everywhere: false }]);
    world.press(Key::ctrl('p')).type_in("prev").enter();
    assert_eq!(
        world.load().map(|(_, date)| date.to_string()).as_deref(),
        Some("2026-11-22")
    );
    world.type_in(":").type_in("zzz").enter().shows("no such command");
}

#[test]
fn the_help_scrolls_to_its_end_and_no_further() {
    let mut world = World::today();
    world
        .type_in("?")
        .shows("Add an entry by one line")
        .hides("Suspend");
    for _ in 0..200 {
        world.hit(Code::Down);
    }
    world.shows("Suspend").hit(Code::Up);
    world.shows("Suspend").hit(Code::Esc);
    assert!(world.state.dialogs.is_empty());
}

#[test]
fn the_badge_says_how_the_connection_is() {
    let mut world = World::today();
    for (connection, word) in [
        (Connection::Live, "live"),
        (Connection::Connecting, "connecting"),
        (Connection::Polling, "polling"),
        (
            Connection::Offline {
                reason: Some("no route".into()),
            },
            "offline",
        ),
    ] {
        world.send(Message::Connection(connection)).shows(word);
    }
    world.shows("no route");
}
