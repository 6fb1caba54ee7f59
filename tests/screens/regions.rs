//! The parts of a picture, found by their position and their frames.
//!
//! Blanks are collapsed, so that a test doesn't depend on the width of a column.

use std::{fmt, ops::Range};

use ratatui::buffer::Buffer;
use unicode_width::UnicodeWidthStr;

/// One drawn frame.
pub(crate) struct Picture {
    pub(crate) cells: Buffer,
}

/// The topmost dialog.
#[derive(Debug)]
pub(crate) struct Dialog {
    pub(crate) title: String,
    /// What is inside the frame, without blanks at the end of a line.
    pub(crate) lines: Vec<String>,
}

fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Non-blank lines as one text.
fn joined<'a>(lines: impl IntoIterator<Item = &'a String>) -> String {
    words(
        &lines
            .into_iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" "),
    )
}

impl Picture {
    pub(crate) fn of(cells: Buffer) -> Self {
        Self { cells }
    }

    fn width(&self) -> usize {
        usize::from(self.cells.area.width)
    }

    fn height(&self) -> usize {
        usize::from(self.cells.area.height)
    }

    /// The cells that are seen, line by line: without those behind a wide letter.
    pub(crate) fn rows_of_cells(&self) -> impl Iterator<Item = Vec<&ratatui::buffer::Cell>> {
        self.cells.content().chunks(self.width()).map(|row| {
            let mut next = 0;
            row.iter()
                .enumerate()
                .filter(move |(x, cell)| {
                    let is_seen = *x >= next;
                    if is_seen {
                        next = x + cell.symbol().width().max(1);
                    }
                    is_seen
                })
                .map(|(_, cell)| cell)
                .collect()
        })
    }

    fn cell(&self, x: usize, y: usize) -> &ratatui::buffer::Cell {
        &self.cells.content()[y * self.width() + x]
    }

    /// The text of some columns of a line. The cell behind a wide letter holds nothing that is seen.
    fn text(&self, y: usize, columns: Range<usize>) -> String {
        let mut text = String::new();
        let mut next = columns.start;
        for x in columns {
            if x >= next {
                let symbol = self.cell(x, y).symbol();
                text.push_str(symbol);
                next = x + symbol.width().max(1);
            }
        }
        text.trim_end().to_owned()
    }

    fn line(&self, y: usize) -> String {
        self.text(y, 0..self.width())
    }

    /// The texts of a line between gaps of two blanks or more.
    fn parts(&self, y: usize) -> Vec<String> {
        let line = self.line(y);
        let parts = line.split("  ").map(words);
        parts.filter(|part| !part.is_empty()).collect()
    }

    pub(crate) fn header(&self) -> String {
        self.parts(0).join(" | ")
    }

    /// The weekday, the date, and the word for it where it has one.
    #[track_caller]
    pub(crate) fn day(&self) -> String {
        assert!(
            self.header().starts_with("1 Today | 2 History | "),
            "no day on the screen:\n{self}"
        );
        match self.parts(1).as_slice() {
            [date] => date.clone(),
            [date, word] => format!("{date} {word}"),
            _ => panic!("no day on the screen:\n{self}"),
        }
    }

    /// The state of the connection, with its mark.
    #[track_caller]
    pub(crate) fn badge(&self) -> String {
        self.day();
        self.parts(0).pop().unwrap_or_default()
    }

    /// The line of the bar.
    #[track_caller]
    fn bar(&self) -> usize {
        let at = (0..self.height()).find(|y| self.line(*y).contains(['█', '░']));
        at.unwrap_or_else(|| panic!("no bar on the screen:\n{self}"))
    }

    #[track_caller]
    pub(crate) fn totals(&self) -> String {
        let lines: Vec<String> = (2..self.bar()).map(|y| self.line(y)).collect();
        joined(&lines)
    }

    #[track_caller]
    pub(crate) fn total(&self, word: &str) -> String {
        let totals = self.totals();
        let mut words = totals.split(' ');
        let figure = words
            .by_ref()
            .find(|found| *found == word)
            .and_then(|_| words.next());
        figure
            .unwrap_or_else(|| panic!("no `{word}` among `{totals}`"))
            .to_owned()
    }

    /// The lines of the list's frame: the first one, and the one after the last that is seen.
    #[track_caller]
    fn list(&self) -> Range<usize> {
        let top = self.bar() + 1;
        let corner = |y: &usize, corner| self.line(*y).starts_with(corner);
        let from = (top..self.height()).find(|y| corner(y, '╭'));
        let from = from.unwrap_or_else(|| panic!("no list on the screen:\n{self}"));
        // The quick line's frame covers the list's lower part.
        let end = (from + 1..self.height()).find(|y| corner(y, '╰') || corner(y, '╭'));
        from..end.unwrap_or(self.height())
    }

    #[track_caller]
    pub(crate) fn count(&self) -> String {
        let title = self.line(self.list().start);
        let title = title.trim_matches(['╭', '─', '╮']);
        // The unit is at the right of the frame.
        let title = title.split_once(" ─").map_or(title, |(title, _)| title);
        words(title)
    }

    #[track_caller]
    fn list_lines(&self) -> Vec<String> {
        let list = self.list();
        if let Some((x, dialog)) = self.frame() {
            assert!(x == 0, "the dialog `{}` covers the list:\n{self}", dialog.title);
        }
        let inside = 1..self.width() - 1;
        (list.start + 1..list.end)
            .map(|y| words(&self.text(y, inside.clone())))
            .filter(|line| !line.is_empty())
            .collect()
    }

    /// The marked lines of the list, of entries and headings.
    #[track_caller]
    pub(crate) fn marked(&self) -> Vec<String> {
        let lines = self.list_lines().into_iter();
        lines
            .filter(|line| line.trim_start_matches('*').starts_with("> "))
            .collect()
    }

    /// The headings with their subtotals, and the entries below them: mark, time, state, name or type, quantity and kcal.
    #[track_caller]
    pub(crate) fn list_of_day(&self) -> Vec<String> {
        self.list_lines()
    }

    /// The entries: mark, time, state, name or type, quantity and kcal.
    #[track_caller]
    pub(crate) fn rows(&self) -> Vec<String> {
        let is_row = |line: &String| {
            let line = line.trim_start_matches(['*', '>', ' ']);
            line.len() > 5 && line.as_bytes()[2] == b':' && line.as_bytes()[0].is_ascii_digit()
        };
        self.list_lines().into_iter().filter(is_row).collect()
    }

    #[track_caller]
    pub(crate) fn placeholder(&self) -> String {
        assert_eq!(self.rows(), [""; 0], "rows stand in the list");
        joined(&self.list_lines())
    }

    /// The lines between the list and the footer. A dialog hides them and has notices in the footer.
    #[track_caller]
    pub(crate) fn notice(&self) -> String {
        if let Some((_, dialog)) = self.frame() {
            panic!("the dialog `{}` covers notices:\n{self}", dialog.title);
        }
        let lines: Vec<String> = (self.list().end + 1..self.height() - 1)
            .map(|y| self.line(y))
            .collect();
        joined(&lines)
    }

    pub(crate) fn footer(&self) -> String {
        words(&self.line(self.height() - 1))
    }

    pub(crate) fn dialog(&self) -> Option<Dialog> {
        self.frame().map(|(_, dialog)| dialog)
    }

    /// A frame with a title that isn't the list's, and its left column.
    fn frame(&self) -> Option<(usize, Dialog)> {
        let corners = (0..self.height()).flat_map(|y| (0..self.width()).map(move |x| (x, y)));
        corners
            .filter(|(x, y)| self.cell(*x, *y).symbol() == "╭")
            .find_map(|(x, y)| {
                let right = (x + 1..self.width()).find(|at| self.cell(*at, y).symbol() == "╮")?;
                let edge = self.text(y, x + 1..right);
                let title = edge.split(['─', '╭', '│']).next().unwrap_or_default().trim();
                let is_list = title.is_empty() || title.starts_with(|c: char| c.is_ascii_digit());
                let is_panel = ["This week", "Usual at this hour", "Often logged"].contains(&title);
                if is_list || is_panel {
                    return None;
                }
                let bottom = (y + 1..self.height()).find(|at| self.cell(x, *at).symbol() == "╰")?;
                let lines = (y + 1..bottom).map(|y| self.text(y, x + 2..right)).collect();
                let title = title.to_owned();
                Some((x, Dialog { title, lines }))
            })
    }

    /// The blocks of lines between blank ones on the start screen.
    #[track_caller]
    fn paragraphs(&self) -> Vec<Vec<String>> {
        let lines: Vec<String> = (0..self.height() - 1).map(|y| words(&self.line(y))).collect();
        let blocks = lines.split(String::is_empty).filter(|block| !block.is_empty());
        let blocks: Vec<Vec<String>> = blocks.map(<[String]>::to_vec).collect();
        let brand = blocks.first().map(|block| block.join(" "));
        assert_eq!(
            brand.as_deref(),
            Some("caltrack A calorie log for the terminal"),
            "not the start screen:\n{self}"
        );
        blocks
    }

    #[track_caller]
    pub(crate) fn choices(&self) -> Vec<String> {
        self.paragraphs()[1].clone()
    }

    #[track_caller]
    pub(crate) fn start_message(&self) -> String {
        joined(&self.paragraphs()[2..].concat())
    }
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for y in 0..self.height() {
            let end = if y + 1 < self.height() { "\n" } else { "" };
            write!(f, "{}{end}", self.line(y))?;
        }
        Ok(())
    }
}

/// Fields and options begin with a mark or a blank; sentences don't.
fn is_field(line: &str) -> bool {
    line.starts_with([' ', '>', '›'])
}

impl Dialog {
    /// The text of a field.
    #[track_caller]
    pub(crate) fn field(&self, label: &str) -> String {
        let found = self.lines.iter().find_map(|line| {
            let line = line.strip_prefix("> ").or_else(|| line.strip_prefix("  "))?;
            let rest = line.strip_prefix(label)?;
            (rest.is_empty() || rest.starts_with(' ')).then(|| words(rest))
        });
        found.unwrap_or_else(|| panic!("no field `{label}` in {self:#?}"))
    }

    /// The label and the text of the field that has the cursor.
    #[track_caller]
    pub(crate) fn focus(&self) -> String {
        let found = self.lines.iter().find_map(|line| line.strip_prefix("> "));
        words(found.unwrap_or_else(|| panic!("no field has the cursor in {self:#?}")))
    }

    /// The text of the quick line.
    #[track_caller]
    pub(crate) fn typed(&self) -> String {
        let typed = self.lines.first().and_then(|line| line.strip_prefix('›'));
        words(typed.unwrap_or_else(|| panic!("no quick line: {self:#?}")))
    }

    /// What can be picked or run, the marked one with its mark.
    pub(crate) fn options(&self) -> Vec<String> {
        let is_option = |line: &&String| line.starts_with(" > ") || line.starts_with("   ");
        self.lines
            .iter()
            .filter(is_option)
            .map(|line| words(line))
            .collect()
    }

    /// The line of a list that is selected, without its mark.
    #[track_caller]
    pub(crate) fn selected(&self) -> String {
        let found = self.lines.iter().find_map(|line| line.strip_prefix(" > "));
        found
            .unwrap_or_else(|| panic!("nothing is selected in {self:#?}"))
            .to_owned()
    }

    /// The sentence above the fields.
    pub(crate) fn note(&self) -> String {
        joined(self.lines.iter().take_while(|line| !is_field(line)))
    }

    /// What the quick line logs, an item a line, and then where.
    pub(crate) fn logs(&self) -> Vec<String> {
        let is_logged = |line: &&String| {
            ["logs ", "   + ", "     "]
                .iter()
                .any(|start| line.starts_with(start))
        };
        self.lines
            .iter()
            .filter(is_logged)
            .map(|line| words(line))
            .collect()
    }

    /// The readings of the quick line, the chosen one with its mark.
    pub(crate) fn readings(&self) -> Vec<String> {
        let is_reading =
            |line: &&String| line.starts_with("▸ ") || line.starts_with("  ") && !line.starts_with("   ");
        self.lines
            .iter()
            .filter(is_reading)
            .map(|line| words(line))
            .collect()
    }

    /// The sentence below the fields, or below the quick line.
    pub(crate) fn message(&self) -> String {
        if self.lines.first().is_some_and(|line| line.starts_with('›')) {
            let is_reading = |line: &&String| line.starts_with("  ") || line.starts_with('▸');
            return joined(self.lines.iter().skip(1).take_while(|line| !is_reading(line)));
        }
        let from = self
            .lines
            .iter()
            .rposition(|line| is_field(line))
            .map_or(0, |at| at + 1);
        joined(&self.lines[from..])
    }
}
