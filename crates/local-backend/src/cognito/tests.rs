//! Accounts through a client of SRP of the tests' own.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use num_bigint::BigUint;
use rstest::rstest;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    CodeSink, CognitoError, Delivery, PoolSettings, TokenError, UserPool,
    local::{CLIENT_ID, POOL_ID, ROTATING_CLIENT_ID},
    srp::{hmac, signature},
};

const PASSWORD: &str = "Correct-Horse-7!";
const BASE: &str = "http://localhost";
/// Sat Mar 7 08:05:09 UTC 2026
const NOW: i64 = 1_772_870_709;

#[derive(Default)]
struct Letters(Mutex<Vec<Delivery>>);

impl CodeSink for Letters {
    fn deliver(&self, delivery: &Delivery) -> std::io::Result<()> {
        self.0.lock().unwrap().push(delivery.clone());
        Ok(())
    }
}

struct World {
    pool: UserPool,
    letters: Arc<Letters>,
    now: Arc<AtomicI64>,
    directory: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        Self::at(tempfile::tempdir().unwrap())
    }

    fn at(directory: tempfile::TempDir) -> Self {
        let letters = Arc::new(Letters::default());
        let now = Arc::new(AtomicI64::new(NOW));
        let clock = Arc::clone(&now);
        let mut settings = PoolSettings::local(Arc::clone(&letters) as Arc<dyn CodeSink>);
        settings.clock = Arc::new(move || clock.load(Ordering::Relaxed));
        let pool = UserPool::open(&directory.path().join("pool.db"), settings).unwrap();
        Self {
            pool,
            letters,
            now,
            directory,
        }
    }

    async fn call(&self, operation: &str, mut body: Value) -> Result<Value, CognitoError> {
        body.as_object_mut()
            .unwrap()
            .entry("ClientId")
            .or_insert(json!(CLIENT_ID));
        self.pool.call(operation, body, BASE).await
    }

    async fn refused(&self, operation: &str, body: Value) -> (&'static str, String) {
        let error = self.call(operation, body).await.expect_err(operation);
        (error.kind, error.message)
    }

    fn last_code(&self) -> String {
        self.letters.0.lock().unwrap().last().unwrap().code.clone()
    }

    /// A confirmed account.
    async fn with_user(name: &str) -> Self {
        let world = Self::new();
        world
            .call("SignUp", json!({ "Username": name, "Password": PASSWORD }))
            .await
            .unwrap();
        let code = world.last_code();
        world
            .call(
                "ConfirmSignUp",
                json!({ "Username": name, "ConfirmationCode": code }),
            )
            .await
            .unwrap();
        world
    }

    async fn challenge(&self, client: &str, name: &str, password: &str) -> Result<Value, CognitoError> {
        let prime = include_bytes!("../../tests/fixtures/srp/n.txt");
        let prime = BigUint::parse_bytes(prime, 16).unwrap();
        let a = BigUint::from_bytes_be(&rand::random::<[u8; 32]>());
        let public = BigUint::from(2_u8).modpow(&a, &prime);
        let parameters = json!({ "USERNAME": name, "SRP_A": public.to_str_radix(16) });
        let body = json!({ "ClientId": client, "AuthFlow": "USER_SRP_AUTH", "AuthParameters": parameters });
        let step = self.call("InitiateAuth", body).await?;
        let get = |key: &str| step["ChallengeParameters"][key].as_str().unwrap().to_owned();
        let number = |key: &str| BigUint::parse_bytes(get(key).as_bytes(), 16).unwrap();
        let (salt, b) = (number("SALT"), number("SRP_B"));
        let u = hash(&[&java(&public), &java(&b)]);
        let inner = Sha256::digest(format!("CALTRACK0{}:{password}", get("USER_ID_FOR_SRP")));
        let x = hash(&[&java(&salt), &inner]);
        let masked = hash(&[&java(&prime), &[2]]) * BigUint::from(2_u8).modpow(&x, &prime);
        let shared = ((&b + &prime * &prime - masked) % &prime).modpow(&(&a + u.clone() * x), &prime);
        let derived = hmac(
            &hmac(&java(&u), &[&java(&shared)]),
            &[b"Caldera Derived Key", &[1]],
        );
        let key: [u8; 16] = derived[..16].try_into().unwrap();
        let block = get("SECRET_BLOCK");
        let timestamp = "Sat Mar 7 08:05:09 UTC 2026";
        let proof = signature(
            &key,
            "CALTRACK0",
            name,
            &STANDARD.decode(&block).unwrap(),
            timestamp,
        );
        Ok(
            json!({ "ClientId": client, "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": {
                "USERNAME": get("USERNAME"), "PASSWORD_CLAIM_SECRET_BLOCK": block,
                "PASSWORD_CLAIM_SIGNATURE": STANDARD.encode(proof), "TIMESTAMP": timestamp,
            }}),
        )
    }

    async fn sign_in_to(&self, client: &str, name: &str, password: &str) -> Result<Value, CognitoError> {
        let answer = self.challenge(client, name, password).await?;
        Ok(self.call("RespondToAuthChallenge", answer).await?["AuthenticationResult"].clone())
    }

    async fn sign_in(&self, name: &str, password: &str) -> Result<Value, CognitoError> {
        self.sign_in_to(CLIENT_ID, name, password).await
    }
}

fn hash(parts: &[&[u8]]) -> BigUint {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    BigUint::from_bytes_be(&hash.finalize())
}

fn java(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes[0] & 0x80 != 0 {
        bytes.insert(0, 0);
    }
    bytes
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

#[tokio::test]
async fn sign_up_confirm_sign_in_and_both_tokens_are_good() {
    let world = World::with_user("ann").await;
    let result = world.sign_in("ann", PASSWORD).await.unwrap();
    assert_eq!(
        (&result["ExpiresIn"], &result["TokenType"]),
        (&json!(3600), &json!("Bearer"))
    );
    let access = world.pool.verify(text(&result, "AccessToken")).await.unwrap();
    let id = world.pool.verify(text(&result, "IdToken")).await.unwrap();
    assert_eq!(
        (access.sub.as_str(), access.username.as_str()),
        (id.sub.as_str(), "ann")
    );
    assert_eq!(access.issuer, format!("{BASE}/{POOL_ID}"));
    assert_eq!(
        (access.claims["client_id"].as_str(), access.claims.get("aud")),
        (Some(CLIENT_ID), None)
    );
    assert_eq!(id.claims["aud"].as_str(), Some(CLIENT_ID));
    let user = world
        .call("GetUser", json!({ "AccessToken": result["AccessToken"] }))
        .await
        .unwrap();
    assert_eq!(
        (text(&user, "Username"), &user["UserAttributes"][0]),
        ("ann", &json!({ "Name": "sub", "Value": access.sub }))
    );
    let jwks = world.pool.jwks().await;
    assert_ne!(jwks["keys"][0]["kid"], jwks["keys"][1]["kid"]);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_look_the_same() {
    let world = World::with_user("ann").await;
    let wrong = world.sign_in("ann", "Wrong-Horse-7!").await.unwrap_err();
    let unknown = world.sign_in("bob", PASSWORD).await.unwrap_err();
    assert_eq!(wrong, unknown);
    assert_eq!(wrong.kind, "NotAuthorizedException");
    let salt = |challenge: &Value| challenge["ChallengeParameters"]["SALT"].clone();
    let ask = |name: &str| {
        let body =
            json!({ "AuthFlow": "USER_SRP_AUTH", "AuthParameters": { "USERNAME": name, "SRP_A": "5" } });
        world.call("InitiateAuth", body)
    };
    assert_eq!(salt(&ask("bob").await.unwrap()), salt(&ask("bob").await.unwrap()));
    assert_ne!(salt(&ask("bob").await.unwrap()), salt(&ask("ann").await.unwrap()));
}

#[tokio::test]
async fn a_proof_is_good_once_and_on_time_and_by_its_client() {
    let world = World::with_user("ann").await;
    let answer = world.challenge(CLIENT_ID, "ann", PASSWORD).await.unwrap();
    world
        .call("RespondToAuthChallenge", answer.clone())
        .await
        .unwrap();
    assert_eq!(
        world.refused("RespondToAuthChallenge", answer).await.0,
        "NotAuthorizedException"
    );
    let late = world.challenge(CLIENT_ID, "ann", PASSWORD).await.unwrap();
    world.now.fetch_add(200, Ordering::Relaxed);
    assert_eq!(
        world.refused("RespondToAuthChallenge", late).await.0,
        "NotAuthorizedException"
    );
    let mut other = world.challenge(CLIENT_ID, "ann", PASSWORD).await.unwrap();
    other["ClientId"] = json!(ROTATING_CLIENT_ID);
    assert_eq!(
        world.refused("RespondToAuthChallenge", other).await.0,
        "NotAuthorizedException"
    );
}

#[tokio::test]
async fn after_five_failures_even_the_right_password_must_wait() {
    let world = World::with_user("ann").await;
    for _ in 0..5 {
        world.sign_in("ann", "Wrong-Horse-7!").await.unwrap_err();
    }
    assert_eq!(
        world.sign_in("ann", PASSWORD).await.unwrap_err().message,
        "Password attempts exceeded"
    );
    world.now.fetch_add(2, Ordering::Relaxed);
    world.sign_in("ann", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn an_account_that_is_not_confirmed_can_not_sign_in_and_codes_are_checked() {
    let world = World::new();
    world
        .call("SignUp", json!({ "Username": "ann", "Password": PASSWORD }))
        .await
        .unwrap();
    assert_eq!(
        world.sign_in("ann", PASSWORD).await.unwrap_err().kind,
        "UserNotConfirmedException"
    );
    let again = world
        .refused("SignUp", json!({ "Username": "ann", "Password": PASSWORD }))
        .await;
    assert_eq!(again.0, "UsernameExistsException");
    let first = world.last_code();
    world
        .call("ResendConfirmationCode", json!({ "Username": "ann" }))
        .await
        .unwrap();
    let second = world.last_code();
    let confirm = |code: &str| json!({ "Username": "ann", "ConfirmationCode": code });
    if first != second {
        assert_eq!(
            world.refused("ConfirmSignUp", confirm(&first)).await.0,
            "CodeMismatchException"
        );
    }
    world.now.fetch_add(24 * 3_600, Ordering::Relaxed);
    assert_eq!(
        world.refused("ConfirmSignUp", confirm(&second)).await.0,
        "ExpiredCodeException"
    );
    world
        .call("ResendConfirmationCode", json!({ "Username": "ann" }))
        .await
        .unwrap();
    world
        .call("ConfirmSignUp", confirm(&world.last_code()))
        .await
        .unwrap();
    assert_eq!(
        world.refused("ConfirmSignUp", confirm(&second)).await.0,
        "NotAuthorizedException"
    );
    assert_eq!(
        world
            .refused(
                "ConfirmSignUp",
                json!({ "Username": "bob", "ConfirmationCode": "1" })
            )
            .await
            .0,
        "ExpiredCodeException"
    );
}

#[rstest]
#[case("Ab1!", "not long enough")]
#[case("correct-horse-7!", "uppercase")]
#[case("CORRECT-HORSE-7!", "lowercase")]
#[case("Correct-Horse-!", "numeric")]
#[case("CorrectHorse77", "symbol")]
#[tokio::test]
async fn weak_passwords_are_refused_with_the_reason(#[case] password: &str, #[case] part: &str) {
    let refused = World::new()
        .refused("SignUp", json!({ "Username": "ann", "Password": password }))
        .await;
    assert_eq!(refused.0, "InvalidPasswordException");
    assert!(refused.1.contains(part), "{}", refused.1);
}

#[tokio::test]
async fn a_refresh_gives_new_tokens_and_a_revoked_one_none() {
    let world = World::with_user("ann").await;
    let first = world.sign_in("ann", PASSWORD).await.unwrap();
    world.now.fetch_add(100, Ordering::Relaxed);
    for (operation, body) in [
        (
            "GetTokensFromRefreshToken",
            json!({ "RefreshToken": first["RefreshToken"] }),
        ),
        (
            "InitiateAuth",
            json!({ "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": { "REFRESH_TOKEN": first["RefreshToken"] } }),
        ),
    ] {
        let fresh = world.call(operation, body).await.unwrap()["AuthenticationResult"].clone();
        assert!(fresh.get("RefreshToken").is_none());
        let identity = world.pool.verify(text(&fresh, "AccessToken")).await.unwrap();
        assert_eq!(
            (
                identity.claims["auth_time"].as_i64(),
                identity.claims["iat"].as_i64()
            ),
            (Some(NOW), Some(NOW + 100))
        );
    }
    world
        .call("RevokeToken", json!({ "Token": first["RefreshToken"] }))
        .await
        .unwrap();
    let refused = world
        .refused(
            "GetTokensFromRefreshToken",
            json!({ "RefreshToken": first["RefreshToken"] }),
        )
        .await;
    assert_eq!(
        refused,
        ("NotAuthorizedException", "Refresh Token has been revoked".into())
    );
    assert_eq!(
        world
            .refused("GetUser", json!({ "AccessToken": first["AccessToken"] }))
            .await
            .1,
        "Access Token has been revoked"
    );
    // AppSync can't know: the token is good until it expires.
    world.pool.verify(text(&first, "AccessToken")).await.unwrap();
}

#[tokio::test]
async fn rotation_ends_the_old_refresh_token() {
    let world = World::with_user("ann").await;
    let first = world
        .sign_in_to(ROTATING_CLIENT_ID, "ann", PASSWORD)
        .await
        .unwrap();
    let body = |token: &Value| json!({ "ClientId": ROTATING_CLIENT_ID, "RefreshToken": token });
    let second = world
        .call("GetTokensFromRefreshToken", body(&first["RefreshToken"]))
        .await
        .unwrap();
    let reused = world
        .refused("GetTokensFromRefreshToken", body(&first["RefreshToken"]))
        .await;
    assert_eq!(reused.0, "RefreshTokenReuseException");
    world
        .call(
            "GetTokensFromRefreshToken",
            body(&second["AuthenticationResult"]["RefreshToken"]),
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn bad_tokens_are_refused_each_for_its_reason() {
    let world = World::with_user("ann").await;
    let result = world.sign_in("ann", PASSWORD).await.unwrap();
    let access = text(&result, "AccessToken");
    let parts: Vec<&str> = access.split('.').collect();
    let claims = URL_SAFE_NO_PAD.decode(parts[1]).unwrap();
    let mut claims: Value = serde_json::from_slice(&claims).unwrap();
    claims["sub"] = json!("00000000-0000-4000-8000-00000000000b");
    let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
    let stranger = World::with_user("ann").await;
    let foreign = stranger.sign_in("ann", PASSWORD).await.unwrap();
    for (token, error) in [
        ("garbage".to_owned(), TokenError::Malformed),
        (text(&result, "RefreshToken").to_owned(), TokenError::Malformed),
        (format!("{none}.{claims}."), TokenError::Malformed),
        (
            format!("{}.{claims}.{}", parts[0], parts[2]),
            TokenError::WrongSignature,
        ),
        (format!("{}.{}.", parts[0], parts[1]), TokenError::WrongSignature),
        (
            text(&foreign, "AccessToken").to_owned(),
            TokenError::WrongSignature,
        ),
    ] {
        assert_eq!(world.pool.verify(&token).await.unwrap_err(), error, "{token}");
    }
    assert!(world.pool.verify(access).await.is_ok());
    world.now.fetch_add(3_600, Ordering::Relaxed);
    assert_eq!(world.pool.verify(access).await.unwrap_err(), TokenError::Expired);
    assert_eq!(
        world.refused("GetUser", json!({ "AccessToken": access })).await.1,
        "Access Token has expired"
    );
}

#[tokio::test]
async fn accounts_keys_and_sessions_outlive_a_restart_and_no_password_is_kept() {
    let world = World::with_user("ann").await;
    let result = world.sign_in("ann", PASSWORD).await.unwrap();
    let World { pool, directory, .. } = world;
    drop(pool);
    let world = World::at(directory);
    world.pool.verify(text(&result, "AccessToken")).await.unwrap();
    world
        .call(
            "GetTokensFromRefreshToken",
            json!({ "RefreshToken": result["RefreshToken"] }),
        )
        .await
        .unwrap();
    world.sign_in("ann", PASSWORD).await.unwrap();
    for file in std::fs::read_dir(world.directory.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let holds = |secret: &str| {
            bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes())
        };
        assert!(!holds(PASSWORD) && !holds(text(&result, "RefreshToken")));
    }
}

#[tokio::test]
async fn what_is_not_built_says_so() {
    let world = World::new();
    assert_eq!(
        world.refused("AdminCreateUser", json!({})).await.0,
        "UnknownOperationException"
    );
    let flow =
        json!({ "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": { "USERNAME": "a", "PASSWORD": "b" } });
    assert_eq!(
        world.refused("InitiateAuth", flow).await.0,
        "InvalidParameterException"
    );
    let client = world
        .refused(
            "SignUp",
            json!({ "ClientId": "other", "Username": "a", "Password": PASSWORD }),
        )
        .await;
    assert_eq!(client.0, "ResourceNotFoundException");
}

#[test]
fn a_damaged_or_newer_file_is_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("pool.db");
    std::fs::write(
        &path,
        "this is no database, and long enough to be read as one".repeat(20),
    )
    .unwrap();
    let before = std::fs::read(&path).unwrap();
    let settings = || PoolSettings::local(Arc::new(Letters::default()));
    let error = UserPool::open(&path, settings()).unwrap_err();
    assert!(error.to_string().contains("left as it is"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    std::fs::remove_file(&path).unwrap();
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    let error = UserPool::open(&path, settings()).unwrap_err();
    assert!(error.to_string().contains("newer version"), "{error}");
}
