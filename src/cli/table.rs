//! Tables for people, aligned by what a terminal shows.

use caltrack_domain::clean;
use unicode_width::UnicodeWidthStr as _;

/// Which side a column's texts are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Lines of equally wide columns, two spaces apart; no line ends in spaces. Texts lose what could disturb a terminal.
pub(super) fn table<const N: usize>(columns: [(&str, Side); N], rows: Vec<[String; N]>) -> String {
    let heading = columns.map(|(name, _)| name.to_owned());
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
    let widths: Vec<usize> = widths.map(Option::unwrap_or_default).collect();
    let line = |row: &[String; N]| {
        let mut line = String::new();
        for ((cell, width), (_, side)) in row.iter().zip(&widths).zip(columns) {
            let gap = " ".repeat(width.saturating_sub(cell.width()));
            match side {
                Side::Left => line.extend([cell.as_str(), &gap, "  "]),
                Side::Right => line.extend([gap.as_str(), cell, "  "]),
            }
        }
        line.truncate(line.trim_end().len());
        line
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_straight_whatever_is_in_them() {
        let rows = vec![
            ["寿司".to_owned(), "650".to_owned(), "x".to_owned()],
            ["a\u{1b}[31m".to_owned(), "5".to_owned(), String::new()],
        ];
        let text = table(
            [("name", Side::Left), ("kcal", Side::Right), ("", Side::Left)],
            rows,
        );
        assert_eq!(text, "name   kcal\n寿司    650  x\na[31m     5");
    }
}
