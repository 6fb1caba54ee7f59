//! Operations of users on their own accounts: attributes and deletion.

use super::*;

async fn signed_in() -> (World, Value) {
    let world = World::new();
    let body = json!({ "Username": "ann", "Password": PASSWORD,
        "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }] });
    world.call("SignUp", body).await.unwrap();
    world.confirm("ann").await;
    let result = world.sign_in("ann", PASSWORD).await.unwrap();
    (world, result)
}

fn update(session: &Value, changes: &[(&str, &str)]) -> Value {
    let changes: Vec<Value> = changes
        .iter()
        .map(|(name, value)| json!({ "Name": name, "Value": value }))
        .collect();
    json!({ "AccessToken": session["AccessToken"], "UserAttributes": changes })
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[tokio::test]
async fn an_attribute_is_changed_and_an_empty_value_erases_it() {
    let (world, session) = signed_in().await;
    let response = world
        .call(
            "UpdateUserAttributes",
            update(&session, &[("name", "Ann"), ("nickname", "A")]),
        )
        .await
        .unwrap();
    assert_eq!(response, json!({ "CodeDeliveryDetailsList": [] }));
    world
        .call(
            "UpdateUserAttributes",
            update(&session, &[("nickname", ""), ("name", "Anna")]),
        )
        .await
        .unwrap();
    let verified = ("email_verified", "true");
    assert_eq!(
        world.attributes(&session["AccessToken"]).await,
        pairs(&[("email", "ann@example.com"), verified, ("name", "Anna")])
    );
    let body = json!({ "AccessToken": session["AccessToken"], "UserAttributeNames": ["name", "email"] });
    world.call("DeleteUserAttributes", body).await.unwrap();
    assert_eq!(world.attributes(&session["AccessToken"]).await, []);
    let body = json!({ "AccessToken": session["AccessToken"], "UserAttributeNames": ["sub"] });
    assert_eq!(
        world.error_of("DeleteUserAttributes", body).await.0,
        "NotAuthorizedException"
    );
}

#[tokio::test]
async fn a_new_e_mail_is_verified_by_its_code() {
    let (world, session) = signed_in().await;
    let access = &session["AccessToken"];
    let delivered = || world.codes.delivered.lock().unwrap().len();
    let before = delivered();
    let same = update(&session, &[("email", "ann@example.com")]);
    world.call("UpdateUserAttributes", same).await.unwrap();
    assert_eq!(delivered(), before, "the unchanged e-mail is verified already");
    let response = world
        .call(
            "UpdateUserAttributes",
            update(&session, &[("email", "a@example.org")]),
        )
        .await
        .unwrap();
    assert_eq!(response["CodeDeliveryDetailsList"][0]["AttributeName"], "email");
    assert_eq!(
        world.attributes(access).await,
        pairs(&[("email", "a@example.org"), ("email_verified", "false")])
    );
    let first = world.last_code();
    let again = json!({ "AccessToken": access, "AttributeName": "email" });
    let response = world
        .call("GetUserAttributeVerificationCode", again)
        .await
        .unwrap();
    assert_eq!(
        response["CodeDeliveryDetails"],
        json!({ "Destination": "this computer", "DeliveryMedium": "EMAIL", "AttributeName": "email" })
    );
    let verify = |code: &str| json!({ "AccessToken": access, "AttributeName": "email", "Code": code });
    let code = world.last_code();
    if first != code {
        assert_eq!(
            world.error_of("VerifyUserAttribute", verify(&first)).await.0,
            "CodeMismatchException"
        );
    }
    world.call("VerifyUserAttribute", verify(&code)).await.unwrap();
    assert_eq!(
        world.attributes(access).await,
        pairs(&[("email", "a@example.org"), ("email_verified", "true")])
    );
    assert_eq!(
        world.error_of("VerifyUserAttribute", verify(&code)).await.0,
        "ExpiredCodeException"
    );
    for name in ["phone_number", "name", "bogus"] {
        let body = json!({ "AccessToken": access, "AttributeName": name, "Code": "1" });
        for operation in ["GetUserAttributeVerificationCode", "VerifyUserAttribute"] {
            assert_eq!(
                world.error_of(operation, body.clone()).await.0,
                "InvalidParameterException",
                "{operation} {name}"
            );
        }
    }
}

#[tokio::test]
async fn codes_of_a_new_e_mail_are_limited() {
    let (world, session) = signed_in().await;
    for at in 0..5 {
        let change = update(&session, &[("email", &format!("ann{at}@example.com"))]);
        world.call("UpdateUserAttributes", change).await.unwrap();
    }
    // Erasing the e-mail in between doesn't reset the count.
    let erased = update(&session, &[("email", "")]);
    world.call("UpdateUserAttributes", erased).await.unwrap();
    let sixth = update(&session, &[("email", "ann5@example.com")]);
    assert_eq!(
        world.error_of("UpdateUserAttributes", sixth).await.0,
        "LimitExceededException"
    );
    let kept = world.attributes(&session["AccessToken"]).await;
    assert_eq!(kept, [], "nothing was changed");
}

#[tokio::test]
async fn deleting_a_user_ends_all_sessions_and_frees_the_name() {
    let (world, session) = signed_in().await;
    let access = json!({ "AccessToken": session["AccessToken"] });
    let devices = world.call("ListDevices", access.clone()).await.unwrap();
    assert_eq!(devices, json!({ "Devices": [] }));
    let before = world.pool.verify(text(&session, "AccessToken")).await.unwrap();
    assert_eq!(world.call("DeleteUser", access.clone()).await.unwrap(), json!({}));
    let unknown = world.sign_in("unknown", PASSWORD).await.unwrap_err();
    assert_eq!(world.sign_in("ann", PASSWORD).await.unwrap_err(), unknown);
    let refresh = json!({ "RefreshToken": session["RefreshToken"] });
    assert_eq!(
        world.error_of("GetTokensFromRefreshToken", refresh).await.0,
        "NotAuthorizedException"
    );
    let gone = ("UserNotFoundException", "User does not exist.".to_owned());
    for operation in ["GetUser", "DeleteUser", "ListDevices"] {
        assert_eq!(
            world.error_of(operation, access.clone()).await,
            gone,
            "{operation}"
        );
    }
    // The next user of the name has another `sub`, and the old token is not valid for that user.
    world.add_user("ann").await;
    let after = world.sign_in("ann", PASSWORD).await.unwrap();
    let after = world.pool.verify(text(&after, "AccessToken")).await.unwrap();
    assert_ne!(after.sub, before.sub);
    assert_eq!(world.error_of("GetUser", access).await, gone);
    // AppSync checks only signature and time.
    world.pool.verify(text(&session, "AccessToken")).await.unwrap();
}
