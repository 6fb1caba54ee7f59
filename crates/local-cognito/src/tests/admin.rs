//! Operations of administrators.

use super::*;

async fn with_temporary_password() -> World {
    let world = World::new();
    let body = json!({ "Username": "ann", "TemporaryPassword": PASSWORD, "MessageAction": "SUPPRESS",
        "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }] });
    let made = world.administer("AdminCreateUser", body).await.unwrap();
    assert_eq!(made["User"]["UserStatus"], "FORCE_CHANGE_PASSWORD");
    assert!(world.codes.delivered.lock().unwrap().is_empty());
    world
}

async fn complete_srp(world: &World) -> Result<Value, CognitoError> {
    let proof = world.challenge(CLIENT_ID, "ann", PASSWORD).await.unwrap();
    world.call("RespondToAuthChallenge", proof).await
}

#[tokio::test]
async fn a_temporary_password_is_replaced_at_the_first_sign_in() {
    let world = with_temporary_password().await;
    let challenge = complete_srp(&world).await.unwrap();
    assert_eq!(challenge["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    let parameters = &challenge["ChallengeParameters"];
    assert_eq!(
        parameters["userAttributes"], r#"{"email":"ann@example.com"}"#,
        "JSON in a string"
    );
    assert_eq!(parameters["requiredAttributes"], "[]");
    let response = |password: &str| {
        json!({ "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": challenge["Session"],
            "ChallengeResponses": { "USERNAME": "ann", "NEW_PASSWORD": password } })
    };
    assert_eq!(
        world.error_of("RespondToAuthChallenge", response("weak")).await.0,
        "InvalidPasswordException"
    );
    let done = world
        .call("RespondToAuthChallenge", response("Correct-Horse-8!"))
        .await
        .unwrap();
    world
        .pool
        .verify(text(&done["AuthenticationResult"], "IdToken"))
        .await
        .unwrap();
    assert_eq!(
        world
            .error_of("RespondToAuthChallenge", response("Correct-Horse-9!"))
            .await
            .0,
        "NotAuthorizedException"
    );
    world.sign_in("ann", "Correct-Horse-8!").await.unwrap();
}

#[tokio::test]
async fn a_temporary_password_is_valid_for_a_week_and_resend_renews_it() {
    const WEEK: i64 = 7 * 86_400;
    let world = with_temporary_password().await;
    let resend = json!({ "Username": "ann", "TemporaryPassword": PASSWORD, "MessageAction": "RESEND" });
    let set = |permanent: bool| json!({ "Username": "ann", "Password": PASSWORD, "Permanent": permanent });
    for (operation, body) in [
        ("AdminCreateUser", resend.clone()),
        ("AdminSetUserPassword", set(false)),
    ] {
        world.now.fetch_add(WEEK - 1, Ordering::Relaxed);
        let challenge = complete_srp(&world).await.unwrap();
        assert_eq!(challenge["ChallengeName"], "NEW_PASSWORD_REQUIRED");
        world.now.fetch_add(1, Ordering::Relaxed);
        let late = complete_srp(&world).await.unwrap_err();
        assert_eq!(
            (late.kind, late.message.as_str()),
            (
                "NotAuthorizedException",
                "Temporary password has expired and must be reset by an administrator."
            )
        );
        // A wrong password doesn't reveal that the temporary one has expired.
        let wrong = world.sign_in("ann", "Wrong-Horse-7!").await.unwrap_err();
        assert_eq!(wrong.message, "Incorrect username or password.");
        world.administer(operation, body).await.unwrap();
    }
    assert_eq!(world.last_code(), PASSWORD);
    complete_srp(&world).await.unwrap();
    world.administer("AdminSetUserPassword", set(true)).await.unwrap();
    world.now.fetch_add(WEEK, Ordering::Relaxed);
    world.sign_in("ann", PASSWORD).await.unwrap();
    let error = world.administer("AdminCreateUser", resend).await.unwrap_err();
    assert_eq!(error.kind, "UnsupportedUserStateException");
}

#[tokio::test]
async fn a_permanent_password_signs_in_and_a_temporary_one_is_challenged() {
    let world = with_temporary_password().await;
    let set = |permanent: bool| json!({ "Username": "ann", "Password": PASSWORD, "Permanent": permanent });
    world.administer("AdminSetUserPassword", set(true)).await.unwrap();
    world.sign_in("ann", PASSWORD).await.unwrap();
    world
        .administer("AdminSetUserPassword", set(false))
        .await
        .unwrap();
    assert_eq!(
        complete_srp(&world).await.unwrap()["ChallengeName"],
        "NEW_PASSWORD_REQUIRED"
    );
}

#[tokio::test]
async fn the_groups_of_a_user_are_in_the_tokens_and_the_claim_is_absent_without_groups() {
    let world = World::with_user("ann").await;
    let claims = async || {
        let result = world.sign_in("ann", PASSWORD).await.unwrap();
        let identity = world.pool.verify(text(&result, "AccessToken")).await.unwrap();
        (identity.groups, identity.claims.get("cognito:groups").cloned())
    };
    assert_eq!(claims().await, (None, None));
    let join = json!({ "Username": "ann", "GroupName": "admin" });
    world
        .administer("AdminAddUserToGroup", join.clone())
        .await
        .unwrap();
    world.administer("AdminAddUserToGroup", join).await.unwrap();
    assert_eq!(
        claims().await,
        (Some(vec!["admin".to_owned()]), Some(json!(["admin"])))
    );
}

#[tokio::test]
async fn bad_requests_of_administrators_are_reported_by_kind() {
    let world = World::with_user("ann").await;
    for (operation, body, kind) in [
        (
            "AdminCreateUser",
            json!({ "Username": "ann" }),
            "UsernameExistsException",
        ),
        (
            "AdminCreateUser",
            json!({ "Username": "bob", "TemporaryPassword": "weak" }),
            "InvalidPasswordException",
        ),
        (
            "AdminSetUserPassword",
            json!({ "Username": "bob", "Password": PASSWORD }),
            "UserNotFoundException",
        ),
        (
            "AdminAddUserToGroup",
            json!({ "Username": "bob", "GroupName": "admin" }),
            "UserNotFoundException",
        ),
        (
            "AdminAddUserToGroup",
            json!({ "Username": "ann", "GroupName": "x" }),
            "ResourceNotFoundException",
        ),
        (
            "AdminDeleteUser",
            json!({ "Username": "bob" }),
            "UserNotFoundException",
        ),
        (
            "AdminGetUser",
            json!({ "Username": "bob" }),
            "UserNotFoundException",
        ),
        (
            "AdminCreateUser",
            json!({ "Username": "ME" }),
            "UsernameExistsException",
        ),
        (
            "AdminUpdateUserAttributes",
            json!({ "Username": "ann", "UserAttributes": [{ "Name": "sub", "Value": "x" }] }),
            "InvalidParameterException",
        ),
        ("ListUsers", json!({ "Limit": 61 }), "InvalidParameterException"),
        (
            "ListUsers",
            json!({ "Filter": "height = 170" }),
            "InvalidParameterException",
        ),
        (
            "AdminDisableUser",
            json!({ "Username": "ann" }),
            "UnknownOperationException",
        ),
    ] {
        assert_eq!(
            world.administer(operation, body).await.unwrap_err().kind,
            kind,
            "{operation}"
        );
    }
    let elsewhere = json!({ "UserPoolId": "us-east-1_OTHER", "Username": "bob" });
    let error = world
        .pool
        .administer("AdminCreateUser", elsewhere)
        .await
        .unwrap_err();
    assert_eq!(error.kind, "ResourceNotFoundException");
    for operation in UserPool::ADMIN_OPERATIONS {
        let body = json!({ "UserPoolId": POOL_ID, "Username": "bob" });
        assert_eq!(
            world.error_of(operation, body).await.0,
            "UnknownOperationException",
            "{operation} needs a signature"
        );
    }
}

#[tokio::test]
async fn administrators_get_list_update_and_delete_users() {
    let world = World::with_user("ann").await;
    let made = json!({ "Username": "Bob", "MessageAction": "SUPPRESS", "UserAttributes": [
        { "Name": "email", "Value": "bob@example.com" }, { "Name": "email_verified", "Value": "true" }] });
    world.administer("AdminCreateUser", made).await.unwrap();
    let bob = world
        .administer("AdminGetUser", json!({ "Username": "BOB" }))
        .await
        .unwrap();
    assert_eq!(
        (
            &bob["Username"],
            &bob["UserStatus"],
            &bob["Enabled"],
            &bob["UserCreateDate"]
        ),
        (
            &json!("bob"),
            &json!("FORCE_CHANGE_PASSWORD"),
            &json!(true),
            &json!(NOW)
        )
    );
    assert_eq!(
        bob["UserAttributes"].as_array().unwrap()[1..],
        [
            json!({ "Name": "email", "Value": "bob@example.com" }),
            json!({ "Name": "email_verified", "Value": "true" })
        ]
    );
    let names = |response: &Value| -> Vec<String> {
        let users = response["Users"].as_array().unwrap();
        users
            .iter()
            .map(|user| text(user, "Username").to_owned())
            .collect()
    };
    let first = world
        .administer("ListUsers", json!({ "Limit": 1 }))
        .await
        .unwrap();
    assert_eq!(names(&first), ["ann"]);
    let second = json!({ "Limit": 1, "PaginationToken": first["PaginationToken"] });
    let second = world.administer("ListUsers", second).await.unwrap();
    assert_eq!(
        (names(&second), second.get("PaginationToken")),
        (vec!["bob".to_owned()], None)
    );
    for (filter, found) in [
        (r#"email = "bob@example.com""#, vec!["bob"]),
        (r#"email = "Bob@Example.com""#, vec!["bob"]),
        (r#"email ^= "BOB@""#, vec!["bob"]),
        (r#"username ^= "a""#, vec!["ann"]),
        (r#"username ^= "A""#, vec![]),
        (r#"cognito:user_status = "CONFIRMED""#, vec!["ann"]),
        (r#"cognito:user_status = "confirmed""#, vec!["ann"]),
        (r#"status = "Enabled""#, vec!["ann", "bob"]),
        (r#"status = "enabled""#, vec![]),
        (r#""name" = "x""#, vec![]),
    ] {
        let body = json!({ "Filter": filter, "AttributesToGet": ["email"] });
        let response = world.administer("ListUsers", body).await.unwrap();
        assert_eq!(names(&response), found, "{filter}");
    }
    let change =
        json!({ "Username": "bob", "UserAttributes": [{ "Name": "email", "Value": "b@example.com" }] });
    world
        .administer("AdminUpdateUserAttributes", change)
        .await
        .unwrap();
    let gone = json!({ "Username": "bob" });
    let bob = world.administer("AdminGetUser", gone.clone()).await.unwrap();
    assert_eq!(
        bob["UserAttributes"].as_array().unwrap()[1..],
        [json!({ "Name": "email", "Value": "b@example.com" })],
        "the changed e-mail is unverified"
    );
    world.administer("AdminDeleteUser", gone.clone()).await.unwrap();
    assert_eq!(
        world.administer("AdminGetUser", gone).await.unwrap_err().kind,
        "UserNotFoundException"
    );
}
