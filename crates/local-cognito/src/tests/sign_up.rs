//! Signing up and confirming.

use super::*;

#[tokio::test]
async fn only_a_confirmed_account_signs_in_and_its_code_is_checked() {
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
        .error_of("SignUp", json!({ "Username": "ann", "Password": PASSWORD }))
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
            world.error_of("ConfirmSignUp", confirm(&first)).await.0,
            "CodeMismatchException"
        );
    }
    world.now.fetch_add(24 * 3_600, Ordering::Relaxed);
    assert_eq!(
        world.error_of("ConfirmSignUp", confirm(&second)).await.0,
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
        world.error_of("ConfirmSignUp", confirm(&second)).await.0,
        "NotAuthorizedException"
    );
    assert_eq!(
        world
            .error_of(
                "ConfirmSignUp",
                json!({ "Username": "bob", "ConfirmationCode": "1" })
            )
            .await
            .0,
        "ExpiredCodeException",
        "an unknown user has the error of a user without a code"
    );
}

#[rstest]
#[case("Ab1!", "not long enough")]
#[case("correct-horse-7!", "uppercase")]
#[case("CORRECT-HORSE-7!", "lowercase")]
#[case("Correct-Horse-!", "numeric")]
#[case("CorrectHorse77", "symbol")]
#[tokio::test]
async fn a_weak_password_is_rejected_with_the_reason(#[case] password: &str, #[case] part: &str) {
    let error = World::new()
        .error_of("SignUp", json!({ "Username": "ann", "Password": password }))
        .await;
    assert_eq!(error.0, "InvalidPasswordException");
    assert!(error.1.contains(part), "{}", error.1);
}
