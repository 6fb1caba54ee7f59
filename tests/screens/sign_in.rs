//! Signing in and out.

use caltrack_tui::app::account::ask::{AccountAnswer, AccountAsk};
use caltrack_tui::app::{Code, Effect, FailureKind, Message, Startup, state::Screen};

use crate::world::{World, account, activity, failure, startup, totals};

fn filled() -> World {
    let mut world = World::start(startup());
    world.type_in("s").type_in("alice").enter().type_in("Tr0ub4dor&3");
    world
}

#[test]
fn a_name_and_a_password_sign_in_and_the_password_is_never_shown() {
    let mut world = filled();
    world.shows("alice").shows("•••••••••••").hides("Tr0ub");
    assert!(!format!("{:?}", world.state).contains("Tr0ub"));
    world.enter();
    assert!(!format!("{:?}", world.effects).contains("Tr0ub"));
    let Effect::Account {
        request,
        ask: AccountAsk::SignIn { username, password },
    } = world.only()
    else {
        panic!()
    };
    assert_eq!((username.as_str(), password.expose()), ("alice", "Tr0ub4dor&3"));
    world.shows("One moment").send(Message::Account {
        request,
        result: Ok(AccountAnswer::SignedIn(account("alice"))),
    });
    assert_eq!(world.state.screen, Screen::Today);
    assert_eq!(world.effects[0], Effect::Connect);
}

#[test]
fn a_refused_password_keeps_what_was_typed() {
    let mut world = filled();
    world.enter();
    let [Effect::Account { request, .. }] = world.effects[..] else {
        panic!()
    };
    let result = Err(failure(
        FailureKind::Unauthorized,
        "Incorrect username or password",
    ));
    world.send(Message::Account { request, result });
    world
        .shows("Incorrect username or password")
        .shows("alice")
        .shows("•••••••••••")
        .enter();
    assert!(matches!(
        world.effects[..],
        [Effect::Account {
            ask: AccountAsk::SignIn { .. },
            ..
        }]
    ));
}

#[test]
fn nothing_is_sent_without_a_name_and_a_password() {
    let mut world = World::start(startup());
    world.type_in("s").enter().shows("the user name is missing");
    world
        .type_in("alice")
        .enter()
        .enter()
        .shows("the password is missing");
    assert_eq!(world.effects, []);
}

#[test]
fn an_answer_to_another_attempt_is_ignored() {
    let mut world = filled();
    world.enter();
    world.send(Message::Account {
        request: caltrack_tui::app::Request(77),
        result: Ok(AccountAnswer::SignedIn(account("eve"))),
    });
    assert!(matches!(world.state.screen, Screen::Account(_)));
}

#[test]
fn a_profile_without_a_backend_of_its_own_only_offers_to_sign_in() {
    let mut world = World::start(Startup {
        starts_here: false,
        profile: "work".into(),
        ..startup()
    });
    world.hides("start on this computer").shows("Sign in").enter();
    assert!(matches!(world.state.screen, Screen::Account(_)));
    world.hit(Code::Esc);
    assert!(matches!(world.state.screen, Screen::Start(_)));
}

#[test]
fn signing_out_leads_back_to_the_start_and_leaves_nothing_to_the_next_user() {
    let mut world = World::with(&[activity("1", "Lunch", 651)], &totals(651, 0, 1));
    world.type_in(":").type_in("sign out").enter();
    assert_eq!(world.effects, [Effect::SignOut { everywhere: false }]);
    world.send(Message::SignedOut { reason: None });
    world.shows("Press Enter to start on this computer").hides("651");
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
    world
        .send(Message::Account {
            request,
            result: Ok(AccountAnswer::SignedIn(account("bob"))),
        })
        .hides("651")
        .type_in("u");
    assert_eq!(world.effects, []);
    world.shows("nothing to undo");
}

#[test]
fn answers_of_a_session_that_is_over_are_ignored() {
    let mut world = World::today();
    world.send(Message::Look);
    let effects = world.effects.clone();
    world.send(Message::SignedOut { reason: None });
    world.effects = effects;
    world.answer_reads(&[activity("1", "Lunch", 651)], &totals(651, 0, 1));
    world.send(Message::LiveTotals {
        sub: "sub-alice".into(),
        totals: totals(651, 0, 9),
    });
    assert_eq!(world.state.today.totals, None);
    assert_eq!(world.state.today.rows, []);
}
