//! Attributes: their formats, and which of them clients can write.

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
async fn a_malformed_e_mail_or_phone_number_is_rejected(
    #[case] name: &str,
    #[case] value: &str,
    #[case] message: &str,
) {
    let error = World::new().error_of("SignUp", with(name, value)).await;
    assert_eq!(error, ("InvalidParameterException", message.to_owned()));
}

#[tokio::test]
async fn values_outside_the_standard_schema_are_rejected() {
    for (name, value) in [("birthdate", "yesterday"), ("updated_at", "now")] {
        let error = World::new().error_of("SignUp", with(name, value)).await;
        assert_eq!(error.0, "InvalidParameterException");
        assert!(
            error.1.starts_with("Attributes did not conform to the schema"),
            "{}",
            error.1
        );
    }
    let long = "x".repeat(2_049);
    assert_eq!(
        World::new().error_of("SignUp", with("name", &long)).await.0,
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
async fn an_attribute_that_clients_cannot_write_is_rejected(#[case] name: &str) {
    let unauthorized = (
        "NotAuthorizedException",
        "A client attempted to write unauthorized attribute".to_owned(),
    );
    let world = World::with_user("ann").await;
    assert_eq!(world.error_of("SignUp", with(name, "true")).await, unauthorized);
    let access = world.sign_in("ann", PASSWORD).await.unwrap()["AccessToken"].clone();
    let body = json!({ "AccessToken": access, "UserAttributes": [{ "Name": name, "Value": "true" }] });
    assert_eq!(world.error_of("UpdateUserAttributes", body).await, unauthorized);
}

#[tokio::test]
async fn standard_attributes_are_in_get_user_and_in_the_id_token() {
    let world = World::new();
    let attributes_given = [
        ("address", "1 Main Street"),
        ("birthdate", "1990-01-31"),
        ("email", "ann@example.com"),
        ("name", "Ann"),
        ("phone_number", "+493012345"),
        ("updated_at", "1772870709"),
        ("zoneinfo", "Europe/Berlin"),
    ];
    let attributes: Vec<Value> = attributes_given
        .iter()
        .map(|(name, value)| json!({ "Name": name, "Value": value }))
        .collect();
    let body = json!({ "Username": "ann", "Password": PASSWORD, "UserAttributes": attributes });
    world.call("SignUp", body).await.unwrap();
    world.confirm("ann").await;
    let result = world.sign_in("ann", PASSWORD).await.unwrap();
    let kept = world.attributes(&result["AccessToken"]).await;
    for (name, value) in attributes_given {
        assert!(
            kept.contains(&(name.to_owned(), value.to_owned())),
            "{name}: {kept:?}"
        );
    }
    assert!(kept.contains(&("email_verified".to_owned(), "true".to_owned())));
    assert!(kept.contains(&("phone_number_verified".to_owned(), "false".to_owned())));
    assert_eq!(kept.len(), attributes_given.len() + 2);
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
async fn attributes_can_be_set_with_the_password_that_replaces_a_temporary_one() {
    let world = World::new();
    let made = json!({ "Username": "ann", "TemporaryPassword": PASSWORD, "MessageAction": "SUPPRESS" });
    world.administer("AdminCreateUser", made).await.unwrap();
    let challenge = world.by_password(Transport::Port, "ann", PASSWORD).await.unwrap();
    let response = |name: &str| {
        json!({ "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": challenge["Session"],
            "ChallengeResponses": { "USERNAME": "ann", "NEW_PASSWORD": "Correct-Horse-8!",
                format!("userAttributes.{name}"): "Ann" } })
    };
    assert_eq!(
        world
            .error_of("RespondToAuthChallenge", response("bogus"))
            .await
            .0,
        "NotAuthorizedException",
        "the session stays valid"
    );
    let done = world
        .call("RespondToAuthChallenge", response("name"))
        .await
        .unwrap();
    let access = &done["AuthenticationResult"]["AccessToken"];
    assert_eq!(
        world.attributes(access).await,
        [("name".to_owned(), "Ann".to_owned())]
    );
}
