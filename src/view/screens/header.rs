//! The first line of the screens beside Today: tabs, user and connection.

use ratatui::{
    buffer::Buffer,
    layout::{Alignment, Rect},
    text::{Line, Span},
    widgets::Widget,
};
use strum::VariantArray as _;

use crate::{
    app::{Connection, State, tab::Tab},
    view::{theme::Theme, widgets::text},
};

/// Columns from which all tabs are named.
const WIDE: u16 = 60;

pub(super) fn draw(state: &State, username: &str, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let badge = badge(state, theme);
    let mut left = Line::default();
    if area.width >= WIDE {
        left.push_span(Span::styled("caltrack", theme.brand));
        for (number, tab) in (1..).zip(Tab::VARIANTS) {
            let style = if *tab == state.screens.tab {
                theme.selected
            } else {
                theme.muted
            };
            left.push_span("  ");
            left.push_span(Span::styled(format!(" {number} {} ", tab.title()), style));
        }
    } else {
        left.push_span(Span::styled(state.screens.tab.title(), theme.strong));
    }
    let room = usize::from(area.width).saturating_sub(left.width() + badge.width() + 4);
    let name = if room < 6 {
        String::new()
    } else {
        text::fit(username, room.min(30))
    };
    let gap = if name.is_empty() { "" } else { "  " };
    let right = Line::from(vec![Span::styled(name, theme.muted), Span::raw(gap), badge]);
    left.render(area, buf);
    right.alignment(Alignment::Right).render(area, buf);
}

/// The state of the connection.
pub(super) fn badge(state: &State, theme: &Theme) -> Span<'static> {
    let (mark, word, style) = match &state.log.connection {
        Connection::Live => ("●", "live", theme.good),
        Connection::Connecting => ("◌", "connecting", theme.waiting),
        Connection::Polling => ("◐", "polling", theme.waiting),
        Connection::Offline { .. } => ("○", "offline", theme.bad),
    };
    Span::styled(format!("{mark} {word}"), style)
}
