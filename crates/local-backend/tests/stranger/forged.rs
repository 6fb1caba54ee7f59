//! Forged tokens, made of JSON, base64 and a MAC or a signature, without code of the box and without a library for
//! tokens, which could refuse to make them.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, Mac as _};
use rsa::{
    RsaPrivateKey, RsaPublicKey,
    pkcs1v15::SigningKey,
    pkcs8::{DecodePrivateKey as _, EncodePublicKey as _, LineEnding},
    signature::{SignatureEncoding as _, Signer as _},
    traits::PublicKeyParts as _,
};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{
    client::srp,
    the_box::{PASSWORD, TheBox},
    world::{ANNA, World},
};

const UNPARSABLE: &str = "Unable to parse JWT token.";
const EXPIRED: &str = "Token has expired.";
const INVALID: &str = "Valid authorization header not provided.";
const MISSING: &str = "Missing authorization header";

/// A forged, expired, foreign or missing token, in Anna's name.
pub(crate) struct Credential {
    pub(crate) what: &'static str,
    pub(crate) token: Option<String>,
    /// AppSync's error message.
    pub(crate) message: &'static str,
}

/// A private key of the pool, for tokens that the pool could have issued.
struct PoolKey {
    kid: String,
    key: RsaPrivateKey,
}

impl PoolKey {
    fn of(world: &World, purpose: &str) -> Self {
        let pool = world.the_box.socket.with_file_name("backend").join("pool.db");
        let db = rusqlite::Connection::open(pool).unwrap();
        let (kid, pem): (String, String) = db
            .query_row("SELECT kid, pem FROM keys WHERE purpose = ?1", [purpose], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        Self {
            kid,
            key: RsaPrivateKey::from_pkcs8_pem(&pem).unwrap(),
        }
    }
}

fn part(value: &Value) -> String {
    BASE64.encode(value.to_string())
}

fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}", part(header), part(claims))
}

fn rs256(key: &RsaPrivateKey, header: &Value, claims: &Value) -> String {
    let text = unsigned(header, claims);
    let signature = SigningKey::<Sha256>::new(key.clone())
        .sign(text.as_bytes())
        .to_bytes();
    format!("{text}.{}", BASE64.encode(signature))
}

fn hs256(secret: &[u8], header: &Value, claims: &Value) -> String {
    let text = unsigned(header, claims);
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(text.as_bytes());
    format!("{text}.{}", BASE64.encode(mac.finalize().into_bytes()))
}

fn claims_of(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64.decode(payload).unwrap()).unwrap()
}

fn with(claims: &Value, name: &str, value: impl Into<Value>) -> Value {
    let mut claims = claims.clone();
    claims[name] = value.into();
    claims
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// A token of Anna's with one claim changed and a valid signature of the pool.
pub(crate) fn genuine(world: &World, purpose: &str, claim: &str, value: impl Into<Value>) -> String {
    let pool = PoolKey::of(world, purpose);
    let token = if purpose == "id" {
        &world.anna.session.token
    } else {
        &world.anna.access_token
    };
    let header = json!({ "kid": pool.kid, "alg": "RS256" });
    rs256(&pool.key, &header, &with(&claims_of(token), claim, value))
}

/// All of them. The box must reject each.
pub(crate) async fn credentials(world: &World) -> Vec<Credential> {
    // Valid tokens of another pool with the same name, for a user with Anna's name.
    let elsewhere = TheBox::start().await;
    elsewhere.sign_up(ANNA).await;
    let tokens = srp::sign_in(&elsewhere.socket, ANNA, PASSWORD).await.unwrap();
    let foreign = [
        ("another pool's ID token", "IdToken", INVALID),
        ("another pool's access token", "AccessToken", INVALID),
        ("another pool's refresh token", "RefreshToken", UNPARSABLE),
    ]
    .map(|(what, name, message)| Credential {
        what,
        token: Some(tokens[name].as_str().unwrap().to_owned()),
        message,
    });
    forgeries(world).into_iter().chain(foreign).collect()
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn forgeries(world: &World) -> Vec<Credential> {
    let token = &world.anna.session.token;
    let claims = claims_of(token);
    let pool = PoolKey::of(world, "id");
    let public = RsaPublicKey::from(&pool.key);
    let public_pem = public.to_public_key_pem(LineEnding::LF).unwrap();
    let public_der = public.to_public_key_der().unwrap();
    let right_header = json!({ "kid": pool.kid, "alg": "RS256" });
    let signature = token.rsplit_once('.').unwrap().1;

    let own = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2_048).unwrap();
    let own_jwk = json!({
        "alg": "RS256", "kty": "RSA", "use": "sig", "kid": pool.kid,
        "n": BASE64.encode(own.n().to_bytes_be()), "e": BASE64.encode(own.e().to_bytes_be()),
    });

    let ben = &world.ben.session.token;
    let bens: Vec<&str> = ben.split('.').collect();
    let renamed = part(&with(
        &with(&claims_of(ben), "sub", claims["sub"].clone()),
        "cognito:username",
        claims["cognito:username"].clone(),
    ));
    let mut elsewhere = claims["iss"].as_str().unwrap().to_owned();
    elsewhere.push('X');

    let credential = |what, token: String, message| Credential {
        what,
        token: Some(token),
        message,
    };
    let none = |alg: &str| json!({ "kid": pool.kid, "alg": alg });
    vec![
        Credential {
            what: "no token",
            token: None,
            message: MISSING,
        },
        credential("an empty token", String::new(), MISSING),
        credential("garbage", "garbage".to_owned(), UNPARSABLE),
        credential("three parts of garbage", "a.b.c".to_owned(), UNPARSABLE),
        credential("dots", "..".to_owned(), UNPARSABLE),
        credential("Bearer and nothing", "Bearer x".to_owned(), UNPARSABLE),
        credential("much garbage", "A".repeat(6_000), UNPARSABLE),
        credential(
            "an expired ID token",
            genuine(world, "id", "exp", now() - 1),
            EXPIRED,
        ),
        credential(
            "an expired access token",
            genuine(world, "access", "exp", now() - 3_600),
            EXPIRED,
        ),
        credential(
            "an expiry that is no number",
            genuine(world, "id", "exp", "never"),
            UNPARSABLE,
        ),
        credential(
            "another pool's issuer",
            genuine(world, "id", "iss", elsewhere),
            INVALID,
        ),
        credential(
            "another client's audience",
            genuine(world, "id", "aud", "another0client000000000000"),
            INVALID,
        ),
        credential(
            "an ID token with the token_use of an access token",
            genuine(world, "id", "token_use", "access"),
            INVALID,
        ),
        credential(
            "an access token with the token_use of an ID token",
            genuine(world, "access", "token_use", "id"),
            INVALID,
        ),
        credential(
            "alg none, no signature",
            format!("{}.", unsigned(&none("none"), &claims)),
            UNPARSABLE,
        ),
        credential(
            "alg none, two parts",
            unsigned(&none("none"), &claims),
            UNPARSABLE,
        ),
        credential(
            "alg nOnE, the old signature",
            format!("{}.{signature}", unsigned(&none("nOnE"), &claims)),
            UNPARSABLE,
        ),
        credential(
            "RS256 without a signature",
            format!("{}.", unsigned(&right_header, &claims)),
            INVALID,
        ),
        credential(
            "HS256 with the public key's PEM",
            hs256(public_pem.as_bytes(), &none("HS256"), &claims),
            UNPARSABLE,
        ),
        credential(
            "HS256 with the public key's DER",
            hs256(public_der.as_bytes(), &none("HS256"), &claims),
            UNPARSABLE,
        ),
        credential(
            "HS256 with the public key's modulus",
            hs256(&public.n().to_bytes_be(), &none("HS256"), &claims),
            UNPARSABLE,
        ),
        credential(
            "HS256 by the public key, called RS256",
            hs256(public_pem.as_bytes(), &right_header, &claims),
            INVALID,
        ),
        credential(
            "a foreign key under the pool's kid",
            rs256(&own, &right_header, &claims),
            INVALID,
        ),
        credential(
            "a foreign key under another kid",
            rs256(&own, &json!({ "kid": "mine", "alg": "RS256" }), &claims),
            INVALID,
        ),
        credential(
            "a foreign key under no kid",
            rs256(&own, &json!({ "alg": "RS256" }), &claims),
            INVALID,
        ),
        credential(
            "a foreign key that comes along",
            rs256(
                &own,
                &json!({ "kid": pool.kid, "alg": "RS256", "jwk": own_jwk }),
                &claims,
            ),
            INVALID,
        ),
        credential(
            "Ben's token in Anna's name",
            format!("{}.{renamed}.{}", bens[0], bens[2]),
            INVALID,
        ),
        credential(
            "the access key's kid on an ID token",
            rs256(
                &pool.key,
                &json!({ "kid": PoolKey::of(world, "access").kid, "alg": "RS256" }),
                &claims,
            ),
            INVALID,
        ),
        credential("a refresh token", world.anna.refresh_token.clone(), UNPARSABLE),
    ]
}
