//! Tokens that expire, are rejected, or are shared by several programs.

use caltrack_client::api::ApiError;
use serde_json::json;

use crate::fake::{Fake, soon, token};

fn no_categories() -> serde_json::Value {
    json!({"data": {"listActivityCategories": {"items": [], "nextToken": null}}})
}

#[tokio::test]
async fn a_token_that_expires_soon_is_refreshed_before_it_is_used() {
    let fake = Fake::start();
    fake.signed_in_for(299);
    fake.will_answer(200, no_categories());
    soon(fake.client().categories()).await.unwrap();
    assert_eq!(fake.script().refreshes, 1);
    let kept = std::fs::read_to_string(fake.session_file().path()).unwrap();
    assert!(
        kept.contains(&token(1)) && kept.contains("refresh-1"),
        "the rotated token is stored"
    );
}

#[tokio::test]
async fn a_fresh_token_is_used_without_a_refresh() {
    let fake = Fake::start();
    fake.signed_in_for(3000);
    fake.will_answer(200, no_categories());
    soon(fake.client().categories()).await.unwrap();
    assert_eq!(fake.script().refreshes, 0);
}

#[tokio::test]
async fn a_rejected_token_is_renewed_and_the_call_retried() {
    let fake = Fake::start();
    fake.signed_in_for(3000);
    fake.script().valid = "another".to_owned();
    fake.will_answer(200, no_categories());
    soon(fake.client().categories()).await.unwrap();
    let script = fake.script();
    assert_eq!((script.refreshes, script.asked.len()), (1, 1));
}

#[tokio::test]
async fn a_token_is_renewed_only_once() {
    let fake = Fake::start();
    fake.signed_in_for(3000);
    fake.script().valid = "another".to_owned();
    fake.script().honours_new_tokens = false;
    let error = soon(fake.client().categories()).await.unwrap_err();
    assert_eq!(error, ApiError::Unauthorized("Token has expired.".to_owned()));
    assert_eq!(fake.script().refreshes, 1);
}

#[tokio::test]
async fn programs_that_share_a_session_refresh_it_once() {
    let fake = Fake::start();
    fake.signed_in_for(10);
    for _ in 0..4 {
        fake.will_answer(200, no_categories());
    }
    let programs = [fake.client(), fake.client(), fake.client(), fake.client()];
    let calls = futures_util::future::join_all(programs.iter().map(caltrack_client::api::Client::categories));
    for result in soon(calls).await {
        result.unwrap();
    }
    assert_eq!(fake.script().refreshes, 1);
}

#[tokio::test]
async fn a_session_that_the_pool_has_ended_is_removed() {
    let fake = Fake::start();
    fake.signed_in_for(10);
    fake.script().refresh = "another".to_owned();
    let client = fake.client();
    assert!(client.account().is_some());
    let error = soon(client.categories()).await.unwrap_err();
    assert_eq!(error.kind().name(), "signed_out");
    assert!(error.to_string().contains("revoked"), "{error}");
    assert!(client.account().is_none());
    assert_eq!(
        soon(client.categories()).await.unwrap_err().kind().name(),
        "signed_out"
    );
}

#[tokio::test]
async fn signing_out_revokes_the_session_and_works_offline() {
    let fake = Fake::start();
    fake.signed_in_for(3000);
    soon(fake.client().sign_out()).await.unwrap();
    assert_eq!(fake.script().revoked, ["refresh-0"]);
    assert!(fake.client().account().is_none());

    fake.signed_in_for(3000);
    std::fs::remove_file(fake.dir.path().join("backend.sock")).unwrap();
    soon(fake.client().sign_out()).await.unwrap();
    assert!(fake.client().account().is_none());
}

/// Cognito reports a proof of another time as a wrong password.
#[tokio::test]
async fn the_proof_of_the_password_has_the_pools_date() {
    for ahead in [86_400, -86_400] {
        let fake = Fake::start();
        fake.script().clock_ahead = ahead;
        let parameters =
            json!({"USER_ID_FOR_SRP": "ada", "SALT": "a1", "SRP_B": "b2", "SECRET_BLOCK": "YmxvY2s="});
        let challenge = json!({"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": parameters});
        fake.script().pool_answers.push_back((200, challenge));
        let tokens = json!({"AuthenticationResult": {"AccessToken": token(0), "RefreshToken": "r", "ExpiresIn": 3600}});
        fake.script().pool_answers.push_back((200, tokens));
        soon(
            fake.client()
                .sign_in("ada", &"Correct-Horse-7!".to_owned().into()),
        )
        .await
        .unwrap();
        let script = fake.script();
        let text = script.pool_asked[1].1["ChallengeResponses"]["TIMESTAMP"]
            .as_str()
            .unwrap();
        let proven = jiff::civil::DateTime::strptime("%a %b %d %H:%M:%S UTC %Y", text).unwrap();
        let proven = proven.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
        let there = jiff::Timestamp::now().as_second() + ahead;
        assert!(proven.as_second().abs_diff(there) < 60, "{ahead}: {text}");
    }
}

#[tokio::test]
async fn an_unsupported_challenge_is_named() {
    let fake = Fake::start();
    let answer = json!({"ChallengeName": "CUSTOM_CHALLENGE", "Session": "s", "ChallengeParameters": {}});
    fake.script().pool_answers.push_back((200, answer));
    let error = soon(
        fake.client()
            .sign_in("ada", &"Correct-Horse-7!".to_owned().into()),
    )
    .await
    .unwrap_err();
    assert_eq!(error, ApiError::Challenge("CUSTOM_CHALLENGE".to_owned()));
    let script = fake.script();
    let (operation, body) = &script.pool_asked[0];
    assert_eq!(
        (operation.as_str(), &body["AuthFlow"]),
        ("InitiateAuth", &json!("USER_SRP_AUTH"))
    );
    assert!(
        !body.to_string().contains("Correct-Horse"),
        "the password is never sent"
    );
}

#[tokio::test]
async fn errors_of_signing_up_and_confirming_are_reported() {
    let fake = Fake::start();
    let client = fake.client();
    fake.script()
        .pool_answers
        .push_back((200, json!({"UserConfirmed": false, "UserSub": "s-1"})));
    let password = "Correct-Horse-7!".to_owned().into();
    let signed_up = soon(client.sign_up("ada", &password, Some("ada@example.com")))
        .await
        .unwrap();
    assert_eq!((signed_up.confirmed, signed_up.sub.as_str()), (false, "s-1"));
    let refusal = json!({"__type": "CodeMismatchException", "message": "Invalid verification code provided, please try again."});
    fake.script().pool_answers.push_back((400, refusal));
    let error = soon(client.confirm_sign_up("ada", "000000")).await.unwrap_err();
    assert_eq!(error.kind().name(), "rejected");
    let refusal = json!({"__type": "UserNotConfirmedException", "message": "User is not confirmed."});
    fake.script().pool_answers.push_back((400, refusal));
    assert_eq!(
        soon(client.sign_in("ada", &password)).await.unwrap_err(),
        ApiError::NotConfirmed
    );
    let script = fake.script();
    assert_eq!(
        script.pool_asked[0].1["UserAttributes"],
        json!([{"Name": "email", "Value": "ada@example.com"}])
    );
    assert_eq!(script.pool_asked[1].1["ConfirmationCode"], "000000");
}
