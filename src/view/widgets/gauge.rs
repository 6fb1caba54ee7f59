//! A bar of blocks.

use ratatui::{buffer::Buffer, layout::Rect, style::Style, text::Line, text::Span, widgets::Widget};

const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// A bar that is full at 1000 thousandths.
pub(in crate::view) fn draw(per_mille: u64, full: Style, rest: Style, area: Rect, buf: &mut Buffer) {
    let columns = usize::from(area.width);
    let (blocks, part) = parts(per_mille, columns);
    let left = columns.saturating_sub(blocks + usize::from(!part.is_empty()));
    let line = Line::from(vec![
        Span::styled("█".repeat(blocks) + part, full),
        Span::styled("░".repeat(left), rest),
    ]);
    line.render(area, buf);
}

/// A bar that is full at 1000 thousandths, with nothing behind it.
pub(in crate::view) fn draw_alone(per_mille: u64, full: Style, area: Rect, buf: &mut Buffer) {
    let (blocks, part) = parts(per_mille, usize::from(area.width));
    Span::styled("█".repeat(blocks) + part, full).render(area, buf);
}

/// Whole blocks and the part of one, of a bar in these columns.
fn parts(per_mille: u64, columns: usize) -> (usize, &'static str) {
    let eighths = usize::try_from(per_mille.min(1000)).unwrap_or(0) * columns * 8 / 1000;
    let part = EIGHTHS.get(eighths % 8).copied().unwrap_or_default();
    (eighths / 8, part)
}
