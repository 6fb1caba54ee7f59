//! Text as a terminal shows it: cleaned, measured in columns, cut and wrapped.

use std::borrow::Cow;

use caltrack_domain::is_shown;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The longest grapheme that is shown: letters with more combining marks are dropped.
const MAX_GRAPHEME_BYTES: usize = 64;

/// Columns that a text takes.
pub(in crate::view) fn width(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// The text in at most `columns`, without what [`caltrack_domain::clean`] removes; `…` stands for what is cut off.
pub(in crate::view) fn fit(text: &str, columns: usize) -> String {
    let mut fitted = String::new();
    let mut used = 0;
    // Where to cut, should one column be needed for the ellipsis.
    let mut cut = 0;
    for grapheme in text.graphemes(true) {
        let grapheme = if grapheme.chars().all(is_shown) {
            Cow::Borrowed(grapheme)
        } else if grapheme.chars().all(char::is_whitespace) {
            Cow::Borrowed(" ")
        } else {
            Cow::Owned(grapheme.chars().filter(|c| is_shown(*c)).collect())
        };
        if grapheme.len() > MAX_GRAPHEME_BYTES {
            continue;
        }
        let wide = grapheme.width();
        if used + wide > columns {
            fitted.truncate(cut);
            if columns > 0 {
                fitted.push('…');
            }
            return fitted;
        }
        if used + wide < columns {
            cut = fitted.len() + grapheme.len();
        }
        fitted.push_str(&grapheme);
        used += wide;
    }
    fitted
}

/// The first of these texts that fits into `columns`; the last one cut, if none does.
pub(in crate::view) fn first_fitting<const N: usize>(texts: [String; N], columns: usize) -> String {
    let found = texts
        .into_iter()
        .reduce(|text, next| if width(&text) <= columns { text } else { next });
    found.map_or_else(String::new, |text| fit(&text, columns))
}

/// As [`fit`], filled up with blanks on the right.
pub(in crate::view) fn column(text: &str, columns: usize) -> String {
    let mut fitted = fit(text, columns);
    let blanks = columns.saturating_sub(width(&fitted));
    fitted.extend(std::iter::repeat_n(' ', blanks));
    fitted
}

/// The text's words in at most `rows` lines of at most `columns`; the last one is cut.
pub(in crate::view) fn wrap(text: &str, columns: usize, rows: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let full = !line.is_empty() && width(&line) + 1 + width(word) > columns;
        if full && lines.len() + 1 < rows {
            lines.push(fit(&line, columns));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        // The rest would be cut off anyway.
        if lines.len() + 1 >= rows && line.len() > columns.saturating_mul(MAX_GRAPHEME_BYTES) {
            break;
        }
    }
    if rows > 0 && !line.is_empty() {
        lines.push(fit(&line, columns));
    }
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::short("soup", 6, "soup")]
    #[case::exact("soup", 4, "soup")]
    #[case::cut("soups", 4, "sou…")]
    #[case::wide_letters_are_not_halved("面包面包", 5, "面包…")]
    #[case::wide_letters_fit_exactly("面包", 4, "面包")]
    #[case::a_family_is_one("👨‍👩‍👧👨‍👩‍👧", 3, "👨‍👩‍👧…")]
    #[case::escape_sequences_lose_their_power("a\u{1b}[31mb", 9, "a[31mb")]
    #[case::overrides_are_dropped("a\u{202e}b", 9, "ab")]
    #[case::nothing_hides("a\u{ad}b\u{200b}c\u{feff}\u{2060}", 9, "abc")]
    #[case::tags_go_and_their_letter_stays("🏴\u{e0067}\u{e007f}b", 9, "🏴b")]
    #[case::no_room("soup", 0, "")]
    fn fitting(#[case] text: &str, #[case] columns: usize, #[case] fitted: &str) {
        assert_eq!(fit(text, columns), fitted);
    }

    #[test]
    fn sentences_wrap_at_words_and_the_last_line_is_cut() {
        assert_eq!(wrap("one two three four", 8, 2), ["one two", "three f…"]);
        assert_eq!(wrap("one", 8, 2), ["one"]);
        assert!(wrap("one", 8, 0).is_empty());
    }

    proptest! {
        #[test]
        fn no_text_is_wider_than_its_column(text in any::<String>(), columns in 0_usize..30) {
            prop_assert!(width(&fit(&text, columns)) <= columns);
            prop_assert_eq!(width(&column(&text, columns)), columns);
            for line in wrap(&text, columns, 3) {
                prop_assert!(width(&line) <= columns);
            }
        }
    }
}
