//! Text from users, files and servers.

/// The longest name of an entry, in characters.
pub const MAX_NAME_CHARS: usize = 200;
/// The longest note of an entry, in characters.
pub const MAX_NOTE_CHARS: usize = 2_000;
/// The longest unit of an entry, in characters.
pub const MAX_UNIT_CHARS: usize = 40;
/// The longest source of an entry's figures, in characters.
pub const MAX_FOOD_CHARS: usize = 80;

/// A text that is too long to store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {what} has {length} characters; at most {most} are allowed")]
pub struct TextError {
    /// The kind of text, such as `name`.
    pub what: &'static str,
    /// Its length in characters.
    pub length: usize,
    /// The maximum length in characters.
    pub most: usize,
}

/// Whether a character has Unicode's general category Cc, Cf, Zl or Zp, or lies in the block of tags (U+E0000 to
/// U+E007F, assigned or not). A terminal may act on such a character or hide it, so JSON has it as `\uXXXX`.
///
/// Source: `DerivedGeneralCategory.txt` of the Unicode Character Database 16.0.
pub fn is_unprintable(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{600}'..='\u{605}'
                | '\u{61c}'
                | '\u{6dd}'
                | '\u{70f}'
                | '\u{890}'..='\u{891}'
                | '\u{8e2}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{2064}'
                | '\u{2066}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{110bd}'
                | '\u{110cd}'
                | '\u{13430}'..='\u{1343f}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Whether people may see a character: a printable one, or a format character that writing needs. Those are the joiners of emoji and
/// of Indic and Persian words (ZWNJ, ZWJ), the signs that enclose or precede Arabic, Syriac and Kaithi numbers
/// (`Prepended_Concatenation_Mark` in the Unicode Character Database), and the joiners of hieroglyphs.
pub fn is_shown(c: char) -> bool {
    !is_unprintable(c)
        || matches!(
            c,
            '\u{200c}'
                | '\u{200d}'
                | '\u{600}'..='\u{605}'
                | '\u{6dd}'
                | '\u{70f}'
                | '\u{890}'..='\u{891}'
                | '\u{8e2}'
                | '\u{110bd}'
                | '\u{110cd}'
                | '\u{13430}'..='\u{1343f}'
        )
}

/// A text that is safe to show: without control characters, and without the invisible ones that turn the writing
/// direction ("Trojan Source"), hide text or make two names look alike; see [`is_shown`]. Right-to-left letters,
/// combining marks and emoji stay. Line ends and tabs become spaces.
pub fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
            c => is_shown(c).then_some(c),
        })
        .collect()
}

/// At most `most` characters of a text; `…` stands for what is cut off.
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned() + "…",
        None => text.to_owned(),
    }
}

/// A user's text for an error message: clean, and at most 30 characters.
pub(crate) fn quoted(text: &str) -> String {
    shortened(&clean(text), 30)
}

/// A user name that no user pool accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the user name contains a space or an invisible character")]
pub struct UserNameError;

/// Checks the name of a new user: no blanks and no characters that can't be seen, by which one name could pass for another.
///
/// Source: Amazon Cognito API reference, `SignUp`, `Username`: `[\p{L}\p{M}\p{S}\p{N}\p{P}]+`.
///
/// # Errors
///
/// [`UserNameError`].
pub fn checked_user_name(text: &str) -> Result<&str, UserNameError> {
    if text.chars().any(|c| c.is_whitespace() || is_unprintable(c)) {
        return Err(UserNameError);
    }
    Ok(text)
}

/// Checks and cleans a name; `None` if nothing is left.
///
/// # Errors
///
/// [`TextError`] for more than [`MAX_NAME_CHARS`] characters.
pub fn checked_name(text: &str) -> Result<Option<String>, TextError> {
    checked(text, "name", MAX_NAME_CHARS)
}

/// Checks and cleans a note; `None` if nothing is left.
///
/// # Errors
///
/// [`TextError`] for more than [`MAX_NOTE_CHARS`] characters.
pub fn checked_note(text: &str) -> Result<Option<String>, TextError> {
    checked(text, "note", MAX_NOTE_CHARS)
}

/// Checks and cleans a unit; `None` if nothing is left.
///
/// # Errors
///
/// [`TextError`] for more than [`MAX_UNIT_CHARS`] characters.
pub fn checked_unit(text: &str) -> Result<Option<String>, TextError> {
    checked(text, "unit", MAX_UNIT_CHARS)
}

/// Checks and cleans the source of an entry's figures; `None` if nothing is left.
///
/// # Errors
///
/// [`TextError`] for more than [`MAX_FOOD_CHARS`] characters.
pub fn checked_food(text: &str) -> Result<Option<String>, TextError> {
    checked(text, "food", MAX_FOOD_CHARS)
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
    fn a_note_keeps_its_text_and_blank_ones_are_none() {
        assert_eq!(checked_note(" with rice "), Ok(Some("with rice".to_owned())));
        assert_eq!(checked_note("  "), Ok(None));
        assert!(checked_note(&"x".repeat(2001)).is_err());
        assert_eq!(checked_unit(" ml "), Ok(Some("ml".to_owned())));
        assert!(checked_unit(&"é".repeat(40)).is_ok() && checked_unit(&"x".repeat(41)).is_err());
        assert!(checked_food(&"é".repeat(80)).is_ok() && checked_food(&"x".repeat(81)).is_err());
    }

    #[test]
    fn escape_sequences_are_disarmed_and_letters_stay() {
        assert_eq!(clean("\u{1b}[31mred\u{1b}[0m\u{7}"), "[31mred[0m");
        assert_eq!(clean("a\u{202e}b\u{9b}c"), "abc");
        assert_eq!(clean("שלום 🍕 café\n"), "שלום 🍕 café ");
    }

    #[test]
    fn invisible_characters_that_make_texts_look_alike_are_removed() {
        for hidden in [
            '\u{ad}',
            '\u{61c}',
            '\u{180e}',
            '\u{200b}',
            '\u{200e}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{206f}',
            '\u{feff}',
            '\u{fff9}',
            '\u{1bca0}',
            '\u{1d173}',
            '\u{e0001}',
            '\u{e0002}',
            '\u{e0041}',
            '\u{e007f}',
        ] {
            assert_eq!(
                clean(&format!("me{hidden}me")),
                "meme",
                "U+{:04X}",
                u32::from(hidden)
            );
            assert!(is_unprintable(hidden));
        }
        assert_eq!(clean("one\u{2028}two\u{2029}three"), "one two three");
    }

    #[test]
    fn characters_that_writing_needs_stay() {
        for text in [
            "👩‍🍳",
            "می‌خواهم",
            "क्‍ष",
            "۝١٢",
            "☕\u{fe0f}",
            "e\u{301}",
            "葛\u{e0100}",
        ] {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn a_new_users_name_has_only_visible_characters() {
        for name in ["me", "ada.lovelace@example.org", "אדה", "me😀", "e\u{301}"] {
            assert_eq!(checked_user_name(name), Ok(name));
        }
        for name in [
            "me\u{200b}",
            "me\u{202e}",
            "me\u{e0041}",
            "me\u{ad}",
            "me\u{200d}",
            "a b",
            "a\u{a0}b",
            "a\u{7f}",
        ] {
            assert_eq!(checked_user_name(name), Err(UserNameError), "{name:?}");
        }
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
