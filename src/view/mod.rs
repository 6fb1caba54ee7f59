//! Pure pictures of the state: the same state and size always draw the same frame.
//!
//! Nothing here keeps anything between two frames: what is scrolled, selected or typed is in the state.

#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

mod account;
mod form;
mod help;
mod layout;
mod palette;
mod quick;
mod start;
mod theme;
mod today;
mod widgets;

use ratatui::{
    Frame,
    buffer::Buffer,
    layout::{Position, Rect},
    text::Line,
    widgets::{Paragraph, Widget, Wrap},
};

use crate::app::{State, dialog::Dialog, keymap::Context, state::Screen};
use theme::Theme;
use widgets::footer;

/// The fewest columns that the screens need.
pub const MIN_WIDTH: u16 = 40;
/// The fewest rows that the screens need.
pub const MIN_HEIGHT: u16 = 10;

/// Draws the whole frame.
pub fn draw(frame: &mut Frame<'_>, state: &State) {
    let area = frame.area();
    if let Some(cursor) = picture(state, area, frame.buffer_mut()) {
        frame.set_cursor_position(cursor);
    }
}

/// Paints the state, and tells where the terminal's cursor belongs.
fn picture(state: &State, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let theme = Theme::new(state.color);
    if area.width < MIN_WIDTH || area.height < MIN_HEIGHT {
        too_small(area, buf);
        return None;
    }
    let (body, foot) = layout::body_and_footer(area);
    let notice = state.notice.as_ref().filter(|_| !state.dialogs.is_empty());
    if let Some(notice) = notice {
        // Under a dialog, the screen's own line for notices is hidden.
        footer::say(notice, &theme, foot, buf);
    } else {
        let context = state.context();
        let is_offered = |action| match &state.screen {
            Screen::Account(form) if context == Context::Account => form.offers(action),
            Screen::Account(_) | Screen::Start(_) | Screen::Today => true,
        };
        footer::draw(context, is_offered, &theme, foot, buf);
    }
    let cursor = match &state.screen {
        Screen::Start(screen) => {
            start::draw(state, screen, &theme, body, buf);
            None
        }
        Screen::Account(form) => account::draw(state, form, &theme, body, buf),
        Screen::Today => {
            today::draw(state, &theme, body, buf);
            None
        }
    };
    match state.dialogs.last() {
        None => cursor,
        Some(Dialog::Quick(dialog)) => Some(quick::draw(state, dialog, &theme, body, buf)),
        Some(Dialog::Form(dialog)) => form::draw(dialog, &theme, body, buf),
        Some(Dialog::Help(dialog)) => {
            help::draw(*dialog, &theme, body, buf);
            None
        }
        Some(Dialog::Palette(dialog)) => Some(palette::draw(dialog, &theme, body, buf)),
    }
}

fn too_small(area: Rect, buf: &mut Buffer) {
    let size = format!("{}×{}", area.width, area.height);
    let lines = [
        Line::raw("The terminal is too small."),
        Line::raw(format!("It is {size}; {MIN_WIDTH}×{MIN_HEIGHT} is enough.")),
    ];
    let fits = lines.iter().all(|line| line.width() <= usize::from(area.width));
    let top = if fits {
        area.height.saturating_sub(2) / 2
    } else {
        0
    };
    let place = Rect {
        y: area.y + top,
        height: area.height - top,
        ..area
    };
    Paragraph::new(lines.to_vec())
        .centered()
        .wrap(Wrap { trim: true })
        .render(place, buf);
}
