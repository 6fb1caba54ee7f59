//! The distance between a word of the query and a name.

use super::letters::LetterSet;

/// A letter of a query and of names in lower case: a byte where both are ASCII, which is compared faster, else a character.
pub(super) trait Letter: Copy + PartialEq {
    fn is_alphanumeric(self) -> bool;

    /// The letter as a byte, if it is ASCII.
    fn ascii(self) -> Option<u8>;
}

impl Letter for u8 {
    fn is_alphanumeric(self) -> bool {
        self.is_ascii_alphanumeric()
    }

    fn ascii(self) -> Option<u8> {
        Some(self)
    }
}

impl Letter for char {
    fn is_alphanumeric(self) -> bool {
        char::is_alphanumeric(self)
    }

    fn ascii(self) -> Option<u8> {
        u8::try_from(self).ok().filter(u8::is_ascii)
    }
}

/// Words of this many characters may have a typo.
const TYPO_CHARS: usize = 5;

/// What is added to the distance if the letters aren't at the beginning of one of the name's words.
const INSIDE: usize = 2;
/// Distance of a name with the word, but for a typo.
const TYPO: usize = 3;
/// Distance of a name that has the letters in their order, besides the number of letters between them.
const SCATTERED: usize = 6;

/// A word of a query, in lower case.
pub(super) struct Word<L> {
    letters: Vec<L>,
    set: LetterSet,
    may_have_typo: bool,
}

impl<L: Letter> Word<L> {
    pub(super) fn of(letters: &[L]) -> Self {
        Self {
            letters: letters.to_vec(),
            set: LetterSet::of_bytes(letters.iter().filter_map(|letter| letter.ascii())),
            may_have_typo: letters.len() >= TYPO_CHARS,
        }
    }

    /// Whether a name has enough of the letters, in whatever order: most names don't, which is found out quickly.
    pub(super) fn may_be_in(&self, name: LetterSet) -> bool {
        self.set.missing_in(name) <= u32::from(self.may_have_typo)
    }

    /// How far a name is from having the word, 0 for one of its words; none if it doesn't match.
    pub(super) fn distance(&self, name: &[L]) -> Option<usize> {
        // Most names end here.
        if !self.is_in_order(name) {
            return None;
        }
        self.whole(name)
            .or_else(|| self.with_typo(name))
            .or_else(|| self.scattered(name))
    }

    fn whole(&self, name: &[L]) -> Option<usize> {
        let distances = places(&self.letters, name).map(|at| beside_word(name, at, at + self.letters.len()));
        distances.min()
    }

    fn with_typo(&self, name: &[L]) -> Option<usize> {
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
    fn scattered(&self, name: &[L]) -> Option<usize> {
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
    fn is_in_order(&self, name: &[L]) -> bool {
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
fn begins_with_typo<L: Letter>(name: &[L], word: &[L]) -> bool {
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
pub(super) fn places<L: Letter>(letters: &[L], name: &[L]) -> impl Iterator<Item = usize> {
    let begins = name.iter().enumerate();
    let begins = begins.filter(move |(_, letter)| Some(*letter) == letters.first());
    begins.filter_map(move |(at, _)| name.get(at..)?.starts_with(letters).then_some(at))
}

/// What is added to a distance: 0 for a part of the name that is a word, more for a word's end than for its beginning.
fn beside_word<L: Letter>(name: &[L], begin: usize, end: usize) -> usize {
    let ends_word = name.get(end).is_none_or(|next| !next.is_alphanumeric());
    if begins_word(name, begin) {
        usize::from(!ends_word)
    } else {
        INSIDE
    }
}

/// Whether a word of the name begins at this index.
pub(super) fn begins_word<L: Letter>(name: &[L], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| name.get(before));
    before.is_none_or(|before| !before.is_alphanumeric())
}
