//! Tests of the user pool, with an SRP client written for them.

mod admin;
mod attributes;
mod file;
mod format;
mod lockout;
mod names;
mod passwords;
mod profile;
mod sign_in;
mod sign_up;
mod template;
mod tokens;
mod totp;

use std::sync::{
    Arc, Mutex, OnceLock,
    atomic::{AtomicI64, Ordering},
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use caltrack_local_core::account::{CLIENT_ID, POOL_ID, ROTATING_CLIENT_ID};
use num_bigint::BigUint;
use rstest::rstest;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    CodeSink, CognitoError, Delivery, PoolSettings, TokenError, Transport, UserPool,
    keys::Keys,
    srp::{hmac, signature},
    store::PoolStore,
};

const PASSWORD: &str = "Correct-Horse-7!";
const BASE: &str = "http://localhost";
/// Sat Mar 7 08:05:09 UTC 2026, in seconds of Unix time.
const NOW: i64 = 1_772_870_709;

/// Purpose, id and PEM of the signing keys, which all tests share: making a pair takes longer than most tests.
fn shared_keys() -> &'static [(&'static str, String, String); 2] {
    static KEYS: OnceLock<[(&str, String, String); 2]> = OnceLock::new();
    KEYS.get_or_init(|| {
        let directory = tempfile::tempdir().unwrap();
        let store = PoolStore::open(&directory.path().join("pool.db")).unwrap();
        let store = Arc::new(Mutex::new(store));
        Keys::open(Arc::clone(&store)).unwrap().wait().unwrap();
        let store = store.lock().unwrap();
        ["id", "access"].map(|purpose| {
            let (kid, pem) = store.key(purpose).unwrap().unwrap();
            (purpose, kid, pem)
        })
    })
}

/// The codes that were delivered, and those whose delivery was only rehearsed.
#[derive(Default)]
struct RecordedCodes {
    delivered: Mutex<Vec<Delivery>>,
    rehearsed: Mutex<Vec<Delivery>>,
}

impl CodeSink for RecordedCodes {
    fn deliver(&self, delivery: &Delivery) -> std::io::Result<()> {
        self.delivered.lock().unwrap().push(delivery.clone());
        Ok(())
    }

    fn rehearse(&self, delivery: &Delivery) -> std::io::Result<()> {
        self.rehearsed.lock().unwrap().push(delivery.clone());
        Ok(())
    }
}

struct World {
    pool: UserPool,
    codes: Arc<RecordedCodes>,
    now: Arc<AtomicI64>,
    directory: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        Self::at(tempfile::tempdir().unwrap())
    }

    /// A pool that makes its own signing keys.
    fn with_own_keys() -> Self {
        Self::open(tempfile::tempdir().unwrap())
    }

    /// The pool of a directory, which gets the shared signing keys if it has none.
    fn at(directory: tempfile::TempDir) -> Self {
        let store = PoolStore::open(&directory.path().join("pool.db")).unwrap();
        for (purpose, kid, pem) in shared_keys() {
            if store.key(purpose).unwrap().is_none() {
                store.put_key(purpose, kid, pem).unwrap();
            }
        }
        drop(store);
        Self::open(directory)
    }

    fn open(directory: tempfile::TempDir) -> Self {
        let codes = Arc::new(RecordedCodes::default());
        let now = Arc::new(AtomicI64::new(NOW));
        let clock = Arc::clone(&now);
        let mut settings = PoolSettings::local(Arc::clone(&codes) as Arc<dyn CodeSink>);
        settings.clock = Arc::new(move || clock.load(Ordering::Relaxed));
        let pool = UserPool::open(&directory.path().join("pool.db"), settings).unwrap();
        Self {
            pool,
            codes,
            now,
            directory,
        }
    }

    async fn call(&self, operation: &str, body: Value) -> Result<Value, CognitoError> {
        self.call_by(Transport::Port, operation, body).await
    }

    async fn call_by(
        &self,
        transport: Transport,
        operation: &str,
        mut body: Value,
    ) -> Result<Value, CognitoError> {
        body.as_object_mut()
            .unwrap()
            .entry("ClientId")
            .or_insert(json!(CLIENT_ID));
        self.pool.call(operation, body, BASE, transport).await
    }

    /// Signs in with `USER_PASSWORD_AUTH`.
    async fn by_password(
        &self,
        transport: Transport,
        name: &str,
        password: &str,
    ) -> Result<Value, CognitoError> {
        let parameters = json!({ "USERNAME": name, "PASSWORD": password });
        let body = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
        self.call_by(transport, "InitiateAuth", body).await
    }

    /// Calls an operation of administrators.
    async fn administer(&self, operation: &str, mut body: Value) -> Result<Value, CognitoError> {
        body["UserPoolId"] = json!(POOL_ID);
        self.pool.administer(operation, body).await
    }

    /// The attributes of an access token's user, without `sub`.
    async fn attributes(&self, access: &Value) -> Vec<(String, String)> {
        let user = self
            .call("GetUser", json!({ "AccessToken": access }))
            .await
            .unwrap();
        let listed = user["UserAttributes"].as_array().unwrap();
        assert_eq!(listed[0]["Name"], "sub");
        listed[1..]
            .iter()
            .map(|attribute| {
                (
                    text(attribute, "Name").to_owned(),
                    text(attribute, "Value").to_owned(),
                )
            })
            .collect()
    }

    async fn error_of(&self, operation: &str, body: Value) -> (&'static str, String) {
        let error = self.call(operation, body).await.expect_err(operation);
        (error.kind, error.message)
    }

    fn last_code(&self) -> String {
        self.codes.delivered.lock().unwrap().last().unwrap().code.clone()
    }

    /// A pool with one confirmed account.
    async fn with_user(name: &str) -> Self {
        let world = Self::new();
        world.add_user(name).await;
        world
    }

    async fn add_user(&self, name: &str) {
        self.call("SignUp", json!({ "Username": name, "Password": PASSWORD }))
            .await
            .unwrap();
        self.confirm(name).await;
    }

    /// Confirms the account by the code that was sent last.
    async fn confirm(&self, name: &str) {
        let body = json!({ "Username": name, "ConfirmationCode": self.last_code() });
        self.call("ConfirmSignUp", body).await.unwrap();
    }

    async fn challenge(&self, client: &str, name: &str, password: &str) -> Result<Value, CognitoError> {
        let timestamp = jiff::Timestamp::from_second(self.now.load(Ordering::Relaxed))
            .unwrap()
            .strftime("%a %b %-d %H:%M:%S UTC %Y")
            .to_string();
        self.challenge_at(client, name, password, &timestamp).await
    }

    /// The response to an SRP challenge, with `timestamp` as its `TIMESTAMP`.
    async fn challenge_at(
        &self,
        client: &str,
        name: &str,
        password: &str,
        timestamp: &str,
    ) -> Result<Value, CognitoError> {
        let prime = include_bytes!("../../../../tests/fixtures/srp/n.txt");
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
        let proof = signature(
            &key,
            "CALTRACK0",
            &get("USER_ID_FOR_SRP"),
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
