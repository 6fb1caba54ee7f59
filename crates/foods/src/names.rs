//! Finds names by their letters, by the forms of their words, and with typos.

use caltrack_domain::{
    LetterSet,
    line::{Closeness, folded, is_negation, stemmed},
};
use strsim::osa_distance;

/// Names, found by their index.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Names {
    /// Folded names, ordered by `first`.
    folded: Vec<Box<str>>,
    /// Hashes of the folded name without spaces.
    same: Hashes,
    /// Hashes of the stems.
    form: Hashes,
    /// Hashes of the stems in alphabetical order.
    reordered: Hashes,
    /// Indices by the first letter.
    by_letter: Vec<(char, u32)>,
    letters: Vec<LetterSet>,
}

type Hashes = Vec<(u64, u32)>;

/// The longest phrase in characters that is compared for typos.
const LONGEST_TYPO: usize = 40;

/// A word with an accent of so many letters or fewer has no typo.
const SHORT_FOREIGN: usize = 5;

struct Keys {
    folded: String,
    same: u64,
    form: u64,
    reordered: Option<u64>,
}

/// FNV-1a
fn hash<'a>(parts: impl Iterator<Item = &'a str>) -> u64 {
    parts
        .flat_map(str::bytes)
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

fn keys(name: &str) -> Keys {
    let folded = folded(name);
    let mut stems: Vec<String> = folded.split(' ').map(stemmed).collect();
    let form = hash(stems.iter().map(String::as_str));
    let reordered = (stems.len() > 1).then(|| {
        stems.sort_unstable();
        hash(stems.iter().map(String::as_str))
    });
    Keys {
        same: hash(folded.split(' ')),
        form,
        reordered,
        folded,
    }
}

fn with(hashes: &Hashes, hash: u64) -> Vec<u32> {
    let from = hashes.partition_point(|(other, _)| *other < hash);
    let equal = hashes.iter().skip(from).take_while(|(other, _)| *other == hash);
    equal.map(|(_, index)| *index).collect()
}

impl Names {
    pub(crate) fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut all = Self::default();
        for (name, index) in names.zip(0_u32..) {
            let keys = keys(name);
            all.same.push((keys.same, index));
            all.form.push((keys.form, index));
            all.reordered.extend(keys.reordered.map(|hash| (hash, index)));
            all.by_letter
                .extend(keys.folded.chars().next().map(|first| (first, index)));
            all.letters.push(LetterSet::of(name));
            all.folded.push(keys.folded.into());
        }
        for hashes in [&mut all.same, &mut all.form, &mut all.reordered] {
            hashes.sort_unstable();
        }
        all.by_letter.sort_unstable();
        all
    }

    /// The letters of each name.
    pub(crate) fn letters(&self) -> &[LetterSet] {
        &self.letters
    }

    /// The names of a phrase, in their order, and how they match.
    pub(crate) fn named(&self, phrase: &str) -> Option<(Closeness, Vec<u32>)> {
        let keys = keys(phrase);
        if keys.folded.is_empty() {
            return None;
        }
        let ways = [
            (Closeness::Same, with(&self.same, keys.same)),
            (Closeness::Form, with(&self.form, keys.form)),
            (
                Closeness::Reordered,
                keys.reordered
                    .map(|hash| with(&self.reordered, hash))
                    .unwrap_or_default(),
            ),
        ];
        let (closeness, mut found) = ways.into_iter().find(|(_, found)| !found.is_empty())?;
        // `popcorn` before `pop corn`
        let is_other = |index: &u32| {
            let name = usize::try_from(*index).ok().and_then(|at| self.folded.get(at));
            name.is_none_or(|name| **name != *keys.folded)
        };
        found.sort_by_key(is_other);
        Some((closeness, found))
    }

    /// The names nearest to a phrase with one typo, or two in a long one, and their distance.
    pub(crate) fn misspelt(&self, phrase: &str) -> (usize, Vec<u32>) {
        // A short word with an accent is one of another language: `caña`.
        let is_foreign = !phrase.is_ascii();
        let phrase = folded(phrase);
        let length = phrase.chars().count();
        if is_foreign && length <= SHORT_FOREIGN {
            return (0, Vec::new());
        }
        // Another number is no typo.
        if phrase.contains(|c: char| c.is_ascii_digit()) {
            return (0, Vec::new());
        }
        // Nor is `coffee no sugar` one of `coffee and sugar`, or `coffee with` one of `coffee white`.
        let is_unfinished = |word: &str| matches!(word, "with" | "and" | "of" | "&");
        if phrase.split(' ').any(is_negation) || phrase.rsplit(' ').next().is_some_and(is_unfinished) {
            return (0, Vec::new());
        }
        let most = match length {
            4..=7 => 1,
            8..=LONGEST_TYPO => 2,
            _ => return (0, Vec::new()),
        };
        let Some(first) = phrase.chars().next() else {
            return (0, Vec::new());
        };
        let from = self.by_letter.partition_point(|(letter, _)| *letter < first);
        let letters = LetterSet::of(&phrase);
        let mut nearest = most + 1;
        let mut found = Vec::new();
        for (_, index) in self
            .by_letter
            .iter()
            .skip(from)
            .take_while(|(letter, _)| *letter == first)
        {
            let at = usize::try_from(*index).unwrap_or(usize::MAX);
            let (Some(name), Some(set)) = (self.folded.get(at), self.letters.get(at)) else {
                continue;
            };
            let least = nearest.min(most);
            if !set.may_differ_by(letters, u32::try_from(least).unwrap_or(u32::MAX)) {
                continue;
            }
            let other = name.chars().count();
            // A word of four letters may lack one, not have a wrong one: `piza`.
            if other.abs_diff(length) > least || other < 5 {
                continue;
            }
            if !short_words_are_equal(&phrase, name) {
                continue;
            }
            let distance = osa_distance(&phrase, name);
            // A space is one typo, not another one beside it: `halfpizza` is no `ham pizza`.
            if distance > 1 && words(&phrase) != words(name) {
                continue;
            }
            if distance < nearest {
                nearest = distance;
                found.clear();
            }
            if distance == nearest && distance <= most {
                found.push(*index);
            }
        }
        // A letter too many or too few beside the same one is the likelier typo: `chese`.
        let single = without_doubles(&phrase);
        let doubled = |index: &u32| {
            let name = usize::try_from(*index).ok().and_then(|at| self.folded.get(at));
            name.is_some_and(|name| without_doubles(name) == single)
        };
        if found.iter().any(doubled) {
            found.retain(doubled);
        }
        found.sort_unstable();
        (nearest, found)
    }
}

fn words(text: &str) -> usize {
    text.split(' ').count()
}

/// Whether the words of up to three letters are the same in both, where both have as many words.
fn short_words_are_equal(phrase: &str, name: &str) -> bool {
    if words(phrase) != words(name) || words(phrase) == 1 {
        return true;
    }
    phrase.split(' ').zip(name.split(' ')).all(|(word, other)| {
        let is_short = word.chars().count().min(other.chars().count()) <= 3;
        !is_short || word == other
    })
}

/// A name in which no letter follows itself.
fn without_doubles(name: &str) -> String {
    let mut single = String::with_capacity(name.len());
    for c in name.chars() {
        if !single.ends_with(c) {
            single.push(c);
        }
    }
    single
}
