//! Words beside a name that are no units: sizes, and words without a meaning of their own.

use super::{count::counted, unit::unit};

/// Words without a meaning of their own.
const FILLERS: [&str; 18] = [
    "more",
    "of",
    "the",
    "some",
    "about",
    "approx",
    "approximately",
    "around",
    "roughly",
    "nearly",
    "almost",
    "ca",
    "circa",
    "environ",
    "etwa",
    "ungefähr",
    "x",
    "×",
];

/// Words in front of what was eaten or done.
const VERBS: [&str; 12] = [
    "i", "had", "ate", "eaten", "drank", "did", "went", "just", "maybe", "probably", "another", "like",
];

/// Whether a word has no meaning of its own, wherever it stands: `of`, `approx.`, a dash.
pub(super) fn is_filler(word: &str) -> bool {
    FILLERS.contains(&word.trim_end_matches('.')) || is_mark(word)
}

/// Whether a word is a mark alone: a dash, a bullet, `=`.
fn is_mark(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| "-–—*•·=:@|>~".contains(c))
}

/// Whether a word has no meaning of its own in front of a name: `had 2 eggs`.
pub(super) fn is_verb(word: &str) -> bool {
    VERBS.contains(&word)
}

/// Sizes, and how they compare to the usual one.
const SIZES: [(&str, &str, f64); 15] = [
    ("mini", "mini", 0.5),
    ("tiny", "mini", 0.5),
    ("bit", "bit", 0.75),
    ("smallish", "small", 0.75),
    ("small", "small", 0.75),
    ("little", "little", 0.75),
    ("medium", "medium", 1.0),
    ("regular", "medium", 1.0),
    ("normal", "medium", 1.0),
    ("large", "large", 1.3),
    ("big", "large", 1.3),
    ("huge", "extra large", 1.6),
    ("jumbo", "extra large", 1.6),
    ("xl", "extra large", 1.6),
    ("extra-large", "extra large", 1.6),
];

pub(super) fn size(word: &str) -> Option<(&'static str, f64)> {
    SIZES
        .iter()
        .find(|(spelling, _, _)| *spelling == word)
        .map(|(_, name, factor)| (*name, *factor))
}

/// Whether a word alone is an amount or has no meaning of its own, and so names nothing.
pub(super) fn is_plain(word: &str) -> bool {
    is_filler(word)
        || is_verb(word)
        || counted(word).is_some()
        || size(word).is_some()
        || unit(word).is_some()
}
