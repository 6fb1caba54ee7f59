//! The frame of a dialog.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::Line,
    widgets::{Block, BorderType, Clear, Widget},
};

use super::text;
use crate::view::{layout, theme::Theme};

/// Clears the place, draws the frame, and gives the room inside it.
pub(in crate::view) fn draw(title: &str, theme: &Theme, area: Rect, buf: &mut Buffer) -> Rect {
    Clear.render(area, buf);
    buf.set_style(area, theme.background);
    // A wide letter that the left edge cuts in half would paint over the edge.
    if let Some(x) = area.x.checked_sub(1) {
        for y in area.top()..area.bottom() {
            if let Some(cell) = buf.cell_mut((x, y)).filter(|cell| text::width(cell.symbol()) > 1) {
                cell.set_symbol(" ");
            }
        }
    }
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.border)
        .title(Line::styled(format!(" {title} "), theme.strong));
    let inner = block.inner(area);
    block.render(area, buf);
    layout::inset(inner, 1)
}

/// Notes the lines of a list, one a row from the top of `area`, from line `first` on.
pub(in crate::view) fn note_lines(count: usize, first: usize, selected: usize, theme: &Theme, area: Rect) {
    for (line, y) in (first..count).zip(area.y..area.bottom()) {
        theme.note_line(Rect { y, height: 1, ..area }, line, selected);
    }
}

/// Lines from the top of `area`.
pub(in crate::view) fn lines<'a>(lines: impl IntoIterator<Item = Line<'a>>, area: Rect, buf: &mut Buffer) {
    for (line, y) in lines.into_iter().zip(area.y..area.bottom()) {
        line.render(Rect { y, height: 1, ..area }, buf);
    }
}
