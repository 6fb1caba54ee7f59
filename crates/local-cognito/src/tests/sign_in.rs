//! Signing in with SRP.

use super::*;

#[tokio::test]
async fn a_confirmed_user_signs_in_and_gets_two_valid_tokens() {
    let world = World::with_user("ann").await;
    let result = world.sign_in("ann", PASSWORD).await.unwrap();
    assert_eq!(
        (&result["ExpiresIn"], &result["TokenType"]),
        (&json!(3600), &json!("Bearer"))
    );
    let access = world.pool.verify(text(&result, "AccessToken")).await.unwrap();
    let id = world.pool.verify(text(&result, "IdToken")).await.unwrap();
    assert_eq!(
        (access.sub.as_str(), access.username.as_str()),
        (id.sub.as_str(), "ann")
    );
    assert_eq!(access.issuer, format!("{BASE}/{POOL_ID}"));
    assert_eq!(
        (access.claims["client_id"].as_str(), access.claims.get("aud")),
        (Some(CLIENT_ID), None)
    );
    assert_eq!(id.claims["aud"].as_str(), Some(CLIENT_ID));
    let user = world
        .call("GetUser", json!({ "AccessToken": result["AccessToken"] }))
        .await
        .unwrap();
    assert_eq!(
        (text(&user, "Username"), &user["UserAttributes"][0]),
        ("ann", &json!({ "Name": "sub", "Value": access.sub }))
    );
    let jwks = world.pool.jwks().await;
    assert_ne!(jwks["keys"][0]["kid"], jwks["keys"][1]["kid"]);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_have_the_same_response() {
    let world = World::with_user("ann").await;
    let wrong = world.sign_in("ann", "Wrong-Horse-7!").await.unwrap_err();
    let unknown = world.sign_in("bob", PASSWORD).await.unwrap_err();
    assert_eq!(wrong, unknown);
    assert_eq!(wrong.kind, "NotAuthorizedException");
    let salt = |challenge: &Value| challenge["ChallengeParameters"]["SALT"].clone();
    let challenge_of = |name: &str| {
        let body =
            json!({ "AuthFlow": "USER_SRP_AUTH", "AuthParameters": { "USERNAME": name, "SRP_A": "5" } });
        world.call("InitiateAuth", body)
    };
    assert_eq!(
        salt(&challenge_of("bob").await.unwrap()),
        salt(&challenge_of("bob").await.unwrap())
    );
    assert_ne!(
        salt(&challenge_of("bob").await.unwrap()),
        salt(&challenge_of("ann").await.unwrap())
    );
}

/// Exponentiations dominate the time of a sign-in: with equal counts, timing doesn't reveal who exists.
#[tokio::test]
async fn an_unknown_name_costs_as_many_exponentiations_as_a_wrong_password() {
    let world = World::with_user("ann").await;
    let inner = world.pool.inner();
    let mut costs = Vec::new();
    for name in ["ann", "bob"] {
        let before = inner.group.powers();
        let guess = world.challenge(CLIENT_ID, name, "Wrong-Horse-7!").await.unwrap();
        let challenged = inner.group.powers();
        world.error_of("RespondToAuthChallenge", guess).await;
        let proven = inner.group.powers();
        let parameters = json!({ "USERNAME": name, "PASSWORD": "Wrong-Horse-7!" });
        let body = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
        world.error_of("InitiateAuth", body).await;
        let compared = inner.group.powers();
        costs.push([challenged - before, proven - challenged, compared - proven]);
    }
    assert_eq!(costs[0], [1, 2, 1]);
    assert_eq!(costs[0], costs[1]);
}

#[tokio::test]
async fn a_proof_is_valid_once_in_time_and_from_its_client() {
    let world = World::with_user("ann").await;
    let proof = world.challenge(CLIENT_ID, "ann", PASSWORD).await.unwrap();
    world.call("RespondToAuthChallenge", proof.clone()).await.unwrap();
    assert_eq!(
        world.error_of("RespondToAuthChallenge", proof).await.0,
        "NotAuthorizedException"
    );
    let late = world.challenge(CLIENT_ID, "ann", PASSWORD).await.unwrap();
    world.now.fetch_add(200, Ordering::Relaxed);
    assert_eq!(
        world.error_of("RespondToAuthChallenge", late).await.0,
        "NotAuthorizedException"
    );
    let mut other = world.challenge(CLIENT_ID, "ann", PASSWORD).await.unwrap();
    other["ClientId"] = json!(ROTATING_CLIENT_ID);
    assert_eq!(
        world.error_of("RespondToAuthChallenge", other).await.0,
        "NotAuthorizedException"
    );
}

/// The signature of each proof matches its `TIMESTAMP`; Cognito computes it over its own format of the time.
#[rstest]
#[case::leading_zero("Sat Mar 07 08:05:09 UTC 2026")]
#[case::padded_with_a_blank("Sat Mar  7 08:05:09 UTC 2026")]
#[case::wrong_weekday("Sun Mar 7 08:05:09 UTC 2026")]
#[tokio::test]
async fn a_proof_over_another_format_of_the_time_is_rejected(#[case] timestamp: &str) {
    let world = World::with_user("ann").await;
    let right = world.challenge(CLIENT_ID, "ann", PASSWORD).await.unwrap();
    world.call("RespondToAuthChallenge", right).await.unwrap();
    let proof = world
        .challenge_at(CLIENT_ID, "ann", PASSWORD, timestamp)
        .await
        .unwrap();
    assert_eq!(
        world.error_of("RespondToAuthChallenge", proof).await,
        (
            "NotAuthorizedException",
            "Incorrect username or password.".to_owned()
        )
    );
}

#[tokio::test]
async fn a_malformed_time_costs_neither_the_challenge_nor_a_try() {
    let world = World::with_user("ann").await;
    let mut proof = world.challenge(CLIENT_ID, "ann", PASSWORD).await.unwrap();
    let good = proof["ChallengeResponses"]["TIMESTAMP"].clone();
    for _ in 0..6 {
        proof["ChallengeResponses"]["TIMESTAMP"] = json!("2026-03-07T08:05:09Z");
        assert_eq!(
            world.error_of("RespondToAuthChallenge", proof.clone()).await.0,
            "InvalidParameterException"
        );
    }
    proof["ChallengeResponses"]["TIMESTAMP"] = good;
    world.call("RespondToAuthChallenge", proof).await.unwrap();
}

#[tokio::test]
async fn an_unconfirmed_user_is_reported_whatever_the_password() {
    let world = World::new();
    world
        .call("SignUp", json!({ "Username": "ann", "Password": PASSWORD }))
        .await
        .unwrap();
    for word in [PASSWORD, "Wrong-Horse-7!"] {
        for error in [
            world.by_password(Transport::Port, "ann", word).await.unwrap_err(),
            world.sign_in("ann", word).await.unwrap_err(),
        ] {
            assert_eq!(
                (error.kind, error.message.as_str()),
                ("UserNotConfirmedException", "User is not confirmed.")
            );
        }
    }
}

#[tokio::test]
async fn after_five_failures_even_the_right_password_is_locked_out() {
    let world = World::with_user("ann").await;
    for _ in 0..5 {
        world.sign_in("ann", "Wrong-Horse-7!").await.unwrap_err();
    }
    assert_eq!(
        world.sign_in("ann", PASSWORD).await.unwrap_err().message,
        "Password attempts exceeded"
    );
    world.now.fetch_add(2, Ordering::Relaxed);
    world.sign_in("ann", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn unsupported_operations_and_flows_are_reported() {
    let world = World::with_user("ann").await;
    assert_eq!(
        world.error_of("AdminCreateUser", json!({})).await.0,
        "UnknownOperationException"
    );
    // The `ADMIN_` flows are for signed calls; the others are disabled for these app clients.
    for flow in [
        "ADMIN_USER_PASSWORD_AUTH",
        "ADMIN_NO_SRP_AUTH",
        "ADMIN_USER_SRP_AUTH",
        "USER_AUTH",
        "CUSTOM_AUTH",
    ] {
        let body = json!({ "AuthFlow": flow, "AuthParameters": { "USERNAME": "ann", "PASSWORD": PASSWORD } });
        assert_eq!(
            world.error_of("InitiateAuth", body).await.0,
            "InvalidParameterException",
            "{flow}"
        );
    }
    let client = world
        .error_of(
            "SignUp",
            json!({ "ClientId": "other", "Username": "a", "Password": PASSWORD }),
        )
        .await;
    assert_eq!(client.0, "ResourceNotFoundException");
}
