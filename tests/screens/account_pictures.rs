//! Pictures of the account's forms, in three sizes each.

use caltrack_tui::app::{
    Code, Effect, FailureKind, Message, Password,
    account::ask::{AccountAnswer, CodeBy, Wanted},
};
use rstest::rstest;

use crate::{
    account::{SECRET, answer, challenge, sent, signed_in_by_name},
    pictures::SIZES,
    world::{World, failure, startup},
};

fn sign_up() -> World {
    let mut world = World::start(startup());
    world.type_in("n").type_in("alice").enter();
    world
}

fn sign_up_refused() -> World {
    let mut world = sign_up();
    world.hit(Code::Tab).type_in("secret").enter();
    let [Effect::Account { request, .. }] = world.effects[..] else {
        panic!()
    };
    let message = "Password did not conform with policy: Password must have uppercase characters";
    let result = Err(failure(FailureKind::Rejected, message));
    world.send(Message::Account { request, result });
    world
}

fn confirm() -> World {
    let mut world = sign_up();
    world.hit(Code::Tab).type_in("Tr0ub4dor&3").enter();
    answer(&mut world, sent("a***@e***"));
    world.type_in("123");
    world
}

fn forgot() -> World {
    let mut world = World::start(startup());
    world.type_in("f").type_in("alice");
    world
}

fn reset() -> World {
    let mut world = forgot();
    world.enter();
    answer(&mut world, sent("a***@e***"));
    world.type_in("123456").hit(Code::Tab).type_in("Tr0ub4dor&4");
    world
}

fn new_password() -> World {
    let mut world = signed_in_by_name();
    answer(&mut world, challenge(Wanted::NewPassword));
    world
}

fn code() -> World {
    let mut world = signed_in_by_name();
    answer(&mut world, challenge(Wanted::Code(CodeBy::Authenticator)));
    world
}

/// While signing in, where the user pool demands an authenticator.
fn enrolment() -> World {
    let mut world = signed_in_by_name();
    answer(&mut world, challenge(Wanted::Enrolment(Password::new(SECRET))));
    // In colours, every cell of a QR code is the same letter.
    world.state.color = false;
    world
}

/// By whoever is signed in; the first code was wrong.
fn authenticator_refused() -> World {
    let mut world = World::today();
    world.type_in(":").type_in("set up an auth").enter();
    answer(&mut world, AccountAnswer::Secret(Password::new(SECRET)));
    world.type_in("000000").enter();
    let [Effect::Account { request, .. }] = world.effects[..] else {
        panic!()
    };
    let result = Err(failure(FailureKind::Rejected, "Code mismatch"));
    world.send(Message::Account { request, result });
    world
}

fn change_password() -> World {
    let mut world = World::today();
    world.type_in(":").type_in("change the pass").enter();
    world.type_in("Tr0ub4dor&3").enter();
    world
}

#[rstest]
#[case::sign_up("sign_up", sign_up())]
#[case::sign_up_refused("sign_up_refused", sign_up_refused())]
#[case::confirm("confirm", confirm())]
#[case::forgot("forgot", forgot())]
#[case::reset("reset", reset())]
#[case::new_password("new_password", new_password())]
#[case::code("code", code())]
#[case::enrolment("enrolment", enrolment())]
#[case::authenticator_refused("authenticator_refused", authenticator_refused())]
#[case::change_password("change_password", change_password())]
fn picture(#[case] name: &str, #[case] mut world: World) {
    for (width, height) in SIZES {
        world.state.size = (width, height);
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), world.screen(width, height));
    }
}

#[test]
fn the_smallest_terminal_shows_the_whole_key_of_an_authenticator_and_what_went_wrong() {
    for (world, said) in [
        (enrolment(), "by hand"),
        (authenticator_refused(), "Code mismatch"),
    ] {
        let screen = world.screen(40, 10);
        for shown in [
            "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK ",
            "3PXP JBSW Y3DP EHPK 3PXP JBSW ",
            "> Code",
            said,
        ] {
            assert!(
                screen.contains(shown),
                "`{shown}` is not on the screen:\n{screen}"
            );
        }
    }
}
