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
}

impl Column {
    /// Texts that are never cut.
    pub(super) const fn left(name: &'static str) -> Self {
        Self {
            name,
            alignment: Alignment::Left,
            cut: false,
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
}

/// The width of the terminal in columns; `None` if standard output is a file or a pipe.
pub(super) fn terminal_width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    let (columns, _) = crossterm::terminal::size().ok()?;
    Some(usize::from(columns)).filter(|columns| *columns > 0)
}

/// Lays out a table whose columns are two blanks apart, without blanks at the end of a line. Texts are cleaned. With `max_width`,
/// texts are cut until the table fits or each has its least width.
pub(super) fn table<const N: usize>(
    columns: [Column; N],
    rows: Vec<[String; N]>,
    max_width: Option<usize>,
) -> String {
    let heading = columns.map(|column| column.name.to_owned());
    let rows: Vec<[String; N]> = std::iter::once(heading)
        .chain(rows)
        .map(|row| row.map(|cell| clean(&cell)))
        .collect();
    let widths = (0..N).map(|at| {
        rows.iter()
            .filter_map(|row| row.get(at))
            .map(|cell| cell.width())
            .max()
    });
    let mut widths: Vec<usize> = widths.map(Option::unwrap_or_default).collect();
    if let Some(max_width) = max_width {
        narrow(&columns, &mut widths, max_width);
    }
    let line = |row: &[String; N]| {
        let mut line = String::new();
        for ((cell, width), column) in row.iter().zip(&widths).zip(columns) {
            let cell = fit(cell, *width);
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
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Narrows the widest columns that may be cut, until the table fits.
fn narrow(columns: &[Column], widths: &mut [usize], max_width: usize) {
    let gaps = GAP * columns.len().saturating_sub(1);
    let mut excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(max_width);
    while excess > 0 {
        let cuttable = columns.iter().zip(widths.iter_mut());
        let widest = cuttable
            .filter(|(column, width)| column.cut && **width > MIN_WIDTH)
            .max_by_key(|(_, width)| **width);
        let Some((_, width)) = widest else {
            return;
        };
        *width -= 1;
        excess -= 1;
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

    #[test]
    fn columns_are_aligned_for_any_text() {
        let rows = vec![
            ["寿司".to_owned(), "650".to_owned(), "x".to_owned()],
            ["a\u{1b}[31m".to_owned(), "5".to_owned(), String::new()],
        ];
        let columns = [Column::cut("name"), Column::right("kcal"), Column::left("")];
        let text = table(columns, rows, None);
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
        let row =
            |kind: &str, name: &str| [kind.to_owned(), "650".to_owned(), name.to_owned(), id.to_owned()];
        let rows = vec![row("Lunch", &"面包".repeat(50)), row("Dinner", "soup")];
        let cut = table(columns, rows.clone(), Some(66));
        let expected = [
            "type    kcal  name            id".to_owned(),
            format!("Lunch    650  面包面包面包…   {id}"),
            format!("Dinner   650  soup            {id}"),
        ];
        let lines: Vec<&str> = cut.lines().collect();
        assert_eq!(lines, expected);
        assert!(lines.iter().all(|line| line.width() <= 66), "{cut}");
        assert!(table(columns, rows.clone(), None).contains(&"面包".repeat(50)));
        // If nothing more can be cut, the table is wider.
        let narrow = table(columns, rows, Some(20));
        assert!(narrow.lines().skip(1).all(|line| line.ends_with(id)), "{narrow}");
    }
}
