//! What is around History and Trends: the header, the notice, and a sentence until the days are known.

use ratatui::{buffer::Buffer, layout::Rect, style::Style, text::Line, widgets::Widget};

use super::header;
use crate::{
    app::State,
    view::{
        layout::{inset, take_bottom, take_top},
        theme::Theme,
        widgets::{popup, text},
    },
};

/// Draws it; returns the room inside, once there is something to show.
pub(super) fn draw(
    state: &State,
    username: &str,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Rect> {
    let mut rest = area;
    let title = Line::styled(state.screens.tab.title(), theme.strong);
    let head = inset(take_top(&mut rest, 1), 1);
    header::draw(state, username, title, theme, head, buf);
    notice(state, theme, &mut rest, buf);
    if !state.overview.is_known {
        sentence("Loading the days…", theme.muted, rest, buf);
        return None;
    }
    Some(rest)
}

/// Draws the notice at the bottom, if there is one, and takes its row.
fn notice(state: &State, theme: &Theme, rest: &mut Rect, buf: &mut Buffer) {
    let place = inset(take_bottom(rest, 1), 1);
    if let Some(notice) = &state.shell.notice {
        let text = text::fit(&notice.text, usize::from(place.width));
        Line::styled(text, theme.tone(notice.tone)).render(place, buf);
    }
}

/// A sentence in the upper middle of `area`.
fn sentence(words: &str, style: Style, area: Rect, buf: &mut Buffer) {
    let lines = text::wrap(words, usize::from(area.width).saturating_sub(4), 4);
    let height = u16::try_from(lines.len()).unwrap_or(1);
    let mut rest = inset(area, 2);
    let above = rest.height.saturating_sub(height) / 3;
    take_top(&mut rest, above);
    let lines = lines.into_iter().map(|line| Line::styled(line, style).centered());
    popup::lines(lines, rest, buf);
}
