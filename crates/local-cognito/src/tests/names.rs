//! User names: they are case-insensitive, and `me` is reserved for the owner of the computer.

use super::*;

#[tokio::test]
async fn user_names_are_case_insensitive() {
    let world = World::new();
    let sign_up = |name: &str| json!({ "Username": name, "Password": PASSWORD });
    world.call("SignUp", sign_up("Carl")).await.unwrap();
    for name in ["carl", "cARL", "Carl"] {
        assert_eq!(
            world.error_of("SignUp", sign_up(name)).await,
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
            assert_eq!(identity.username, "carl", "the stored spelling");
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

/// Clients send it with their proof.
#[tokio::test]
async fn a_proof_can_carry_the_name_as_typed() {
    let world = World::with_user("ann").await;
    let mut proof = world.challenge(CLIENT_ID, "ANN", PASSWORD).await.unwrap();
    proof["ChallengeResponses"]["USERNAME"] = json!("ANN");
    world.call("RespondToAuthChallenge", proof).await.unwrap();
}

/// Otherwise the returned spelling would reveal whether a name exists.
#[tokio::test]
async fn unknown_names_are_normalised_like_known_ones() {
    let world = World::with_user("ann").await;
    for name in ["ANN", "BOB"] {
        let parameters = json!({ "USERNAME": name, "SRP_A": "5" });
        let body = json!({ "AuthFlow": "USER_SRP_AUTH", "AuthParameters": parameters });
        let challenge = world.call("InitiateAuth", body).await.unwrap();
        assert_eq!(
            text(&challenge["ChallengeParameters"], "USER_ID_FOR_SRP"),
            name.to_lowercase()
        );
    }
}

#[rstest]
#[case("me")]
#[case("Me")]
#[case("ME")]
#[tokio::test]
async fn the_owners_name_can_be_signed_up_over_the_socket_file_only(#[case] name: &str) {
    let world = World::new();
    let body = json!({ "Username": name, "Password": PASSWORD });
    assert_eq!(
        world.error_of("SignUp", body.clone()).await,
        ("UsernameExistsException", "User already exists".to_owned())
    );
    world
        .call_by(Transport::SocketFile, "SignUp", body)
        .await
        .unwrap();
    world.confirm("me").await;
    world.sign_in("me", PASSWORD).await.unwrap();
}

/// Otherwise a stranger could block the name by requesting codes.
#[tokio::test]
async fn codes_requested_before_a_sign_up_do_not_count_towards_its_limit() {
    let world = World::new();
    let name = json!({ "Username": "me" });
    for _ in 0..5 {
        world.call("ResendConfirmationCode", name.clone()).await.unwrap();
    }
    assert_eq!(
        world.error_of("ResendConfirmationCode", name).await.0,
        "LimitExceededException"
    );
    let wrong = json!({ "Username": "me", "ConfirmationCode": "x" });
    for _ in 0..16 {
        world.error_of("ConfirmSignUp", wrong.clone()).await;
    }
    let body = json!({ "Username": "me", "Password": PASSWORD });
    world
        .call_by(Transport::SocketFile, "SignUp", body)
        .await
        .unwrap();
    world.confirm("me").await;
}
