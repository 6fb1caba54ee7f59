//! The distance between a word of the query and a name.

/// Words of this many characters may have a typo.
const TYPO_CHARS: usize = 5;

/// What is added to the distance if the letters aren't at the beginning of one of the name's words.
const INSIDE: usize = 2;
/// Distance of a name with the word, but for a typo.
const TYPO: usize = 3;
/// Distance of a name that has the letters in their order, besides the number of letters between them.
const SCATTERED: usize = 6;

/// A word of a query, in lower case.
pub(super) struct Word {
    letters: Vec<char>,
    set: LetterSet,
    may_have_typo: bool,
}

impl Word {
    pub(super) fn of(letters: &[char]) -> Self {
        Self {
            letters: letters.to_vec(),
            set: LetterSet::of_word(letters),
            may_have_typo: letters.len() >= TYPO_CHARS,
        }
    }

    /// Whether a name has enough of the letters, in whatever order: most names don't, which is found out quickly.
    pub(super) fn may_be_in(&self, name: LetterSet) -> bool {
        self.set.missing_in(name) <= u32::from(self.may_have_typo)
    }

    /// How far a name is from having the word, 0 for one of its words; none if it doesn't match.
    pub(super) fn distance(&self, name: &[char]) -> Option<usize> {
        // Most names end here.
        if !self.is_in_order(name) {
            return None;
        }
        self.whole(name)
            .or_else(|| self.with_typo(name))
            .or_else(|| self.scattered(name))
    }

    fn whole(&self, name: &[char]) -> Option<usize> {
        let distances = places(&self.letters, name).map(|at| beside_word(name, at, at + self.letters.len()));
        distances.min()
    }

    fn with_typo(&self, name: &[char]) -> Option<usize> {
        if !self.may_have_typo {
            return None;
        }
        // A wrong first letter is found behind it, as one that is too many.
        let begins = self.letters.get(..2)?;
        let places = name.iter().enumerate().filter_map(|(at, letter)| {
            let found = begins.contains(letter) && begins_with_typo(name.get(at..)?, &self.letters);
            found.then_some(at)
        });
        places.map(|at| TYPO + beside_word(name, at, name.len())).min()
    }

    /// The fewest letters between, and more if the first one isn't at a word's beginning.
    fn scattered(&self, name: &[char]) -> Option<usize> {
        let first = self.letters.get(..1)?;
        let distances = places(first, name).map_while(|at| {
            let mut rest = name.get(at..)?.iter();
            let mut end = at;
            for letter in &self.letters {
                end += 1 + rest.position(|other| other == letter)?;
            }
            let between = end - at - self.letters.len();
            Some(SCATTERED + between + beside_word(name, at, end))
        });
        distances.min()
    }

    /// Whether a name has the letters in their order, except for one if the word may have a typo.
    fn is_in_order(&self, name: &[char]) -> bool {
        // How many letters were found, without and with one left out.
        let mut found = 0;
        let mut found_but_one = usize::from(self.may_have_typo);
        for letter in name {
            if self.letters.get(found_but_one) == Some(letter) {
                found_but_one += 1;
            }
            if self.letters.get(found) == Some(letter) {
                found += 1;
                found_but_one = found_but_one.max(found + usize::from(self.may_have_typo));
            }
        }
        found_but_one >= self.letters.len()
    }
}

/// Whether `name` begins with `word`, one of whose letters is wrong, missing, too many or swapped with the next one.
fn begins_with_typo(name: &[char], word: &[char]) -> bool {
    let same = name.iter().zip(word).take_while(|(a, b)| a == b).count();
    let (Some(name), Some(word)) = (name.get(same..), word.get(same..)) else {
        return false;
    };
    let is_too_many = matches!(word, [_, word @ ..] if name.starts_with(word));
    let is_missing = matches!(name, [_, name @ ..] if name.starts_with(word));
    let is_wrong = matches!((name, word), ([_, name @ ..], [_, word @ ..]) if name.starts_with(word));
    let is_swapped = matches!(
        (name, word),
        ([a, b, name @ ..], [c, d, word @ ..]) if (a, b) == (d, c) && name.starts_with(word)
    );
    is_too_many || is_missing || is_wrong || is_swapped
}

/// Where a name has these letters.
pub(super) fn places(letters: &[char], name: &[char]) -> impl Iterator<Item = usize> {
    let begins = name.iter().enumerate();
    let begins = begins.filter(move |(_, letter)| Some(*letter) == letters.first());
    begins.filter_map(move |(at, _)| name.get(at..)?.starts_with(letters).then_some(at))
}

/// What is added to a distance: 0 for a part of the name that is a word, more for a word's end than for its beginning.
fn beside_word(name: &[char], begin: usize, end: usize) -> usize {
    let ends_word = name.get(end).is_none_or(|next| !next.is_alphanumeric());
    if begins_word(name, begin) {
        usize::from(!ends_word)
    } else {
        INSIDE
    }
}

/// Whether a word of the name begins at this index.
pub(super) fn begins_word(name: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| name.get(before));
    before.is_none_or(|before| !before.is_alphanumeric())
}

/// A bit for each letter, in any case. Some characters share a bit, so a set may be too large, never too small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LetterSet(u32);

impl LetterSet {
    /// The lower five bits of an ASCII letter are the same in both cases.
    pub(super) fn of_name(name: &str) -> Self {
        if name.is_ascii() {
            Self(name.bytes().fold(0, |set, byte| set | 1 << (byte & 31)))
        } else {
            Self(u32::MAX)
        }
    }

    fn of_word(word: &[char]) -> Self {
        let ascii: String = word.iter().filter(|letter| letter.is_ascii()).collect();
        Self::of_name(&ascii)
    }

    fn missing_in(self, other: Self) -> u32 {
        (self.0 & !other.0).count_ones()
    }
}
