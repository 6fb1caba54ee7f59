//! Pictures of the account's forms, in three sizes each.

use rstest::rstest;

use crate::{
    account::{signed_in_by_name, signed_in_by_name_on},
    pictures::{NO_RED, RED, SIZES},
    pool::{
        authenticator_code, challenge_for, code_sent, enrolment as enrolment_for,
        new_password as own_password, secret,
    },
    world::{Code, FailureKind, Setup, World},
};

fn sign_up() -> World {
    let mut world = Setup::new().start();
    world.type_in("n").type_in("alice").enter();
    world
}

fn sign_up_refused() -> World {
    let mut world = sign_up();
    world.hit(Code::Tab).type_in("secret").enter();
    let message = "Password did not conform with policy: Password must have uppercase characters";
    world.refuse(FailureKind::Rejected, message);
    world
}

pub(crate) fn confirm() -> World {
    let mut world = sign_up();
    world.hit(Code::Tab).type_in("Tr0ub4dor&3").enter();
    world.answer(code_sent("a***@e***")).type_in("123");
    world
}

fn forgot() -> World {
    let mut world = Setup::new().start();
    world.type_in("f").type_in("alice");
    world
}

fn reset() -> World {
    let mut world = forgot();
    world.enter().answer(code_sent("a***@e***"));
    world.type_in("123456").hit(Code::Tab).type_in("Tr0ub4dor&4");
    world
}

fn new_password() -> World {
    let mut world = signed_in_by_name();
    world.answer(challenge_for(own_password()));
    world
}

fn code() -> World {
    let mut world = signed_in_by_name();
    world.answer(challenge_for(authenticator_code()));
    world
}

/// While signing in, where the user pool demands an authenticator.
fn enrolment() -> World {
    // In colours, every cell of a QR code is the same letter.
    let mut world = signed_in_by_name_on(Setup::new().without_colours());
    world.answer(challenge_for(enrolment_for()));
    world
}

/// Of a signed-in user; the first code was wrong.
fn authenticator_refused() -> World {
    let mut world = World::today();
    world.command("set up an auth").answer(secret());
    world
        .type_in("000000")
        .enter()
        .refuse(FailureKind::Rejected, "Code mismatch");
    world
}

fn change_password() -> World {
    let mut world = World::today();
    world.command("change the pass");
    world.type_in("Tr0ub4dor&3").enter();
    world
}

#[rstest]
#[case::sign_up("sign_up", sign_up(), NO_RED)]
#[case::sign_up_refused("sign_up_refused", sign_up_refused(), RED)]
#[case::confirm("confirm", confirm(), NO_RED)]
#[case::forgot("forgot", forgot(), NO_RED)]
#[case::reset("reset", reset(), NO_RED)]
#[case::new_password("new_password", new_password(), NO_RED)]
#[case::code("code", code(), NO_RED)]
#[case::enrolment("enrolment", enrolment(), NO_RED)]
#[case::authenticator_refused("authenticator_refused", authenticator_refused(), RED)]
#[case::change_password("change_password", change_password(), NO_RED)]
fn picture(#[case] name: &str, #[case] mut world: World, #[case] red: bool) {
    for (width, height) in SIZES {
        world.resize(width, height);
        let picture = world.picture(width, height);
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), picture.to_string());
        assert_eq!(picture.has_red(), red, "{name} at {width}×{height}");
    }
}

#[test]
fn the_smallest_terminal_shows_the_whole_key_of_an_authenticator_and_what_went_wrong() {
    for (world, message) in [
        (enrolment(), "by hand"),
        (authenticator_refused(), "Code mismatch"),
    ] {
        let picture = world.picture(40, 10);
        let form = picture.dialog().unwrap();
        let key = "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP JBSW";
        assert!(form.note().ends_with(key), "{picture}");
        assert!(form.note().contains(message), "{picture}");
        assert!(form.focus().starts_with("Code"), "{picture}");
    }
}
