//! A day: header, budget, entries, a side panel where there is room, and a status line.

mod budget;
mod list;
mod panel;
mod status;

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
    widgets::Widget,
};

use super::header;
use crate::{
    app::{State, screens::usual::WIDE},
    view::{
        format,
        layout::{inset, take_bottom, take_right, take_top},
        theme::Theme,
        widgets::{popup, text},
    },
};

/// The fewest rows with room for blank lines and a frame.
const ROOMY: u16 = 16;

pub(super) fn draw(state: &State, username: &str, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let roomy = area.height >= ROOMY;
    let mut rest = area;
    let head = inset(take_top(&mut rest, 1), 1);
    let date = date_line(state, usize::from(area.width), theme);
    header::draw(state, username, date.clone(), theme, head, buf);
    if head.width >= header::WIDE {
        // A terminal of few rows has no other place for it.
        date.render(inset(take_top(&mut rest, 1), 1), buf);
    } else if roomy {
        take_top(&mut rest, 1);
    }
    let has_panel = roomy && area.width >= WIDE;
    budget::draw(state, theme, (area.height, has_panel), &mut rest, buf);
    if roomy {
        take_top(&mut rest, 1);
    }
    if let Some((style, status)) = status::newest(state, theme) {
        let lines = text::wrap(&status, usize::from(area.width).saturating_sub(2), 3);
        let place = take_bottom(&mut rest, u16::try_from(lines.len()).unwrap_or(3));
        popup::lines(
            lines.into_iter().map(|line| Line::styled(line, style)),
            inset(place, 1),
            buf,
        );
    } else if roomy {
        // The frame stays in its place when a status appears.
        take_bottom(&mut rest, 1);
    }
    if has_panel {
        let panel = take_right(&mut rest, panel::width(area.width));
        panel::draw(state, theme, panel, buf);
    }
    list::draw(state, theme, rest, roomy, buf);
}

/// The shown day. Alone on its line it has more room than in the header.
fn date_line<'a>(state: &State, columns: usize, theme: &Theme) -> Line<'a> {
    let wide = columns >= 60;
    let date = state.log.day.date;
    let weekday = if wide {
        format::weekday(date)
    } else {
        format::short_weekday(date)
    };
    let mut line = Line::from(Span::styled(format!("{weekday} {date}"), theme.strong));
    // In a narrow terminal the date says as much as its word.
    let label = format::relative_day(date, state.shell.today());
    if line.width() + label.len() + 14 <= columns {
        line.push_span(Span::styled(format!("  {label}"), theme.muted));
    }
    line
}
