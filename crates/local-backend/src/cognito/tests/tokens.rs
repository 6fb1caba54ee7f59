//! Tokens and sessions.

use super::*;

#[tokio::test]
async fn a_refresh_gives_new_tokens_and_a_revoked_one_none() {
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
    let refused = world
        .refused(
            "GetTokensFromRefreshToken",
            json!({ "RefreshToken": first["RefreshToken"] }),
        )
        .await;
    assert_eq!(
        refused,
        ("NotAuthorizedException", "Refresh Token has been revoked".into())
    );
    assert_eq!(
        world
            .refused("GetUser", json!({ "AccessToken": first["AccessToken"] }))
            .await
            .1,
        "Access Token has been revoked"
    );
    // AppSync can't know: the token is good until it expires.
    world.pool.verify(text(&first, "AccessToken")).await.unwrap();
}

#[tokio::test]
async fn rotation_ends_the_old_refresh_token() {
    let world = World::with_user("ann").await;
    let first = world
        .sign_in_to(ROTATING_CLIENT_ID, "ann", PASSWORD)
        .await
        .unwrap();
    let body = |token: &Value| json!({ "ClientId": ROTATING_CLIENT_ID, "RefreshToken": token });
    let second = world
        .call("GetTokensFromRefreshToken", body(&first["RefreshToken"]))
        .await
        .unwrap();
    let reused = world
        .refused("GetTokensFromRefreshToken", body(&first["RefreshToken"]))
        .await;
    assert_eq!(reused.0, "RefreshTokenReuseException");
    world
        .call(
            "GetTokensFromRefreshToken",
            body(&second["AuthenticationResult"]["RefreshToken"]),
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn bad_tokens_are_refused_each_for_its_reason() {
    let world = World::with_user("ann").await;
    let result = world.sign_in("ann", PASSWORD).await.unwrap();
    let access = text(&result, "AccessToken");
    let parts: Vec<&str> = access.split('.').collect();
    let claims = URL_SAFE_NO_PAD.decode(parts[1]).unwrap();
    let mut claims: Value = serde_json::from_slice(&claims).unwrap();
    claims["sub"] = json!("00000000-0000-4000-8000-00000000000b");
    let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
    let stranger = World::with_user("ann").await;
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
        world.refused("GetUser", json!({ "AccessToken": access })).await.1,
        "Access Token has expired"
    );
}
