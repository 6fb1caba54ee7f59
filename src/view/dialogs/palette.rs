//! The command palette.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
};

use crate::{
    app::{dialogs::palette::Palette, input::keymap::Keymap},
    view::{
        layout::{centered, first_shown, take_top, under_totals},
        theme::Theme,
        widgets::{input, popup, text},
    },
};

const KEYS: usize = 8;

pub(super) fn draw(
    palette: &Palette,
    keymap: &Keymap,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) -> Position {
    let mut inner = popup::draw("Commands", theme, centered(under_totals(area), 56, 18), buf);
    let cursor = input::draw(&palette.field, theme.text, take_top(&mut inner, 1), buf);
    let matches = palette.matches();
    if matches.is_empty() {
        popup::lines([Line::styled("no such command", theme.waiting)], inner, buf);
        return cursor;
    }
    let first = first_shown(palette.selected, matches.len(), usize::from(inner.height));
    popup::note_lines(matches.len(), first, palette.selected, theme, inner);
    let room = usize::from(inner.width).saturating_sub(KEYS + 3);
    let lines = matches.iter().enumerate().skip(first).map(|(at, action)| {
        let selected = at == palette.selected;
        let key = keymap
            .key(palette.from, *action)
            .map_or_else(String::new, |key| key.to_string());
        let line = Line::from(vec![
            Span::raw(if selected { " > " } else { "   " }),
            Span::raw(text::column(action.title(), room)),
            Span::styled(
                format!("{key:>KEYS$}"),
                if selected { theme.text } else { theme.muted },
            ),
        ]);
        if selected {
            line.style(theme.selected)
        } else {
            line
        }
    });
    popup::lines(lines, inner, buf);
    cursor
}
