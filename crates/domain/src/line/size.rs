//! Words beside a name that are no units: sizes, and words without a meaning of their own.

use super::{number::counted, unit::unit};

/// Words without a meaning of their own.
pub(super) const FILLERS: [&str; 9] = ["of", "the", "some", "about", "approx", "ca", "circa", "x", "×"];

/// Sizes, and how they compare to the usual one.
const SIZES: [(&str, &str, f64); 12] = [
    ("mini", "mini", 0.5),
    ("small", "small", 0.75),
    ("little", "small", 0.75),
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
    FILLERS.contains(&word) || counted(word).is_some() || size(word).is_some() || unit(word).is_some()
}
