//! Splits a line into its note, its items and their words.

use std::ops::Range;

/// A piece of the line with its place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
}

impl Token<'_> {
    pub(super) fn span(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    pub(super) fn lower(&self) -> String {
        self.text.to_lowercase()
    }
}

/// A line in its parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    /// The words of each item; an item may be empty.
    pub(super) items: Vec<Vec<Token<'a>>>,
    /// The text behind `#`.
    pub(super) note: Option<Token<'a>>,
}

/// Splits a line. A comma or `;` parts items, except a comma between two digits.
pub(super) fn split(line: &str) -> Parts<'_> {
    let (body, note) = match note_start(line) {
        Some(at) => {
            let (body, note) = line.split_at(at);
            (
                body,
                Some(Token {
                    text: note,
                    start: at,
                }),
            )
        }
        None => (line, None),
    };
    let mut items: Vec<Vec<Token<'_>>> = vec![Vec::new()];
    let mut word: Option<usize> = None;
    let mut before: Option<char> = None;
    let mut rest = body.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let after = rest.peek().map(|(_, c)| *c);
        let digits = before.is_some_and(|c| c.is_ascii_digit()) && after.is_some_and(|c| c.is_ascii_digit());
        let parts = matches!(c, ';' | '\n' | '،' | '、') || (c == ',' && !digits);
        if parts || c.is_whitespace() {
            if let (Some(start), Some(item)) = (word.take(), items.last_mut()) {
                let text = body.get(start..at).unwrap_or_default();
                item.push(Token { text, start });
            }
            if parts {
                items.push(Vec::new());
            }
        } else if word.is_none() {
            word = Some(at);
        }
        before = Some(c);
    }
    if let (Some(start), Some(item)) = (word, items.last_mut()) {
        let text = body.get(start..).unwrap_or_default();
        item.push(Token { text, start });
    }
    Parts { items, note }
}

/// Where a note begins: a `#` at the beginning of a word.
fn note_start(line: &str) -> Option<usize> {
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        if c == '#' && before.is_whitespace() {
            return Some(at);
        }
        before = c;
    }
    None
}
