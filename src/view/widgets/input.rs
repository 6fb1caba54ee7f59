//! A line of typed text.

use ratatui::{
    buffer::Buffer,
    layout::Position,
    layout::Rect,
    style::{Modifier, Style},
    text::Line,
    widgets::Widget,
};
use unicode_segmentation::UnicodeSegmentation;

use super::text;
use crate::app::input::text_field::TextField;

/// Draws the part of the text around its cursor, reversed if it is selected; returns where the cursor is.
pub(in crate::view) fn draw(field: &TextField, style: Style, area: Rect, buf: &mut Buffer) -> Position {
    let style = if field.is_selected() {
        style.add_modifier(Modifier::REVERSED)
    } else {
        style
    };
    let (before, after) = field.shown();
    let room = usize::from(area.width).saturating_sub(1);
    // The end of the text before the cursor is always visible.
    let mut used = 0;
    let mut start = before.len();
    for (at, grapheme) in before.grapheme_indices(true).rev() {
        used += text::width(grapheme);
        if used > room {
            break;
        }
        start = at;
    }
    let seen = before.get(start..).unwrap_or_default();
    let column = text::width(seen);
    let tail = text::fit(&after, usize::from(area.width).saturating_sub(column));
    Line::styled(format!("{seen}{tail}"), style).render(area, buf);
    let x = area.x.saturating_add(u16::try_from(column).unwrap_or(u16::MAX));
    Position {
        x: x.min(area.right().saturating_sub(1)),
        y: area.y,
    }
}
