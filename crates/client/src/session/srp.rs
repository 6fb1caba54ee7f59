//! The client side of Cognito's SRP-6a, which proves a password without sending it.
//!
//! Source: the clients that AWS ships (amazon-cognito-identity-js; pycognito agrees); RFC 5054 for the group. Hashes are SHA-256,
//! and a number is hashed as Java's `BigInteger.toByteArray` writes it.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac as _};
use jiff::{Timestamp, tz::TimeZone};
use num_bigint::BigUint;
use rand::Rng as _;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

/// The 3072-bit group (RFC 5054, appendix A; RFC 3526, group 15), whose generator is 2.
const N: &[u8] =
    b"FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F\
83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510\
15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C\
BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";
/// Bytes of the client's secret number.
const SECRET_BYTES: usize = 128;

/// Why a challenge can't be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum SrpError {
    /// A number that isn't hexadecimal.
    #[error("a number in its challenge isn't hexadecimal")]
    NotANumber,
    /// A server's number with which the key is the same for every password (RFC 5054, section 2.5.4).
    #[error("its challenge is unsafe")]
    Unsafe,
    /// A block that isn't Base64.
    #[error("the secret block of its challenge isn't Base64")]
    NotABlock,
}

/// The parameters of the challenge `PASSWORD_VERIFIER`.
pub(super) struct SrpChallenge<'a> {
    /// `<region>_<name>`.
    pub(super) pool_id: &'a str,
    /// `USER_ID_FOR_SRP`.
    pub(super) user_id: &'a str,
    /// `SALT`, hexadecimal.
    pub(super) salt: &'a str,
    /// `SRP_B`, hexadecimal.
    pub(super) public: &'a str,
    /// `SECRET_BLOCK`, Base64.
    pub(super) secret_block: &'a str,
}

/// The client's key pair of one sign-in.
pub(super) struct ClientSrp {
    n: BigUint,
    /// `a`
    secret: BigUint,
    /// `A`
    public: BigUint,
}

impl ClientSrp {
    /// Draws a random secret number.
    pub(super) fn new() -> Self {
        let mut secret = [0; SECRET_BYTES];
        rand::rng().fill(&mut secret);
        Self::with(BigUint::from_bytes_be(&secret))
    }

    fn with(secret: BigUint) -> Self {
        let n = BigUint::parse_bytes(N, 16).unwrap_or_default();
        let public = generator().modpow(&secret, &n);
        Self { n, secret, public }
    }

    /// `SRP_A`.
    pub(super) fn srp_a(&self) -> String {
        self.public.to_str_radix(16)
    }

    /// `PASSWORD_CLAIM_SIGNATURE` for a challenge, at a [`timestamp`].
    pub(super) fn sign(
        &self,
        challenge: &SrpChallenge<'_>,
        password: &SecretString,
        timestamp: &str,
    ) -> Result<String, SrpError> {
        let pool_name = pool_name(challenge.pool_id);
        let block = BASE64_STANDARD
            .decode(challenge.secret_block)
            .map_err(|_| SrpError::NotABlock)?;
        let key = self.key(challenge, pool_name, password)?;
        let signature = hmac(
            &key,
            &[
                pool_name.as_bytes(),
                challenge.user_id.as_bytes(),
                &block,
                timestamp.as_bytes(),
            ],
        );
        Ok(BASE64_STANDARD.encode(signature))
    }

    fn key(
        &self,
        challenge: &SrpChallenge<'_>,
        pool_name: &str,
        password: &SecretString,
    ) -> Result<[u8; 16], SrpError> {
        let (n, g) = (&self.n, generator());
        let theirs = number(challenge.public)?;
        let u = hash_numbers(&self.public, &theirs);
        if &theirs % n == BigUint::ZERO || u == BigUint::ZERO {
            return Err(SrpError::Unsafe);
        }
        let mut identity = Sha256::new();
        for part in [pool_name, challenge.user_id, ":", password.expose_secret()] {
            identity.update(part);
        }
        let mut hash = Sha256::new();
        hash.update(padded(&number(challenge.salt)?));
        hash.update(identity.finalize());
        let x = BigUint::from_bytes_be(&hash.finalize());
        // B − k·g^x modulo N, without a negative intermediate.
        let masked = hash_numbers(n, &g) * g.modpow(&x, n) % n;
        let base = (theirs % n + n - masked) % n;
        let shared = base.modpow(&(&self.secret + u.clone() * x), n);
        let seed = hmac(&padded(&u), &[&padded(&shared)]);
        let derived = hmac(&seed, &[b"Caldera Derived Key", &[1]]);
        let mut key = [0; 16];
        for (to, from) in key.iter_mut().zip(derived) {
            *to = from;
        }
        Ok(key)
    }
}

/// `TIMESTAMP`: English names, the day without a leading zero.
pub(super) fn timestamp(now: Timestamp) -> String {
    now.to_zoned(TimeZone::UTC)
        .strftime("%a %b %-d %H:%M:%S UTC %Y")
        .to_string()
}

fn pool_name(pool_id: &str) -> &str {
    pool_id.split_once('_').map_or(pool_id, |(_, name)| name)
}

fn generator() -> BigUint {
    BigUint::from(2_u8)
}

fn number(hex: &str) -> Result<BigUint, SrpError> {
    BigUint::parse_bytes(hex.as_bytes(), 16).ok_or(SrpError::NotANumber)
}

fn hash_numbers(left: &BigUint, right: &BigUint) -> BigUint {
    let mut hash = Sha256::new();
    hash.update(padded(left));
    hash.update(padded(right));
    BigUint::from_bytes_be(&hash.finalize())
}

/// Big-endian two's complement: with a leading zero byte if the first bit is set.
fn padded(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes.first().is_some_and(|first| first & 0x80 != 0) {
        bytes.insert(0, 0);
    }
    bytes
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const ONE: &str = include_str!("../../../../tests/fixtures/srp/vector-1.txt");
    const TWO: &str = include_str!("../../../../tests/fixtures/srp/vector-2.txt");

    fn value<'a>(file: &'a str, name: &str) -> &'a str {
        let heading = format!("[{name}]");
        file.lines().skip_while(|line| *line != heading).nth(1).unwrap()
    }

    fn challenge(file: &str) -> SrpChallenge<'_> {
        SrpChallenge {
            pool_id: value(file, "pool id"),
            user_id: value(file, "user"),
            salt: value(file, "salt"),
            public: value(file, "B"),
            secret_block: value(file, "secret block"),
        }
    }

    #[rstest]
    #[case(ONE)]
    #[case(TWO)]
    fn the_published_vectors_are_reproduced(#[case] file: &str) {
        let srp = ClientSrp::with(number(value(file, "a")).unwrap());
        assert_eq!(srp.srp_a(), value(file, "A"));
        let password = SecretString::from(value(file, "password"));
        let signature = srp.sign(&challenge(file), &password, value(file, "timestamp"));
        assert_eq!(signature.unwrap(), value(file, "signature"));
        let wrong = srp.sign(
            &challenge(file),
            &SecretString::from("x"),
            value(file, "timestamp"),
        );
        assert_ne!(wrong.unwrap(), value(file, "signature"));
    }

    #[test]
    fn a_challenge_that_would_reveal_the_key_is_an_error() {
        let srp = ClientSrp::new();
        let n = std::str::from_utf8(N).unwrap();
        let password = SecretString::from("x");
        for (public, error) in [
            ("0", SrpError::Unsafe),
            (n, SrpError::Unsafe),
            ("no", SrpError::NotANumber),
        ] {
            let challenge = SrpChallenge {
                public,
                ..challenge(ONE)
            };
            assert_eq!(srp.sign(&challenge, &password, ""), Err(error));
        }
    }

    #[test]
    fn the_timestamp_is_as_java_writes_it() {
        let moment: Timestamp = "2026-03-07T08:05:09Z".parse().unwrap();
        assert_eq!(timestamp(moment), "Sat Mar 7 08:05:09 UTC 2026");
    }
}
