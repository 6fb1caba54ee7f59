//! The first line of every screen: tabs or the screen's own words, what is queued, user and connection.

use ratatui::{
    buffer::Buffer,
    layout::{Alignment, Rect},
    text::{Line, Span},
    widgets::Widget,
};
use strum::VariantArray as _;

use crate::{
    app::{Connection, State, input::mouse::Target, tab::Tab},
    view::{
        theme::Theme,
        widgets::{footer, text},
    },
};

/// Columns from which all tabs are named: those of the line, which has a margin of one on each side.
pub(super) const WIDE: u16 = footer::WITH_TABS - 2;

/// Columns from which the program is named too.
const BRANDED: u16 = 96;

/// Draws the tabs, or `words` where they have no room.
pub(super) fn draw(
    state: &State,
    username: &str,
    words: Line<'_>,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let badge = badge(state, theme);
    let queued = match state.outbox.queued() {
        0 => String::new(),
        count => format!("{count} queued  "),
    };
    let mut left = if area.width >= WIDE {
        tabs(state, theme, area.width >= BRANDED)
    } else {
        words
    };
    // In a narrow terminal the first words are enough.
    let needed = 1 + queued.len() + badge.width();
    while left.spans.len() > 1 && left.width() + needed > usize::from(area.width) {
        left.spans.pop();
    }
    let taken = left.width() + queued.len() + badge.width() + 3;
    let room = usize::from(area.width).saturating_sub(taken);
    let (username, style) = if state.shell.is_demo {
        ("demo", theme.brand)
    } else {
        (username, theme.muted)
    };
    // A name that is cut off says little.
    let name = if room < text::width(username).min(12) {
        String::new()
    } else {
        text::fit(username, room.min(30))
    };
    let gap = if name.is_empty() { "" } else { "  " };
    let right = Line::from(vec![
        Span::styled(queued, theme.waiting),
        Span::styled(name, style),
        Span::raw(gap),
        badge,
    ]);
    note_tabs(&left, theme, area);
    left.render(area, buf);
    right.alignment(Alignment::Right).render(area, buf);
}

fn tabs<'a>(state: &State, theme: &Theme, is_branded: bool) -> Line<'a> {
    let mut line = Line::default();
    if is_branded {
        line.push_span(Span::styled("caltrack ", theme.brand));
    }
    for (number, tab) in (1..).zip(Tab::VARIANTS) {
        let style = if *tab == state.screens.tab {
            theme.selected
        } else {
            theme.muted
        };
        line.push_span(Span::styled(format!(" {number} {} ", tab.title()), style));
    }
    line
}

/// Notes where the tabs are, each in a span of its own.
fn note_tabs(line: &Line<'_>, theme: &Theme, area: Rect) {
    let mut x = area.x;
    for span in &line.spans {
        let width = u16::try_from(span.width()).unwrap_or(0);
        let tab = Tab::VARIANTS.iter().find(|tab| {
            span.content
                .trim_start_matches([' ', '1', '2', '3', '4', '5'])
                .trim_end()
                == tab.title()
        });
        if let Some(tab) = tab {
            theme.note(
                Rect {
                    x,
                    width,
                    height: 1,
                    ..area
                },
                Target::Tab(*tab),
            );
        }
        x = x.saturating_add(width);
    }
}

/// The state of the connection.
fn badge(state: &State, theme: &Theme) -> Span<'static> {
    let (mark, word, style) = match &state.log.connection {
        Connection::Live => ("●", "live", theme.good),
        Connection::Connecting => ("◌", "connecting", theme.waiting),
        Connection::Polling => ("◐", "polling", theme.waiting),
        Connection::Offline { .. } => ("○", "offline", theme.bad),
    };
    Span::styled(format!("{mark} {word}"), style)
}
