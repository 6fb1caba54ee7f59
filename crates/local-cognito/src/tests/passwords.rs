//! Passwords changed, forgotten, guessed.

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
async fn the_password_flow_gives_tokens_and_tells_no_more_than_srp() {
    let world = World::with_user("ann").await;
    let answer = sign_in_by_password(&world, "ann", PASSWORD).await.unwrap();
    world
        .pool
        .verify(text(&answer["AuthenticationResult"], "AccessToken"))
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
        world.refused("ChangePassword", change(OTHER, OTHER)).await.0,
        "NotAuthorizedException"
    );
    assert_eq!(
        world.refused("ChangePassword", change(PASSWORD, "weak")).await.0,
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
async fn a_forgotten_password_is_replaced_by_a_code_that_is_good_once_and_for_an_hour() {
    let world = World::with_user("ann").await;
    let name = json!({ "Username": "ann" });
    let told = world.call("ForgotPassword", name.clone()).await.unwrap();
    assert_eq!(told["CodeDeliveryDetails"]["DeliveryMedium"], "EMAIL");
    let confirm = |code: &str, password: &str| json!({ "Username": "ann", "ConfirmationCode": code, "Password": password });
    let code = world.last_code();
    assert_eq!(
        world
            .refused("ConfirmForgotPassword", confirm("0", OTHER))
            .await
            .0,
        "CodeMismatchException"
    );
    assert_eq!(
        world
            .refused("ConfirmForgotPassword", confirm(&code, "weak"))
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
            .refused("ConfirmForgotPassword", confirm(&code, PASSWORD))
            .await,
        (
            "ExpiredCodeException",
            "Invalid code provided, please request a code again.".to_owned()
        ),
        "it is used"
    );
    world.call("ForgotPassword", name).await.unwrap();
    world.now.fetch_add(3_600, Ordering::Relaxed);
    let late = confirm(&world.last_code(), PASSWORD);
    assert_eq!(
        world.refused("ConfirmForgotPassword", late).await.0,
        "ExpiredCodeException"
    );
}

#[tokio::test]
async fn codes_of_a_name_that_nobody_has_are_answered_and_limited_alike() {
    let world = World::with_user("ann").await;
    let letters = world.letters.0.lock().unwrap().len();
    let mut answers = Vec::new();
    for name in ["ann", "bob"] {
        let mut told = Vec::new();
        let never_asked = json!({ "Username": name, "ConfirmationCode": "x", "Password": OTHER });
        assert_eq!(
            world.refused("ConfirmForgotPassword", never_asked).await.0,
            "ExpiredCodeException"
        );
        for _ in 0..6 {
            told.push(world.call("ForgotPassword", json!({ "Username": name })).await);
        }
        let wrong = json!({ "Username": name, "ConfirmationCode": "x", "Password": OTHER });
        for _ in 0..16 {
            told.push(world.call("ConfirmForgotPassword", wrong.clone()).await);
        }
        answers.push(told);
    }
    assert_eq!(answers[0], answers[1]);
    let kind = |at: usize| answers[0][at].as_ref().unwrap_err().kind;
    assert!(answers[0][4].is_ok());
    assert_eq!(
        (kind(5), kind(6), kind(20)),
        (
            "LimitExceededException",
            "CodeMismatchException",
            "CodeMismatchException"
        )
    );
    assert_eq!(kind(21), "LimitExceededException", "the sixteenth try");
    assert_eq!(
        world.letters.0.lock().unwrap().len(),
        letters + 5,
        "nobody has no letter-box"
    );
    // The same work for both, so that neither timing nor a full disk reveals whether a name exists.
    let rehearsed: Vec<_> = world
        .letters
        .1
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
async fn a_new_password_leaves_sessions_alone_as_on_aws() {
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
    // What ends them is a sign-out everywhere.
    let after = world.sign_in("ann", OTHER).await.unwrap();
    world
        .call("GlobalSignOut", json!({ "AccessToken": after["AccessToken"] }))
        .await
        .unwrap();
    assert_eq!(
        world.refused("GetTokensFromRefreshToken", refresh).await.1,
        "Refresh Token has been revoked"
    );
}

#[tokio::test]
async fn another_code_gives_no_further_tries() {
    let world = World::new();
    world
        .call("SignUp", json!({ "Username": "ann", "Password": PASSWORD }))
        .await
        .unwrap();
    let wrong = json!({ "Username": "ann", "ConfirmationCode": "x" });
    for _ in 0..15 {
        assert_eq!(
            world.refused("ConfirmSignUp", wrong.clone()).await.0,
            "CodeMismatchException"
        );
    }
    world
        .call("ResendConfirmationCode", json!({ "Username": "ann" }))
        .await
        .unwrap();
    let right = json!({ "Username": "ann", "ConfirmationCode": world.last_code() });
    assert_eq!(
        world.refused("ConfirmSignUp", right).await.0,
        "LimitExceededException"
    );
}

#[tokio::test]
async fn lock_out_grows_holds_for_every_flow_and_outlives_a_restart() {
    let world = World::with_user("ann").await;
    for _ in 0..5 {
        sign_in_by_password(&world, "ann", OTHER).await.unwrap_err();
    }
    let locked = |error: CognitoError| assert_eq!(error.message, "Password attempts exceeded");
    locked(sign_in_by_password(&world, "ann", PASSWORD).await.unwrap_err());
    locked(world.sign_in("ann", PASSWORD).await.unwrap_err());
    // Its keys are made in the background.
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
async fn waits_double_from_a_second_to_a_quarter_of_an_hour() {
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
    // The right one wipes the slate.
    sign_in_by_password(&world, "ann", PASSWORD).await.unwrap();
    sign_in_by_password(&world, "ann", OTHER).await.unwrap_err();
    sign_in_by_password(&world, "ann", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_name_that_nobody_has_is_locked_out_alike() {
    let world = World::with_user("ann").await;
    let mut said = Vec::new();
    for name in ["ann", "bob"] {
        for _ in 0..7 {
            said.push(world.sign_in(name, OTHER).await.unwrap_err());
        }
    }
    assert_eq!(said[..7], said[7..]);
}

#[tokio::test]
async fn challenges_opened_before_a_lock_out_give_no_further_guesses() {
    let world = World::with_user("ann").await;
    let mut guesses = Vec::new();
    for _ in 0..7 {
        guesses.push(world.challenge(CLIENT_ID, "ann", OTHER).await.unwrap());
    }
    let right = world.challenge(CLIENT_ID, "ann", PASSWORD).await.unwrap();
    for guess in guesses {
        world.refused("RespondToAuthChallenge", guess).await;
    }
    let refused = world.refused("RespondToAuthChallenge", right).await;
    assert_eq!(refused.1, "Password attempts exceeded");
}

#[tokio::test]
async fn who_opens_challenges_in_a_strangers_name_pushes_out_nobody_elses() {
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
            World::new().refused(operation, body).await.0,
            "InvalidParameterException",
            "{name}"
        );
    }
}
