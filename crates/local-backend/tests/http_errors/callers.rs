//! Callers are authenticated before their requests are checked.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn authentication_precedes_the_checks_of_a_request() {
    let world = World::new().await;
    let large = vec![b' '; MEGABYTE + 1];
    for body in ["".as_bytes(), b"{", &large] {
        let response = world.raw("POST", "/graphql", "", body).await;
        assert_rejected(&response, 401, "UnauthorizedException", "no token");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_tokens_are_accepted_with_and_without_bearer() {
    let world = World::new().await;
    let tokens = client::srp::sign_in(&world.the_box.socket, "anna", PASSWORD)
        .await
        .unwrap();
    let body = json!({ "query": CATEGORIES }).to_string();
    for name in ["IdToken", "AccessToken"] {
        for before in ["", "Bearer "] {
            let token = tokens[name].as_str().unwrap();
            let headers = format!("content-type: application/json\r\nauthorization: {before}{token}\r\n");
            let response = world.raw("POST", "/graphql", &headers, body.as_bytes()).await;
            assert_eq!(
                (response.0, response.2.get("errors")),
                (200, None),
                "{before}{name}: {response:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_key_is_rejected_even_beside_a_valid_token() {
    let world = World::new().await;
    let body = json!({ "query": CATEGORIES }).to_string();
    for key in ["da2-abcdefghijklmnopqrstuvwxyz", "x"] {
        let headers = format!("content-type: application/json\r\nX-Api-Key: {key}\r\n");
        let response = world.post(&headers, body.as_bytes()).await;
        assert_rejected(&response, 401, "UnauthorizedException", key);
        let message = &response.2["errors"][0]["message"];
        assert_eq!(message, "You are not authorized to make this call.");
    }
    world.assert_works().await;
}
