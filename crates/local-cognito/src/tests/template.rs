//! The pool applies the settings of the deployed templates.

use serde_yaml_ng::Value as Yaml;

use super::*;

const TEMPLATES: [(&str, &str); 2] = [
    (
        "appsync-api.yaml",
        include_str!("../../../../templates/appsync-api.yaml"),
    ),
    (
        "caltrack.yaml",
        include_str!("../../../../templates/caltrack.yaml"),
    ),
];

/// Name of each template, and the properties of its resource.
fn properties(resource: &str) -> Vec<(&'static str, Yaml)> {
    TEMPLATES
        .iter()
        .map(|(name, text)| {
            let template: Yaml = serde_yaml_ng::from_str(text).expect(name);
            (*name, template["Resources"][resource]["Properties"].clone())
        })
        .collect()
}

fn number(value: &Yaml) -> i64 {
    value.as_i64().expect("a number")
}

#[tokio::test]
async fn user_names_and_passwords_follow_the_deployed_rules() {
    for (template, pool) in properties("UserPool") {
        let world = World::with_user("ann").await;
        let spelled_otherwise = world.sign_in("ANN", PASSWORD).await.is_err();
        assert_eq!(
            pool["UsernameConfiguration"]["CaseSensitive"], spelled_otherwise,
            "{template}"
        );
        let policy = &pool["Policies"]["PasswordPolicy"];
        let shortest = usize::try_from(number(&policy["MinimumLength"])).unwrap();
        let long = |length: usize| format!("Aa1!{}", "x".repeat(length - 4));
        let refused = |name: &'static str, password: String| {
            let body = json!({ "Username": name, "Password": password });
            let world = &world;
            async move {
                world
                    .call("SignUp", body)
                    .await
                    .is_err_and(|error| error.kind == "InvalidPasswordException")
            }
        };
        assert!(refused("bob", long(shortest - 1)).await, "{template}");
        assert!(!refused("bob", long(shortest)).await, "{template}");
        for (rule, without) in [
            ("RequireUppercase", "aa1!xxxxxxxx"),
            ("RequireLowercase", "AA1!XXXXXXXX"),
            ("RequireNumbers", "Aaa!xxxxxxxx"),
            ("RequireSymbols", "Aa11xxxxxxxx"),
        ] {
            assert_eq!(
                policy[rule],
                refused("cy", without.to_owned()).await,
                "{template}: {rule}"
            );
        }
        // Temporary passwords.
        let given = json!({ "Username": "dan", "TemporaryPassword": PASSWORD, "MessageAction": "SUPPRESS" });
        world.administer("AdminCreateUser", given).await.unwrap();
        let life = number(&policy["TemporaryPasswordValidityDays"]) * 86_400;
        world.now.fetch_add(life - 1, Ordering::Relaxed);
        world.by_password(Transport::Port, "dan", PASSWORD).await.unwrap();
        world.now.fetch_add(1, Ordering::Relaxed);
        world
            .by_password(Transport::Port, "dan", PASSWORD)
            .await
            .unwrap_err();
        // The second factor is an authenticator.
        assert_eq!(
            pool["AutoVerifiedAttributes"],
            Yaml::Sequence(vec!["email".into()])
        );
    }
}

/// The rotating client has the deployed settings; the other one is for programs without rotation.
#[tokio::test]
async fn tokens_live_and_rotate_as_deployed() {
    for (template, client) in properties("UserPoolClient") {
        let world = World::with_user("ann").await;
        let units = &client["TokenValidityUnits"];
        let seconds = |life: &str, unit: &str| {
            let each = match units[unit].as_str() {
                Some("minutes") => 60,
                Some("days") => 86_400,
                other => panic!("{other:?}"),
            };
            number(&client[life]) * each
        };
        let session = world
            .sign_in_to(ROTATING_CLIENT_ID, "ann", PASSWORD)
            .await
            .unwrap();
        assert_eq!(
            session["ExpiresIn"],
            seconds("AccessTokenValidity", "AccessToken"),
            "{template}"
        );
        for (token, life, unit) in [
            ("AccessToken", "AccessTokenValidity", "AccessToken"),
            ("IdToken", "IdTokenValidity", "IdToken"),
        ] {
            let identity = world.pool.verify(text(&session, token)).await.unwrap();
            let lives = identity.claims["exp"].as_i64().unwrap() - NOW;
            assert_eq!(lives, seconds(life, unit), "{template}: {token}");
        }
        let refresh = async |token: &Value| {
            let body = json!({ "ClientId": ROTATING_CLIENT_ID, "RefreshToken": token });
            world.call("GetTokensFromRefreshToken", body).await
        };
        // `!If [RotatesTokens, …]`: the cheapest plan has none.
        let Yaml::Tagged(condition) = &client["RefreshTokenRotation"] else {
            panic!("{template}: rotation doesn't depend on the plan");
        };
        assert_eq!(condition.tag, "If");
        let rotation = &condition.value[1];
        assert_eq!(rotation["Feature"], "ENABLED");
        let first = &session["RefreshToken"];
        let next = refresh(first).await.unwrap()["AuthenticationResult"]["RefreshToken"].clone();
        let grace = number(&rotation["RetryGracePeriodSeconds"]);
        world.now.fetch_add(grace - 1, Ordering::Relaxed);
        refresh(first).await.unwrap();
        world.now.fetch_add(1, Ordering::Relaxed);
        assert_eq!(
            refresh(first).await.unwrap_err().kind,
            "RefreshTokenReuseException"
        );
        let life = seconds("RefreshTokenValidity", "RefreshToken");
        world.now.fetch_add(life - grace - 1, Ordering::Relaxed);
        refresh(&next).await.unwrap();
        world.now.fetch_add(1, Ordering::Relaxed);
        assert_eq!(
            refresh(&next).await.unwrap_err().message,
            "Refresh Token has expired",
            "{template}"
        );
        assert_eq!(client["EnableTokenRevocation"], true);
        assert_eq!(client["PreventUserExistenceErrors"], "ENABLED");
        assert_eq!(client["GenerateSecret"], false);
    }
}
