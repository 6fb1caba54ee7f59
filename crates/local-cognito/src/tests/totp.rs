//! Authenticators.

use super::{super::totp::code_at, *};

/// A user with an unverified authenticator, its secret, and the access token that set it up.
async fn with_authenticator() -> (World, String, Value) {
    let world = World::with_user("ann").await;
    let access = world.sign_in("ann", PASSWORD).await.unwrap()["AccessToken"].clone();
    let made = world
        .call("AssociateSoftwareToken", json!({ "AccessToken": access }))
        .await
        .unwrap();
    let secret = text(&made, "SecretCode").to_owned();
    assert_eq!(secret.len(), 52);
    (world, secret, access)
}

fn now(world: &World) -> i64 {
    world.now.load(Ordering::Relaxed)
}

async fn prefer(world: &World, access: &Value, on: bool) -> Result<Value, CognitoError> {
    let settings = json!({ "Enabled": on, "PreferredMfa": on });
    world
        .call(
            "SetUserMFAPreference",
            json!({ "AccessToken": access, "SoftwareTokenMfaSettings": settings }),
        )
        .await
}

async fn verified_and_preferred() -> (World, String, Value) {
    let (world, secret, access) = with_authenticator().await;
    let code = code_at(&secret, now(&world));
    world
        .call(
            "VerifySoftwareToken",
            json!({ "AccessToken": access, "UserCode": code }),
        )
        .await
        .unwrap();
    prefer(&world, &access, true).await.unwrap();
    (world, secret, access)
}

async fn code_session(world: &World) -> Value {
    let proof = world.challenge(CLIENT_ID, "ann", PASSWORD).await.unwrap();
    let challenge = world.call("RespondToAuthChallenge", proof).await.unwrap();
    assert_eq!(challenge["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    challenge["Session"].clone()
}

fn code_response(session: &Value, code: &str) -> Value {
    json!({ "ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": session,
        "ChallengeResponses": { "USERNAME": "ann", "SOFTWARE_TOKEN_MFA_CODE": code } })
}

#[tokio::test]
async fn an_authenticator_is_required_once_it_is_verified_and_preferred() {
    let (world, secret, access) = with_authenticator().await;
    assert_eq!(
        prefer(&world, &access, true).await.unwrap_err().kind,
        "InvalidParameterException"
    );
    let verify = |code: &str| json!({ "AccessToken": access, "UserCode": code });
    assert_eq!(
        world.error_of("VerifySoftwareToken", verify("000000")).await.0,
        "EnableSoftwareTokenMFAException"
    );
    let status = world
        .call("VerifySoftwareToken", verify(&code_at(&secret, now(&world))))
        .await
        .unwrap();
    assert_eq!(status["Status"], "SUCCESS");
    world.sign_in("ann", PASSWORD).await.unwrap();
    prefer(&world, &access, true).await.unwrap();
    let session = code_session(&world).await;
    world.now.fetch_add(30, Ordering::Relaxed);
    let done = world
        .call(
            "RespondToAuthChallenge",
            code_response(&session, &code_at(&secret, now(&world))),
        )
        .await
        .unwrap();
    world
        .pool
        .verify(text(&done["AuthenticationResult"], "AccessToken"))
        .await
        .unwrap();
    let user = world
        .call("GetUser", json!({ "AccessToken": access }))
        .await
        .unwrap();
    assert_eq!(user["UserMFASettingList"], json!(["SOFTWARE_TOKEN_MFA"]));
    prefer(&world, &access, false).await.unwrap();
    assert!(world.sign_in("ann", PASSWORD).await.unwrap()["AccessToken"].is_string());
}

/// Without a limit, a thief with the password could guess a code in minutes.
#[tokio::test]
async fn wrong_codes_lock_out_also_with_right_passwords_in_between() {
    let (world, secret, _) = verified_and_preferred().await;
    world.now.fetch_add(30, Ordering::Relaxed);
    for _ in 0..5 {
        let wrong = world
            .error_of(
                "RespondToAuthChallenge",
                code_response(&code_session(&world).await, "000000"),
            )
            .await;
        assert_eq!(wrong.0, "CodeMismatchException");
    }
    let locked = ("NotAuthorizedException", "Password attempts exceeded".to_owned());
    let right = code_at(&secret, now(&world));
    for code in ["000000", &right] {
        let error = world
            .error_of(
                "RespondToAuthChallenge",
                code_response(&code_session(&world).await, code),
            )
            .await;
        assert_eq!(error, locked);
    }
    // The fifth failure locks for one second, the sixth for two.
    for (wait, wrong) in [(1, true), (1, false)] {
        world.now.fetch_add(wait, Ordering::Relaxed);
        let error = world
            .error_of(
                "RespondToAuthChallenge",
                code_response(&code_session(&world).await, "000000"),
            )
            .await;
        assert_eq!(error.0 == "CodeMismatchException", wrong, "{error:?}");
    }
    // An hour later they still count; a complete sign-in resets the count.
    world.now.fetch_add(3_600, Ordering::Relaxed);
    let wrong = code_response(&code_session(&world).await, "000000");
    world.error_of("RespondToAuthChallenge", wrong).await;
    let right = code_at(&secret, now(&world));
    let error = world
        .error_of(
            "RespondToAuthChallenge",
            code_response(&code_session(&world).await, &right),
        )
        .await;
    assert_eq!(error, locked);
    world.now.fetch_add(3_600, Ordering::Relaxed);
    let right = code_at(&secret, now(&world));
    world
        .call(
            "RespondToAuthChallenge",
            code_response(&code_session(&world).await, &right),
        )
        .await
        .unwrap();
    for _ in 0..5 {
        let wrong = code_response(&code_session(&world).await, "000000");
        assert_eq!(
            world.error_of("RespondToAuthChallenge", wrong).await.0,
            "CodeMismatchException"
        );
    }
}

/// Otherwise new passwords would allow more guesses.
#[tokio::test]
async fn a_new_password_does_not_reset_the_count_of_wrong_codes() {
    let (world, _, _) = verified_and_preferred().await;
    for _ in 0..5 {
        let wrong = code_response(&code_session(&world).await, "000000");
        world.error_of("RespondToAuthChallenge", wrong).await;
    }
    world
        .call("ForgotPassword", json!({ "Username": "ann" }))
        .await
        .unwrap();
    let confirm = json!({ "Username": "ann", "ConfirmationCode": world.last_code(), "Password": PASSWORD });
    world.call("ConfirmForgotPassword", confirm).await.unwrap();
    let error = world
        .error_of(
            "RespondToAuthChallenge",
            code_response(&code_session(&world).await, "000000"),
        )
        .await;
    assert_eq!(error.1, "Password attempts exceeded");
}

#[tokio::test]
async fn an_authenticator_stays_in_use_until_a_code_of_the_new_one_is_verified() {
    let (world, old, access) = verified_and_preferred().await;
    let associate = async || {
        let body = json!({ "AccessToken": access });
        let made = world.call("AssociateSoftwareToken", body).await.unwrap();
        text(&made, "SecretCode").to_owned()
    };
    let sign_in = async |secret: &str| {
        world.now.fetch_add(30, Ordering::Relaxed);
        let session = code_session(&world).await;
        let body = code_response(&session, &code_at(secret, now(&world)));
        world.call("RespondToAuthChallenge", body).await
    };
    let verify = |code: &str| json!({ "AccessToken": access, "UserCode": code });
    // A set-up that was not completed: sign-in still requires a code of the old authenticator.
    let abandoned = associate().await;
    sign_in(&old).await.unwrap();
    assert_eq!(
        sign_in(&abandoned).await.unwrap_err().kind,
        "CodeMismatchException"
    );
    let new = associate().await;
    for code in [
        "000000",
        &code_at(&old, now(&world)),
        &code_at(&abandoned, now(&world)),
    ] {
        let error = world.error_of("VerifySoftwareToken", verify(code)).await;
        assert_eq!(error.0, "EnableSoftwareTokenMFAException", "{code}");
    }
    sign_in(&old).await.unwrap();
    world
        .call("VerifySoftwareToken", verify(&code_at(&new, now(&world))))
        .await
        .unwrap();
    sign_in(&new).await.unwrap();
    assert_eq!(sign_in(&old).await.unwrap_err().kind, "CodeMismatchException");
}

#[tokio::test]
async fn a_code_of_an_authenticator_is_valid_once() {
    let (world, secret, _) = verified_and_preferred().await;
    let code = code_at(&secret, now(&world));
    let error = world
        .error_of(
            "RespondToAuthChallenge",
            code_response(&code_session(&world).await, &code),
        )
        .await;
    assert_eq!(
        error,
        (
            "ExpiredCodeException",
            "Your software token has already been used once.".to_owned()
        )
    );
}

#[tokio::test]
async fn the_session_of_a_challenge_is_valid_once_for_three_minutes_and_for_its_user_and_client() {
    let (world, secret, _) = verified_and_preferred().await;
    world.now.fetch_add(30, Ordering::Relaxed);
    let session = code_session(&world).await;
    let wrong = world
        .error_of("RespondToAuthChallenge", code_response(&session, "000000"))
        .await;
    assert_eq!(wrong.0, "CodeMismatchException");
    let code = code_at(&secret, now(&world));
    let over = (
        "NotAuthorizedException",
        "Invalid session for the user, session is expired.".to_owned(),
    );
    assert_eq!(
        world
            .error_of("RespondToAuthChallenge", code_response(&session, &code))
            .await,
        over
    );
    let mut others = code_response(&code_session(&world).await, &code);
    others["ChallengeResponses"]["USERNAME"] = json!("bob");
    assert_eq!(world.error_of("RespondToAuthChallenge", others).await, over);
    let mut elsewhere = code_response(&code_session(&world).await, &code);
    elsewhere["ClientId"] = json!(ROTATING_CLIENT_ID);
    assert_eq!(world.error_of("RespondToAuthChallenge", elsewhere).await, over);
    let other_kind = json!({ "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": code_session(&world).await,
        "ChallengeResponses": { "USERNAME": "ann", "NEW_PASSWORD": "Correct-Horse-8!" } });
    assert_eq!(world.error_of("RespondToAuthChallenge", other_kind).await, over);
    let late = code_session(&world).await;
    world.now.fetch_add(180, Ordering::Relaxed);
    let code = code_at(&secret, now(&world));
    assert_eq!(
        world
            .error_of("RespondToAuthChallenge", code_response(&late, &code))
            .await,
        over
    );
    let made_up = json!("made-up-session-of-some-length");
    assert_eq!(
        world
            .error_of("RespondToAuthChallenge", code_response(&made_up, &code))
            .await,
        over
    );
}
