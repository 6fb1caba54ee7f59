//! Records of separated values (RFC 4180), read as leniently as files need it.

use std::ops::Range;

/// A longer quoted cell is taken for one whose end is missing; of another one, no more is kept.
const MAX_QUOTED: usize = 64 << 10;
/// The most cells of a record; more are dropped.
pub(crate) const MAX_CELLS: usize = 4_096;

/// The cells of a record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Record {
    /// The line at which it begins; the first is 1.
    pub(crate) line: u64,
    /// Whether the quote of a cell isn't closed, or a cell is too long.
    pub(crate) is_broken: bool,
    text: String,
    ends: Vec<u32>,
}

impl Record {
    pub(crate) fn new<'a>(line: u64, cells: impl IntoIterator<Item = &'a str>) -> Self {
        let mut record = Self {
            line,
            ..Self::default()
        };
        for cell in cells.into_iter().take(MAX_CELLS) {
            record.text.push_str(cell);
            record.end_cell();
        }
        record
    }

    fn end_cell(&mut self) {
        if self.ends.len() < MAX_CELLS {
            self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        }
    }

    fn range(&self, at: usize) -> Option<Range<usize>> {
        let end = usize::try_from(*self.ends.get(at)?).ok()?;
        let start = match at.checked_sub(1) {
            Some(before) => usize::try_from(*self.ends.get(before)?).ok()?,
            None => 0,
        };
        Some(start..end)
    }

    /// A cell as it is written; empty where there is none.
    pub(crate) fn raw(&self, at: usize) -> &str {
        self.range(at)
            .and_then(|range| self.text.get(range))
            .unwrap_or_default()
    }

    /// A cell without blanks around it; empty where there is none.
    pub(crate) fn cell(&self, at: usize) -> &str {
        self.raw(at).trim()
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.cell(at))
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// Reads records; a cell whose quote isn't closed ends with its line.
#[derive(Debug, Clone)]
pub(crate) struct Records<'a> {
    rest: &'a str,
    line: u64,
    delimiter: char,
}

impl<'a> Records<'a> {
    pub(crate) const fn new(text: &'a str, delimiter: char) -> Self {
        Self {
            rest: text,
            line: 1,
            delimiter,
        }
    }

    /// Whether a cell of a writer that doesn't double quotes ends with two of them, one its own: what is behind them begins
    /// another cell, and the next quote opens one.
    fn ends_undoubled(&self, behind: &str) -> bool {
        if !behind.starts_with([self.delimiter, '\r', '\n']) {
            return false;
        }
        let Some((before, after)) = behind.split_once('"') else {
            return true;
        };
        let opens = before.ends_with([self.delimiter, '\n', '\r']);
        let is_text = |c: char| c != '"' && c != self.delimiter && !matches!(c, '\r' | '\n');
        opens && after.starts_with(is_text)
    }

    /// The length of the quoted cell at the beginning of `rest`, with its quotes; `None` if it isn't closed.
    fn quoted(&self, rest: &str, into: &mut String) -> Option<usize> {
        let kept = into.len();
        let mut characters = rest.char_indices().skip(1).peekable();
        while let Some((at, c)) = characters.next() {
            if at > MAX_QUOTED {
                break;
            }
            if c != '"' {
                into.push(c);
                continue;
            }
            match characters.peek() {
                Some((_, '"')) => {
                    into.push('"');
                    characters.next();
                    let behind = rest.get(at + 2..).unwrap_or_default();
                    if self.ends_undoubled(behind) {
                        return Some(at + 2);
                    }
                }
                Some((_, next)) if *next == self.delimiter || matches!(next, '\r' | '\n') => {
                    return Some(at + 1);
                }
                None => return Some(at + 1),
                // A writer that doesn't double quotes.
                Some(_) => into.push('"'),
            }
        }
        into.truncate(kept);
        None
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        if self.rest.is_empty() {
            return None;
        }
        let mut record = Record {
            line: self.line,
            ..Record::default()
        };
        loop {
            let mut text = std::mem::take(&mut record.text);
            let quoted = if self.rest.starts_with('"') {
                self.quoted(self.rest, &mut text)
            } else {
                None
            };
            record.is_broken |= quoted.is_none() && self.rest.starts_with('"');
            let taken = quoted.unwrap_or_else(|| {
                let ends = |c: char| c == self.delimiter || c == '\n' || c == '\r';
                let end = self.rest.find(ends).unwrap_or(self.rest.len());
                let kept = self.rest.floor_char_boundary(end.min(MAX_QUOTED));
                text.push_str(self.rest.get(..kept).unwrap_or_default());
                record.is_broken |= kept < end;
                end
            });
            record.text = text;
            record.end_cell();
            let (cell, rest) = self.rest.split_at_checked(taken).unwrap_or((self.rest, ""));
            if quoted.is_some() {
                self.line += cell.bytes().filter(|byte| *byte == b'\n').map(|_| 1).sum::<u64>();
            }
            if let Some(rest) = rest.strip_prefix(self.delimiter) {
                self.rest = rest;
                continue;
            }
            self.rest = match rest.strip_prefix("\r\n") {
                Some(rest) => rest,
                None => rest.strip_prefix(['\n', '\r']).unwrap_or(rest),
            };
            self.line += 1;
            record.text.shrink_to_fit();
            record.ends.shrink_to_fit();
            return Some(record);
        }
    }
}

/// The delimiter of a table: the one of which the first lines have most.
pub(crate) fn delimiter(text: &str) -> char {
    let head: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(20)
        .collect();
    let count = |delimiter: char| -> usize {
        let outside = |line: &&str| {
            let mut quoted = false;
            line.chars()
                .take(MAX_QUOTED)
                .filter(|c| {
                    quoted ^= *c == '"';
                    !quoted && *c == delimiter
                })
                .count()
        };
        head.iter().map(outside).sum()
    };
    [',', ';', '\t', '|']
        .into_iter()
        .rev()
        .max_by_key(|delimiter| count(*delimiter))
        .unwrap_or(',')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn read(text: &str) -> Vec<(u64, Vec<String>)> {
        let cells = |record: Record| {
            (
                record.line,
                (0..record.len()).map(|at| record.raw(at).to_owned()).collect(),
            )
        };
        Records::new(text, ',').map(cells).collect()
    }

    #[rstest]
    #[case::plain("a,b\n1,2\n", &[(1, "a|b"), (2, "1|2")])]
    #[case::crlf_and_no_final_end("a,\r\n,2", &[(1, "a|"), (2, "|2")])]
    #[case::quotes("\"a,\"\"b\"\"\",\"two\nlines\"\nc,d", &[(1, "a,\"b\"|two\nlines"), (3, "c|d")])]
    #[case::quotes_that_are_not_doubled("\"a \"b\" c\",d", &[(1, "a \"b\" c|d")])]
    #[case::quotes_that_are_not_doubled_at_the_end("\"a \"b\"\",1\n\"c\",d", &[(1, "a \"b\"|1"), (2, "c|d")])]
    #[case::a_doubled_quote_before_a_comma("\"a\"\",b\",c\nd,e", &[(1, "a\",b|c"), (2, "d|e")])]
    #[case::a_quote_that_is_not_closed("\"a,b\nc,d", &[(1, "\"a|b"), (2, "c|d")])]
    fn records_are_read(#[case] text: &str, #[case] wanted: &[(u64, &str)]) {
        let wanted: Vec<(u64, Vec<String>)> = wanted
            .iter()
            .map(|(line, cells)| (*line, cells.split('|').map(ToOwned::to_owned).collect()))
            .collect();
        assert_eq!(read(text), wanted);
    }

    #[rstest]
    #[case("a;b;c\n1,5;2;3", ';')]
    #[case("a,b\n1,2", ',')]
    #[case("a\tb\n1\t2", '\t')]
    #[case("\"x;y;z\",b", ',')]
    #[case("one", ',')]
    fn the_delimiter_is_what_the_lines_have_most_of(#[case] text: &str, #[case] wanted: char) {
        assert_eq!(delimiter(text), wanted);
    }
}
