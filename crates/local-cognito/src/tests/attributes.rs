//! Attributes: whose form is right, and what a client may write.

use super::*;

fn with(name: &str, value: &str) -> Value {
    json!({ "Username": "ann", "Password": PASSWORD, "UserAttributes": [{ "Name": name, "Value": value }] })
}

#[rstest]
#[case("email", "nope", "Invalid email address format.")]
#[case("email", "@", "Invalid email address format.")]
#[case("email", "", "Invalid email address format.")]
#[case("email", "ann@example", "Invalid email address format.")]
#[case("email", "ann@@example.com", "Invalid email address format.")]
#[case("email", "a nn@example.com", "Invalid email address format.")]
#[case("email", "ann@example..com", "Invalid email address format.")]
#[case("phone_number", "123", "Invalid phone number format.")]
#[case("phone_number", "+", "Invalid phone number format.")]
#[case("phone_number", "+49 30 1", "Invalid phone number format.")]
#[case("phone_number", "+1234567890123456", "Invalid phone number format.")]
#[tokio::test]
async fn a_value_that_has_not_its_form_is_refused(
    #[case] name: &str,
    #[case] value: &str,
    #[case] message: &str,
) {
    let refused = World::new().refused("SignUp", with(name, value)).await;
    assert_eq!(refused, ("InvalidParameterException", message.to_owned()));
}

#[tokio::test]
async fn values_of_the_standard_schema_have_its_form() {
    for (name, value) in [("birthdate", "yesterday"), ("updated_at", "now")] {
        let refused = World::new().refused("SignUp", with(name, value)).await;
        assert_eq!(refused.0, "InvalidParameterException");
        assert!(
            refused.1.starts_with("Attributes did not conform to the schema"),
            "{}",
            refused.1
        );
    }
    let long = "x".repeat(2_049);
    assert_eq!(
        World::new().refused("SignUp", with("name", &long)).await.0,
        "InvalidParameterException"
    );
}

#[rstest]
#[case("email_verified")]
#[case("phone_number_verified")]
#[case("sub")]
#[case("bogus")]
#[case("phonenumber")]
#[case("custom:x")]
#[tokio::test]
async fn what_no_client_may_write_is_refused(#[case] name: &str) {
    let unauthorized = (
        "NotAuthorizedException",
        "A client attempted to write unauthorized attribute".to_owned(),
    );
    let world = World::with_user("ann").await;
    assert_eq!(world.refused("SignUp", with(name, "true")).await, unauthorized);
    let access = world.sign_in("ann", PASSWORD).await.unwrap()["AccessToken"].clone();
    let body = json!({ "AccessToken": access, "UserAttributes": [{ "Name": name, "Value": "true" }] });
    assert_eq!(world.refused("UpdateUserAttributes", body).await, unauthorized);
}

#[tokio::test]
async fn standard_attributes_are_kept_and_given_back_by_get_user_and_in_the_id_token() {
    let world = World::new();
    let given = [
        ("address", "1 Main Street"),
        ("birthdate", "1990-01-31"),
        ("email", "ann@example.com"),
        ("name", "Ann"),
        ("phone_number", "+493012345"),
        ("updated_at", "1772870709"),
        ("zoneinfo", "Europe/Berlin"),
    ];
    let attributes: Vec<Value> = given
        .iter()
        .map(|(name, value)| json!({ "Name": name, "Value": value }))
        .collect();
    let body = json!({ "Username": "ann", "Password": PASSWORD, "UserAttributes": attributes });
    world.call("SignUp", body).await.unwrap();
    world.confirm("ann").await;
    let result = world.sign_in("ann", PASSWORD).await.unwrap();
    let kept = world.attributes(&result["AccessToken"]).await;
    for (name, value) in given {
        assert!(
            kept.contains(&(name.to_owned(), value.to_owned())),
            "{name}: {kept:?}"
        );
    }
    assert!(kept.contains(&("email_verified".to_owned(), "true".to_owned())));
    assert!(kept.contains(&("phone_number_verified".to_owned(), "false".to_owned())));
    assert_eq!(kept.len(), given.len() + 2);
    let id = world.pool.verify(text(&result, "IdToken")).await.unwrap();
    for (name, claim) in [
        ("name", json!("Ann")),
        ("email", json!("ann@example.com")),
        ("email_verified", json!(true)),
        ("phone_number_verified", json!(false)),
        ("address", json!({ "formatted": "1 Main Street" })),
        ("updated_at", json!(1_772_870_709)),
        ("zoneinfo", json!("Europe/Berlin")),
    ] {
        assert_eq!(id.claims.get(name), Some(&claim), "{name}");
    }
    let access = world.pool.verify(text(&result, "AccessToken")).await.unwrap();
    assert_eq!(access.claims.get("name"), None);
}

#[tokio::test]
async fn an_account_needs_no_e_mail() {
    let world = World::with_user("ann").await;
    let result = world.sign_in("ann", PASSWORD).await.unwrap();
    assert_eq!(world.attributes(&result["AccessToken"]).await, []);
    let id = world.pool.verify(text(&result, "IdToken")).await.unwrap();
    assert_eq!(id.claims.get("email_verified"), None);
}

#[tokio::test]
async fn attributes_may_come_along_with_a_password_in_place_of_a_given_one() {
    let world = World::new();
    let made = json!({ "Username": "ann", "TemporaryPassword": PASSWORD, "MessageAction": "SUPPRESS" });
    world.administer("AdminCreateUser", made).await.unwrap();
    let asked = world.by_password(Transport::Port, "ann", PASSWORD).await.unwrap();
    let answer = |name: &str| {
        json!({ "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": asked["Session"],
            "ChallengeResponses": { "USERNAME": "ann", "NEW_PASSWORD": "Correct-Horse-8!",
                format!("userAttributes.{name}"): "Ann" } })
    };
    assert_eq!(
        world.refused("RespondToAuthChallenge", answer("bogus")).await.0,
        "NotAuthorizedException",
        "it doesn't cost the session"
    );
    let done = world
        .call("RespondToAuthChallenge", answer("name"))
        .await
        .unwrap();
    let access = &done["AuthenticationResult"]["AccessToken"];
    assert_eq!(
        world.attributes(access).await,
        [("name".to_owned(), "Ann".to_owned())]
    );
}
