//! What a user pool asks for after the password. Its challenges are as Cognito's API reference has them.

use caltrack_client::api::{ApiError, Challenge, CodeBy, SignIn, Wanted};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use crate::fake::{Fake, soon, token};

fn secret(text: &str) -> SecretString {
    text.to_owned().into()
}

fn asks(name: &str, session: &str, parameters: &Value) -> Value {
    json!({"ChallengeName": name, "Session": session, "ChallengeParameters": parameters})
}

fn tokens() -> Value {
    json!({"ChallengeParameters": {}, "AuthenticationResult":
        {"AccessToken": token(0), "RefreshToken": "refresh-0", "ExpiresIn": 3600, "TokenType": "Bearer"}})
}

/// Signs in; the pool's first answer is this challenge.
async fn asked(fake: &Fake, challenge: Value) -> Challenge {
    fake.script().pool_answers.push_back((200, challenge));
    match soon(fake.client().sign_in("ada", &secret("Correct-Horse-7!"))).await {
        Ok(SignIn::Asked(challenge)) => challenge,
        other => panic!("{other:?}"),
    }
}

async fn answered(fake: &Fake, challenge: &Challenge, answer: &str) -> Result<SignIn, ApiError> {
    soon(fake.client().answer(challenge, &secret(answer))).await
}

#[tokio::test]
async fn an_authenticators_code_ends_the_sign_in() {
    let fake = Fake::start();
    let challenge = asked(
        &fake,
        asks(
            "SOFTWARE_TOKEN_MFA",
            "s-1",
            &json!({"USER_ID_FOR_SRP": "id-of-ada"}),
        ),
    )
    .await;
    assert!(matches!(challenge.wanted, Wanted::Code(CodeBy::Authenticator)));
    fake.script().pool_answers.push_back((200, tokens()));
    let done = answered(&fake, &challenge, " 123456 ").await.unwrap();
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
async fn a_given_password_is_replaced_and_another_challenge_may_follow() {
    let fake = Fake::start();
    let parameters = json!({"USER_ID_FOR_SRP": "ada", "requiredAttributes": "[]", "userAttributes": "{}"});
    let challenge = asked(&fake, asks("NEW_PASSWORD_REQUIRED", "s-1", &parameters)).await;
    assert!(matches!(challenge.wanted, Wanted::NewPassword));
    let next = asks(
        "SMS_MFA",
        "s-2",
        &json!({"CODE_DELIVERY_DESTINATION": "+*******1234"}),
    );
    fake.script().pool_answers.push_back((200, next));
    let SignIn::Asked(challenge) = answered(&fake, &challenge, "Correct-Horse-8!").await.unwrap() else {
        panic!("another challenge");
    };
    assert!(matches!(challenge.wanted, Wanted::Code(CodeBy::Sms)));
    assert_eq!(
        challenge.session.expose_secret(),
        "s-2",
        "each answer brings a session of its own"
    );
    assert_eq!(
        fake.script().pool_asked[1].1["ChallengeResponses"],
        json!({"USERNAME": "ada", "NEW_PASSWORD": "Correct-Horse-8!"})
    );
}

#[tokio::test]
async fn an_authenticator_is_set_up_where_the_pool_insists() {
    let fake = Fake::start();
    fake.script().pool_answers.push_back((
        200,
        asks(
            "MFA_SETUP",
            "s-1",
            &json!({"MFAS_CAN_SETUP": "[\"SOFTWARE_TOKEN_MFA\"]"}),
        ),
    ));
    fake.script()
        .pool_answers
        .push_back((200, json!({"SecretCode": "JBSWY3DPEHPK3PXP", "Session": "s-2"})));
    let outcome = soon(fake.client().sign_in("ada", &secret("Correct-Horse-7!"))).await;
    let Ok(SignIn::Asked(challenge)) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(
        matches!(&challenge.wanted, Wanted::Enrolment(made) if made.expose_secret() == "JBSWY3DPEHPK3PXP")
    );
    fake.script()
        .pool_answers
        .push_back((200, json!({"Status": "SUCCESS", "Session": "s-3"})));
    fake.script().pool_answers.push_back((200, tokens()));
    assert!(matches!(
        answered(&fake, &challenge, "123456").await,
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
async fn the_authenticator_is_taken_where_the_pool_offers_a_choice() {
    let fake = Fake::start();
    let choice = json!({"USER_ID_FOR_SRP": "ada", "MFAS_CAN_CHOOSE": "[\"SMS_MFA\",\"SOFTWARE_TOKEN_MFA\"]"});
    fake.script()
        .pool_answers
        .push_back((200, asks("SELECT_MFA_TYPE", "s-1", &choice)));
    fake.script()
        .pool_answers
        .push_back((200, asks("SOFTWARE_TOKEN_MFA", "s-2", &json!({}))));
    let outcome = soon(fake.client().sign_in("ada", &secret("Correct-Horse-7!"))).await;
    assert!(
        matches!(outcome, Ok(SignIn::Asked(challenge)) if matches!(challenge.wanted, Wanted::Code(CodeBy::Authenticator)))
    );
    assert_eq!(
        fake.script().pool_asked[1].1["ChallengeResponses"]["ANSWER"],
        "SOFTWARE_TOKEN_MFA"
    );
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_and_the_pool_tells_where_the_code_went() {
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
async fn signing_out_everywhere_forgets_the_session_only_once_the_pool_has_agreed() {
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
