//! The server's side of Cognito's SRP-6a.
//!
//! Source: the clients amazon-cognito-identity-js and pycognito; RFC 5054 for the group. `H` is SHA-256, and numbers are
//! hashed in the format of Java's `BigInteger.toByteArray`.

use hmac::{Hmac, Mac as _};
use num_bigint::BigUint;
use sha2::{Digest as _, Sha256};

/// The 3072-bit group (RFC 5054, appendix A; RFC 3526, group 15).
const N: &[u8] =
    b"FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F\
83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510\
15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C\
BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";

/// The group and its multiplier.
#[derive(Debug, Clone)]
pub(super) struct Group {
    n: BigUint,
    g: BigUint,
    k: BigUint,
    /// Number of exponentiations, which take most of the time.
    #[cfg(test)]
    powers: std::sync::Arc<std::sync::atomic::AtomicUsize>,
}

impl Group {
    pub(super) fn new() -> Self {
        let n = BigUint::parse_bytes(N, 16).unwrap_or_default();
        let g = BigUint::from(2_u8);
        let k = hash_numbers(&n, &g);
        Self {
            n,
            g,
            k,
            #[cfg(test)]
            powers: std::sync::Arc::default(),
        }
    }

    fn power(&self, base: &BigUint, exponent: &BigUint) -> BigUint {
        #[cfg(test)]
        self.powers.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        base.modpow(exponent, &self.n)
    }

    #[cfg(test)]
    pub(super) fn powers(&self) -> usize {
        self.powers.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// `v = g^x`: the verifier, which is stored in place of a password.
    pub(super) fn verifier(
        &self,
        pool_name: &str,
        username: &str,
        password: &str,
        salt: &BigUint,
    ) -> BigUint {
        let identity = Sha256::digest(format!("{pool_name}{username}:{password}"));
        let mut hash = Sha256::new();
        hash.update(padded(salt));
        hash.update(identity);
        let x = BigUint::from_bytes_be(&hash.finalize());
        self.power(&self.g, &x)
    }

    /// The server's public value `B = k·v + g^b`.
    pub(super) fn public(&self, verifier: &BigUint, b: &BigUint) -> BigUint {
        (&self.k * verifier + self.power(&self.g, b)) % &self.n
    }

    /// A client's public value `A`; none if it is 0 in the group, which would reveal the key.
    pub(super) fn client_public(&self, hex: &str) -> Option<BigUint> {
        let a = BigUint::parse_bytes(hex.as_bytes(), 16)?;
        (&a % &self.n != BigUint::ZERO && a < self.n).then_some(a)
    }

    /// The key that both sides share if the password is right.
    pub(super) fn key(&self, a: &BigUint, b: &BigUint, public: &BigUint, verifier: &BigUint) -> [u8; 16] {
        let u = hash_numbers(a, public);
        let s = self.power(&(a * self.power(verifier, &u)), b);
        let prk = hmac(&padded(&u), &[&padded(&s)]);
        let derived = hmac(&prk, &[b"Caldera Derived Key", &[1]]);
        let mut key = [0; 16];
        key.copy_from_slice(derived.first_chunk::<16>().unwrap_or(&[0; 16]));
        key
    }
}

/// The proof that a client sends.
pub(super) fn signature(
    key: &[u8; 16],
    pool_name: &str,
    username: &str,
    secret_block: &[u8],
    timestamp: &str,
) -> [u8; 32] {
    hmac(
        key,
        &[
            pool_name.as_bytes(),
            username.as_bytes(),
            secret_block,
            timestamp.as_bytes(),
        ],
    )
}

pub(super) fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn hash_numbers(left: &BigUint, right: &BigUint) -> BigUint {
    let mut hash = Sha256::new();
    hash.update(padded(left));
    hash.update(padded(right));
    BigUint::from_bytes_be(&hash.finalize())
}

/// Java's big-endian two's complement, with a leading zero byte if the first bit is set.
fn padded(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes.first().is_some_and(|first| first & 0x80 != 0) {
        bytes.insert(0, 0);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use rstest::rstest;

    use super::*;

    /// Name, value lines of the two published test vectors.
    fn vector(name: &str, file: &str) -> String {
        let mut lines = file
            .lines()
            .skip_while(|line| *line != format!("[{name}]"))
            .skip(1);
        lines.next().unwrap().to_owned()
    }

    fn hex(text: &str) -> BigUint {
        BigUint::parse_bytes(text.as_bytes(), 16).unwrap()
    }

    #[rstest]
    #[case(include_str!("../../../tests/fixtures/srp/vector-1.txt"))]
    #[case(include_str!("../../../tests/fixtures/srp/vector-2.txt"))]
    fn the_servers_side_agrees_with_the_published_vectors(#[case] file: &str) {
        let group = Group::new();
        let get = |name: &str| vector(name, file);
        let (user, password) = (get("user"), get("password"));
        let v = group.verifier("EXAMPLE01", &user, &password, &hex(&get("salt")));
        assert_eq!(v, hex(&get("v")));
        let b = hex(&get("b"));
        let public = group.public(&v, &b);
        assert_eq!(public, hex(&get("B")));
        let a = group.client_public(&get("A")).unwrap();
        let key = group.key(&a, &b, &public, &v);
        assert_eq!(key.to_vec(), hex(&get("key")).to_bytes_be());
        let block = STANDARD.decode(get("secret block")).unwrap();
        let proof = signature(&key, "EXAMPLE01", &user, &block, &get("timestamp"));
        assert_eq!(STANDARD.encode(proof), get("signature"));
    }

    #[rstest]
    #[case("7f", &[0x7f])]
    #[case("80", &[0x00, 0x80])]
    #[case("1", &[0x01])]
    #[case("abc", &[0x0a, 0xbc])]
    fn numbers_are_padded_as_java_does(#[case] number: &str, #[case] bytes: &[u8]) {
        assert_eq!(padded(&hex(number)), bytes);
    }

    #[test]
    fn an_a_of_zero_in_the_group_is_refused() {
        let group = Group::new();
        assert_eq!(group.client_public("0"), None);
        assert_eq!(group.client_public(std::str::from_utf8(N).unwrap()), None);
        assert_eq!(group.client_public("xyz"), None);
        assert_eq!(padded(&group.n).len(), 385);
        assert_eq!(
            group.k,
            hex("538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6")
        );
    }
}
