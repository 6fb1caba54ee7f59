//! The hints at the bottom, printed from the keymap.

use ratatui::{buffer::Buffer, layout::Rect, text::Line, text::Span, widgets::Widget};

use super::text;
use crate::{
    app::{
        input::{bindings::Meaning, context::Context, keymap::Keymap},
        shell::Notice,
    },
    view::theme::Theme,
};

/// As many hints as fit, the most important first, and only for what is offered now.
pub(in crate::view) fn draw(
    keymap: &Keymap,
    context: Context,
    is_offered: impl Fn(Meaning) -> bool,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let mut line = Line::raw(" ");
    let mut room = usize::from(area.width).saturating_sub(1);
    for binding in keymap
        .bindings(context)
        .filter(|binding| is_offered(binding.meaning))
    {
        let (Some(word), Some(key)) = (binding.footer, binding.keys.first()) else {
            continue;
        };
        let key = key.to_string();
        let gap = if line.spans.len() > 1 { "  " } else { "" };
        let needed = gap.len() + text::width(&key) + 1 + text::width(word);
        if needed > room {
            break;
        }
        room -= needed;
        line.push_span(gap);
        line.push_span(Span::styled(key, theme.strong));
        line.push_span(Span::styled(format!(" {word}"), theme.muted));
    }
    line.render(area, buf);
}

/// A notice in the place of the hints.
pub(in crate::view) fn notice(notice: &Notice, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let columns = usize::from(area.width).saturating_sub(1);
    Line::styled(
        format!(" {}", text::fit(&notice.text, columns)),
        theme.tone(notice.tone),
    )
    .render(area, buf);
}
