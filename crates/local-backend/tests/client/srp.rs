//! The client's side of Cognito's SRP-6a.

use std::path::Path;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac as _};
use jiff::Timestamp;
use num_bigint::BigUint;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{CLIENT_ID, POOL_ID, cognito};

const N: &str = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F\
83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510\
15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C\
BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";

/// Signs in and returns the `AuthenticationResult`.
pub(crate) async fn sign_in(socket: &Path, username: &str, password: &str) -> Result<Value, Value> {
    let n = number(N);
    let secret = BigUint::from_bytes_be(&rand::random::<[u8; 128]>());
    let public = BigUint::from(2_u8).modpow(&secret, &n);
    let challenge = cognito(
        socket,
        "InitiateAuth",
        json!({
            "AuthFlow": "USER_SRP_AUTH",
            "ClientId": CLIENT_ID,
            "AuthParameters": { "USERNAME": username, "SRP_A": public.to_str_radix(16) },
        }),
    )
    .await?;
    assert_eq!(challenge["ChallengeName"], "PASSWORD_VERIFIER");
    let parameter = |name: &str| {
        challenge["ChallengeParameters"][name]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let user = parameter("USER_ID_FOR_SRP");
    let block = parameter("SECRET_BLOCK");
    let timestamp = Timestamp::now().strftime("%a %b %-d %H:%M:%S UTC %Y").to_string();
    let key = key(
        &n,
        &Exchange {
            secret,
            public,
            their_public: number(&parameter("SRP_B")),
            salt: number(&parameter("SALT")),
        },
        pool_name(),
        &user,
        password,
    );
    let message = [
        pool_name().as_bytes(),
        user.as_bytes(),
        &BASE64_STANDARD.decode(&block).unwrap(),
        timestamp.as_bytes(),
    ]
    .concat();
    let mut responses = json!({
        "USERNAME": parameter("USERNAME"),
        "PASSWORD_CLAIM_SECRET_BLOCK": block,
        "PASSWORD_CLAIM_SIGNATURE": BASE64_STANDARD.encode(hmac(&key, &message)),
        "TIMESTAMP": timestamp,
    });
    if responses["USERNAME"].is_null() {
        responses["USERNAME"] = json!(user);
    }
    let mut request = json!({
        "ClientId": CLIENT_ID,
        "ChallengeName": "PASSWORD_VERIFIER",
        "ChallengeResponses": responses,
    });
    if let Some(session) = challenge.get("Session") {
        request["Session"] = session.clone();
    }
    let response = cognito(socket, "RespondToAuthChallenge", request).await?;
    Ok(response["AuthenticationResult"].clone())
}

struct Exchange {
    secret: BigUint,
    public: BigUint,
    their_public: BigUint,
    salt: BigUint,
}

fn key(n: &BigUint, exchange: &Exchange, pool: &str, user: &str, password: &str) -> Vec<u8> {
    let generator = BigUint::from(2_u8);
    let multiplier = BigUint::from_bytes_be(&hash(&[&padded(n), &padded(&generator)]));
    let scrambler = BigUint::from_bytes_be(&hash(&[
        &padded(&exchange.public),
        &padded(&exchange.their_public),
    ]));
    let inner = hash(&[format!("{pool}{user}:{password}").as_bytes()]);
    let private = BigUint::from_bytes_be(&hash(&[&padded(&exchange.salt), &inner]));
    let base = (&exchange.their_public + n - (multiplier * generator.modpow(&private, n)) % n) % n;
    let shared = base.modpow(&(&exchange.secret + &scrambler * private), n);
    let extracted = hmac(&padded(&scrambler), &padded(&shared));
    let mut key = hmac(&extracted, b"Caldera Derived Key\x01");
    key.truncate(16);
    key
}

fn pool_name() -> &'static str {
    POOL_ID.split_once('_').unwrap().1
}

fn number(hex: &str) -> BigUint {
    BigUint::parse_bytes(hex.as_bytes(), 16).unwrap()
}

/// The bytes of Java's `BigInteger.toByteArray`.
fn padded(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes[0] >= 0x80 {
        bytes.insert(0, 0);
    }
    bytes
}

fn hash(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().to_vec()
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// A test vector whose odd digit counts exercise every padding.
#[test]
fn the_key_equals_that_of_two_other_clients() {
    let n = number(N);
    let secret = number("c655b2a9f1aab6ed9d0eb00d2d05b22f4c83fe52861f8626aa0cf5c39eef21bf");
    let their_public = number(
        "320aa3f48058ac0813d2a8f78e896fc7976b2bba1751c711fa646e11a3962f4e98180df86870709e97bd96acfdfeeb08\
         630e0f04c89c9566b8a2a61b14c07833fad01726291aeec915ab344f305c2e8c08b289353b5cd989774506b235e09986\
         682e1c30f16cf1e638f66cdca9cb5f5bdc02c0f7ee0363e7312796d47864b02ee1cd305e268cce6983e84527016ea637\
         31a9876dbb11f68ed5f79652fa435ce6bf84f3fdc1b8033c05205d8ebe6b1d79bae0882d3371eb65459437591bd50693\
         9be27b1810d425812c2badd432c664c89a1d6b0a6c784a808c5e687bc9b76350609fffa52289853bde940db785a91203\
         93231115304f84b306743d99317d49d17fcde2527975965742be9171a8935e2666c29da7d2792079c38163ca4d060a9e\
         a3f2d23311ec5db783f94926db35ab32ba0e7cf72b33234e0d064c35f3783a7256d27932e1083126d2d195b6722372d2\
         df749c42137cf6febbeb66b76bae78e549877e7ec5cea14a57f9f5de39785c01438b9b0353bf1ff0041d380f2d8a1e22",
    );
    let exchange = Exchange {
        public: BigUint::from(2_u8).modpow(&secret, &n),
        secret,
        their_public,
        salt: number("29fdd7583d6ca975ff034c21e57b25d"),
    };
    let user = "0f8b5d1e-6c1a-4f2e-9b0d-3a7c5e9d1b24";
    let key = key(&n, &exchange, "EXAMPLE01", user, "Correct-Horse-7!");
    assert_eq!(
        BigUint::from_bytes_be(&key).to_str_radix(16),
        "8464435ab5f022b37045eab68adaab56"
    );
}
