//! Text from people, files and servers.

use crate::{MAX_NAME_CHARS, MAX_NOTE_CHARS};

/// A text that is too long to keep.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {what} has {length} characters; at most {most} can be kept")]
pub struct TextError {
    /// `name` or `note`.
    pub what: &'static str,
    /// How long it is.
    pub length: usize,
    /// How long it may be.
    pub most: usize,
}

/// A text as it may be shown: without control characters, and without the invisible ones that turn the writing direction or
/// hide what is there. Right-to-left letters, combining marks and emoji stay. Line ends and tabs become spaces.
pub fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' | '\r' | '\t' => Some(' '),
            // Bidirectional overrides, embeddings and isolates (Unicode UAX #9, "Trojan Source").
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}' => None,
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect()
}

/// Checks and cleans a name; `None` where nothing is left.
///
/// # Errors
///
/// [`TextError`] for more than [`MAX_NAME_CHARS`] characters.
pub fn checked_name(text: &str) -> Result<Option<String>, TextError> {
    checked(text, "name", MAX_NAME_CHARS)
}

/// Checks and cleans a note; `None` where nothing is left.
///
/// # Errors
///
/// [`TextError`] for more than [`MAX_NOTE_CHARS`] characters.
pub fn checked_note(text: &str) -> Result<Option<String>, TextError> {
    checked(text, "note", MAX_NOTE_CHARS)
}

fn checked(text: &str, what: &'static str, most: usize) -> Result<Option<String>, TextError> {
    let text = clean(text);
    let text = text.trim();
    let length = text.chars().count();
    if length > most {
        return Err(TextError { what, length, most });
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_lose_their_teeth_and_letters_stay() {
        assert_eq!(clean("\u{1b}[31mred\u{1b}[0m\u{7}"), "[31mred[0m");
        assert_eq!(clean("a\u{202e}b\u{9b}c"), "abc");
        assert_eq!(clean("שלום 🍕 café\n"), "שלום 🍕 café ");
    }

    #[test]
    fn names_are_bounded_in_characters_not_bytes() {
        assert_eq!(
            checked_name(&"é".repeat(200)).map(|name| name.map(|name| name.chars().count())),
            Ok(Some(200))
        );
        assert_eq!(
            checked_name(&"x".repeat(10_240)),
            Err(TextError {
                what: "name",
                length: 10_240,
                most: 200
            })
        );
        assert_eq!(checked_name(" \u{1b} "), Ok(None));
    }
}
