//! One line of typed text. The cursor is always between two graphemes.

use std::fmt;

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};
use zeroize::Zeroize;

use super::key::{Code, Key};

/// One line of typed text.
#[derive(Clone, PartialEq, Eq)]
pub struct TextField {
    value: String,
    /// A byte index into `value`, on a grapheme's boundary.
    cursor: usize,
    limit: usize,
    secret: bool,
    /// Whether the whole text is selected, so that typing replaces it.
    is_selected: bool,
}

impl TextField {
    /// An empty field for at most `limit` characters.
    pub fn new(limit: usize) -> Self {
        Self {
            value: String::new(),
            cursor: 0,
            limit,
            secret: false,
            is_selected: false,
        }
    }

    /// An empty field whose text is never shown.
    pub fn secret(limit: usize) -> Self {
        // Room for all of it from the start: growing would leave copies behind in memory.
        Self {
            value: String::with_capacity(limit.saturating_mul(4)),
            cursor: 0,
            limit,
            secret: true,
            is_selected: false,
        }
    }

    /// The same field with a text in it and the cursor at its end.
    #[must_use]
    pub fn with(mut self, text: &str) -> Self {
        self.set(text);
        self
    }

    /// The same field with its whole text selected.
    #[must_use]
    pub fn selected(mut self) -> Self {
        self.select();
        self
    }

    /// Selects the whole text: what is typed or pasted next replaces it, any other key takes the selection off.
    pub const fn select(&mut self) {
        self.is_selected = !self.value.is_empty();
    }

    /// Takes the selection off.
    pub const fn deselect(&mut self) {
        self.is_selected = false;
    }

    /// Whether the whole text is selected.
    pub const fn is_selected(&self) -> bool {
        self.is_selected
    }

    /// The text as typed, a secret included.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Whether it is empty or blank.
    pub fn is_blank(&self) -> bool {
        self.value.trim().is_empty()
    }

    /// The text as it may be shown, before and after the cursor.
    pub fn shown(&self) -> (String, String) {
        let (before, after) = self
            .value
            .split_at_checked(self.cursor)
            .unwrap_or((&self.value, ""));
        if self.secret {
            let dots = |text: &str| "•".repeat(text.graphemes(true).count());
            (dots(before), dots(after))
        } else {
            (before.to_owned(), after.to_owned())
        }
    }

    /// Replaces the text; the cursor goes to its end.
    pub fn set(&mut self, text: &str) {
        self.is_selected = false;
        self.value.clear();
        self.cursor = 0;
        self.paste(text);
    }

    /// Removes the whole text.
    pub fn clear(&mut self) {
        self.set("");
    }

    /// Inserts a text at the cursor, or in the place of a selected one: one line, without characters that can't be shown, and no
    /// more than fits. A secret keeps all but control characters.
    pub fn paste(&mut self, text: &str) {
        if std::mem::take(&mut self.is_selected) {
            self.value.clear();
            self.cursor = 0;
        }
        let room = self.limit.saturating_sub(self.value.chars().count());
        let one_line: String = text
            .trim_end_matches(['\r', '\n'])
            .chars()
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .filter(|c| {
                if self.secret {
                    !c.is_control()
                } else {
                    caltrack_domain::is_shown(*c)
                }
            })
            .take(room)
            .collect();
        if !self.value.is_char_boundary(self.cursor) {
            return;
        }
        self.value.insert_str(self.cursor, &one_line);
        self.cursor += one_line.len();
        // A combining mark may have joined the grapheme before it.
        if !self.on_boundary() {
            self.cursor = self.next();
        }
    }

    /// Edits the text, if the key is one that edits; returns whether it is.
    pub fn press(&mut self, key: Key) -> bool {
        if let Some(c) = key.typed() {
            self.paste(c.encode_utf8(&mut [0; 4]));
            return true;
        }
        let was_selected = std::mem::take(&mut self.is_selected);
        // As in readline: Control moves and removes by characters and lines, Alt by words.
        let is_held = key.ctrl || key.alt;
        match key.code {
            Code::Left if is_held => self.cursor = self.word_start(),
            Code::Right if is_held => self.cursor = self.word_end(),
            Code::Backspace if is_held => self.remove(self.word_start(), self.cursor),
            Code::Delete if is_held => self.remove(self.cursor, self.word_end()),
            Code::Left => self.cursor = self.previous(),
            Code::Right => self.cursor = self.next(),
            Code::Backspace => self.remove(self.previous(), self.cursor),
            Code::Delete => self.remove(self.cursor, self.next()),
            Code::Home => self.cursor = 0,
            Code::End => self.cursor = self.value.len(),
            Code::Char(letter) if key.alt => return self.press_with_alt(letter),
            Code::Char(letter) if key.ctrl => return self.press_with_control(letter),
            _ => {
                self.is_selected = was_selected;
                return false;
            }
        }
        true
    }

    fn press_with_alt(&mut self, letter: char) -> bool {
        match letter {
            'b' => self.cursor = self.word_start(),
            'f' => self.cursor = self.word_end(),
            'd' => self.remove(self.cursor, self.word_end()),
            _ => return false,
        }
        true
    }

    fn press_with_control(&mut self, letter: char) -> bool {
        match letter {
            'a' => self.cursor = 0,
            'e' => self.cursor = self.value.len(),
            'b' => self.cursor = self.previous(),
            'f' => self.cursor = self.next(),
            'h' => self.remove(self.previous(), self.cursor),
            'd' => self.remove(self.cursor, self.next()),
            'w' => self.remove(self.word_start(), self.cursor),
            'u' => self.remove(0, self.cursor),
            'k' => self.remove(self.cursor, self.value.len()),
            _ => return false,
        }
        true
    }

    fn on_boundary(&self) -> bool {
        GraphemeCursor::new(self.cursor, self.value.len(), true)
            .is_boundary(&self.value, 0)
            .unwrap_or(false)
    }

    fn previous(&self) -> usize {
        GraphemeCursor::new(self.cursor, self.value.len(), true)
            .prev_boundary(&self.value, 0)
            .ok()
            .flatten()
            .unwrap_or(0)
    }

    fn next(&self) -> usize {
        GraphemeCursor::new(self.cursor, self.value.len(), true)
            .next_boundary(&self.value, 0)
            .ok()
            .flatten()
            .unwrap_or(self.value.len())
    }

    /// The start of the word before the cursor. A blank that carries a combining mark is part of a word.
    fn word_start(&self) -> usize {
        let before = self.value.get(..self.cursor).unwrap_or_default();
        before
            .grapheme_indices(true)
            .rev()
            .skip_while(|(_, grapheme)| *grapheme == " ")
            .take_while(|(_, grapheme)| *grapheme != " ")
            .last()
            .map_or(0, |(at, _)| at)
    }

    /// The end of the word after the cursor.
    fn word_end(&self) -> usize {
        let after = self.value.get(self.cursor..).unwrap_or_default();
        after
            .grapheme_indices(true)
            .skip_while(|(_, grapheme)| *grapheme == " ")
            .take_while(|(_, grapheme)| *grapheme != " ")
            .last()
            .map_or(self.value.len(), |(at, grapheme)| {
                self.cursor + at + grapheme.len()
            })
    }

    fn remove(&mut self, from: usize, to: usize) {
        if self.value.get(from..to).is_none() {
            return;
        }
        self.value.drain(from..to);
        self.cursor = from;
        if !self.on_boundary() {
            self.cursor = self.previous();
        }
    }
}

impl Drop for TextField {
    fn drop(&mut self) {
        if self.secret {
            self.value.zeroize();
        }
    }
}

/// Secrets stay out of logs and of failed assertions.
impl fmt::Debug for TextField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, after) = self.shown();
        write!(f, "TextField({before:?}|{after:?})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const fn alt(code: Code) -> Key {
        Key {
            alt: true,
            ..Key::new(code)
        }
    }

    #[rstest]
    #[case::word_by_word_back(&[alt(Code::Char('b')), alt(Code::Char('b'))], "one |two three")]
    #[case::and_forward(&[Key::ctrl('a'), alt(Code::Char('f')), alt(Code::Char('f'))], "one two| three")]
    #[case::a_word_is_removed_forward(&[Key::ctrl('a'), alt(Code::Char('d'))], "| two three")]
    #[case::the_rest_is_removed(&[alt(Code::Char('b')), Key::ctrl('k')], "one two |")]
    #[case::by_letters(&[Key::ctrl('b'), Key::ctrl('b'), Key::ctrl('f')], "one two thre|e")]
    #[case::a_letter_is_removed_forward(&[Key::ctrl('a'), Key::ctrl('d')], "|ne two three")]
    #[case::to_the_end(&[Key::ctrl('a'), Key::ctrl('e')], "one two three|")]
    fn readlines_keys_move_and_remove(#[case] keys: &[Key], #[case] expected: &str) {
        let mut field = field("one two three");
        for key in keys {
            assert!(field.press(*key), "{key}");
        }
        let (before, after) = field.shown();
        assert_eq!(format!("{before}|{after}"), expected);
    }

    fn field(text: &str) -> TextField {
        TextField::new(50).with(text)
    }

    #[rstest]
    #[case::a_flag_goes_at_once("a🇩🇪", Key::new(Code::Backspace), "a")]
    #[case::a_family_goes_at_once("a👨‍👩‍👧", Key::new(Code::Backspace), "a")]
    #[case::an_accent_goes_with_its_letter("cafe\u{301}", Key::new(Code::Backspace), "caf")]
    #[case::a_word_goes_with_its_blanks("lunch 650  ", Key::ctrl('w'), "lunch ")]
    #[case::everything_before_the_cursor_goes("lunch 650", Key::ctrl('u'), "")]
    #[case::alt_and_backspace_remove_a_word("lunch 650", alt(Code::Backspace), "lunch ")]
    fn removal(#[case] before: &str, #[case] key: Key, #[case] after: &str) {
        let mut field = field(before);
        assert!(field.press(key));
        assert_eq!(field.value(), after);
    }

    #[rstest]
    #[case::at_the_end("lunch 650", &[Key::new(Code::Backspace)], "lunch 65x")]
    #[case::a_word("lunch 650", &[Key::ctrl('w')], "lunch x")]
    #[case::in_the_middle("ac", &[Key::new(Code::Left), Key::new(Code::Backspace)], "xc")]
    #[case::after_the_cursor("abc", &[Key::new(Code::Left), Key::new(Code::Delete)], "abx")]
    fn after_a_removal_typing_goes_in_at_its_place(
        #[case] before: &str,
        #[case] keys: &[Key],
        #[case] after: &str,
    ) {
        let mut field = field(before);
        for key in keys {
            assert!(field.press(*key));
        }
        assert!(field.press(Key::char('x')));
        assert_eq!(field.value(), after);
    }

    #[test]
    fn typing_goes_in_at_the_cursor() {
        let mut field = field("lnch");
        field.press(Key::new(Code::Home));
        field.press(Key::new(Code::Right));
        field.press(Key::char('u'));
        assert_eq!(field.value(), "lunch");
        assert_eq!(field.shown(), ("lu".to_owned(), "nch".to_owned()));
    }

    #[test]
    fn a_blank_with_an_accent_is_part_of_its_word() {
        let mut field = field(" \u{301}");
        field.press(Key {
            ctrl: true,
            ..Key::new(Code::Left)
        });
        assert_eq!(field.shown(), (String::new(), " \u{301}".to_owned()));
        field.set("one \u{301}two three");
        field.press(Key::ctrl('a'));
        field.press(Key {
            ctrl: true,
            ..Key::new(Code::Right)
        });
        assert_eq!(field.shown(), ("one \u{301}two".to_owned(), " three".to_owned()));
        field.press(Key::ctrl('w'));
        assert_eq!(field.value(), " three");
    }

    #[test]
    fn a_paste_is_one_line_without_escape_sequences_and_no_longer_than_the_limit() {
        let mut field = TextField::new(8);
        field.paste("a\tb\u{1b}[31m\ncdefgh\n");
        assert_eq!(field.value(), "a b[31m ");
    }

    #[test]
    fn a_secret_is_shown_nowhere() {
        let field = TextField::secret(50).with("Tr0ub4dor&3");
        assert_eq!(field.shown().0, "•".repeat(11));
        assert!(!format!("{field:?}").contains("Tr0ub"));
    }

    fn any_key() -> impl Strategy<Value = Key> {
        let code = prop_oneof![
            any::<char>().prop_map(Code::Char),
            Just(Code::Char('\u{301}')),
            Just(Code::Char('\u{200d}')),
            Just(Code::Backspace),
            Just(Code::Delete),
            Just(Code::Left),
            Just(Code::Right),
            Just(Code::Home),
            Just(Code::End),
            "[abdefhkuw]".prop_map(|s| Code::Char(s.chars().next().unwrap())),
        ];
        (code, any::<bool>()).prop_map(|(code, ctrl)| Key {
            code,
            ctrl,
            alt: false,
        })
    }

    proptest! {
        #[test]
        fn the_cursor_is_always_between_graphemes(keys in proptest::collection::vec(any_key(), 0..60)) {
            let mut field = TextField::new(20);
            for key in keys {
                field.press(key);
                prop_assert!(field.on_boundary());
                prop_assert!(field.value().chars().count() <= 20);
                let (before, after) = field.shown();
                prop_assert_eq!(format!("{before}{after}"), field.value());
            }
        }
    }
}
