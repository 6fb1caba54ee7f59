//! Splits a line into its note, its items and their words.

use std::ops::Range;

use crate::clean;

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

    /// The word in lower case, as it is shown: without invisible characters.
    pub(super) fn lower(&self) -> String {
        clean(self.text).to_lowercase()
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
                item.extend(parted(Token { text, start }));
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
        item.extend(parted(Token { text, start }));
    }
    Parts { items, note }
}

/// The words that are grown together in one: `lunch:650`, `2x330ml`, `espresso*2`; without the brackets around them.
fn parted(token: Token<'_>) -> Vec<Token<'_>> {
    let mut words = Vec::with_capacity(1);
    let mut rest = unbracketed(token);
    while let Some((first, second)) = grown(rest.text).and_then(|at| rest.text.split_at_checked(at))
        && !first.is_empty()
        && !second.is_empty()
    {
        words.extend(shown(Token { text: first, ..rest }));
        rest = unbracketed(Token {
            text: second,
            start: rest.start + first.len(),
        });
    }
    words.extend(shown(rest));
    words
}

/// A word, unless all of it is invisible.
fn shown(token: Token<'_>) -> Option<Token<'_>> {
    (token.text.is_ascii() || !clean(token.text).is_empty()).then_some(token)
}

/// Where the second of two words begins that are grown together.
fn grown(text: &str) -> Option<usize> {
    let mark = text.find([':', '*', '×', 'x', 'X'])?;
    let (before, behind) = text.split_at_checked(mark)?;
    let mut behind = behind.chars();
    let sign = behind.next()?;
    let behind = behind.as_str();
    let is_word = |text: &str| text.chars().all(char::is_alphabetic);
    let is_number =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    let starts_with_digit = behind.starts_with(|c: char| c.is_ascii_digit());
    let ends_with_letter = behind.ends_with(char::is_alphabetic);
    let after = mark + sign.len_utf8();
    match sign {
        ':' => (before.chars().count() > 2 && is_word(before) && behind.starts_with(char::is_alphanumeric))
            .then_some(after),
        // `2x330ml`, but not `7x7`
        'x' | 'X' | '×' | '*' if is_number(before) && starts_with_digit && ends_with_letter => Some(after),
        '*' | '×' if is_number(before) && behind.chars().next().is_some_and(char::is_alphabetic) => {
            Some(after)
        }
        '*' | '×' if !before.is_empty() && is_word(before) && is_number(behind) => Some(mark),
        _ => None,
    }
}

/// A word without the brackets around it or at its ends: of `(800 kcal)`, of `((800))`.
fn unbracketed(mut token: Token<'_>) -> Token<'_> {
    loop {
        let inner = without_outer_brackets(token);
        if inner.text.len() == token.text.len() {
            return inner;
        }
        token = inner;
    }
}

fn without_outer_brackets(token: Token<'_>) -> Token<'_> {
    let Token { text, start } = token;
    let has = |brackets: [char; 2]| text.contains(brackets);
    let is_whole = !text.contains(['+', '*', '×', '/']);
    let opens = text.starts_with(['(', '[']) && (is_whole || !has([')', ']']));
    let closes = text.ends_with([')', ']']) && (is_whole || !has(['(', '[']));
    let is_sum = !is_whole && opens != closes && has(['(', '[']) && has([')', ']']);
    let from = usize::from(opens && !is_sum);
    let to = text.len() - usize::from(closes && !is_sum);
    match text.get(from..to) {
        Some(inner) if inner.contains(char::is_alphanumeric) => Token {
            text: inner,
            start: start + from,
        },
        _ => token,
    }
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2 eggs, toast;tea", "2 eggs|toast|tea")]
    #[case("1,5 l", "1,5 l")]
    #[case("lunch:650", "lunch: 650")]
    #[case("lunch:eggs", "lunch: eggs")]
    #[case("@07:30 at 7:30", "@07:30 at 7:30")]
    #[case("2x330ml beer", "2x 330ml beer")]
    #[case("3×150g", "3× 150g")]
    #[case("espresso*2", "espresso *2")]
    #[case("2*banana", "2* banana")]
    #[case("10*510*n", "10* 510* n")]
    #[case("130*4 (100+30)*4", "130*4 (100+30)*4")]
    #[case("7x7 taxi 4x4", "7x7 taxi 4x4")]
    #[case("pizza (800 kcal)", "pizza 800 kcal")]
    #[case("pizza [800]", "pizza 800")]
    #[case("a \u{61c} b", "a b")]
    #[case("pizza ((800)) (fof]] ]", "pizza 800 fof ]")]
    #[case("(800kcal) pizza :)", "800kcal pizza :)")]
    fn a_line_is_split(#[case] line: &str, #[case] expected: &str) {
        let items = split(line).items;
        for token in items.iter().flatten() {
            assert_eq!(line.get(token.span()), Some(token.text));
        }
        let items: Vec<String> = items
            .iter()
            .map(|item| item.iter().map(|token| token.text).collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(items.join("|"), expected);
    }
}
