//! A profile that signs: keys of the identity pool, their renewal, and the clock that dates signatures.

use std::collections::BTreeSet;

use caltrack_client::api::Client;
use serde_json::{Value, json};

use crate::fake::{Fake, Proof, soon};

fn no_categories() -> Value {
    json!({"data": {"listActivityCategories": {"items": [], "nextToken": null}}})
}

#[tokio::test]
async fn programs_that_share_a_session_request_keys_once_and_keep_them_private() {
    let fake = Fake::start();
    fake.signed_in_with_keys(None);
    for _ in 0..4 {
        fake.will_answer(200, no_categories());
    }
    let programs = [(); 4].map(|()| fake.signing_client());
    let calls = futures_util::future::join_all(programs.iter().map(Client::categories));
    for result in soon(calls).await {
        result.unwrap();
    }
    assert_eq!(fake.script().keys_given, 1);
    assert_eq!(fake.script().refreshes, 0);
    let file = fake.session_file();
    let kept: Value = serde_json::from_slice(&std::fs::read(file.path()).unwrap()).unwrap();
    assert_eq!(kept["keys"]["access_key_id"], "ASIA1");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(file.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn keys_that_are_kept_are_used_until_shortly_before_they_expire() {
    for (seconds, requested) in [(3000, 0), (299, 1)] {
        let fake = Fake::start();
        fake.signed_in_with_keys(Some(seconds));
        fake.will_answer(200, no_categories());
        soon(fake.signing_client().categories()).await.unwrap();
        assert_eq!(fake.script().keys_given, requested, "{seconds} s");
    }
}

#[tokio::test]
async fn rejected_keys_are_renewed_and_the_call_retried() {
    let fake = Fake::start();
    fake.signed_in_with_keys(Some(3000));
    // Other keys have been given out since.
    fake.script().keys_given = 7;
    fake.will_answer(200, no_categories());
    soon(fake.signing_client().categories()).await.unwrap();
    let script = fake.script();
    assert_eq!((script.keys_given, script.asked.len()), (8, 1));
}

#[tokio::test]
async fn signatures_have_the_servers_date() {
    for ahead in [7_200, -7_200] {
        let fake = Fake::start();
        fake.signed_in_with_keys(Some(3000));
        fake.script().clock_ahead = ahead;
        fake.will_answer(200, no_categories());
        fake.will_answer(200, no_categories());
        let client = fake.signing_client();
        assert_eq!(client.signature_correction(), Some(0));
        soon(client.categories()).await.unwrap();
        let correction = client.signature_correction().unwrap();
        assert!(correction.abs_diff(ahead) < 60, "{correction}");
        soon(client.categories()).await.unwrap();
        assert_eq!(fake.script().keys_given, 0, "the keys themselves are valid");
    }
}

/// The first program measures the difference by a rejected request, the next one has it.
#[tokio::test]
async fn the_first_signature_of_the_next_program_has_the_servers_date() {
    let fake = Fake::start();
    fake.signed_in_with_keys(Some(3000));
    fake.script().clock_ahead = -7_200;
    for rejected in [1, 1] {
        fake.will_answer(200, no_categories());
        soon(fake.signing_client().categories()).await.unwrap();
        assert_eq!(fake.script().rejected_signatures, rejected);
    }
    // The clock was set.
    fake.script().clock_ahead = 0;
    for rejected in [2, 2] {
        fake.will_answer(200, no_categories());
        soon(fake.signing_client().categories()).await.unwrap();
        assert_eq!(fake.script().rejected_signatures, rejected);
    }
}

/// Keys last an hour from the moment at which they were given, whatever the clocks show.
#[tokio::test]
async fn keys_of_a_pool_with_another_clock_are_used_for_their_lifetime() {
    let fake = Fake::start();
    fake.signed_in_with_keys(None);
    fake.script().clock_ahead = -7_200;
    for _ in 0..3 {
        fake.will_answer(200, no_categories());
        soon(fake.signing_client().categories()).await.unwrap();
    }
    assert_eq!(fake.script().keys_given, 1);
}

#[tokio::test]
async fn a_connection_and_each_of_its_subscriptions_are_signed() {
    let mut fake = Fake::start();
    fake.signed_in_with_keys(Some(3000));
    let client = fake.signing_client();
    let (sender, _events) = tokio::sync::mpsc::channel(16);
    let listening = tokio::spawn(async move { client.listen(sender).await });
    let mut peer = fake.connection().await;
    let connect = peer.authorization();
    assert_eq!(connect["host"], "localhost");
    assert_eq!(connect["x-amz-security-token"], "t");
    peer.send(json!({"type": "connection_ack", "payload": {"connectionTimeoutMs": 300_000}}))
        .await;
    let mut signatures = BTreeSet::from([connect["authorization"].to_string()]);
    for _ in 0..4 {
        let start = peer.receive().await;
        let authorization = &start["payload"]["extensions"]["authorization"];
        assert!(
            authorization["authorization"]
                .as_str()
                .unwrap()
                .contains("Credential=ASIA0/"),
            "{start}"
        );
        signatures.insert(authorization["authorization"].to_string());
    }
    assert_eq!(signatures.len(), 5, "each is for its own body");
    listening.abort();
}

#[tokio::test]
async fn a_user_whom_the_pool_no_longer_knows_is_signed_out() {
    let fake = Fake::start();
    fake.signed_in_with_keys(Some(-1));
    fake.script().proof = Proof::NoKeys;
    fake.script().refresh = "another".to_owned();
    let error = soon(fake.signing_client().categories()).await.unwrap_err();
    assert_eq!(error.kind().name(), "signed_out", "{error}");
    assert!(fake.session_file().account().is_none());
}
