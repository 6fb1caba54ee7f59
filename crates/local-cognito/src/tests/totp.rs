//! Authenticators.

use super::{super::totp::code_at, *};

/// A user with an authenticator, its secret, and the access token it was set up by.
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

async fn asked(world: &World) -> Value {
    let proof = world.challenge(CLIENT_ID, "ann", PASSWORD).await.unwrap();
    let answer = world.call("RespondToAuthChallenge", proof).await.unwrap();
    assert_eq!(answer["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    answer["Session"].clone()
}

fn answer(session: &Value, code: &str) -> Value {
    json!({ "ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": session,
        "ChallengeResponses": { "USERNAME": "ann", "SOFTWARE_TOKEN_MFA_CODE": code } })
}

#[tokio::test]
async fn an_authenticator_counts_once_its_code_is_verified_and_preferred() {
    let (world, secret, access) = with_authenticator().await;
    assert_eq!(
        prefer(&world, &access, true).await.unwrap_err().kind,
        "InvalidParameterException"
    );
    let verify = |code: &str| json!({ "AccessToken": access, "UserCode": code });
    assert_eq!(
        world.refused("VerifySoftwareToken", verify("000000")).await.0,
        "EnableSoftwareTokenMFAException"
    );
    let status = world
        .call("VerifySoftwareToken", verify(&code_at(&secret, now(&world))))
        .await
        .unwrap();
    assert_eq!(status["Status"], "SUCCESS");
    world.sign_in("ann", PASSWORD).await.unwrap();
    prefer(&world, &access, true).await.unwrap();
    let session = asked(&world).await;
    world.now.fetch_add(30, Ordering::Relaxed);
    let done = world
        .call(
            "RespondToAuthChallenge",
            answer(&session, &code_at(&secret, now(&world))),
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

/// Otherwise a code could be guessed in minutes with the password known.
#[tokio::test]
async fn six_wrong_codes_lock_out_whatever_right_passwords_come_between() {
    let (world, secret, _) = verified_and_preferred().await;
    world.now.fetch_add(30, Ordering::Relaxed);
    for _ in 0..5 {
        let wrong = world
            .refused("RespondToAuthChallenge", answer(&asked(&world).await, "000000"))
            .await;
        assert_eq!(wrong.0, "CodeMismatchException");
    }
    let locked = ("NotAuthorizedException", "Password attempts exceeded".to_owned());
    let right = code_at(&secret, now(&world));
    for code in ["000000", &right] {
        let refused = world
            .refused("RespondToAuthChallenge", answer(&asked(&world).await, code))
            .await;
        assert_eq!(refused, locked);
    }
    // Nor do they at the set-up of another authenticator, which only needs a token.
    for (wait, wrong) in [(1, true), (1, false)] {
        world.now.fetch_add(wait, Ordering::Relaxed);
        let refused = world
            .refused("RespondToAuthChallenge", answer(&asked(&world).await, "000000"))
            .await;
        assert_eq!(refused.0 == "CodeMismatchException", wrong, "{refused:?}");
    }
    // A quarter of an hour later they are remembered still; a complete sign-in forgets them.
    world.now.fetch_add(3_600, Ordering::Relaxed);
    let wrong = answer(&asked(&world).await, "000000");
    world.refused("RespondToAuthChallenge", wrong).await;
    let right = code_at(&secret, now(&world));
    let refused = world
        .refused("RespondToAuthChallenge", answer(&asked(&world).await, &right))
        .await;
    assert_eq!(refused, locked);
    world.now.fetch_add(3_600, Ordering::Relaxed);
    let right = code_at(&secret, now(&world));
    world
        .call("RespondToAuthChallenge", answer(&asked(&world).await, &right))
        .await
        .unwrap();
    for _ in 0..5 {
        let wrong = answer(&asked(&world).await, "000000");
        assert_eq!(
            world.refused("RespondToAuthChallenge", wrong).await.0,
            "CodeMismatchException"
        );
    }
}

/// A new password doesn't make codes guessable either.
#[tokio::test]
async fn a_forgotten_password_replaced_forgets_no_wrong_codes() {
    let (world, _, _) = verified_and_preferred().await;
    for _ in 0..5 {
        let wrong = answer(&asked(&world).await, "000000");
        world.refused("RespondToAuthChallenge", wrong).await;
    }
    world
        .call("ForgotPassword", json!({ "Username": "ann" }))
        .await
        .unwrap();
    let confirm = json!({ "Username": "ann", "ConfirmationCode": world.last_code(), "Password": PASSWORD });
    world.call("ConfirmForgotPassword", confirm).await.unwrap();
    let refused = world
        .refused("RespondToAuthChallenge", answer(&asked(&world).await, "000000"))
        .await;
    assert_eq!(refused.1, "Password attempts exceeded");
}

#[tokio::test]
async fn an_authenticator_stays_until_the_code_of_a_new_one_is_verified() {
    let (world, old, access) = verified_and_preferred().await;
    let associate = async || {
        let body = json!({ "AccessToken": access });
        let made = world.call("AssociateSoftwareToken", body).await.unwrap();
        text(&made, "SecretCode").to_owned()
    };
    let sign_in = async |secret: &str| {
        world.now.fetch_add(30, Ordering::Relaxed);
        let session = asked(&world).await;
        let body = answer(&session, &code_at(secret, now(&world)));
        world.call("RespondToAuthChallenge", body).await
    };
    let verify = |code: &str| json!({ "AccessToken": access, "UserCode": code });
    // Begun, looked at and left: sign-in asks for the old one's code as before.
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
        let refused = world.refused("VerifySoftwareToken", verify(code)).await;
        assert_eq!(refused.0, "EnableSoftwareTokenMFAException", "{code}");
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
async fn a_code_of_an_authenticator_can_be_used_once() {
    let (world, secret, _) = verified_and_preferred().await;
    let code = code_at(&secret, now(&world));
    let refused = world
        .refused("RespondToAuthChallenge", answer(&asked(&world).await, &code))
        .await;
    assert_eq!(
        refused,
        (
            "ExpiredCodeException",
            "Your software token has already been used once.".to_owned()
        )
    );
}

#[tokio::test]
async fn a_session_is_good_for_one_answer_of_its_own_user_and_client_and_for_three_minutes() {
    let (world, secret, _) = verified_and_preferred().await;
    world.now.fetch_add(30, Ordering::Relaxed);
    let session = asked(&world).await;
    let wrong = world
        .refused("RespondToAuthChallenge", answer(&session, "000000"))
        .await;
    assert_eq!(wrong.0, "CodeMismatchException");
    let code = code_at(&secret, now(&world));
    let over = (
        "NotAuthorizedException",
        "Invalid session for the user, session is expired.".to_owned(),
    );
    assert_eq!(
        world
            .refused("RespondToAuthChallenge", answer(&session, &code))
            .await,
        over
    );
    let mut others = answer(&asked(&world).await, &code);
    others["ChallengeResponses"]["USERNAME"] = json!("bob");
    assert_eq!(world.refused("RespondToAuthChallenge", others).await, over);
    let mut elsewhere = answer(&asked(&world).await, &code);
    elsewhere["ClientId"] = json!(ROTATING_CLIENT_ID);
    assert_eq!(world.refused("RespondToAuthChallenge", elsewhere).await, over);
    let other_kind = json!({ "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": asked(&world).await,
        "ChallengeResponses": { "USERNAME": "ann", "NEW_PASSWORD": "Correct-Horse-8!" } });
    assert_eq!(world.refused("RespondToAuthChallenge", other_kind).await, over);
    let late = asked(&world).await;
    world.now.fetch_add(180, Ordering::Relaxed);
    let code = code_at(&secret, now(&world));
    assert_eq!(
        world
            .refused("RespondToAuthChallenge", answer(&late, &code))
            .await,
        over
    );
    let made_up = json!("made-up-session-of-some-length");
    assert_eq!(
        world
            .refused("RespondToAuthChallenge", answer(&made_up, &code))
            .await,
        over
    );
}
