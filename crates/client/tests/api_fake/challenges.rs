//! Challenges of a user pool after the password, in the form of Cognito's API reference.

use caltrack_client::api::{ApiError, SecondFactor, SignIn, SignInChallenge, SignInChallengeKind};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use crate::fake::{Fake, soon, token};

fn secret(text: &str) -> SecretString {
    text.to_owned().into()
}

fn challenge_body(name: &str, session: &str, parameters: &Value) -> Value {
    json!({"ChallengeName": name, "Session": session, "ChallengeParameters": parameters})
}

fn tokens() -> Value {
    json!({"ChallengeParameters": {}, "AuthenticationResult":
        {"AccessToken": token(0), "RefreshToken": "refresh-0", "ExpiresIn": 3600, "TokenType": "Bearer"}})
}

/// Signs in; the pool responds with this challenge.
async fn challenged(fake: &Fake, challenge: Value) -> SignInChallenge {
    fake.script().pool_answers.push_back((200, challenge));
    match soon(fake.client().sign_in("ada", &secret("Correct-Horse-7!"))).await {
        Ok(SignIn::Challenge(challenge)) => challenge,
        other => panic!("{other:?}"),
    }
}

async fn respond(fake: &Fake, challenge: &SignInChallenge, response: &str) -> Result<SignIn, ApiError> {
    soon(fake.client().respond(challenge, &secret(response))).await
}

#[tokio::test]
async fn the_code_of_an_authenticator_completes_the_sign_in() {
    let fake = Fake::start();
    let challenge = challenged(
        &fake,
        challenge_body(
            "SOFTWARE_TOKEN_MFA",
            "s-1",
            &json!({"USER_ID_FOR_SRP": "id-of-ada"}),
        ),
    )
    .await;
    assert!(matches!(
        challenge.kind,
        SignInChallengeKind::Code(SecondFactor::Authenticator)
    ));
    fake.script().pool_answers.push_back((200, tokens()));
    let done = respond(&fake, &challenge, " 123456 ").await.unwrap();
    assert!(matches!(done, SignIn::Done(account) if account.username == "ada"));
    let (operation, body) = fake.script().pool_asked[1].clone();
    assert_eq!(operation, "RespondToAuthChallenge");
    assert_eq!(body["Session"], "s-1");
    assert_eq!(
        body["ChallengeResponses"],
        json!({"USERNAME": "id-of-ada", "SOFTWARE_TOKEN_MFA_CODE": "123456"})
    );
}

#[tokio::test]
async fn an_administrators_password_is_replaced_and_another_challenge_may_follow() {
    let fake = Fake::start();
    let parameters = json!({"USER_ID_FOR_SRP": "ada", "requiredAttributes": "[]", "userAttributes": "{}"});
    let challenge = challenged(&fake, challenge_body("NEW_PASSWORD_REQUIRED", "s-1", &parameters)).await;
    assert!(matches!(challenge.kind, SignInChallengeKind::NewPassword));
    let next = challenge_body(
        "SMS_MFA",
        "s-2",
        &json!({"CODE_DELIVERY_DESTINATION": "+*******1234"}),
    );
    fake.script().pool_answers.push_back((200, next));
    let SignIn::Challenge(challenge) = respond(&fake, &challenge, "Correct-Horse-8!").await.unwrap() else {
        panic!("another challenge");
    };
    assert!(matches!(
        challenge.kind,
        SignInChallengeKind::Code(SecondFactor::Sms)
    ));
    assert_eq!(
        challenge.session.expose_secret(),
        "s-2",
        "each response has a session of its own"
    );
    assert_eq!(
        fake.script().pool_asked[1].1["ChallengeResponses"],
        json!({"USERNAME": "ada", "NEW_PASSWORD": "Correct-Horse-8!"})
    );
}

#[tokio::test]
async fn an_authenticator_is_set_up_if_the_pool_requires_it() {
    let fake = Fake::start();
    fake.script().pool_answers.push_back((
        200,
        challenge_body(
            "MFA_SETUP",
            "s-1",
            &json!({"MFAS_CAN_SETUP": "[\"SOFTWARE_TOKEN_MFA\"]"}),
        ),
    ));
    fake.script()
        .pool_answers
        .push_back((200, json!({"SecretCode": "JBSWY3DPEHPK3PXP", "Session": "s-2"})));
    let outcome = soon(fake.client().sign_in("ada", &secret("Correct-Horse-7!"))).await;
    let Ok(SignIn::Challenge(challenge)) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(
        matches!(&challenge.kind, SignInChallengeKind::Enrolment(made) if made.expose_secret() == "JBSWY3DPEHPK3PXP")
    );
    fake.script()
        .pool_answers
        .push_back((200, json!({"Status": "SUCCESS", "Session": "s-3"})));
    fake.script().pool_answers.push_back((200, tokens()));
    assert!(matches!(
        respond(&fake, &challenge, "123456").await,
        Ok(SignIn::Done(_))
    ));
    let script = fake.script();
    let asked: Vec<(&str, &Value)> = script
        .pool_asked
        .iter()
        .map(|(operation, body)| (operation.as_str(), &body["Session"]))
        .collect();
    assert_eq!(
        asked[1..],
        [
            ("AssociateSoftwareToken", &json!("s-1")),
            ("VerifySoftwareToken", &json!("s-2")),
            ("RespondToAuthChallenge", &json!("s-3")),
        ]
    );
}

#[tokio::test]
async fn the_authenticator_is_chosen_if_the_pool_offers_a_choice() {
    let fake = Fake::start();
    let choice = json!({"USER_ID_FOR_SRP": "ada", "MFAS_CAN_CHOOSE": "[\"SMS_MFA\",\"SOFTWARE_TOKEN_MFA\"]"});
    fake.script()
        .pool_answers
        .push_back((200, challenge_body("SELECT_MFA_TYPE", "s-1", &choice)));
    fake.script()
        .pool_answers
        .push_back((200, challenge_body("SOFTWARE_TOKEN_MFA", "s-2", &json!({}))));
    let outcome = soon(fake.client().sign_in("ada", &secret("Correct-Horse-7!"))).await;
    assert!(
        matches!(outcome, Ok(SignIn::Challenge(challenge)) if matches!(challenge.kind, SignInChallengeKind::Code(SecondFactor::Authenticator)))
    );
    assert_eq!(
        fake.script().pool_asked[1].1["ChallengeResponses"]["ANSWER"],
        "SOFTWARE_TOKEN_MFA"
    );
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_and_the_pool_reports_where_the_code_was_sent() {
    let fake = Fake::start();
    let client = fake.client();
    let delivered = json!({"CodeDeliveryDetails": {"Destination": "a***@e***", "DeliveryMedium": "EMAIL"}});
    fake.script().pool_answers.push_back((200, delivered));
    assert_eq!(
        soon(client.forgot_password("ada")).await.unwrap().as_deref(),
        Some("a***@e***")
    );
    fake.script().pool_answers.push_back((200, json!({})));
    soon(client.replace_password("ada", "123456", &secret("Correct-Horse-8!")))
        .await
        .unwrap();
    let (operation, body) = fake.script().pool_asked[1].clone();
    assert_eq!(operation, "ConfirmForgotPassword");
    assert_eq!(
        (&body["ConfirmationCode"], &body["Password"]),
        (&json!("123456"), &json!("Correct-Horse-8!"))
    );
}

#[tokio::test]
async fn signing_out_everywhere_removes_the_session_only_after_the_pool_has_ended_it() {
    let fake = Fake::start();
    fake.signed_in_for(3000);
    let client = fake.client();
    let refusal = json!({"__type": "InternalErrorException", "message": "Something is wrong here"});
    fake.script().pool_answers.push_back((500, refusal));
    assert!(soon(client.sign_out_everywhere()).await.is_err());
    assert!(client.account().is_some());
    fake.script().pool_answers.push_back((200, json!({})));
    soon(client.sign_out_everywhere()).await.unwrap();
    assert!(client.account().is_none());
}
