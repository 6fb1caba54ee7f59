//! Keys of the identity pool that were not given to their user.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{
    signatures::{keys_of_anna, kind, read_anna},
    signed::Keys,
    wire::Socket,
    world::World,
};

/// The pool's secret of keys, as an attacker with the file would need it: to make expired keys.
fn forge(world: &World, claims: &Value) -> Keys {
    let pool = world.the_box.socket.with_file_name("backend").join("pool.db");
    let db = rusqlite::Connection::open(pool).unwrap();
    let secret: Vec<u8> = db
        .query_row(
            "SELECT value FROM secrets WHERE name = 'identity pool'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let payload = claims.to_string();
    let mac = |label: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&secret).unwrap();
        mac.update(label.as_bytes());
        mac.update(&[0]);
        mac.update(payload.as_bytes());
        mac.finalize().into_bytes()
    };
    Keys {
        identity_id: String::new(),
        id: claims["key"].as_str().unwrap().to_owned(),
        secret: base64::prelude::BASE64_STANDARD.encode(mac("secret")),
        session_token: Some(format!(
            "{}.{}",
            BASE64.encode(&payload),
            BASE64.encode(mac("session token"))
        )),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_foreign_and_altered_keys_open_nothing() {
    let world = World::new().await;
    let (anna, ben) = (
        keys_of_anna(&world).await,
        Keys::of(&world.the_box.socket, &world.ben.session.token).await,
    );
    let token = |keys: &Keys| keys.session_token.clone().unwrap();
    let expiring = |at: i64| {
        json!({ "key": "ASIACALTRACKAAAAAAAA", "username": crate::world::ANNA, "sub": world.anna.session.sub,
            "expires": jiff::Timestamp::now().as_second() + at })
    };
    // The control: the same forgery before its expiry is accepted, so the rest is not rejected for its format.
    assert_eq!(read_anna(&world, &forge(&world, &expiring(60))).await.status, 200);
    let (payload, mac) = token(&anna)
        .split_once('.')
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    let claims = String::from_utf8(BASE64.decode(&payload).unwrap()).unwrap();
    let later = claims.replace("\"expires\":", "\"expires\":9");
    for (what, keys, expected) in [
        (
            "expired keys",
            forge(&world, &expiring(-1)),
            "ExpiredTokenException",
        ),
        (
            "no session token",
            Keys {
                session_token: None,
                ..anna.clone()
            },
            "UnrecognizedClientException",
        ),
        (
            "the session token of another user",
            Keys {
                session_token: Some(token(&ben)),
                ..anna.clone()
            },
            "UnrecognizedClientException",
        ),
        (
            "the id and token of another user",
            Keys {
                secret: ben.secret.clone(),
                ..anna.clone()
            },
            "InvalidSignatureException",
        ),
        (
            "a longer life",
            Keys {
                session_token: Some(format!("{}.{mac}", BASE64.encode(later))),
                ..anna.clone()
            },
            "UnrecognizedClientException",
        ),
        (
            "garbage",
            Keys {
                session_token: Some("TOKENEXAMPLE".to_owned()),
                ..anna.clone()
            },
            "UnrecognizedClientException",
        ),
    ] {
        let response = read_anna(&world, &keys).await;
        assert_eq!(
            (response.status, kind(&response).as_str()),
            (403, expected),
            "{what}: {}",
            response.body
        );
        let mut socket = Socket::dial_with(
            &world.the_box.socket,
            &keys.header_object("/graphql/connect", "{}"),
        )
        .await;
        let frame = socket.next().await.expect("a frame");
        assert_eq!(frame["type"], "connection_error", "{what}: {frame}");
    }
}
