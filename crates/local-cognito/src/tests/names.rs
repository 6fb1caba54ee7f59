//! User names: their case doesn't count, and one is the computer's owner's.

use super::*;

#[tokio::test]
async fn the_case_of_a_name_does_not_count() {
    let world = World::new();
    let sign_up = |name: &str| json!({ "Username": name, "Password": PASSWORD });
    world.call("SignUp", sign_up("Carl")).await.unwrap();
    for name in ["carl", "cARL", "Carl"] {
        assert_eq!(
            world.refused("SignUp", sign_up(name)).await,
            ("UsernameExistsException", "User already exists".to_owned())
        );
    }
    world
        .call("ResendConfirmationCode", json!({ "Username": "CARL" }))
        .await
        .unwrap();
    world.confirm("cArL").await;
    let mut subs = Vec::new();
    for name in ["CARL", "carl", "Carl"] {
        let by_srp = world.sign_in(name, PASSWORD).await.unwrap();
        let by_password = world.by_password(Transport::Port, name, PASSWORD).await.unwrap();
        for result in [&by_srp, &by_password["AuthenticationResult"]] {
            let identity = world.pool.verify(text(result, "IdToken")).await.unwrap();
            assert_eq!(identity.username, "carl", "as the pool keeps it");
            subs.push(identity.sub);
        }
    }
    assert!(subs.iter().all(|sub| *sub == subs[0]));
    world
        .call("ForgotPassword", json!({ "Username": "CARL" }))
        .await
        .unwrap();
    let other = "Correct-Horse-8!";
    let confirm = json!({ "Username": "Carl", "ConfirmationCode": world.last_code(), "Password": other });
    world.call("ConfirmForgotPassword", confirm).await.unwrap();
    world.sign_in("cARL", other).await.unwrap();
}

/// Clients send the name as it was typed along with their proof.
#[tokio::test]
async fn a_proof_may_come_with_the_name_as_it_was_typed() {
    let world = World::with_user("ann").await;
    let mut proof = world.challenge(CLIENT_ID, "ANN", PASSWORD).await.unwrap();
    proof["ChallengeResponses"]["USERNAME"] = json!("ANN");
    world.call("RespondToAuthChallenge", proof).await.unwrap();
}

/// The returned spelling must not reveal whether a name exists.
#[tokio::test]
async fn unknown_names_are_normalised_like_known_ones() {
    let world = World::with_user("ann").await;
    for name in ["ANN", "BOB"] {
        let parameters = json!({ "USERNAME": name, "SRP_A": "5" });
        let body = json!({ "AuthFlow": "USER_SRP_AUTH", "AuthParameters": parameters });
        let asked = world.call("InitiateAuth", body).await.unwrap();
        assert_eq!(
            text(&asked["ChallengeParameters"], "USER_ID_FOR_SRP"),
            name.to_lowercase()
        );
    }
}

#[rstest]
#[case("me")]
#[case("Me")]
#[case("ME")]
#[tokio::test]
async fn the_owners_name_is_signed_up_by_the_socket_file_alone(#[case] name: &str) {
    let world = World::new();
    let body = json!({ "Username": name, "Password": PASSWORD });
    assert_eq!(
        world.refused("SignUp", body.clone()).await,
        ("UsernameExistsException", "User already exists".to_owned())
    );
    world
        .call_by(Transport::SocketFile, "SignUp", body)
        .await
        .unwrap();
    world.confirm("me").await;
    world.sign_in("me", PASSWORD).await.unwrap();
}

/// Nor can the name be blocked by requesting codes before it is signed up.
#[tokio::test]
async fn codes_that_were_asked_for_before_a_sign_up_do_not_count() {
    let world = World::new();
    let name = json!({ "Username": "me" });
    for _ in 0..5 {
        world.call("ResendConfirmationCode", name.clone()).await.unwrap();
    }
    assert_eq!(
        world.refused("ResendConfirmationCode", name).await.0,
        "LimitExceededException"
    );
    let wrong = json!({ "Username": "me", "ConfirmationCode": "x" });
    for _ in 0..16 {
        world.refused("ConfirmSignUp", wrong.clone()).await;
    }
    let body = json!({ "Username": "me", "Password": PASSWORD });
    world
        .call_by(Transport::SocketFile, "SignUp", body)
        .await
        .unwrap();
    world.confirm("me").await;
}
