//! Who asks, before anything is looked at.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn who_it_is_comes_before_what_is_wrong_with_it() {
    let world = World::new().await;
    let large = vec![b' '; MEGABYTE + 1];
    for body in ["".as_bytes(), b"{", &large] {
        let answer = world.raw("POST", "/graphql", "", body).await;
        assert_refused(&answer, 401, "UnauthorizedException", "nobody");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn either_token_is_taken_with_bearer_before_it_or_without() {
    let world = World::new().await;
    let tokens = client::srp::sign_in(&world.the_box.socket, "anna", PASSWORD)
        .await
        .unwrap();
    let body = json!({ "query": CATEGORIES }).to_string();
    for name in ["IdToken", "AccessToken"] {
        for before in ["", "Bearer "] {
            let token = tokens[name].as_str().unwrap();
            let headers = format!("content-type: application/json\r\nauthorization: {before}{token}\r\n");
            let answer = world.raw("POST", "/graphql", &headers, body.as_bytes()).await;
            assert_eq!(
                (answer.0, answer.2.get("errors")),
                (200, None),
                "{before}{name}: {answer:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_key_is_looked_at_before_a_good_token_and_there_are_none() {
    let world = World::new().await;
    let body = json!({ "query": CATEGORIES }).to_string();
    for key in ["da2-abcdefghijklmnopqrstuvwxyz", "x"] {
        let headers = format!("content-type: application/json\r\nX-Api-Key: {key}\r\n");
        let answer = world.post(&headers, body.as_bytes()).await;
        assert_refused(&answer, 401, "UnauthorizedException", key);
        let message = &answer.2["errors"][0]["message"];
        assert_eq!(message, "You are not authorized to make this call.");
    }
    world.is_well().await;
}
