//! Tokens and sessions.

use super::*;

#[tokio::test]
async fn a_refresh_returns_new_tokens_and_a_revoked_token_none() {
    let world = World::with_user("ann").await;
    let first = world.sign_in("ann", PASSWORD).await.unwrap();
    world.now.fetch_add(100, Ordering::Relaxed);
    for (operation, body) in [
        (
            "GetTokensFromRefreshToken",
            json!({ "RefreshToken": first["RefreshToken"] }),
        ),
        (
            "InitiateAuth",
            json!({ "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": { "REFRESH_TOKEN": first["RefreshToken"] } }),
        ),
    ] {
        let fresh = world.call(operation, body).await.unwrap()["AuthenticationResult"].clone();
        assert!(fresh.get("RefreshToken").is_none());
        let identity = world.pool.verify(text(&fresh, "AccessToken")).await.unwrap();
        assert_eq!(
            (
                identity.claims["auth_time"].as_i64(),
                identity.claims["iat"].as_i64()
            ),
            (Some(NOW), Some(NOW + 100))
        );
    }
    world
        .call("RevokeToken", json!({ "Token": first["RefreshToken"] }))
        .await
        .unwrap();
    let error = world
        .error_of(
            "GetTokensFromRefreshToken",
            json!({ "RefreshToken": first["RefreshToken"] }),
        )
        .await;
    assert_eq!(
        error,
        ("NotAuthorizedException", "Refresh Token has been revoked".into())
    );
    assert_eq!(
        world
            .error_of("GetUser", json!({ "AccessToken": first["AccessToken"] }))
            .await
            .1,
        "Access Token has been revoked"
    );
    // AppSync accepts the access token until it expires.
    world.pool.verify(text(&first, "AccessToken")).await.unwrap();
}

/// A client that missed the response retries with the token that it has.
#[tokio::test]
async fn a_rotated_refresh_token_is_valid_for_a_minute_and_counts_as_reused_then() {
    let world = World::with_user("ann").await;
    let first = world
        .sign_in_to(ROTATING_CLIENT_ID, "ann", PASSWORD)
        .await
        .unwrap()["RefreshToken"]
        .clone();
    let body = |token: &Value| json!({ "ClientId": ROTATING_CLIENT_ID, "RefreshToken": token });
    let refresh = async |token: &Value| {
        let response = world
            .call("GetTokensFromRefreshToken", body(token))
            .await
            .unwrap();
        response["AuthenticationResult"]["RefreshToken"].clone()
    };
    let second = refresh(&first).await;
    world.now.fetch_add(59, Ordering::Relaxed);
    let third = refresh(&first).await;
    assert!(first != second && second != third && first != third);
    // The grace period starts at the first use.
    world.now.fetch_add(1, Ordering::Relaxed);
    let reused = world.error_of("GetTokensFromRefreshToken", body(&first)).await;
    assert_eq!(reused.0, "RefreshTokenReuseException");
    // Reusing a token ends no session, as on AWS: whichever response arrived, its tokens stay valid.
    for token in [&second, &third] {
        refresh(token).await;
    }
    let access = world.sign_in("ann", PASSWORD).await.unwrap()["AccessToken"].clone();
    world
        .call("GlobalSignOut", json!({ "AccessToken": access }))
        .await
        .unwrap();
    for token in [&first, &second, &third] {
        assert_eq!(
            world.error_of("GetTokensFromRefreshToken", body(token)).await.1,
            "Refresh Token has been revoked"
        );
    }
}

#[tokio::test]
async fn the_flow_without_a_new_refresh_token_is_rejected_for_a_rotating_client() {
    let world = World::with_user("ann").await;
    let first = world
        .sign_in_to(ROTATING_CLIENT_ID, "ann", PASSWORD)
        .await
        .unwrap();
    for flow in ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"] {
        let body = json!({ "ClientId": ROTATING_CLIENT_ID, "AuthFlow": flow,
            "AuthParameters": { "REFRESH_TOKEN": first["RefreshToken"] } });
        assert_eq!(
            world.error_of("InitiateAuth", body).await.0,
            "InvalidParameterException"
        );
    }
    // The refresh token stays unused.
    let body = json!({ "ClientId": ROTATING_CLIENT_ID, "RefreshToken": first["RefreshToken"] });
    world.call("GetTokensFromRefreshToken", body).await.unwrap();
}

#[tokio::test]
async fn rotation_does_not_extend_the_thirty_days_of_a_session() {
    const DAY: i64 = 86_400;
    let world = World::with_user("ann").await;
    for client in [CLIENT_ID, ROTATING_CLIENT_ID] {
        let signed_in = world.sign_in_to(client, "ann", PASSWORD).await.unwrap();
        let mut token = signed_in["RefreshToken"].clone();
        for days in [29 * DAY, DAY - 1] {
            world.now.fetch_add(days, Ordering::Relaxed);
            let body = json!({ "ClientId": client, "RefreshToken": token });
            let fresh = world.call("GetTokensFromRefreshToken", body).await.unwrap();
            let rotated = &fresh["AuthenticationResult"]["RefreshToken"];
            assert_eq!(rotated.is_string(), client == ROTATING_CLIENT_ID);
            if rotated.is_string() {
                token = rotated.clone();
            }
        }
        world.now.fetch_add(1, Ordering::Relaxed);
        let body = json!({ "ClientId": client, "RefreshToken": token });
        assert_eq!(
            world.error_of("GetTokensFromRefreshToken", body).await,
            ("NotAuthorizedException", "Refresh Token has expired".to_owned())
        );
    }
}

/// Whether every operation rejects the session's refresh and access tokens as revoked. Panics if only some do.
async fn is_over(world: &World, client: &str, session: &Value) -> bool {
    let refresh = json!({ "ClientId": client, "RefreshToken": session["RefreshToken"] });
    let refreshed = world.call("GetTokensFromRefreshToken", refresh).await;
    let mut over = vec![refreshed.is_err_and(|error| error.message == "Refresh Token has been revoked")];
    for operation in [
        "GetUser",
        "ChangePassword",
        "AssociateSoftwareToken",
        "VerifySoftwareToken",
        "SetUserMFAPreference",
        "GlobalSignOut",
    ] {
        let body = json!({ "AccessToken": session["AccessToken"], "UserCode": "000000",
            "PreviousPassword": PASSWORD, "ProposedPassword": PASSWORD });
        let called = world.call(operation, body).await;
        // A valid token is tried with the first operation only: `GlobalSignOut` would end the session.
        let revoked = called.is_err_and(|error| error.message == "Access Token has been revoked");
        over.push(revoked);
        if !revoked {
            break;
        }
    }
    assert!(
        over.iter().all(|one| *one == over[0]),
        "only part of the session is over: {over:?}"
    );
    over[0]
}

#[tokio::test]
async fn a_global_sign_out_ends_all_sessions_of_that_user_only() {
    let world = World::with_user("ann").await;
    world.add_user("bob").await;
    let first = world.sign_in("ann", PASSWORD).await.unwrap();
    let second = world
        .sign_in_to(ROTATING_CLIENT_ID, "ann", PASSWORD)
        .await
        .unwrap();
    let bobs = world.sign_in("bob", PASSWORD).await.unwrap();
    let done = world
        .call("GlobalSignOut", json!({ "AccessToken": first["AccessToken"] }))
        .await;
    assert_eq!(done.unwrap(), json!({}));
    assert!(is_over(&world, CLIENT_ID, &first).await);
    assert!(is_over(&world, ROTATING_CLIENT_ID, &second).await);
    assert!(!is_over(&world, CLIENT_ID, &bobs).await);
    // AppSync checks only signature and time, and accepts the tokens until they expire.
    for token in [
        &first["AccessToken"],
        &first["IdToken"],
        &second["AccessToken"],
        &second["IdToken"],
    ] {
        world.pool.verify(token.as_str().unwrap()).await.unwrap();
    }
    world.now.fetch_add(3_600, Ordering::Relaxed);
    assert_eq!(
        world.pool.verify(text(&first, "AccessToken")).await.unwrap_err(),
        TokenError::Expired
    );
    // The next sign-in starts a new session.
    let third = world.sign_in("ann", PASSWORD).await.unwrap();
    assert!(!is_over(&world, CLIENT_ID, &third).await);
}

#[tokio::test]
async fn revoking_a_refresh_token_ends_only_its_session() {
    let world = World::with_user("ann").await;
    let first = world.sign_in("ann", PASSWORD).await.unwrap();
    let second = world.sign_in("ann", PASSWORD).await.unwrap();
    // Another app client's token and an unknown one are ignored.
    for (client, token) in [
        (ROTATING_CLIENT_ID, &first["RefreshToken"]),
        (CLIENT_ID, &json!("x")),
    ] {
        let body = json!({ "ClientId": client, "Token": token });
        assert_eq!(world.call("RevokeToken", body).await.unwrap(), json!({}));
    }
    assert!(!is_over(&world, CLIENT_ID, &first).await);
    for token in [&first["AccessToken"], &first["IdToken"]] {
        assert_eq!(
            world.error_of("RevokeToken", json!({ "Token": token })).await.0,
            "UnsupportedTokenTypeException"
        );
    }
    let body = json!({ "Token": first["RefreshToken"] });
    world.call("RevokeToken", body.clone()).await.unwrap();
    world.call("RevokeToken", body).await.unwrap();
    assert!(is_over(&world, CLIENT_ID, &first).await);
    assert!(!is_over(&world, CLIENT_ID, &second).await);
}

#[tokio::test]
async fn email_verified_is_a_boolean_in_an_id_token() {
    let world = World::new();
    let body = json!({ "Username": "ann", "Password": PASSWORD,
        "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }] });
    world.call("SignUp", body).await.unwrap();
    world.confirm("ann").await;
    let result = world.sign_in("ann", PASSWORD).await.unwrap();
    let id = world.pool.verify(text(&result, "IdToken")).await.unwrap();
    assert_eq!(
        (&id.claims["email"], &id.claims["email_verified"]),
        (&json!("ann@example.com"), &json!(true))
    );
    let access = world.pool.verify(text(&result, "AccessToken")).await.unwrap();
    assert_eq!(access.claims.get("email"), None);
    // In `GetUser`, all attributes are strings.
    let user = world
        .call("GetUser", json!({ "AccessToken": result["AccessToken"] }))
        .await
        .unwrap();
    let verified = json!({ "Name": "email_verified", "Value": "true" });
    assert_eq!(user["UserAttributes"][2], verified);
    assert_eq!(
        world
            .error_of("GetUser", json!({ "AccessToken": result["IdToken"] }))
            .await
            .1,
        "Invalid Access Token"
    );
}

#[tokio::test]
async fn bad_tokens_are_rejected_each_with_its_error() {
    let world = World::with_user("ann").await;
    let result = world.sign_in("ann", PASSWORD).await.unwrap();
    let access = text(&result, "AccessToken");
    let parts: Vec<&str> = access.split('.').collect();
    let claims = URL_SAFE_NO_PAD.decode(parts[1]).unwrap();
    let mut claims: Value = serde_json::from_slice(&claims).unwrap();
    claims["sub"] = json!("00000000-0000-4000-8000-00000000000b");
    let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
    let stranger = World::with_own_keys();
    stranger.add_user("ann").await;
    let foreign = stranger.sign_in("ann", PASSWORD).await.unwrap();
    for (token, error) in [
        ("garbage".to_owned(), TokenError::Malformed),
        (text(&result, "RefreshToken").to_owned(), TokenError::Malformed),
        (format!("{none}.{claims}."), TokenError::Malformed),
        (
            format!("{}.{claims}.{}", parts[0], parts[2]),
            TokenError::WrongSignature,
        ),
        (format!("{}.{}.", parts[0], parts[1]), TokenError::WrongSignature),
        (
            text(&foreign, "AccessToken").to_owned(),
            TokenError::WrongSignature,
        ),
    ] {
        assert_eq!(world.pool.verify(&token).await.unwrap_err(), error, "{token}");
    }
    assert!(world.pool.verify(access).await.is_ok());
    world.now.fetch_add(3_600, Ordering::Relaxed);
    assert_eq!(world.pool.verify(access).await.unwrap_err(), TokenError::Expired);
    assert_eq!(
        world
            .error_of("GetUser", json!({ "AccessToken": access }))
            .await
            .1,
        "Access Token has expired"
    );
}
