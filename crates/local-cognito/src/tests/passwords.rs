//! Changing, forgetting and guessing passwords.

use super::*;

const OTHER: &str = "Correct-Horse-8!";

async fn sign_in_by_password(world: &World, name: &str, password: &str) -> Result<Value, CognitoError> {
    let parameters = json!({ "USERNAME": name, "PASSWORD": password });
    world
        .call(
            "InitiateAuth",
            json!({ "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters }),
        )
        .await
}

#[tokio::test]
async fn the_password_flow_returns_tokens_and_the_errors_of_srp() {
    let world = World::with_user("ann").await;
    let response = sign_in_by_password(&world, "ann", PASSWORD).await.unwrap();
    world
        .pool
        .verify(text(&response["AuthenticationResult"], "AccessToken"))
        .await
        .unwrap();
    let wrong = sign_in_by_password(&world, "ann", OTHER).await.unwrap_err();
    let unknown = sign_in_by_password(&world, "bob", OTHER).await.unwrap_err();
    assert_eq!(wrong, unknown);
    assert_eq!(wrong, world.sign_in("ann", OTHER).await.unwrap_err());
}

#[tokio::test]
async fn a_changed_password_replaces_the_old_one() {
    let world = World::with_user("ann").await;
    let access = world.sign_in("ann", PASSWORD).await.unwrap()["AccessToken"].clone();
    let change = |previous: &str, proposed: &str| json!({ "AccessToken": access, "PreviousPassword": previous, "ProposedPassword": proposed });
    assert_eq!(
        world.error_of("ChangePassword", change(OTHER, OTHER)).await.0,
        "NotAuthorizedException"
    );
    assert_eq!(
        world.error_of("ChangePassword", change(PASSWORD, "weak")).await.0,
        "InvalidPasswordException"
    );
    world
        .call("ChangePassword", change(PASSWORD, OTHER))
        .await
        .unwrap();
    world.sign_in("ann", PASSWORD).await.unwrap_err();
    world.sign_in("ann", OTHER).await.unwrap();
}

#[tokio::test]
async fn the_code_for_a_forgotten_password_is_valid_once_and_for_an_hour() {
    let world = World::with_user("ann").await;
    let name = json!({ "Username": "ann" });
    let responses = world.call("ForgotPassword", name.clone()).await.unwrap();
    assert_eq!(responses["CodeDeliveryDetails"]["DeliveryMedium"], "EMAIL");
    let confirm = |code: &str, password: &str| json!({ "Username": "ann", "ConfirmationCode": code, "Password": password });
    let code = world.last_code();
    assert_eq!(
        world
            .error_of("ConfirmForgotPassword", confirm("0", OTHER))
            .await
            .0,
        "CodeMismatchException"
    );
    assert_eq!(
        world
            .error_of("ConfirmForgotPassword", confirm(&code, "weak"))
            .await
            .0,
        "InvalidPasswordException"
    );
    world
        .call("ConfirmForgotPassword", confirm(&code, OTHER))
        .await
        .unwrap();
    world.sign_in("ann", OTHER).await.unwrap();
    assert_eq!(
        world
            .error_of("ConfirmForgotPassword", confirm(&code, PASSWORD))
            .await,
        (
            "ExpiredCodeException",
            "Invalid code provided, please request a code again.".to_owned()
        ),
        "the code is used"
    );
    world.call("ForgotPassword", name).await.unwrap();
    world.now.fetch_add(3_600, Ordering::Relaxed);
    let late = confirm(&world.last_code(), PASSWORD);
    assert_eq!(
        world.error_of("ConfirmForgotPassword", late).await.0,
        "ExpiredCodeException"
    );
}

#[tokio::test]
async fn codes_of_an_unknown_name_have_the_responses_and_limits_of_a_known_one() {
    let world = World::with_user("ann").await;
    let delivered_before = world.codes.delivered.lock().unwrap().len();
    let mut responses_by_name = Vec::new();
    for name in ["ann", "bob"] {
        let mut responses = Vec::new();
        let without_a_request = json!({ "Username": name, "ConfirmationCode": "x", "Password": OTHER });
        assert_eq!(
            world.error_of("ConfirmForgotPassword", without_a_request).await.0,
            "ExpiredCodeException"
        );
        for _ in 0..6 {
            responses.push(world.call("ForgotPassword", json!({ "Username": name })).await);
        }
        let wrong = json!({ "Username": name, "ConfirmationCode": "x", "Password": OTHER });
        for _ in 0..16 {
            responses.push(world.call("ConfirmForgotPassword", wrong.clone()).await);
        }
        responses_by_name.push(responses);
    }
    assert_eq!(responses_by_name[0], responses_by_name[1]);
    let kind = |at: usize| responses_by_name[0][at].as_ref().unwrap_err().kind;
    assert!(responses_by_name[0][4].is_ok());
    assert_eq!(
        (kind(5), kind(6), kind(20)),
        (
            "LimitExceededException",
            "CodeMismatchException",
            "CodeMismatchException"
        )
    );
    assert_eq!(kind(21), "LimitExceededException", "the sixteenth code");
    assert_eq!(
        world.codes.delivered.lock().unwrap().len(),
        delivered_before + 5,
        "only the known user is sent codes"
    );
    // An unknown name costs the same work, so that neither timing nor a full disk reveals whether a name exists.
    let rehearsed: Vec<_> = world
        .codes
        .rehearsed
        .lock()
        .unwrap()
        .iter()
        .map(|one| one.username.clone())
        .collect();
    assert_eq!(rehearsed, ["bob"; 5]);
    world.now.fetch_add(3_600, Ordering::Relaxed);
    world
        .call("ForgotPassword", json!({ "Username": "ann" }))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_new_password_ends_no_session_and_a_global_sign_out_does() {
    let world = World::with_user("ann").await;
    let before = world.sign_in("ann", PASSWORD).await.unwrap();
    world
        .call("ForgotPassword", json!({ "Username": "ann" }))
        .await
        .unwrap();
    let confirm = json!({ "Username": "ann", "ConfirmationCode": world.last_code(), "Password": OTHER });
    world.call("ConfirmForgotPassword", confirm).await.unwrap();
    let refresh = json!({ "RefreshToken": before["RefreshToken"] });
    world
        .call("GetTokensFromRefreshToken", refresh.clone())
        .await
        .unwrap();
    // `GlobalSignOut` ends the sessions.
    let after = world.sign_in("ann", OTHER).await.unwrap();
    world
        .call("GlobalSignOut", json!({ "AccessToken": after["AccessToken"] }))
        .await
        .unwrap();
    assert_eq!(
        world.error_of("GetTokensFromRefreshToken", refresh).await.1,
        "Refresh Token has been revoked"
    );
}

#[tokio::test]
async fn requesting_another_code_allows_no_more_tries() {
    let world = World::new();
    world
        .call("SignUp", json!({ "Username": "ann", "Password": PASSWORD }))
        .await
        .unwrap();
    let wrong = json!({ "Username": "ann", "ConfirmationCode": "x" });
    for _ in 0..15 {
        assert_eq!(
            world.error_of("ConfirmSignUp", wrong.clone()).await.0,
            "CodeMismatchException"
        );
    }
    world
        .call("ResendConfirmationCode", json!({ "Username": "ann" }))
        .await
        .unwrap();
    let right = json!({ "Username": "ann", "ConfirmationCode": world.last_code() });
    assert_eq!(
        world.error_of("ConfirmSignUp", right).await.0,
        "LimitExceededException"
    );
}

#[tokio::test]
async fn a_lock_out_grows_applies_to_every_flow_and_survives_a_restart() {
    let world = World::with_user("ann").await;
    for _ in 0..5 {
        sign_in_by_password(&world, "ann", OTHER).await.unwrap_err();
    }
    let locked = |error: CognitoError| assert_eq!(error.message, "Password attempts exceeded");
    locked(sign_in_by_password(&world, "ann", PASSWORD).await.unwrap_err());
    locked(world.sign_in("ann", PASSWORD).await.unwrap_err());
    // Wait for the signing keys, which are made in the background.
    world.pool.jwks().await;
    let World { pool, directory, .. } = world;
    drop(pool);
    let world = World::at(directory);
    locked(world.sign_in("ann", PASSWORD).await.unwrap_err());
    world.now.fetch_add(1, Ordering::Relaxed);
    world.sign_in("ann", OTHER).await.unwrap_err();
    world.now.fetch_add(1, Ordering::Relaxed);
    locked(world.sign_in("ann", PASSWORD).await.unwrap_err());
    world.now.fetch_add(1, Ordering::Relaxed);
    world.sign_in("ann", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn lock_outs_double_from_a_second_to_a_quarter_of_an_hour() {
    let world = World::with_user("ann").await;
    for _ in 0..4 {
        sign_in_by_password(&world, "ann", OTHER).await.unwrap_err();
    }
    for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
        let wrong = sign_in_by_password(&world, "ann", OTHER).await.unwrap_err();
        assert_eq!(wrong.message, "Incorrect username or password.", "{wait}");
        world.now.fetch_add(wait - 1, Ordering::Relaxed);
        let early = sign_in_by_password(&world, "ann", PASSWORD).await.unwrap_err();
        assert_eq!(early.message, "Password attempts exceeded", "{wait}");
        world.now.fetch_add(1, Ordering::Relaxed);
    }
    // The right password resets the count.
    sign_in_by_password(&world, "ann", PASSWORD).await.unwrap();
    sign_in_by_password(&world, "ann", OTHER).await.unwrap_err();
    sign_in_by_password(&world, "ann", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn an_unknown_name_is_locked_out_like_a_known_one() {
    let world = World::with_user("ann").await;
    let mut errors = Vec::new();
    for name in ["ann", "bob"] {
        for _ in 0..7 {
            errors.push(world.sign_in(name, OTHER).await.unwrap_err());
        }
    }
    assert_eq!(errors[..7], errors[7..]);
}

#[tokio::test]
async fn challenges_opened_before_a_lock_out_allow_no_further_guesses() {
    let world = World::with_user("ann").await;
    let mut guesses = Vec::new();
    for _ in 0..7 {
        guesses.push(world.challenge(CLIENT_ID, "ann", OTHER).await.unwrap());
    }
    let right = world.challenge(CLIENT_ID, "ann", PASSWORD).await.unwrap();
    for guess in guesses {
        world.error_of("RespondToAuthChallenge", guess).await;
    }
    let error = world.error_of("RespondToAuthChallenge", right).await;
    assert_eq!(error.1, "Password attempts exceeded");
}

#[tokio::test]
async fn challenges_of_one_name_evict_none_of_another() {
    let world = World::with_user("ann").await;
    let anns = world.challenge(CLIENT_ID, "ann", PASSWORD).await.unwrap();
    for _ in 0..40 {
        world.challenge(CLIENT_ID, "bob", OTHER).await.unwrap();
    }
    world.call("RespondToAuthChallenge", anns).await.unwrap();
}

#[rstest]
#[case("SignUp")]
#[case("ForgotPassword")]
#[case("ConfirmForgotPassword")]
#[case("ConfirmSignUp")]
#[case("ResendConfirmationCode")]
#[tokio::test]
async fn user_names_have_1_to_128_characters(#[case] operation: &str) {
    for name in ["", "a b", &"x".repeat(129)] {
        let body = json!({ "Username": name, "Password": PASSWORD, "ConfirmationCode": "1" });
        assert_eq!(
            World::new().error_of(operation, body).await.0,
            "InvalidParameterException",
            "{name}"
        );
    }
}
