//! Sign-up and confirmation of accounts.

use super::*;

#[tokio::test]
async fn an_account_that_is_not_confirmed_can_not_sign_in_and_codes_are_checked() {
    let world = World::new();
    world
        .call("SignUp", json!({ "Username": "ann", "Password": PASSWORD }))
        .await
        .unwrap();
    assert_eq!(
        world.sign_in("ann", PASSWORD).await.unwrap_err().kind,
        "UserNotConfirmedException"
    );
    let again = world
        .refused("SignUp", json!({ "Username": "ann", "Password": PASSWORD }))
        .await;
    assert_eq!(again.0, "UsernameExistsException");
    let first = world.last_code();
    world
        .call("ResendConfirmationCode", json!({ "Username": "ann" }))
        .await
        .unwrap();
    let second = world.last_code();
    let confirm = |code: &str| json!({ "Username": "ann", "ConfirmationCode": code });
    if first != second {
        assert_eq!(
            world.refused("ConfirmSignUp", confirm(&first)).await.0,
            "CodeMismatchException"
        );
    }
    world.now.fetch_add(24 * 3_600, Ordering::Relaxed);
    assert_eq!(
        world.refused("ConfirmSignUp", confirm(&second)).await.0,
        "ExpiredCodeException"
    );
    world
        .call("ResendConfirmationCode", json!({ "Username": "ann" }))
        .await
        .unwrap();
    world
        .call("ConfirmSignUp", confirm(&world.last_code()))
        .await
        .unwrap();
    assert_eq!(
        world.refused("ConfirmSignUp", confirm(&second)).await.0,
        "NotAuthorizedException"
    );
    assert_eq!(
        world
            .refused(
                "ConfirmSignUp",
                json!({ "Username": "bob", "ConfirmationCode": "1" })
            )
            .await
            .0,
        "ExpiredCodeException",
        "as where no code is open"
    );
}

#[rstest]
#[case("Ab1!", "not long enough")]
#[case("correct-horse-7!", "uppercase")]
#[case("CORRECT-HORSE-7!", "lowercase")]
#[case("Correct-Horse-!", "numeric")]
#[case("CorrectHorse77", "symbol")]
#[tokio::test]
async fn weak_passwords_are_refused_with_the_reason(#[case] password: &str, #[case] part: &str) {
    let refused = World::new()
        .refused("SignUp", json!({ "Username": "ann", "Password": password }))
        .await;
    assert_eq!(refused.0, "InvalidPasswordException");
    assert!(refused.1.contains(part), "{}", refused.1);
}
