//! The generated password of the account on this computer.

use rand::seq::{IndexedRandom as _, SliceRandom as _};

/// Characters of the password: some 190 bits, from letters, digits and symbols that need no quoting.
const LENGTH: usize = 32;
const UPPER: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
const LOWER: &[u8] = b"abcdefghijkmnopqrstuvwxyz";
const DIGITS: &[u8] = b"23456789";
const SYMBOLS: &[u8] = b"-_=+.:@%";

/// A random password with a character of each class that Cognito's default policy requires.
pub(super) fn random() -> String {
    let mut rng = rand::rng();
    let every = [UPPER, LOWER, DIGITS, SYMBOLS].concat();
    let mut characters: Vec<u8> = [UPPER, LOWER, DIGITS, SYMBOLS]
        .iter()
        .filter_map(|class| class.choose(&mut rng).copied())
        .collect();
    while characters.len() < LENGTH {
        characters.extend(every.choose(&mut rng));
    }
    // The classes of the first four must not be known.
    characters.shuffle(&mut rng);
    characters.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_satisfy_cognitos_default_policy_and_differ() {
        for _ in 0..100 {
            let password = random();
            assert_eq!(password.len(), LENGTH);
            for class in [UPPER, LOWER, DIGITS, SYMBOLS] {
                assert!(password.bytes().any(|byte| class.contains(&byte)), "{password}");
            }
        }
        assert_ne!(random(), random());
    }
}
