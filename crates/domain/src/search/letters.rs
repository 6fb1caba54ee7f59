//! The letters of a name as bits. Most names lack a letter of what is searched, and are passed over unread.

/// A bit for each Latin letter in any case, one more if it occurs twice, and a bit for each digit. Other ASCII characters
/// have none. Pairs of neighbours share the bits of another word. A name with further characters has all bits: its set may be
/// too large, never too small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetterSet {
    letters: u64,
    pairs: u64,
}

const LETTERS: u32 = 26;

impl LetterSet {
    /// The letters of a name.
    pub fn of(name: &str) -> Self {
        if name.is_ascii() {
            Self::of_bytes(name.bytes())
        } else {
            Self {
                letters: u64::MAX,
                pairs: u64::MAX,
            }
        }
    }

    pub(super) fn of_bytes(bytes: impl Iterator<Item = u8>) -> Self {
        let mut set = Self { letters: 0, pairs: 0 };
        let mut before = None;
        for byte in bytes {
            let byte = byte.to_ascii_lowercase();
            set.letters |= match byte {
                b'0'..=b'9' => 1 << (2 * LETTERS + u32::from(byte - b'0')),
                b'a'..=b'z' => {
                    let letter = 1_u64 << (byte - b'a');
                    letter | (set.letters & letter) << LETTERS
                }
                _ => 0,
            };
            if let Some(before) = before.replace(byte) {
                set.pairs |= 1 << ((u32::from(before) * 37 + u32::from(byte)) % u64::BITS);
            }
        }
        set
    }

    /// How many of the bits another set lacks.
    pub(super) fn missing_in(self, other: Self) -> u32 {
        (self.letters & !other.letters).count_ones()
    }

    /// Whether a name may have another one as a part.
    pub(super) fn may_contain(self, part: Self) -> bool {
        part.letters & !self.letters == 0 && part.pairs & !self.pairs == 0
    }

    /// Whether so many letters that are wrong, missing, too many or swapped may make one name of the other. A letter changes
    /// at most one bit of each set.
    pub fn may_differ_by(self, other: Self, typos: u32) -> bool {
        let has_others = self.letters == u64::MAX || other.letters == u64::MAX;
        has_others || self.missing_in(other) <= typos && other.missing_in(self) <= typos
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("banana", "bannana", 1, true)]
    #[case("banana", "banaan", 1, true)]
    #[case("banana", "Bandana", 1, true)]
    #[case("banana", "banjo", 1, false)]
    #[case("stir fry", "Stir-fry", 0, true)]
    #[case("crème", "creme", 0, true)]
    #[case("v8", "v6", 0, false)]
    fn letters_tell_names_apart(
        #[case] one: &str,
        #[case] other: &str,
        #[case] typos: u32,
        #[case] may: bool,
    ) {
        assert_eq!(LetterSet::of(one).may_differ_by(LetterSet::of(other), typos), may);
    }

    #[rstest]
    #[case("Banana bread", "nana b", true)]
    #[case("Banana bread", "bananas", false)]
    #[case("bread", "dear", false)]
    #[case("crème", "creme", true)]
    fn neighbours_tell_parts_apart(#[case] name: &str, #[case] part: &str, #[case] may: bool) {
        assert_eq!(LetterSet::of(name).may_contain(LetterSet::of(part)), may);
    }
}
