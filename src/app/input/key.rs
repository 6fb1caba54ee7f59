//! Keys as the core knows them, independent of any terminal library.

use std::{fmt, str::FromStr};

/// A key without its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// A character as it is typed: `A` with Shift held.
    Char(char),
    /// Enter, or Return.
    Enter,
    /// The key Esc, not a byte of a sequence.
    Esc,
    /// Tab without Shift.
    Tab,
    /// Tab with Shift held.
    BackTab,
    /// Deletes to the left.
    Backspace,
    /// Deletes to the right.
    Delete,
    /// The arrow to the left.
    Left,
    /// The arrow to the right.
    Right,
    /// The arrow upwards.
    Up,
    /// The arrow downwards.
    Down,
    /// To the start of a line or list.
    Home,
    /// To the end of a line or list.
    End,
    /// One page upwards.
    PageUp,
    /// One page downwards.
    PageDown,
}

/// The names of keys that are no character; the first name of a code is the one that is printed.
const NAMES: [(&str, Code); 20] = [
    ("Space", Code::Char(' ')),
    ("Enter", Code::Enter),
    ("Esc", Code::Esc),
    ("Tab", Code::Tab),
    ("Shift-Tab", Code::BackTab),
    ("Backspace", Code::Backspace),
    ("Del", Code::Delete),
    ("←", Code::Left),
    ("→", Code::Right),
    ("↑", Code::Up),
    ("↓", Code::Down),
    ("Home", Code::Home),
    ("End", Code::End),
    ("PgUp", Code::PageUp),
    ("PgDn", Code::PageDown),
    ("Left", Code::Left),
    ("Right", Code::Right),
    ("Up", Code::Up),
    ("Down", Code::Down),
    ("Delete", Code::Delete),
];

/// One press of a key. Releases never reach the core.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// The key without its modifiers.
    pub code: Code,
    /// Whether Control was held.
    pub ctrl: bool,
    /// Whether Alt was held.
    pub alt: bool,
}

impl Key {
    /// A key without modifiers. Shift is part of a character.
    pub const fn new(code: Code) -> Self {
        Self {
            code,
            ctrl: false,
            alt: false,
        }
    }

    /// A character without modifiers.
    pub const fn char(c: char) -> Self {
        Self::new(Code::Char(c))
    }

    /// A character with Control held, in lower case.
    pub const fn ctrl(c: char) -> Self {
        Self {
            code: Code::Char(c),
            ctrl: true,
            alt: false,
        }
    }

    /// The character that this key types; none for keys that type nothing.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt && !c.is_control() => Some(c),
            Code::Char(_)
            | Code::Enter
            | Code::Esc
            | Code::Tab
            | Code::BackTab
            | Code::Backspace
            | Code::Delete
            | Code::Left
            | Code::Right
            | Code::Up
            | Code::Down
            | Code::Home
            | Code::End
            | Code::PageUp
            | Code::PageDown => None,
        }
    }
}

/// Printed as in the footer and the help: `a`, `Ctrl-P`, `←`; in the alternate form with words for arrows: `Left`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.alt {
            f.write_str("Alt-")?;
        }
        let has_form = |name: &str| name.is_ascii() || !f.alternate();
        let mut names = NAMES.iter().filter(|(name, _)| has_form(name));
        if let Some((name, _)) = names.find(|(_, code)| *code == self.code) {
            return f.write_str(name);
        }
        match self.code {
            Code::Char(c) if self.ctrl => write!(f, "{}", c.to_ascii_uppercase()),
            Code::Char(c) => write!(f, "{c}"),
            // Every other code has a name.
            other => write!(f, "{other:?}"),
        }
    }
}

/// A text that names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a key; keys are `a`, `Enter`, `Ctrl-P` or `C-p`, `PgUp` and the like")]
pub struct KeyError(String);

/// The names of keys in helix's spelling, where they differ from those that are printed.
const HELIX_NAMES: [(&str, Code); 6] = [
    ("ret", Code::Enter),
    ("minus", Code::Char('-')),
    ("pageup", Code::PageUp),
    ("pagedown", Code::PageDown),
    ("lt", Code::Char('<')),
    ("gt", Code::Char('>')),
];

/// Reads what [`Key`] prints; modifiers and names in any case, arrows also by name (`Left`). Also reads helix's spelling:
/// `C-x`, `A-x`, `S-tab`, `ret`.
impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let mut rest = text;
        let mut key = Self::char(' ');
        let mut shift = false;
        for (prefix, short, held) in [
            ("Ctrl-", "C-", &mut key.ctrl),
            ("Alt-", "A-", &mut key.alt),
            ("S-", "S-", &mut shift),
        ] {
            for prefix in [prefix, short] {
                if let Some((head, tail)) = rest.split_at_checked(prefix.len())
                    && (head == prefix || (prefix.len() > 2 && head.eq_ignore_ascii_case(prefix)))
                    && !tail.is_empty()
                {
                    *held = true;
                    rest = tail;
                }
            }
        }
        let upper;
        if shift {
            upper = match rest.chars().next() {
                Some(c) if rest.len() == c.len_utf8() => c.to_uppercase().to_string(),
                _ => format!("Shift-{rest}"),
            };
            rest = &upper;
        }
        let mut all = NAMES.iter().chain(&HELIX_NAMES);
        let named = all.find(|(name, _)| name.eq_ignore_ascii_case(rest));
        let mut letters = rest.chars();
        key.code = match (named, letters.next(), letters.next()) {
            (Some((_, code)), _, _) => *code,
            (None, Some(c), None) if !c.is_whitespace() && !c.is_control() => {
                Code::Char(if key.ctrl { c.to_ascii_lowercase() } else { c })
            }
            (None, _, _) => return Err(KeyError(caltrack_domain::clean(text))),
        };
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("a", Key::char('a'))]
    #[case("G", Key::char('G'))]
    #[case("-", Key::char('-'))]
    #[case("Ctrl-P", Key::ctrl('p'))]
    #[case("ctrl-p", Key::ctrl('p'))]
    #[case("Ctrl--", Key::ctrl('-'))]
    #[case("Space", Key::char(' '))]
    #[case("Shift-Tab", Key::new(Code::BackTab))]
    #[case("left", Key::new(Code::Left))]
    #[case("C-x", Key::ctrl('x'))]
    #[case("A-x", Key { alt: true, ..Key::char('x') })]
    #[case("C-A-x", Key { alt: true, ..Key::ctrl('x') })]
    #[case("S-tab", Key::new(Code::BackTab))]
    #[case("S-x", Key::char('X'))]
    #[case("ret", Key::new(Code::Enter))]
    #[case("C-minus", Key::ctrl('-'))]
    #[case("Ctrl-Alt-Del", Key { code: Code::Delete, ctrl: true, alt: true })]
    fn a_key_is_read_by_its_name(#[case] text: &str, #[case] key: Key) {
        assert_eq!(text.parse(), Ok(key));
    }

    #[rstest]
    #[case("")]
    #[case(" ")]
    #[case("ab")]
    #[case("Ctrl-")]
    #[case("Hyper-a")]
    fn other_texts_are_refused(#[case] text: &str) {
        assert!(
            text.parse::<Key>()
                .unwrap_err()
                .to_string()
                .contains("is not a key")
        );
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(
            code in prop_oneof![
                prop::sample::select(NAMES.map(|(_, code)| code).to_vec()),
                "[!-~äß漢]".prop_map(|text| Code::Char(text.chars().next().unwrap())),
            ],
            ctrl in any::<bool>(),
            alt in any::<bool>(),
        ) {
            let code = match code {
                // Terminals report letters with Control in lower case.
                Code::Char(c) if ctrl => Code::Char(c.to_ascii_lowercase()),
                code => code,
            };
            let key = Key { code, ctrl, alt };
            prop_assert_eq!(key.to_string().parse(), Ok(key));
        }
    }
}
