//! The command palette.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::{Line, Span},
};

use crate::{
    app::{dialogs::palette::Palette, input::keymap::Keymap},
    view::{
        layout::{centered, first_shown, take_left, take_top, under_totals},
        theme::Theme,
        widgets::{input, popup, text},
    },
};

const KEYS: usize = 8;
/// Rows of the frame and of the typed text, and the fewest and the most of the dialog.
const FRAME: usize = 3;
const LEAST_ROWS: u16 = 18;
const MOST_ROWS: u16 = 30;

pub(super) fn draw(
    palette: &Palette,
    keymap: &Keymap,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) -> Position {
    let matches = palette.matches();
    let rows = u16::try_from(matches.len() + FRAME).unwrap_or(MOST_ROWS);
    let place = centered(under_totals(area), 60, rows.clamp(LEAST_ROWS, MOST_ROWS));
    let mut inner = popup::draw("Commands", theme, place, buf);
    let typed = take_top(&mut inner, 1);
    let cursor = input::draw(&palette.field, theme.text, typed, buf);
    if palette.field.value().is_empty() {
        let mut hint = typed;
        take_left(&mut hint, 1);
        popup::lines([Line::styled("type to narrow", theme.muted)], hint, buf);
    }
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
            .map_or_else(String::new, |key| keymap.name(key));
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
