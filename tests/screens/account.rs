//! Making an account, confirming it, and the challenges of a user pool.

use rstest::rstest;

use crate::{
    entries::{entry, totals},
    pool::{
        ChallengeKind, SESSION, authenticator_code, challenge_for, code_sent, command, done, email_code,
        enrolment, new_password, not_confirmed, secret, signed_in, sms_code,
    },
    world::{Code, FailureKind, Setup, World},
};

pub(crate) fn signed_in_by_name() -> World {
    signed_in_by_name_on(Setup::new())
}

/// The form to sign in, sent.
pub(crate) fn signed_in_by_name_on(setup: Setup) -> World {
    let mut world = setup.start();
    world
        .type_in("s")
        .type_in("alice")
        .enter()
        .type_in("Tr0ub4dor&3")
        .enter();
    assert_eq!(
        world.account_command().1,
        command::sign_in("alice", "Tr0ub4dor&3")
    );
    world
}

#[test]
fn an_invalid_name_of_a_new_user_is_refused_before_it_is_sent() {
    let mut world = Setup::new().start();
    world.type_in("n").type_in("ali").paste("\u{200b}\u{202e}");
    world
        .type_in(" ce")
        .enter()
        .enter()
        .type_in("Tr0ub4dor&3")
        .enter()
        .requests_nothing();
    assert_eq!(
        world.dialog().message(),
        "the user name contains a space or an invisible character; change it and press Enter"
    );
    world.ctrl('u').type_in("alice").enter();
    assert_eq!(
        world.account_command().1,
        command::sign_up("alice", None, "Tr0ub4dor&3")
    );
}

#[test]
fn a_new_account_is_confirmed_by_its_code_and_signed_in_without_typing_the_password_again() {
    let mut world = Setup::new().start();
    world.type_in("n");
    assert_eq!(world.dialog().title, "Create an account · profile local");
    assert_eq!(
        world.dialog().message(),
        "8 characters or more: upper and lower case, a digit and a symbol; the e-mail is optional"
    );
    world
        .type_in("alice")
        .enter()
        .type_in("alice@example.com")
        .hit(Code::Tab);
    world.type_in("Tr0ub4dor&3").hides("Tr0ub").enter();
    assert_eq!(
        world.account_command().1,
        command::sign_up("alice", Some("alice@example.com"), "Tr0ub4dor&3")
    );
    world.answer(code_sent("a***@e***"));
    assert_eq!(world.dialog().title, "Confirm the account · profile local");
    assert_eq!(world.dialog().note(), "A code was sent to a***@e***");
    world.type_in("123 456").enter();
    assert_eq!(
        world.account_command().1,
        command::confirm("alice", "123456", Some("Tr0ub4dor&3"))
    );
    world.answer(signed_in("alice"));
    assert_eq!(world.day(), "Monday 2026-11-23 today");
}

#[test]
fn the_e_mail_of_a_new_account_may_stay_empty() {
    let mut world = Setup::new().start();
    world.type_in("n").type_in("alice").tabs(2);
    world.type_in("Tr0ub4dor&3").enter();
    assert_eq!(
        world.account_command().1,
        command::sign_up("alice", None, "Tr0ub4dor&3")
    );
}

#[test]
fn an_unconfirmed_account_needs_its_code_and_another_can_be_sent() {
    let mut world = signed_in_by_name();
    world.answer(not_confirmed());
    assert_eq!(
        world.dialog().note(),
        "The account waits for its confirmation code"
    );
    world.ctrl('r');
    assert_eq!(world.account_command().1, command::resend("alice"));
    world.answer(code_sent("a***@e***"));
    assert_eq!(world.dialog().note(), "A code was sent to a***@e***");
    world.type_in("123456").enter();
    assert_eq!(
        world.account_command().1,
        command::confirm("alice", "123456", Some("Tr0ub4dor&3"))
    );
    world.refuse(FailureKind::Rejected, "Invalid verification code provided");
    assert_eq!(
        world.dialog().message(),
        "Invalid verification code provided; change it and press Enter"
    );
    assert_eq!(world.dialog().field("Code"), "123456");
}

#[test]
fn a_forgotten_password_is_replaced_by_a_code() {
    let mut world = Setup::new().start();
    world.type_in("f").type_in("alice").enter();
    assert_eq!(world.account_command().1, command::forgot("alice"));
    world.answer(code_sent("a***@e***"));
    world
        .type_in("123456")
        .hit(Code::Tab)
        .type_in("Tr0ub4dor&4")
        .hides("Tr0ub")
        .enter();
    assert_eq!(
        world.account_command().1,
        command::reset("alice", "123456", "Tr0ub4dor&4")
    );
    world.answer(signed_in("alice"));
    assert_eq!(world.day(), "Monday 2026-11-23 today");
    assert_eq!(
        world.notice(),
        "password replaced; other sessions continue until `Sign out everywhere`"
    );
}

#[test]
fn a_temporary_password_is_replaced() {
    let mut world = signed_in_by_name();
    world.answer(challenge_for(new_password()));
    assert_eq!(world.dialog().title, "Choose a password · profile local");
    world.type_in("Tr0ub4dor&4").hides("Tr0ub").enter();
    assert_eq!(
        world.account_command().1,
        command::respond(new_password(), "Tr0ub4dor&4")
    );
    // A session is as secret as a password.
    assert!(!world.debug().contains(SESSION));
}

#[rstest]
#[case::of_an_authenticator(authenticator_code(), "Type the six digits that your authenticator shows now")]
#[case::of_a_text_message(sms_code(), "Type the code of the text message that was sent")]
#[case::of_an_e_mail(email_code(), "Type the code of the e-mail that was sent")]
fn a_second_factor_is_requested(#[case] kind: ChallengeKind, #[case] message: &str) {
    let mut world = signed_in_by_name();
    world.answer(challenge_for(kind.clone()));
    assert_eq!(world.dialog().title, "One more step · profile local");
    assert_eq!(world.dialog().message(), message);
    world.enter().requests_nothing();
    assert_eq!(
        world.dialog().message(),
        "the code is missing; type it and press Enter"
    );
    world.type_in("123456").enter();
    assert_eq!(world.account_command().1, command::respond(kind, "123456"));
}

#[test]
fn a_code_has_at_most_sixteen_characters() {
    let mut world = signed_in_by_name();
    world.answer(challenge_for(authenticator_code()));
    world.paste("12345678901234567890");
    assert_eq!(world.dialog().field("Code"), "1234567890123456");
}

#[test]
fn a_wrong_code_can_be_corrected_and_an_expired_session_begins_anew_with_the_password() {
    let mut world = signed_in_by_name();
    world.answer(challenge_for(authenticator_code()));
    world.type_in("000000").enter();
    world.refuse(FailureKind::Rejected, "Invalid code received for user");
    assert_eq!(
        world.dialog().message(),
        "Invalid code received for user; change it and press Enter"
    );
    assert_eq!(world.dialog().focus(), "Code 000000");
    world.enter();
    world.refuse(FailureKind::Unauthorized, "session is expired");
    let form = world.dialog();
    assert_eq!(form.message(), "session is expired; type the password again");
    assert_eq!(form.field("User name"), "alice");
    assert_eq!(form.focus(), "Password");
    world.type_in("Tr0ub4dor&3").enter();
    assert_eq!(
        world.account_command().1,
        command::sign_in("alice", "Tr0ub4dor&3")
    );
}

#[test]
fn a_new_authenticator_gets_its_key_as_text_and_as_a_qr_code_where_there_is_room() {
    let mut world = signed_in_by_name();
    world.answer(challenge_for(enrolment()));
    let large = world.screen(80, 24);
    assert!(large.contains("JBSW Y3DP EHPK 3PXP"), "{large}");
    assert!(large.contains("▀▀▀▀▀"), "{large}");
    let small = world.picture(60, 16);
    assert!(!small.to_string().contains("▀▀▀▀▀"), "{small}");
    let form = small.dialog().unwrap();
    assert!(form.note().contains("JBSW Y3DP EHPK 3PXP"), "{small}");
    assert_eq!(form.focus(), "Code");
}

#[test]
fn a_signed_in_user_changes_the_password_and_sets_up_an_authenticator() {
    let mut world = World::with(&[entry("1", "Lunch", 651)], &totals(651, 0, 1));
    world.command("change the pass");
    world
        .type_in("Tr0ub4dor&3")
        .enter()
        .type_in("Tr0ub4dor&4")
        .enter();
    assert_eq!(
        world.account_command().1,
        command::change_password("Tr0ub4dor&3", "Tr0ub4dor&4")
    );
    world.answer(done());
    assert_eq!(world.notice(), "the password is changed");
    assert_eq!(world.rows(), ["> 08:10 Lunch 651"]);

    world.command("set up an auth");
    assert_eq!(world.account_command().1, command::begin_authenticator());
    assert_eq!(world.notice(), "one moment…");
    world.answer(secret());
    assert!(world.screen(80, 24).contains("JBSW Y3DP"));
    world.hit(Code::Esc);
    assert_eq!(world.rows(), ["> 08:10 Lunch 651"]);
    world.command("set up an auth").answer(secret());
    world.type_in("123456").enter();
    assert_eq!(world.account_command().1, command::finish_authenticator("123456"));
    world.answer(done());
    assert_eq!(
        world.notice(),
        "from now on, signing in requires your authenticator's code"
    );
}

#[test]
fn a_signed_in_user_turns_the_authenticator_off() {
    let mut world = World::today();
    world.command("two-step");
    assert_eq!(world.account_command().1, command::drop_authenticator());
    world.answer(done());
    assert_eq!(world.notice(), "signing in requires no code any more");
}

#[test]
fn signing_out_everywhere_differs_from_signing_out() {
    let mut world = World::today();
    assert!(world.command("everywhere").signs_out_everywhere());
}
