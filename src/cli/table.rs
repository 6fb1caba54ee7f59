//! Tables for people, aligned by what a terminal shows.

use std::io::{self, IsTerminal as _};

use caltrack_domain::clean;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// Blanks between two columns.
const GAP: usize = 2;
/// The smallest width to which a column is cut.
const MIN_WIDTH: usize = 4;

/// The alignment of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alignment {
    Left,
    Right,
}

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    name: &'static str,
    alignment: Alignment,
    /// Whether its texts are cut if the table is too wide.
    cut: bool,
    /// Whether the table is better without it than too wide.
    is_optional: bool,
}

impl Column {
    /// Texts that are never cut.
    pub(super) const fn left(name: &'static str) -> Self {
        Self {
            name,
            alignment: Alignment::Left,
            cut: false,
            is_optional: false,
        }
    }

    /// Texts that are cut if the table is too wide.
    pub(super) const fn cut(name: &'static str) -> Self {
        Self {
            cut: true,
            ..Self::left(name)
        }
    }

    /// Numbers, aligned to the right.
    pub(super) const fn right(name: &'static str) -> Self {
        Self {
            alignment: Alignment::Right,
            ..Self::left(name)
        }
    }

    /// The same column, shown only where it has values and the table fits with it.
    pub(super) const fn optional(self) -> Self {
        Self {
            is_optional: true,
            ..self
        }
    }
}

/// The width of the terminal in columns; `None` if standard output is a file or a pipe.
pub(super) fn terminal_width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    let (columns, _) = crossterm::terminal::size().ok()?;
    Some(usize::from(columns)).filter(|columns| *columns > 0)
}

/// Texts one after another, two blanks apart, in lines of at most `max_width` columns.
pub(super) fn wrapped(texts: &[String], max_width: Option<usize>) -> String {
    let mut lines = Vec::new();
    let mut line = String::new();
    for text in texts {
        let needed = line.width() + GAP + text.width();
        if !line.is_empty() && max_width.is_some_and(|max_width| needed > max_width) {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push_str(&" ".repeat(GAP));
        }
        line.push_str(text);
    }
    lines.push(line);
    lines.join("\n")
}

/// A table whose columns are two blanks apart.
#[derive(Debug, Default)]
pub(super) struct Table {
    columns: Vec<FilledColumn>,
}

/// A column with its cleaned cells, the heading first.
#[derive(Debug)]
struct FilledColumn {
    column: Column,
    cells: Vec<String>,
    /// In columns of the terminal.
    width: usize,
}

impl Table {
    /// Adds a column with a cell of each row. An optional column without a text is left out.
    pub(super) fn column<R>(&mut self, column: Column, rows: &[R], cell: impl Fn(&R) -> String) {
        let cells: Vec<String> = std::iter::once(column.name.to_owned())
            .chain(rows.iter().map(|row| clean(&cell(row))))
            .collect();
        if column.is_optional && cells.iter().skip(1).all(String::is_empty) {
            return;
        }
        let width = cells.iter().map(|cell| cell.width()).max().unwrap_or_default();
        self.columns.push(FilledColumn { column, cells, width });
    }

    /// Lays out the table, without blanks at the end of a line. With `max_width`, optional columns are left out, the last first, and
    /// texts are cut, until the table fits or each text has its least width.
    pub(super) fn text(mut self, max_width: Option<usize>) -> String {
        if let Some(max_width) = max_width {
            self.fit(max_width);
        }
        let rows = self.columns.first().map_or(0, |first| first.cells.len());
        let line = |row: usize| {
            let mut line = String::new();
            for FilledColumn { column, cells, width } in &self.columns {
                let cell = fit(cells.get(row).map_or("", String::as_str), *width);
                let gap = " ".repeat(width.saturating_sub(cell.width()));
                match column.alignment {
                    Alignment::Left => line.extend([cell, gap]),
                    Alignment::Right => line.extend([gap, cell]),
                }
                line.push_str(&" ".repeat(GAP));
            }
            line.truncate(line.trim_end().len());
            line
        };
        (0..rows).map(line).collect::<Vec<_>>().join("\n")
    }

    fn fit(&mut self, max_width: usize) {
        let least = |filled: &FilledColumn| {
            if filled.column.cut {
                filled.width.min(MIN_WIDTH)
            } else {
                filled.width
            }
        };
        while self.width_by(least) > max_width
            && let Some(optional) = self.columns.iter().rposition(|filled| filled.column.is_optional)
        {
            self.columns.remove(optional);
        }
        let mut excess = self.width_by(|filled| filled.width).saturating_sub(max_width);
        while excess > 0 {
            let widest = self
                .columns
                .iter_mut()
                .filter(|filled| filled.column.cut && filled.width > MIN_WIDTH)
                .max_by_key(|filled| filled.width);
            let Some(widest) = widest else {
                return;
            };
            widest.width -= 1;
            excess -= 1;
        }
    }

    /// The width of the table with these widths of columns.
    fn width_by(&self, width: impl Fn(&FilledColumn) -> usize) -> usize {
        self.columns.iter().map(width).sum::<usize>() + GAP * self.columns.len().saturating_sub(1)
    }
}

/// A text in at most `columns` columns; `…` stands for what is cut off.
fn fit(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut fitted = String::new();
    for grapheme in text.graphemes(true) {
        // One column is for the ellipsis.
        if fitted.width() + grapheme.width() + 1 > columns {
            break;
        }
        fitted.push_str(grapheme);
    }
    fitted.push('…');
    fitted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of texts in rows.
    fn table<const N: usize>(columns: [Column; N], rows: &[[&str; N]], max_width: Option<usize>) -> String {
        let mut table = Table::default();
        for (at, column) in columns.into_iter().enumerate() {
            table.column(column, rows, |row| row[at].to_owned());
        }
        table.text(max_width)
    }

    #[test]
    fn columns_are_aligned_for_any_text() {
        let rows = [["寿司", "650", "x"], ["a\u{1b}[31m", "5", ""]];
        let columns = [Column::cut("name"), Column::right("kcal"), Column::left("")];
        let text = table(columns, &rows, None);
        assert_eq!(text, "name   kcal\n寿司    650  x\na[31m     5");
    }

    #[test]
    fn texts_are_cut_to_the_width_and_ids_never() {
        let columns = [
            Column::cut("type"),
            Column::right("kcal"),
            Column::cut("name"),
            Column::left("id"),
        ];
        let id = "0192d4e0-7b3a-7c1e-9f00-000000000000";
        let bread = "面包".repeat(50);
        let rows = [["Lunch", "650", &bread, id], ["Dinner", "650", "soup", id]];
        let cut = table(columns, &rows, Some(66));
        let expected = [
            "type    kcal  name            id".to_owned(),
            format!("Lunch    650  面包面包面包…   {id}"),
            format!("Dinner   650  soup            {id}"),
        ];
        let lines: Vec<&str> = cut.lines().collect();
        assert_eq!(lines, expected);
        assert!(lines.iter().all(|line| line.width() <= 66), "{cut}");
        assert!(table(columns, &rows, None).contains(&bread));
        // If nothing more can be cut, the table is wider.
        let narrow = table(columns, &rows, Some(20));
        assert!(narrow.lines().skip(1).all(|line| line.ends_with(id)), "{narrow}");
    }

    #[test]
    fn an_optional_column_needs_a_value_and_room() {
        let columns = [
            Column::left("date"),
            Column::right("target").optional(),
            Column::right("weight").optional(),
        ];
        let empty = [["2026-11-30", "2000", ""]];
        assert_eq!(
            table(columns, &empty, None),
            "date        target\n2026-11-30    2000"
        );
        let full = [["2026-11-30", "2000", "80.5"]];
        assert!(table(columns, &full, Some(26)).contains("80.5"));
        assert_eq!(table(columns, &full, Some(25)), table(columns, &empty, None));
        assert_eq!(table(columns, &full, Some(5)), "date\n2026-11-30");
    }

    #[test]
    fn figures_continue_in_the_next_line_of_a_narrow_terminal() {
        let figures = [
            "2026-11-30".to_owned(),
            "consumed 650".to_owned(),
            "burned 0".to_owned(),
        ];
        assert_eq!(wrapped(&figures, None), "2026-11-30  consumed 650  burned 0");
        assert_eq!(wrapped(&figures, Some(24)), "2026-11-30  consumed 650\nburned 0");
        assert_eq!(wrapped(&figures, Some(5)), "2026-11-30\nconsumed 650\nburned 0");
    }
}
