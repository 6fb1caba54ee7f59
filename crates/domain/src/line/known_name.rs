//! Names of several words that are known.

use super::{known::Closeness, setting::Setting, words::Token};

/// The longest name in words that is looked up.
pub(super) const LONGEST_NAME: usize = 12;

/// The number of words of the longest known name that begins at a word, if it has at least two.
pub(super) fn known_words(tokens: &[Token<'_>], setting: &Setting<'_>) -> usize {
    (2..=tokens.len().min(LONGEST_NAME))
        .rev()
        .find(|length| {
            let phrase = joined(tokens.get(..*length).unwrap_or_default());
            let named = setting.lookup.named(&phrase);
            named.iter().any(|found| found.closeness <= Closeness::Form)
        })
        .unwrap_or(0)
}

/// The words with single spaces.
pub(super) fn joined(tokens: &[Token<'_>]) -> String {
    let words: Vec<&str> = tokens.iter().map(|token| token.text).collect();
    words.join(" ")
}
