//! Making an account, confirming it, and what a user pool asks for after the password.

use caltrack_tui::app::{
    Code, Effect, FailureKind, Key, Message, Password, Request,
    account::ask::{AccountAnswer, AccountAsk, Challenge, CodeBy, Wanted},
    state::Screen,
};

use crate::world::{World, account, activity, failure, startup, totals};

pub(crate) const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSW";

/// The question that is open.
fn asked(world: &World) -> (Request, AccountAsk) {
    match &world.effects[..] {
        [Effect::Account { request, ask }] => (*request, ask.clone()),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn answer(world: &mut World, answer: AccountAnswer) {
    let (request, _) = asked(world);
    world.send(Message::Account {
        request,
        result: Ok(answer),
    });
}

pub(crate) fn challenge(wanted: Wanted) -> AccountAnswer {
    AccountAnswer::Asked(Challenge {
        wanted,
        user_id: "alice".into(),
        session: Password::new("s-1"),
    })
}

pub(crate) fn sent(to: &str) -> AccountAnswer {
    AccountAnswer::CodeSent {
        said: format!("A code is on its way to {to}"),
    }
}

pub(crate) fn signed_in_by_name() -> World {
    let mut world = World::start(startup());
    world
        .type_in("s")
        .type_in("alice")
        .enter()
        .type_in("Tr0ub4dor&3")
        .enter();
    world
}

#[test]
fn a_new_name_that_no_pool_takes_is_refused_before_anybody_is_asked() {
    let mut world = World::start(startup());
    world
        .type_in("n")
        .type_in("ali")
        .send(Message::Paste("\u{200b}\u{202e}".to_owned()));
    world
        .type_in(" ce")
        .enter()
        .enter()
        .type_in("Tr0ub4dor&3")
        .enter();
    assert_eq!(world.effects, []);
    world
        .shows("the user name holds a blank")
        .shows("change it and press");
    world.press(Key::ctrl('u')).type_in("alice").enter();
    assert!(
        matches!(asked(&world).1, AccountAsk::SignUp { username, .. } if username == "alice"),
        "{:?}",
        world.effects
    );
}

#[test]
fn a_new_account_is_confirmed_by_its_code_and_signed_in_without_typing_the_password_again() {
    let mut world = World::start(startup());
    world
        .type_in("n")
        .shows("Create an account")
        .shows("8 characters or more");
    world
        .type_in("alice")
        .enter()
        .type_in("alice@example.com")
        .hit(Code::Tab);
    world.type_in("Tr0ub4dor&3").hides("Tr0ub").enter();
    let (_, ask) = asked(&world);
    assert_eq!(
        ask,
        AccountAsk::SignUp {
            username: "alice".into(),
            email: Some("alice@example.com".into()),
            password: Password::new("Tr0ub4dor&3"),
        }
    );
    answer(&mut world, sent("a***@e***"));
    world
        .shows("A code is on its way to a***@e***")
        .type_in("123 456")
        .enter();
    let (_, ask) = asked(&world);
    assert_eq!(
        ask,
        AccountAsk::Confirm {
            username: "alice".into(),
            code: "123456".into(),
            password: Some(Password::new("Tr0ub4dor&3")),
        }
    );
    answer(&mut world, AccountAnswer::SignedIn(account("alice")));
    assert_eq!(world.state.screen, Screen::Today);
}

#[test]
fn the_e_mail_of_a_new_account_may_stay_empty() {
    let mut world = World::start(startup());
    world.type_in("n").type_in("alice").hit(Code::Tab).hit(Code::Tab);
    world.type_in("Tr0ub4dor&3").enter();
    assert!(matches!(asked(&world).1, AccountAsk::SignUp { email: None, .. }));
}

#[test]
fn an_account_that_waits_for_its_code_asks_for_it_and_another_can_be_sent() {
    let mut world = signed_in_by_name();
    answer(&mut world, AccountAnswer::NotConfirmed);
    world
        .shows("waits for its confirmation code")
        .send(Message::Key(Key::ctrl('r')));
    assert_eq!(
        asked(&world).1,
        AccountAsk::Resend {
            username: "alice".into()
        }
    );
    answer(&mut world, sent("a***@e***"));
    world.shows("A code is on its way").type_in("123456").enter();
    let (request, ask) = asked(&world);
    assert!(
        matches!(
            ask,
            AccountAsk::Confirm {
                password: Some(_),
                ..
            }
        ),
        "{ask:?}"
    );
    let result = Err(failure(
        FailureKind::Rejected,
        "Invalid verification code provided",
    ));
    world.send(Message::Account { request, result });
    world.shows("Invalid verification code provided").shows("123456");
}

#[test]
fn a_forgotten_password_is_replaced_by_a_code() {
    let mut world = World::start(startup());
    world.type_in("f").type_in("alice").enter();
    assert_eq!(
        asked(&world).1,
        AccountAsk::Forgot {
            username: "alice".into()
        }
    );
    answer(&mut world, sent("a***@e***"));
    world
        .type_in("123456")
        .hit(Code::Tab)
        .type_in("Tr0ub4dor&4")
        .hides("Tr0ub")
        .enter();
    assert_eq!(
        asked(&world).1,
        AccountAsk::Reset {
            username: "alice".into(),
            code: "123456".into(),
            password: Password::new("Tr0ub4dor&4"),
        }
    );
    answer(&mut world, AccountAnswer::SignedIn(account("alice")));
    assert_eq!(world.state.screen, Screen::Today);
    world.shows("other sessions continue until `Sign out everywhere`");
}

#[test]
fn a_password_that_was_given_is_replaced_by_one_of_ones_own() {
    let mut world = signed_in_by_name();
    answer(&mut world, challenge(Wanted::NewPassword));
    world
        .shows("A password of your own")
        .type_in("Tr0ub4dor&4")
        .hides("Tr0ub")
        .enter();
    let AccountAsk::Answer { challenge, answer } = asked(&world).1 else {
        panic!()
    };
    assert_eq!(
        (challenge.session.expose(), answer.expose()),
        ("s-1", "Tr0ub4dor&4")
    );
    assert!(
        !format!("{:?}", world.state).contains("s-1"),
        "a session is as good as a password"
    );
}

#[test]
fn an_authenticators_code_is_asked_for() {
    let mut world = signed_in_by_name();
    answer(&mut world, challenge(Wanted::Code(CodeBy::Authenticator)));
    world
        .shows("your authenticator shows now")
        .enter()
        .shows("the code is missing");
    world.type_in("123456").enter();
    assert!(matches!(asked(&world).1, AccountAsk::Answer { answer, .. } if answer.expose() == "123456"));
}

#[test]
fn a_wrong_code_can_be_corrected_and_a_session_that_is_over_begins_anew_with_the_password() {
    let mut world = signed_in_by_name();
    answer(&mut world, challenge(Wanted::Code(CodeBy::Authenticator)));
    world.type_in("000000").enter();
    let (request, _) = asked(&world);
    let result = Err(failure(FailureKind::Rejected, "Invalid code received for user"));
    world.send(Message::Account { request, result });
    world.shows("Invalid code received").shows("000000").enter();
    let (request, _) = asked(&world);
    let result = Err(failure(FailureKind::Unauthorized, "session is expired"));
    world.send(Message::Account { request, result });
    world
        .shows("session is expired")
        .shows("alice")
        .shows("> Password");
    world.type_in("Tr0ub4dor&3").enter();
    assert!(matches!(asked(&world).1, AccountAsk::SignIn { username, .. } if username == "alice"));
}

#[test]
fn a_new_authenticator_gets_its_secret_as_text_and_as_a_qr_code_where_there_is_room() {
    let mut world = signed_in_by_name();
    answer(&mut world, challenge(Wanted::Enrolment(Password::new(SECRET))));
    assert!(world.screen(80, 24).contains("JBSW Y3DP EHPK 3PXP"));
    assert!(world.screen(80, 24).contains("▀▀▀▀▀"), "{}", world.screen(80, 24));
    let small = world.screen(60, 16);
    assert!(small.contains("JBSW Y3DP") && !small.contains("▀▀▀▀▀"), "{small}");
    assert!(small.contains("> Code"), "{small}");
}

#[test]
fn the_signed_in_change_their_password_and_set_up_an_authenticator() {
    let mut world = World::with(&[activity("1", "Lunch", 651)], &totals(651, 0, 1));
    world.type_in(":").type_in("change the pass").enter();
    world
        .type_in("Tr0ub4dor&3")
        .enter()
        .type_in("Tr0ub4dor&4")
        .enter();
    assert!(matches!(asked(&world).1, AccountAsk::ChangePassword { .. }));
    answer(&mut world, AccountAnswer::Done);
    world.shows("the password is changed").shows("651");

    world.type_in(":").type_in("set up an auth").enter();
    assert_eq!(asked(&world).1, AccountAsk::BeginAuthenticator);
    answer(&mut world, AccountAnswer::Secret(Password::new(SECRET)));
    world.shows("JBSW Y3DP").hit(Code::Esc).shows("651");
    world.type_in(":").type_in("set up an auth").enter();
    answer(&mut world, AccountAnswer::Secret(Password::new(SECRET)));
    world.type_in("123456").enter();
    assert_eq!(
        asked(&world).1,
        AccountAsk::FinishAuthenticator {
            code: "123456".into()
        }
    );
    answer(&mut world, AccountAnswer::Done);
    world.shows("signing in asks for your authenticator");
}

#[test]
fn signing_out_everywhere_is_another_thing_than_signing_out() {
    let mut world = World::today();
    world.type_in(":").type_in("everywhere").enter();
    assert_eq!(world.effects, [Effect::SignOut { everywhere: true }]);
}
